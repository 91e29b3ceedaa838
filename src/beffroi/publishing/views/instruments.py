from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type, figure_columns
from beffroi.core.figures import Figure
from beffroi.core.formats import figure_text, period_text
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.instruments import Amount, Family, Instruments, Tool, frameworks_known, instruments, periods_of

Line = tuple[Instruments, Family, Tool, Amount]


NOTHING = Amount(Figure(unit="€"), "", ("", ""))


def _said(row: Line) -> str:
    found, _family, tool, _amount = row
    said = (f"{one.detail or indicator.label} : {figure_text(one.figure)}" for indicator in found.indicators
            for one in tool.values.get(indicator.pk, []))  # fmt: skip
    return " ; ".join(said)


COLUMNS = (
    Column("family", _("Famille"), value=lambda row: row[1].item.label),
    Column("tool", _("Instrument"), value=lambda row: row[2].item.label),
    Column("period", _("Période, comme écrite"), value=lambda row: row[0].period),
    Column("stage", _("Stade"), value=lambda row: row[3].stage),
    Column(
        "printed",
        _("Total imprimé"),
        Type.BOOLEAN,
        _("Il contrôle les lignes, il ne s’y ajoute pas."),
        lambda row: row[3].is_printed,
    ),
    *figure_columns("amount", _("Montant"), lambda row: row[3].figure),
    Column("values", _("Dossiers et emplois"), value=_said),
)


def _lines(found: list[Instruments]) -> Iterator[Line]:
    for one in found:
        for family in one.shown:
            yield from ((one, family, tool, amount) for tool, _is_part in family.rows for amount in tool.amounts or [NOTHING])


def _tabs(periods: list[str], chosen: str) -> list[dict[str, Any]]:
    return [{"label": period_text(one), "address": f"?period={one}", "current": one == chosen} for one in periods]


@open_to_all
def financial_instruments(request: Request) -> HttpResponseBase:
    """Families side by side: nothing is added from one to another."""
    moment, frameworks = Moment(request.as_of, request.known_on), frameworks_known(request.user)
    periods = [period for row in frameworks for period in periods_of(row, moment=moment, viewer=request.user)]
    asked = request.GET.get("period", "")
    chosen = asked if asked in periods else next(iter(periods), "")
    found = [instruments(row, chosen, moment=moment, viewer=request.user) for row in frameworks] if periods else []
    if answer := exports.asked(request, _lines(found), COLUMNS, "instruments-financiers", title=_("Instruments financiers")):
        return answer
    context = {"found": found, "tabs": _tabs(list(dict.fromkeys(periods)), chosen), "period": chosen}
    return render(request, "publishing/instruments.html", context)
