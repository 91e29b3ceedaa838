from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.requests import Request
from beffroi.observatory.forms import LookForm, OptionsForm
from beffroi.observatory.methods import METHODS, method_named
from beffroi.observatory.methods.declared import Method
from beffroi.observatory.queries import inputs, results, runs
from beffroi.observatory.views.maps import image
from beffroi.provenance.queries import Moment

MOST_ROWS = 200


@open_to_all
def listed(request: Request) -> HttpResponse:
    on_data = [method for method in METHODS if inputs.supports(method)]
    context = {"methods": on_data, "on_files": [method for method in METHODS if method not in on_data]}
    return render(request, "observatory/methods.html", context)


@open_to_all
def page(request: Request, name: str) -> HttpResponseBase:
    method = method_named(name)
    if method is None:
        raise Http404
    form, options = forms_for(request, method)
    asked = form.asked(with_rest=not runs.needs_activity(method)) if inputs.supports(method) else None
    analysis = runs.analysed(method, asked, options.options) if asked else None
    context: dict[str, Any] = {"method": method, "form": form, "options": options, "asked": asked, "analysis": analysis}
    if analysis is None or analysis.table is None:
        return render(request, "observatory/method.html", context)
    columns = results.export_columns(analysis.table, method)
    rows = analysis.table.iter_rows(named=True)
    if answer := exports.asked(request, rows, columns, method.name, title=method.label, source=analysis.sources):
        return answer
    column = request.GET.get("column", "") or next(iter(analysis.numbers), "")
    drawn = runs.pictured(analysis, column, request.GET.get("activity", ""))
    if drawn.picture and (answer := image(request, drawn.picture)):
        return answer
    context |= {"column": column, "drawn": drawn, "columns": columns, "rows": runs.shown_rows(analysis.table, MOST_ROWS)}
    return render(request, "observatory/method.html", context)


def forms_for(request: Request, method: Method) -> tuple[LookForm, OptionsForm]:
    moment = Moment(request.as_of, request.known_on)
    form = LookForm(request.GET, viewer=request.user, moment=moment, hidden=runs.hidden_fields(method))
    return form, OptionsForm(method, request.GET)
