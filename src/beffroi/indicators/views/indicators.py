from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type, figure_columns
from beffroi.core.requests import Request
from beffroi.indicators.forms import IndicatorFilter
from beffroi.indicators.queries import in_places, indicator_rows, indicators_asked
from beffroi.indicators.queries.listing import ORDERS
from beffroi.indicators.queries.scope import scope_of
from beffroi.provenance.queries import Moment

COLUMNS = (
    Column("document", _("Document"), Type.CODE, _("Code de la source qui le définit."), lambda row: row.indicator.namespace),
    Column("code", _("Code"), Type.CODE, "", lambda row: row.indicator.code),
    Column("label", _("Intitulé"), Type.TEXT, "", lambda row: row.indicator.label),
    Column("kind", _("Nature"), Type.TEXT, "", lambda row: row.indicator.get_kind_display()),
    Column("framework", _("Cadre"), Type.CODE, "", lambda row: row.indicator.framework.code),
    Column("unit", _("Unité"), Type.TEXT, "", lambda row: row.indicator.unit),
    *figure_columns("last", _("Dernière valeur"), lambda row: row.last and row.last.value.figure),
    Column("last_period", _("Sa période"), Type.TEXT, "", lambda row: row.last and row.last.value.cell.written_period),
    Column("last_breakdown", _("Sa ventilation"), Type.TEXT, "", lambda row: row.last and row.last.value.cell.breakdown),
    *figure_columns("target", _("Objectif"), lambda row: row.target and row.target.target.figure),
    Column("target_period", _("Échéance"), Type.TEXT, "", lambda row: row.target and row.target.target.cell.written_period),
    Column("progress", _("État de l’objectif"), Type.TEXT, "", lambda row: row.target and row.target.progress.label),
)


@open_to_all
def indicators(request: Request) -> HttpResponseBase:
    form, moment = IndicatorFilter(request.GET, viewer=request.user), Moment(request.as_of, request.known_on)
    places = in_places(form.asked.get("territory"), form.asked.get("place", ""), viewer=request.user)
    found = indicators_asked(form.asked, moment=moment, viewer=request.user).order_by(*order(request.GET.get("sort", "")))
    if request.GET.get("format"):
        rows = indicator_rows(list(found), places, moment=moment, viewer=request.user)
        return exports.exported(request, rows, COLUMNS, "indicateurs", to=request.GET["format"], title=_("Indicateurs"))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = indicator_rows(list(page.object_list), places, moment=moment, viewer=request.user)
    context: dict[str, Any] = {"form": form, "page": page, "rows": rows, "scope": scope_of(form.asked, viewer=request.user)}
    return render(request, "indicators/indicators.html", context)


def order(asked: str) -> list[str]:
    """The fields that `sort=-last` asks for; by label when it asks for nothing we know."""
    first, *rest = ORDERS.get(asked.removeprefix("-"), ORDERS["label"])
    return [f"-{first}" if asked.startswith("-") else first, *rest]
