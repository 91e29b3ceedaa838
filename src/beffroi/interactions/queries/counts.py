"""The dashboard of a month (BOOSTER)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from django.db import models

from beffroi.accounts.enums import Permission, Role
from beffroi.accounts.models import AnyUser, Membership, Partner
from beffroi.accounts.roles import ROLES
from beffroi.interactions.enums import Measure
from beffroi.interactions.queries.bodies import bodies
from beffroi.interactions.queries.counted import DEPARTMENTS, KINDS, Known, Scope, counted_rows, facts, zones_of
from beffroi.interactions.queries.shelf import Shelf
from beffroi.interactions.rules.counts import ALL, REACHING, Counts, Step, end_of, funnel, key, months_before, tally

PATIENCE = 60  # seconds, for what facts of today change all day long
FOLLOWED_DAYS = 180  # how long after its month what comes of a visit is counted, so that two months compare


@dataclass(frozen=True)
class Month:
    """A month as it is counted: `counts` by what is looked at, `last`: its last day that counts."""

    first: date
    last: date
    counts: Counts

    def of(self, name: str, where: str = ALL) -> int | None:
        """Unknown where nothing at all was received, zero where something else was."""
        found = self.counts.get(where) or None
        return None if found is None else found.get(name, 0)

    @property
    def heard(self) -> set[int]:
        """The operators that sent something."""
        return {int(name.partition(":")[2]) for name in self.counts if name.startswith("operator:") and name != "operator:"}


def months(wanted: Sequence[date], *, shelf: Shelf, scope: Scope) -> dict[date, Month]:
    """Each month asked, up to the day: read where it is kept, counted where it is not or has changed."""
    viewer, on = shelf.viewer, shelf.on
    known = cache(lambda: Known(zones_of(scope.level), bodies(viewer)))
    found: dict[date, Month] = {}
    for first in wanted:
        last = min(end_of(first), on)
        count = partial(_count, first, last, viewer=viewer, on=on, scope=scope, known=known)
        found[first] = Month(first, last, shelf.read(f"month {scope!r}", first, last, count))
    return found


def _count(first: date, last: date, *, viewer: AnyUser, on: date, scope: Scope, known: Callable[[], Known]) -> Counts:
    about = {"viewer": viewer, "on": on, "scope": scope, "known": known()}
    return tally({str(measure): list(counted_rows(measure, first, last, **about)) for measure in KINDS})  # type: ignore[arg-type]


def companies_reached(first: date, last: date, *, shelf: Shelf) -> int:
    """Each company or project holder once, however many months saw it."""

    def count() -> int:
        about: dict[str, Any] = {"viewer": shelf.viewer, "on": shelf.on, "scope": Scope()}
        known = bodies(shelf.viewer)
        return len(set().union(*(known.of_rows(facts(name, first, last, **about)) for name in REACHING)))

    return int(shelf.read("companies", first, last, count))


def expected_operators(*, viewer: AnyUser, heard: Iterable[int]) -> dict[int, str]:
    """Those who have somebody to note an activity, and those who sent one."""
    roles = [role for role in Role if Permission.NOTE_ACTIVITY in ROLES[role] and role != Role.ADMINISTRATOR]
    members = Membership.objects.filter(role__in=roles, until__isnull=True).order_by().values("partner")
    rows = Partner.objects.filter(models.Q(pk__in=members) | models.Q(pk__in=list(heard)))
    return dict(rows.order_by("name").values_list("pk", "name"))


def conversion(month: date, *, shelf: Shelf, scope: Scope) -> list[Step]:
    """What came of the visits of a month; it crosses five tables over the six months that follow, counted once a minute at
    most."""
    until = min(date.fromordinal(end_of(month).toordinal() + FOLLOWED_DAYS), shelf.on)
    steps = partial(_steps, month, until, viewer=shelf.viewer, on=shelf.on, scope=scope)
    return [Step(*row) for row in shelf.read(f"steps {scope!r}", month, until, steps, patience=PATIENCE)]


def _steps(month: date, until: date, *, viewer: AnyUser, on: date, scope: Scope) -> list[tuple[Any, ...]]:
    """Of the companies visited in the month: those that said a need, had it taken up, were accompanied, with a result."""
    last = min(end_of(month), on)
    visited = facts(Measure.VISITS, month, last, viewer=viewer, on=on, scope=scope)
    known = bodies(viewer)
    wide: dict[str, Any] = {"viewer": viewer, "on": on, "scope": Scope()}
    needs = facts(Measure.NEEDS, month, until, **wide)
    taken = facts(Measure.TAKEN_UP, month, until, **wide).filter(need__in=needs.order_by().values("pk"))
    supports = facts(Measure.SUPPORTS, month, until, **wide)
    results = facts(Measure.RESULTS, month, until, **wide).filter(support__in=supports.order_by().values("pk"))
    found = funnel(
        [
            ("visited", {body for body in known.of_rows(visited) if body > 0}),
            ("need", known.of_rows(needs)),
            ("taken_up", known.of_rows(taken, "need__")),
            ("supported", known.of_rows(supports)),
            ("result", known.of_rows(results, "support__")),
        ]
    )
    return [(step.name, step.reached, step.of) for step in found]


def series_of(month: date, count: int = 12) -> list[date]:
    """The months up to this one."""
    return [months_before(month, back) for back in range(count, -1, -1)]


__all__ = [
    "DEPARTMENTS",
    "Month",
    "Scope",
    "companies_reached",
    "conversion",
    "expected_operators",
    "key",
    "months",
    "series_of",
]
