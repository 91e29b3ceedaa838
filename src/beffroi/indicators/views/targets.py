from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type, figure_columns
from beffroi.core.requests import Request
from beffroi.core.text import search_key
from beffroi.indicators.enums import Progress
from beffroi.indicators.forms import TargetFilter
from beffroi.indicators.queries import TargetProgress, distance, in_places, targets_about
from beffroi.indicators.queries.scope import scope_of
from beffroi.provenance.queries import Moment

COLUMNS = (
    Column("code", _("Code"), Type.CODE, "", lambda row: row.target.cell.indicator.code),
    Column("label", _("Indicateur"), Type.TEXT, "", lambda row: row.target.cell.indicator.label),
    Column("framework", _("Cadre"), Type.CODE, "", lambda row: row.target.cell.indicator.framework.code),
    Column(
        "territory", _("Territoire"), Type.TEXT, "", lambda row: row.target.cell.territory and row.target.cell.territory.label
    ),
    Column("breakdown", _("Ventilation"), Type.TEXT, "", lambda row: row.target.cell.breakdown),
    Column("unit", _("Unité"), Type.TEXT, "", lambda row: row.target.figure.unit),
    *figure_columns("target", _("Objectif"), lambda row: row.target.figure),
    Column("target_period", _("Échéance"), Type.TEXT, "", lambda row: row.target.cell.written_period),
    *figure_columns("actual", _("Constaté"), lambda row: row.figure),
    Column("actual_period", _("Au"), Type.TEXT, "", lambda row: row.actual and row.actual.cell.written_period),
    Column("share", _("Part faite"), Type.NUMBER, _("De 0 à 1."), lambda row: row.comparison.share),
    Column("progress", _("État"), Type.TEXT, "", lambda row: row.progress.label),
)


@open_to_all
def behind(request: Request) -> HttpResponseBase:
    """What is behind its target, the furthest first; then what is aimed at and of which nothing is known."""
    form, moment = TargetFilter(request.GET, viewer=request.user), Moment(request.as_of, request.known_on)
    targets = sorted(targets_about(aimed_at(form.asked, request), moment=moment, viewer=request.user), key=distance)
    by_state = {state: [row for row in targets if row.progress == state] for state in Progress}
    listed = [*by_state[Progress.BEHIND], *by_state[Progress.NO_RESULT]]
    if answer := exports.asked(request, listed, COLUMNS, "objectifs", title=_("Objectifs en retard ou sans résultat")):
        return answer
    context: dict[str, Any] = {
        "form": form,
        "late": by_state[Progress.BEHIND],
        "page": Paginator(by_soonest(by_state[Progress.NO_RESULT]), 50).get_page(request.GET.get("page")),
        "reached": len(by_state[Progress.REACHED]),
        "unsaid": len(by_state[Progress.CANNOT_SAY]),
        "scope": scope_of(form.asked, viewer=request.user),
    }
    return render(request, "indicators/behind.html", context)


def aimed_at(asked: dict[str, Any], request: Request) -> Q:
    found = in_places(asked.get("territory"), asked.get("place", ""), viewer=request.user)
    for word in search_key(asked.get("q", "")).split():
        found &= Q(indicator__sort_key__contains=word)
    return found & Q(indicator__framework=asked["framework"]) if asked.get("framework") else found


def by_soonest(rows: list[TargetProgress]) -> list[TargetProgress]:
    """By the end of their period; those that have none come last."""
    return sorted(rows, key=lambda row: (row.target.cell.end is None, row.target.cell.end or 0, *distance(row)[2:]))
