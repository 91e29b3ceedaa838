"""What sources state without a value, kind by kind: one table a kind, one line a row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from beffroi.actors.enums import OrganisationKind, RelationKind
from beffroi.actors.models import Relation
from beffroi.actors.queries import organisation_ids
from beffroi.connectors.periods import Period, UnreadablePeriod, parse_period
from beffroi.core.formats import period_text
from beffroi.funding.models import OperationPartner
from beffroi.governance.enums import kind_label
from beffroi.governance.models import Mandate
from beffroi.governance.queries import body_ids
from beffroi.governance.rules import duty_of
from beffroi.indicators.enums import IndicatorKind
from beffroi.provenance.queries import Moment
from beffroi.publishing.reports.facts import Fact
from beffroi.publishing.reports.layouts import GENERAL, Layout
from beffroi.publishing.reports.names import Thing
from beffroi.publishing.reports.values import Entry
from beffroi.reference.enums import FrameworkKind, RuleKind, Strength, SystemKind
from beffroi.reference.models import Correspondence, Item
from beffroi.reference.queries import Codes

# In the order of a section: what it is about, then who decides and does, then the words around it.
KINDS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "meetings": (_("Réunions et étapes"), (_("Date"), _("État"), _("Instance"), _("Nature"), _("Objet"))),
    "bodies": (
        _("Instances et devoirs"),
        (_("Instance"), _("Rôle"), _("Réunions par an"), _("Tenues sur 12 mois"), _("Présidence")),
    ),
    "operations": (_("Opérations"), (_("Opération"), _("Porteur"), _("Période"), _("Description"))),
    "relations": (_("Relations"), (_("Qui"), _("Relation"), _("Avec"), _("Depuis"), _("Précision"))),
    "organisations": (_("Acteurs"), (_("Nom"), _("Sigle"), _("Nature"), _("Création"))),
    "rules": (_("Règles"), (_("Règle"), _("Nature"), _("Valeur"), _("Élément"))),
    "systems": (_("Outils et dispositifs"), (_("Nom"), _("Nature"), _("À quoi il sert"), _("Qui s’en sert"), _("Rythme"))),
    "indicators": (_("Indicateurs définis"), (_("Indicateur"), _("Nature"), _("Unité"), _("Élément"))),
    "frameworks": (_("Cadres"), (_("Cadre"), _("Nature"), _("Période"))),
    "items": (_("Éléments des cadres"), (_("Élément"), _("Code"), _("Sous"))),
    "correspondences": (_("Correspondances"), (_("De"), _("Vers"), _("Force"))),
    "others": (_("Autres lignes"), (_("Ligne"),)),
}


@dataclass
class Reading:
    """The codes of one document, read once, and the edges that its rows became."""

    source: str
    relations: Mapping[int, Relation]
    correspondences: Mapping[int, Correspondence]
    mandates: Mapping[int, Mandate]
    partners: Mapping[int, OperationPartner]

    @cached_property
    def codes(self) -> Codes:
        return Codes(self.source)

    @cached_property
    def organisations(self) -> dict[str, int]:
        return organisation_ids(self.source)

    @cached_property
    def bodies(self) -> dict[str, int]:
        return body_ids(self.source)

    def things(self, code: str) -> list[Thing]:
        """What a code of a meeting names: `framework:code`, a framework, a place, an item or an organisation."""
        framework, _colon, local = code.partition(":")
        if local:
            found = [("item", self.codes.item(framework, local))]
        else:
            found = [
                ("framework", self.codes.frameworks.get(code)),
                ("item", self.codes.place(code) or self.codes.bare_item(code)),
                ("organisation", self.organisations.get(code)),
            ]
        return [(kind, pk) for kind, pk in found if pk is not None][:1]


def readings(facts: Sequence[Fact]) -> dict[str, Reading]:
    edges = (
        _edges(Relation, "relation", facts),
        _edges(Correspondence, "correspondence", facts),
        _edges(Mandate, "mandate", facts),
        _edges(OperationPartner, "operation_partner", facts),
    )
    return {source: Reading(source, *edges) for source in {fact.source for fact in facts}}


def _edges(model: Any, kind: str, facts: Iterable[Fact]) -> dict[int, Any]:
    return dict(model.objects.in_bulk([fact.subject for fact in facts if fact.subject_kind == kind]))


def period_of(text: str) -> Period:
    try:
        return parse_period(text)
    except UnreadablePeriod:
        return Period(None, None, text)


@cache
def _words(choices: type[TextChoices]) -> dict[str, Any]:
    return dict(choices.choices)


def word(choices: type[TextChoices], code: str) -> str:
    return str(_words(choices).get(code, code.replace("_", " ")))


# The things that a fact names, so that their names are read in one go


def edge_ends(fact: Fact, reading: Reading) -> tuple[Thing | None, Thing | None]:
    if fact.subject_kind == "relation" and (edge := reading.relations.get(fact.subject)):
        kinds = (
            ("organisation", edge.organisation_id),
            ("item", edge.item_id),
            ("framework", edge.framework_id),
            ("system", edge.system_id),
        )
        return ("organisation", edge.subject_id), next((kind, pk) for kind, pk in kinds if pk is not None)
    if fact.subject_kind == "mandate" and (seat := reading.mandates.get(fact.subject)):
        return ("organisation", seat.organisation_id), ("body", seat.body_id)
    if fact.subject_kind == "operation_partner" and (partner := reading.partners.get(fact.subject)):
        return ("organisation", partner.organisation_id), ("operation", partner.operation_id)
    if fact.subject_kind == "correspondence" and (pair := reading.correspondences.get(fact.subject)):
        return ("item", pair.source_id), ("item", pair.target_id)
    return None, None


def _item(fact: Fact, reading: Reading) -> int | None:
    framework = fact.raw.get("framework") or fact.raw.get("programme") or ""
    code = fact.raw.get("code" if fact.kind == "items" else "item_code", "")
    if fact.kind == "operations":
        return reading.codes.bare_item(code)
    return reading.codes.item(framework, code) if code else None


def things_of(fact: Fact, reading: Reading) -> list[Thing]:
    if fact.kind == "meetings":
        body = fact.raw.get("body", "")
        who = [("body", pk)] if (pk := reading.bodies.get(body)) else []
        who += [("organisation", pk)] if not who and (pk := reading.organisations.get(body)) else []
        return who + reading.things(fact.raw.get("about", ""))
    if fact.kind in ("rules", "indicators", "operations"):
        return [("item", pk)] if (pk := _item(fact, reading)) else []
    if fact.kind == "items" and (parent := fact.raw.get("parent_code")):
        return [("item", pk)] if (pk := reading.codes.item(fact.raw.get("framework", ""), parent)) else []
    return [end for end in edge_ends(fact, reading) if end is not None]


# Where a fact goes


def section_of(fact: Fact, layout: Layout, reading: Reading, frameworks: Mapping[int, str]) -> str:
    """`frameworks`: the framework of each item. Placed by hand, else by its item, else by its framework."""
    placed = layout.placed.get((fact.kind, fact.key, fact.occurrence))
    if placed is not None:
        return placed
    item, framework = place_of(fact, reading, frameworks)
    if item is not None and item in layout.by_item:
        return layout.by_item[item]
    return layout.by_framework.get(framework, layout.not_shown.get(framework) and "" or layout.default)


def place_of(fact: Fact, reading: Reading, frameworks: Mapping[int, str]) -> tuple[int | None, str]:
    raw = fact.raw
    if fact.kind == "frameworks":
        return None, raw.get("code", "")
    if fact.kind == "meetings":
        ends: Sequence[Thing | None] = reading.things(raw.get("about", ""))
    elif fact.kind == "relations":
        ends = edge_ends(fact, reading)[1:]
    elif fact.kind == "correspondences":
        ends = edge_ends(fact, reading)[:1]
    else:
        item = fact.subject if fact.kind == "items" else _item(fact, reading)
        return item, raw.get("framework") or raw.get("programme") or (frameworks.get(item, "") if item else "")
    item = next((pk for kind, pk in filter(None, ends) if kind == "item"), None)
    code = (
        raw.get("from_framework") or (raw.get("object") or raw.get("about") or "").removeprefix("framework:").partition(":")[0]
    )
    return item, code


def frameworks_of(items: Iterable[int]) -> dict[int, str]:
    return dict(Item.objects.filter(pk__in=set(items)).values_list("pk", "version__framework__code"))


# What a fact says


def _meeting(fact: Fact, named: Mapping[Thing, str], reading: Reading, moment: Moment) -> list[str]:
    things = things_of(fact, reading)
    who = [named.get(thing, "") for thing in things if thing[0] in ("body", "organisation")][:1] if fact.raw.get("body") else []
    about = [named.get(thing, "") for thing in things if not who or named.get(thing) != who[0]]
    when = period_of(fact.raw.get("date", ""))
    said = " – ".join(filter(None, [*about[:1], fact.raw.get("detail", "")]))
    return [period_text(when.text), state_of(when, moment), "".join(who), kind_label(fact.raw.get("kind", "")), said]


def state_of(when: Period, moment: Moment) -> str:
    """Held or planned is a matter of the day from which one looks."""
    if when.end is None:
        return str(_("sans date"))
    if when.end <= moment.as_of:
        return str(_("tenue"))
    return (
        str(_("en cours")) if when.start is not None and when.start <= moment.as_of and not when.is_a_day else str(_("prévue"))
    )


def held_by_body(facts: Iterable[Fact], moment: Moment) -> dict[tuple[str, str], int]:
    """Meetings of each body over the twelve months that end on the report's day, counted as its duty counts them."""
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for fact in facts:
        when = period_of(fact.raw.get("date", "")) if fact.kind == "meetings" else Period(None, None)
        if when.start is not None:
            days[fact.source, fact.raw.get("body", "")].append(when.start)
    return {body: duty_of(held, owed_a_year=None, on=moment.as_of).held for body, held in days.items()}


