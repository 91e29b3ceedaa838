"""The sheet of an item of a framework, and of a territory, which is one."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.queries import relations_to_items
from beffroi.funding.queries import money_about, operations_about, printed_about
from beffroi.governance.queries import meetings_about
from beffroi.indicators.queries import values_about
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section, anomalies_section, sources_section
from beffroi.reference.models import Item
from beffroi.reference.queries import item_card


def about(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return item_card(item, viewer=viewer, moment=moment)


def figures(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return values_about(Q(indicator__item=item) | Q(dimensions__item=item), moment=moment, viewer=viewer)


def money(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    asked = {"item": f"{item.version.framework.code}:{item.code}"}
    return money_about(Q(item=item) | Q(receiver_item=item), moment=moment, viewer=viewer, explored=asked)


def printed(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return printed_about(Q(item=item), moment=moment, viewer=viewer)


def operations(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(operations_about(Q(item=item) | Q(secondary_items=item), viewer=viewer))
    return {"operations": rows, "count": len(rows)} if rows else None


def relations(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = relations_to_items([item.pk], moment=moment, viewer=viewer)
    return {"relations": rows, "count": len(rows)} if rows else None


def rules(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(item.rules.visible_to(viewer).order_by("kind", "label"))
    return {"rules": rows, "count": len(rows)} if rows else None


def meetings(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return meetings_about(Q(about_item=item), moment=moment, viewer=viewer)


SECTIONS = (
    Section("description", _("Ce que c’est"), "reference/_item_section.html", about),
    Section("chiffres", _("Chiffres"), "indicators/_values_section.html", figures),
    Section("financements", _("Financements"), "funding/_money_section.html", money),
    Section("totaux", _("Totaux imprimés et leurs lignes"), "funding/_printed_sums.html", printed),
    Section("acteurs", _("Acteurs"), "actors/_relations_section.html", relations),
    Section("operations", _("Opérations"), "funding/_operations_section.html", operations),
    Section("regles", _("Règles"), "reference/_rules_section.html", rules),
    Section("reunions", _("Réunions et actes"), "governance/_meetings_section.html", meetings),
    anomalies_section("item"),
    sources_section("item"),
)
