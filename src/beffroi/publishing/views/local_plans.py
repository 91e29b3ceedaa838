from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type, figure_columns
from beffroi.core.figures import Figure
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.local_plans import PlanMoney, Plans, plans_known

NOTHING = Figure(unit="€")
COLUMNS = (
    Column("programme", _("Programme"), value=lambda row: row.plan.item.version.framework.label),
    Column("code", _("Code"), Type.CODE, "", lambda row: row.plan.item.code),
    Column("plan", _("Plan"), value=lambda row: row.plan.item.label),
    Column("leads", _("Territoire"), value=lambda row: " ; ".join(str(lead) for lead in row.plan.leads)),
    Column("notion", _("Notion"), Type.TEXT, _("Trois notions, jamais dans un même total."), lambda row: row.notion.label),
    Column("period", _("Période, comme écrite")),
    *figure_columns("operating", _("Fonctionnement"), lambda row: row.operating or NOTHING),
    *figure_columns("investment", _("Investissement"), lambda row: row.investment or NOTHING),
    *figure_columns("whole", _("Ensemble"), lambda row: row.whole or NOTHING),
    Column("gaps", _("Ce qui manque"), value=lambda row: " ; ".join(str(gap.label) for gap in row.plan.gaps)),
)


def _rows(groups: list[Plans]) -> Iterator[PlanMoney]:
    for group in groups:
        for plan in group.plans:
            yield from plan.money


@open_to_all
def local_plans(request: Request) -> HttpResponseBase:
    """Each plan beside the others; what is forecast, yearly and done stays apart."""
    groups = plans_known(Q(), moment=Moment(request.as_of, request.known_on), viewer=request.user)
    if answer := exports.asked(request, _rows(groups), COLUMNS, "plans-locaux", title=_("Plans locaux")):
        return answer
    return render(request, "publishing/local_plans.html", {"groups": groups})