def _edge(fact: Fact, named: Mapping[Thing, str], reading: Reading, moment: Moment) -> list[str]:
    one, other = (named.get(end, "") if end else "" for end in edge_ends(fact, reading))
    raw = fact.raw
    since = period_text(period_of(raw.get("since", "")).text)
    kind = word(RelationKind, raw.get("kind", ""))
    return [one or raw.get("subject", ""), kind, other or raw.get("object", ""), since, raw.get("detail", "")]


def _correspondence(fact: Fact, named: Mapping[Thing, str], reading: Reading, moment: Moment) -> list[str]:
    ends = zip(edge_ends(fact, reading), ("from_code", "to_code"), strict=True)
    labels = [named.get(end, "") if end else fact.raw.get(field, "") for end, field in ends]
    return [*labels, word(Strength, fact.raw.get("strength", ""))]


def _thing(fact: Fact, named: Mapping[Thing, str], reading: Reading, moment: Moment) -> list[str]:
    raw = fact.raw
    under = "".join(named.get(thing, "") for thing in things_of(fact, reading))
    span = " – ".join(filter(None, [raw.get("start", ""), raw.get("end", "")]))
    said = {
        "bodies": [raw.get("role", ""), raw.get("meetings_per_year", ""), "", raw.get("chair", "")],
        "operations": [raw.get("lead_org", ""), span, raw.get("detail", "")],
        "organisations": [raw.get("acronym", ""), word(OrganisationKind, raw.get("kind", "")), raw.get("created", "")],
        "rules": [word(RuleKind, raw.get("kind", "")), raw.get("value", ""), under],
        "systems": [word(SystemKind, raw.get("kind", "")), *(raw.get(name, "") for name in ("purpose", "users", "frequency"))],
        "indicators": [word(IndicatorKind, raw.get("kind", "")), raw.get("unit", ""), under],
        "frameworks": [word(FrameworkKind, raw.get("kind", "")), span],
        "items": [raw.get("code", ""), under],
    }
    return [fact.label, *said.get(fact.kind, [])]


SAYERS: dict[str, Callable[[Fact, Mapping[Thing, str], Reading, Moment], list[str]]] = {
    "meetings": _meeting,
    "relations": _edge,
    "correspondences": _correspondence,
}


def entry(
    fact: Fact, named: Mapping[Thing, str], reading: Reading, moment: Moment, held: Mapping[tuple[str, str], int]
) -> Entry:
    cells = SAYERS.get(fact.kind, _thing)(fact, named, reading, moment)
    if fact.kind == "bodies":
        cells[3] = str(held.get((fact.source, fact.raw.get("code", "")), 0))
    shown: Entry = {"ref": fact.ref, "source": fact.source, "row": fact.row, "place": fact.place, "cells": cells}
    if fact.subject_kind in ("organisation", "item", "framework", "body", "operation", "system", "indicator"):
        shown["thing"] = [fact.subject_kind, fact.subject]
    if fact.kind == "meetings":
        shown["sort"] = (period_of(fact.raw.get("date", "")).start or date.max).isoformat()
    return shown


__all__ = ["GENERAL", "KINDS", "entry", "held_by_body", "readings", "section_of", "things_of"]
