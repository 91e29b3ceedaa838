from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.indicators.forms import FreshnessFilter
from beffroi.indicators.queries import framework_ages, indicator_age, indicators_by_age, source_ages
from beffroi.indicators.queries.scope import scope_of
from beffroi.provenance.queries import Moment

COLUMNS = (
    Column("document", _("Document"), Type.CODE, "", lambda row: row.indicator.namespace),
    Column("code", _("Code"), Type.CODE, "", lambda row: row.indicator.code),
    Column("label", _("Indicateur"), Type.TEXT, "", lambda row: row.indicator.label),
    Column("framework", _("Cadre"), Type.CODE, "", lambda row: row.indicator.framework.code),
    Column("periodicity", _("Périodicité"), Type.TEXT, "", lambda row: row.indicator.periodicity),
    Column("last", _("Fin du dernier résultat"), Type.DATE),
    Column("late", _("Mois de retard"), Type.INTEGER, _("Vide quand rien ne dit à quel rythme il devrait venir.")),
)


@open_to_all
def freshness(request: Request) -> HttpResponseBase:
    form, moment = FreshnessFilter(request.GET, viewer=request.user), Moment(request.as_of, request.known_on)
    found = indicators_by_age(form.asked, moment=moment, viewer=request.user)
    if request.GET.get("format"):
        rows = (indicator_age(row, on=request.as_of) for row in found)
        return exports.exported(
            request, rows, COLUMNS, "fraicheur", to=request.GET["format"], title=_("Fraîcheur des indicateurs")
        )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": [indicator_age(row, on=request.as_of) for row in page.object_list],
        "sources": source_ages(moment=moment, viewer=request.user),
        "frameworks": framework_ages(moment=moment, viewer=request.user),
        "scope": scope_of(form.asked, viewer=request.user),
    }
    return render(request, "indicators/freshness.html", context)
