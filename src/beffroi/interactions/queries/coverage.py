"""Who answers which subject where: a table of subjects and territories, and the map of one subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.interactions.enums import ZONE_LEVELS
from beffroi.interactions.models import Need, Service
from beffroi.interactions.queries import territories
from beffroi.interactions.queries.needs import need_subjects
from beffroi.interactions.queries.proposals import offered, running_services
from beffroi.interactions.rules.coverage import Cover, Covered, coverage
from beffroi.interactions.rules.needs import ACCEPTED
from beffroi.observatory.queries.results import Mapped, mapped
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.reference.models import Item


@dataclass(frozen=True)
class Gap:
    """A subject that nobody answers in a territory, and the needs that were expressed there without being taken up."""

    subject: Item
    zone: Item
    needs: int


@dataclass(frozen=True)
class Coverage:
    zones: list[Item]
    subjects: list[Item]
    services: dict[int, Service]
    cells: Mapping[tuple[int, int], Covered]
    unmet: Mapping[tuple[int, int], int]

    @property
    def gaps(self) -> list[Gap]:
        """Where needs wait first."""
        found = [
            Gap(subject, zone, self.unmet.get((subject.pk, zone.pk), 0))
            for subject in self.subjects
            for zone in self.zones
            if self.cells[subject.pk, zone.pk].cover == Cover.NOBODY
        ]
        return sorted(found, key=lambda gap: -gap.needs)

    @property
    def matrix(self) -> dict[str, Any]:
        return {
            "caption": _("Services par sujet et territoire"),
            "corner": _("Sujet"),
            "columns": [{"label": zone.label, "address": _services_of(place=zone)} for zone in self.zones],
            "rows": [self._row(subject) for subject in self.subjects],
        }

    def _row(self, subject: Item) -> dict[str, Any]:
        cells = [self._cell(subject, zone) for zone in self.zones]
        return {"label": subject.label, "address": _services_of(subject=subject), "cells": cells}

    def _cell(self, subject: Item, zone: Item) -> dict[str, Any]:
        cell, unmet = self.cells[subject.pk, zone.pk], self.unmet.get((subject.pk, zone.pk), 0)
        text = str(len(cell.whole)) if cell.whole else _("en partie") if cell.part else _("personne")
        if unmet:
            text += " · " + ngettext("%(n)s besoin", "%(n)s besoins", unmet) % {"n": unmet}
        address = _services_of(subject=subject, place=zone) if cell.count else ""
        return {"text": text, "strength": cell.cover.value, "address": address}

    def map(self, subject: Item, level: str) -> Mapped:
        values: dict[int, float | None] = {zone.pk: self.cells[subject.pk, zone.pk].count for zone in self.zones}
        title = _("Services pour « %(subject)s »") % {"subject": subject}
        return mapped(self.zones, values, level=level, title=title, unit="")


def _services_of(*, subject: Item | None = None, place: Item | None = None) -> str:
    asked = {"subject": subject.pk if subject else None, "place": place.code if place else None}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return f"{reverse('interactions:services')}?{query}"


def covered(level: str, *, viewer: AnyUser, on: date) -> Coverage:
    """A fixed number of queries, whatever the services and the territories."""
    found, subjects = territories.zones_at(level), list(need_subjects())
    services = list(running_services(viewer, on))
    unmet = list(_unmet(viewer))
    places = {zone.pk for zone in found} | {place.pk for row in services for place in row.places.all()}
    reach = territories.reach_of(places | {place for _subject, place in unmet})
    listed = {zone.pk for zone in found}
    cells = coverage(
        offered(services), subjects=[one.pk for one in subjects], zones=listed, around=reach.around, across=reach.across
    )
    counts: dict[tuple[int, int], int] = {}
    for subject, place in unmet:
        for zone in listed & reach.around[place]:
            counts[subject, zone] = counts.get((subject, zone), 0) + 1
    return Coverage(found, subjects, {row.pk: row for row in services}, cells, counts)


def _unmet(viewer: AnyUser) -> Any:
    """Open needs that the reader may read and that nobody has taken up: subject, place."""
    rows = Need.objects.told_to(viewer).filter(closed_on__isnull=True, place__isnull=False)
    taken = Need.objects.filter(referrals__state__in=ACCEPTED).order_by().values("pk")
    return rows.exclude(pk__in=taken).order_by("pk").values_list("subject_item", "place")


def of_coverage(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`level`: the pairs of a subject and a territory that nobody answers."""
    if rest not in ZONE_LEVELS:
        return None
    found = covered(rest, viewer=viewer, on=moment.as_of)
    gaps = found.gaps
    formula = _(
        "Les couples d’un sujet et d’un territoire qu’aucun service en cours, parmi ceux que vous pouvez voir, ne couvre ni en "
        "entier ni en partie."
    )
    parts = [(f"{gap.subject} · {gap.zone}", None, Figure(value=gap.needs)) for gap in gaps]
    return Counted(_("Là où personne ne répond"), formula, Figure(value=len(gaps)), parts)
