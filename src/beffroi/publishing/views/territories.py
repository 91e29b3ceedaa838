from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.forms import TerritoryFilter
from beffroi.publishing.sheets import composed, territory
from beffroi.publishing.sheets.territories import Facts, geographies, known_facts, territories_asked, territory_rows
from beffroi.reference.enums import level_label
from beffroi.reference.models import Framework, Item

COLUMNS = (
    Column("framework", gettext_lazy("Géographie"), Type.CODE, "", lambda row: row.item.version.framework.code),
    Column("vintage", gettext_lazy("Millésime"), Type.CODE),
    Column("code", gettext_lazy("Code"), Type.CODE, "", lambda row: row.item.code),
    Column("label", gettext_lazy("Nom"), Type.TEXT, "", lambda row: row.item.label),
    Column("level", gettext_lazy("Niveau")),
    Column("names", gettext_lazy("Nommé par les documents"), Type.TEXT, "", lambda row: " ; ".join(row.names)),
    Column("population", gettext_lazy("Population municipale"), Type.INTEGER),
    Column("values", gettext_lazy("Valeurs"), Type.INTEGER),
    Column("operations", gettext_lazy("Opérations"), Type.INTEGER),
    Column("organisations", gettext_lazy("Acteurs"), Type.INTEGER),
)


@open_to_all
def territories(request: Request) -> HttpResponseBase:
    moment, known = Moment(request.as_of, request.known_on), geographies(request.user)
    form = TerritoryFilter(request.GET, frameworks=known)
    facts = known_facts(moment=moment, viewer=request.user)
    found = territories_asked({**form.asked, "sort": request.GET.get("sort", "")}, facts, viewer=request.user)
    if request.GET.get("format"):
        lines = territory_rows(found, facts)
        return exports.exported(request, lines, COLUMNS, "territoires", to=request.GET["format"], title=_("Territoires"))
    dates = {name: request.GET[name] for name in ("as_of", "known_on") if request.GET.get(name)}
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": territory_rows(list(page.object_list), facts),
        "tabs": tabs(known, form.asked.get("framework"), facts, dates=dates),
        "inside": Item.objects.visible_to(request.user).filter(pk=form.asked.get("inside")).first(),
    }
    return render(request, "publishing/territories.html", context)


def tabs(known: list[Framework], chosen: Any, facts: Facts, *, dates: dict[str, str]) -> list[dict[str, Any]]:
    """Those that have facts, then each geography."""
    address = f"{reverse('publishing:territories')}?"
    words = _("Ceux dont on sait quelque chose")
    first = {"label": words, "address": address + urlencode(dates), "current": chosen is None, "count": len(facts.ids)}
    return [first, *(_tab(row, address + urlencode({"framework": row.code, **dates}), chosen) for row in known)]


def _tab(row: Any, address: str, chosen: Any) -> dict[str, Any]:
    return {"label": row.label, "address": address, "current": chosen == row, "count": row.size}


def territory_sheet(request: Request, found: Item) -> HttpResponse:
    """The page of an item that is a territory: `sheets.item_sheet` finds it and its rights."""
    moment = Moment(request.as_of, request.known_on)
    place = territory.territory(found, moment=moment, viewer=request.user)
    sections = composed(territory.SECTIONS, place, viewer=request.user, moment=moment)
    context = {
        "thing": found,
        "kind": level_label(found.level).capitalize(),
        "lead": found.label_en,
        "trail": [(_("Territoires"), reverse("publishing:territories"))],
        "figures": territory.key_figures(place, {section.id: section.count for section in sections}),
        "sections": sections,
    }
    return render(request, "publishing/sheet.html", context)
