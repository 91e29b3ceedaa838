"""The dashboard of a month (BOOSTER). The counts of a month are kept in the data folder for as long as none of its facts
changes; the history of typed rows says which months a change touches."""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from beffroi.accounts.enums import Permission, Role
from beffroi.accounts.models import AnyUser, Membership, Partner, audience
from beffroi.accounts.roles import ROLES
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import ProjectHolder, SameAs
from beffroi.core.text import digest
from beffroi.interactions.enums import Measure
from beffroi.interactions.models import Event, Need, Participation, Referral, Support, SupportResult, Visit
from beffroi.interactions.queries.bodies import bodies
from beffroi.interactions.queries.counted import DEPARTMENTS, KINDS, Known, Scope, counted_rows, facts, zones_of
from beffroi.interactions.rules.counts import ALL, Counts, Step, end_of, funnel, key, month_of, months_before, tally

SHAPE = "2"
FOLLOWED_DAYS = 180  # how long after its month what comes of a visit is counted, so that two months compare
STEPS_SECONDS = 600
FOLLOWED: tuple[tuple[str, type[models.Model], str], ...] = (
    ("visit", Visit, "on"),
    ("need", Need, "opened_on"),
    ("referral", Referral, "answered_on"),
    ("support", Support, "since"),
    ("result", SupportResult, "on"),
    ("event", Event, "starts"),
    ("participation", Participation, ""),
)
Seen = list[int]


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


def months(wanted: Sequence[date], *, viewer: AnyUser, on: date, scope: Scope) -> dict[date, Month]:
    """Each month asked, up to a day: read where it is kept, counted where it is not or has changed."""
    state = _state()
    seen = state.seen
    found: dict[date, Month] = {}
    stale: dict[Any, set[date]] = {}
    known: Known | None = None
    for first in wanted:
        last = min(end_of(first), on)
        path = _path(first, last, viewer, scope, *state.joined)
        kept = _kept(path)
        # An older one while somebody writes: all since then is looked at again
        mark: Seen | None = seen if state.settled else kept["seen"] if kept else None
        if kept is not None and kept["seen"] != seen:
            before = tuple(kept["seen"])
            if before not in stale:
                stale[before] = touched_months(kept["seen"])
            kept = None if first in stale[before] else _again(path, kept, mark)
        if kept is None:
            known = known or Known(zones_of(scope.level), bodies(viewer))
            kept = _write(path, _count(first, last, viewer=viewer, on=on, scope=scope, known=known), mark)
        found[first] = Month(first, last, kept["counts"])
    return found


def _count(first: date, last: date, *, viewer: AnyUser, on: date, scope: Scope, known: Known) -> Counts:
    about = {"viewer": viewer, "on": on, "scope": scope, "known": known}
    return tally({str(measure): list(counted_rows(measure, first, last, **about)) for measure in KINDS})  # type: ignore[arg-type]


def _folder() -> Path:
    folder: Path = Path(settings.DATA) / "staging" / "totals"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _path(first: date, last: date, viewer: AnyUser, scope: Scope, *mark: int) -> Path:
    """A reservation ends and a company changes hands without a row of history: what is kept is good for a day."""
    database = str(connection.settings_dict["NAME"])
    name = digest(
        SHAPE, database, audience(viewer).name, repr(scope), timezone.localdate().isoformat(), last.isoformat(), repr(mark)
    )
    return _folder() / f"activity-{first:%Y-%m}-{name[:24]}.json"


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError):
        return None


def _again(path: Path, kept: dict[str, Any], mark: Seen | None) -> dict[str, Any]:
    """What changed is of other months."""
    return kept if kept["seen"] == mark else _write(path, kept["counts"], mark)


def _write(path: Path, counts: Counts, mark: Seen | None) -> dict[str, Any]:
    """Without a mark, what is being written now could not be told from what was counted: it is not kept."""
    kept = {"seen": mark, "counts": counts}
    if mark is None:
        return kept
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(kept, separators=(",", ":")))
    fresh.rename(path)
    return kept


def forget_old_counts() -> None:
    """Those of the days before."""
    today = timezone.localdate()
    for path in _folder().glob("activity-*.json"):
        if date.fromtimestamp(path.stat().st_mtime) < today:
            path.unlink(missing_ok=True)


@dataclass(frozen=True)
class State:
    """`seen`: the last row of each history. `settled`: nobody is writing a row that could come before it. `joined`: what says
    which records are one body."""

    seen: Seen
    settled: bool
    joined: tuple[int, ...]


def _state() -> State:
    tables = [connection.ops.quote_name(model.history.model._meta.db_table) for _name, model, _day in FOLLOWED]  # type: ignore[attr-defined]
    asked = [f"(SELECT MAX(history_id) FROM {table})" for table in tables]
    pairs, holders = (connection.ops.quote_name(model._meta.db_table) for model in (SameAs, ProjectHolder))
    of_pairs, of_holders = (
        f"FROM {pairs} WHERE state = '{SameAsState.ACCEPTED}'",
        f"FROM {holders} WHERE organisation_id IS NOT NULL",
    )
    asked += [f"(SELECT {what} {rows})" for rows in (of_pairs, of_holders) for what in ("COUNT(*)", "SUM(id)")]
    asked.append(_settled(tables))
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(asked))
        *found, settled = [int(value or 0) for value in cursor.fetchone()]
    return State(found[: len(tables)], bool(settled), tuple(found[len(tables) :]))


