from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.requests import Request
from beffroi.indicators.datasets import CLAIM_COLUMNS, claims_of_cells
from beffroi.indicators.forms import ValueFilter
from beffroi.indicators.queries import cells_asked, values_of
from beffroi.indicators.queries.scope import scope_of
from beffroi.provenance.queries import Moment


@open_to_all
def values(request: Request) -> HttpResponseBase:
    """Every value that a reader's filters select. A file holds each claim, with its source, place, row and qualifiers."""
    form, moment = ValueFilter(request.GET, viewer=request.user), Moment(request.as_of, request.known_on)
    cells = cells_asked(form.asked, moment=moment, viewer=request.user)
    if request.GET.get("format"):
        claims = claims_of_cells(cells, viewer=request.user, moment=moment)
        return exports.exported(request, claims, CLAIM_COLUMNS, "valeurs", to=request.GET["format"], title=_("Valeurs"))
    page = Paginator(cells, 50).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": values_of(list(page.object_list), moment=moment, viewer=request.user),
        "scope": scope_of(form.asked, viewer=request.user),
    }
    return render(request, "indicators/values.html", context)
