from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.requests import Request
from beffroi.indicators.datasets import CLAIM_COLUMNS, claims_of_cells
from beffroi.indicators.models import Cell, Indicator
from beffroi.indicators.queries import aggregates, cell_values, target_progress
from beffroi.indicators.queries.following import is_followed
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import composed, indicator


@open_to_all
def indicator_sheet(request: Request, pk: int) -> HttpResponseBase:
    rows = Indicator.objects.visible_to(request.user).select_related("framework", "item", "steward", "owner")
    found, moment = get_object_or_404(rows, pk=pk), Moment(request.as_of, request.known_on)
    cells = Cell.objects.of(found)
    claims = claims_of_cells(cells, viewer=request.user, moment=moment)
    if answer := exports.asked(request, claims, CLAIM_COLUMNS, f"indicateur-{found.pk}", title=found.label):
        return answer
    values = cell_values(cells, moment=moment, viewer=request.user)
    targets, totals = target_progress(values), aggregates(values, viewer=request.user)
    parts = indicator.sections(values, targets, totals, chosen=request.GET.get("serie", ""))
    context = {
        "thing": found,
        "figures": indicator.key_figures(values, targets, totals),
        "sections": composed(parts, found, viewer=request.user, moment=moment),
        "is_followed": is_followed(found, request.user),
    }
    return render(request, "publishing/indicator.html", context)