def _settled(tables: Sequence[str]) -> str:
    """On SQLite one writes at a time. On PostgreSQL whoever takes a number of a history holds its table until the end."""
    if connection.vendor != "postgresql":
        return "1"
    names = ", ".join(f"'{table}'::regclass" for table in tables)
    held = (
        "locktype = 'relation' AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
        f" AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND relation IN ({names})"
    )
    return f"(SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE {held}) THEN 0 ELSE 1 END)"


def touched_months(seen: Seen) -> set[date]:
    """The months of every row written since, as it was and as it is."""
    changed = {
        name: set(_history(model).filter(history_id__gt=last).values_list("id", flat=True).order_by().distinct())
        for (name, model, _day), last in zip(FOLLOWED, seen, strict=True)
    }
    needs = set(_history(Referral).filter(id__in=changed["referral"]).order_by().values_list("need_id", flat=True))
    told = Referral.objects.filter(need__in=needs | changed["need"])  # another may become the first that took it up
    changed["referral"] |= set(told.values_list("pk", flat=True))
    changed["result"] |= set(SupportResult.objects.filter(support__in=changed["support"]).values_list("pk", flat=True))
    rows = _history(Participation).filter(id__in=changed["participation"]).order_by()
    changed["event"] |= set(rows.values_list("event_id", flat=True).distinct())
    days: set[date] = set()
    for name, model, day in FOLLOWED:
        if day and changed[name]:
            days.update(_days(model, changed[name], day))
    return {month_of(day) for day in days}


def _history(model: type[models.Model]) -> Any:
    return model.history.model.objects  # type: ignore[attr-defined]


def _days(model: type[models.Model], ids: Iterable[int], day: str) -> set[date]:
    asked = list(ids)
    told = set(_history(model).filter(id__in=asked).order_by().values_list(day, flat=True).distinct())
    told |= set(model._default_manager.filter(pk__in=asked).order_by().values_list(day, flat=True).distinct())
    return {timezone.localtime(value).date() if hasattr(value, "hour") else value for value in told if value is not None}


def expected_operators(*, viewer: AnyUser, heard: Iterable[int]) -> dict[int, str]:
    """Those who have somebody to note an activity, and those who sent one."""
    roles = [role for role in Role if Permission.NOTE_ACTIVITY in ROLES[role] and role != Role.ADMINISTRATOR]
    members = Membership.objects.filter(role__in=roles, until__isnull=True).order_by().values("partner")
    rows = Partner.objects.filter(models.Q(pk__in=members) | models.Q(pk__in=list(heard)))
    return dict(rows.order_by("name").values_list("pk", "name"))


def conversion(month: date, *, viewer: AnyUser, on: date, scope: Scope) -> list[Step]:
    """What came of the visits of a month, counted again every ten minutes at most: it crosses five tables over six months."""
    path = _path(month, min(end_of(month), on), viewer, scope).with_suffix(".steps.json")
    if path.exists() and time.time() - path.stat().st_mtime < STEPS_SECONDS and (kept := _kept(path)):
        return [Step(*row) for row in kept["steps"]]
    found = _steps(month, viewer=viewer, on=on, scope=scope)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"steps": [(step.name, step.reached, step.of) for step in found]}))
    fresh.rename(path)
    return found


def _steps(month: date, *, viewer: AnyUser, on: date, scope: Scope) -> list[Step]:
    """Of the companies visited in the month: those that said a need, had it taken up, were accompanied, with a result."""
    last = min(end_of(month), on)
    until = min(date.fromordinal(end_of(month).toordinal() + FOLLOWED_DAYS), on)
    visited = facts(Measure.VISITS, month, last, viewer=viewer, on=on, scope=scope)
    known = bodies(viewer)
    wide: dict[str, Any] = {"viewer": viewer, "on": on, "scope": Scope()}
    needs = facts(Measure.NEEDS, month, until, **wide)
    taken = facts(Measure.TAKEN_UP, month, until, **wide).filter(need__in=needs.order_by().values("pk"))
    supports = facts(Measure.SUPPORTS, month, until, **wide)
    results = facts(Measure.RESULTS, month, until, **wide).filter(support__in=supports.order_by().values("pk"))
    return funnel(
        [
            ("visited", {body for body in known.of_rows(visited) if body > 0}),
            ("need", known.of_rows(needs)),
            ("taken_up", known.of_rows(taken, "need__")),
            ("supported", known.of_rows(supports)),
            ("result", known.of_rows(results, "support__")),
        ]
    )


def series_of(month: date, count: int = 12) -> list[date]:
    """The months up to this one."""
    return [months_before(month, back) for back in range(count, -1, -1)]


__all__ = ["DEPARTMENTS", "Month", "Scope", "conversion", "expected_operators", "key", "months", "series_of"]
