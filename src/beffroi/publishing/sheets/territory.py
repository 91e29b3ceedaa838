"""The sheet of a territory: what is said of it under its official code and under the names that documents give it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.actors.queries import relations_to_items
from beffroi.funding.queries import money_about, operations_about
from beffroi.governance.queries import meetings_about
from beffroi.indicators.queries import values_about
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section, anomalies_section, sources_section
from beffroi.publishing.sheets.item import about
from beffroi.reference.models import Item
from beffroi.reference.queries import same_place_ids


def figures(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return values_about(Q(territory__in=same_place_ids(item)), moment=moment, viewer=viewer)


def money(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    places = same_place_ids(item)
    return money_about(Q(item__in=places) | Q(operation__place__in=places), moment=moment, viewer=viewer)


def organisations(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(Organisation.objects.visible_to(viewer).filter(place__in=same_place_ids(item)))
    return {"organisations": rows, "count": len(rows)} if rows else None


def relations(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = relations_to_items(same_place_ids(item), moment=moment, viewer=viewer)
    return {"relations": rows, "count": len(rows)} if rows else None


def operations(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(operations_about(Q(place__in=same_place_ids(item)), viewer=viewer))
    return {"operations": rows, "count": len(rows)} if rows else None


def meetings(item: Item, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return meetings_about(Q(about_item__in=same_place_ids(item)), moment=moment, viewer=viewer)


SECTIONS = (
    Section("description", _("Ce que c’est"), "reference/_item_section.html", about),
    Section("chiffres", _("Chiffres"), "indicators/_values_section.html", figures),
    Section("financements", _("Financements"), "funding/_money_section.html", money),
    Section("acteurs", _("Acteurs qui y sont"), "actors/_organisations_section.html", organisations),
    Section("relations", _("Relations"), "actors/_relations_section.html", relations),
    Section("operations", _("Opérations"), "funding/_operations_section.html", operations),
    Section("reunions", _("Réunions et actes"), "governance/_meetings_section.html", meetings),
    anomalies_section("item"),
    sources_section("item"),
)
