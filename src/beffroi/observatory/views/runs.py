from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from beffroi.accounts.roles import SignedInRequest, open_to_all, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request
from beffroi.observatory import actions
from beffroi.observatory.methods import method_named
from beffroi.observatory.models import AnalysisRun
from beffroi.observatory.queries import runs
from beffroi.observatory.queries.looks import replayed
from beffroi.observatory.queries.runs import Analysis
from beffroi.provenance.queries import moment_of

NOT_KEPT = ("csrfmiddlewaretoken", "title", "format", "image", "as_of", "known_on")


@open_to_all
def listed(request: Request) -> HttpResponse:
    rows = AnalysisRun.objects.visible_to(request.user).select_related("by")
    return render(request, "observatory/runs.html", {"page": Paginator(rows, 50).get_page(request.GET.get("page"))})


@require_POST
@signed_in
def keep(request: SignedInRequest, name: str) -> HttpResponse:
    parameters = {key: str(value) for key, value in request.POST.items() if key not in NOT_KEPT}
    analysis = again(name, parameters, request)
    if analysis is None:
        raise Http404
    with told_to(request):
        title = request.POST.get("title", "")
        return redirect(actions.keep_run(analysis, parameters=parameters, title=title, as_of=request.as_of, by=request.user))
    return redirect(f"{reverse('observatory:method', args=[name])}?{urlencode(parameters)}")


@open_to_all
def run(request: Request, pk: int) -> HttpResponseBase:
    kept = get_object_or_404(AnalysisRun.objects.visible_to(request.user).select_related("by"), pk=pk)
    columns = [Column(name, name, value=cell_at(at)) for at, name in enumerate(kept.result["columns"])]
    if answer := exports.asked(request, kept.result["rows"], columns, f"analyse-{kept.pk}", title=kept.title):
        return answer
    now = again(kept.method, kept.parameters, request)
    context: dict[str, Any] = {
        "run": kept,
        "method": method_named(kept.method),
        "columns": columns,
        "rows": kept.result["rows"][:200],
        "address": f"{reverse('observatory:method', args=[kept.method])}?{urlencode(kept.parameters)}",
        "snapshots": kept.snapshots.select_related("source"),
        **compared(kept, now),
    }
    return render(request, "observatory/run.html", context)


def cell_at(place: int) -> Any:
    return lambda row: row[place]


def compared(kept: AnalysisRun, now: Analysis | None) -> dict[str, Any]:
    """What today's files would answer, beside what was kept."""
    if now is None or now.table is None:
        return {"refusal": now.refusal if now else "", "is_same": None, "changes": []}
    fresh = runs.contents(now.table)
    return {
        "refusal": "",
        "is_same": runs.hash_of(fresh) == kept.result_hash,
        "changes": runs.changes(kept.result, fresh)[:100],
    }


def again(name: str, parameters: dict[str, str], request: Request) -> Analysis | None:
    return replayed(name, parameters, viewer=request.user, moment=moment_of(request))
