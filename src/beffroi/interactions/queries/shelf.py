"""What was counted of some months, kept in the data folder for as long as none of their facts changes: the history of typed
rows says which months a change touches."""

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from beffroi.accounts.models import AnyUser, audience
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import ProjectHolder, SameAs
from beffroi.core.text import digest
from beffroi.interactions.models import Event, Need, Participation, Referral, Support, SupportResult, Visit
from beffroi.interactions.rules.counts import month_of, months_before

SHAPE = "3"
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


@dataclass
class Shelf:
    """What the readers of one audience count, as it is read on a day; the state of the facts is asked once."""

    viewer: AnyUser
    on: date
    _stale: dict[tuple[int, ...], set[date]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._state = _state()

    def read(self, name: str, first: date, last: date, count: Callable[[], Any], *, patience: int = 0) -> Any:
        """What `count` tells of the facts from `first` to `last`, as JSON keeps it; counted again when these months change,
        and no sooner than `patience` seconds after the last time."""
        seen = self._state.seen
        path = self._path(name, first, last)
        kept = _kept(path)
        if kept is not None and time.time() - kept["at"] < patience:
            return kept["value"]
        # An older one while somebody writes: all since then is looked at again
        mark: Seen | None = seen if self._state.settled else kept["seen"] if kept else None
        if kept is not None and any(before > now for before, now in zip(kept["seen"], seen, strict=True)):
            kept = None  # the database was restored
        if kept is not None and kept["seen"] != seen:
            kept = None if self._touched(kept["seen"]) & months_of(first, last) else _again(path, kept, mark)
        if kept is None:
            kept = _write(path, count(), mark)
        return kept["value"]

    def _path(self, name: str, first: date, last: date) -> Path:
        """A reservation ends and a company changes hands without a row of history: what is kept is good for a day."""
        today = timezone.localdate()
        database, days = str(connection.settings_dict["NAME"]), (today, min(self.on, today), first, last)
        told = digest(SHAPE, database, audience(self.viewer).name, name, *map(date.isoformat, days), repr(self._state.joined))
        return _folder() / f"{first:%Y-%m}-{told[:24]}.json"

    def _touched(self, seen: Seen) -> set[date]:
        before = tuple(seen)
        if before not in self._stale:
            self._stale[before] = touched_months(seen)
        return self._stale[before]


def months_of(first: date, last: date) -> set[date]:
    found, month = set(), month_of(first)
    while month <= last:
        found.add(month)
        month = months_before(month, -1)
    return found


def _folder() -> Path:
    """Its own: who keeps the totals of money throws away what it does not know."""
    folder: Path = Path(settings.DATA) / "staging" / "activity"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError):
        return None


def _again(path: Path, kept: dict[str, Any], mark: Seen | None) -> dict[str, Any]:
    """What changed is of other months."""
    return kept if kept["seen"] == mark else _write(path, kept["value"], mark)


def _write(path: Path, value: Any, mark: Seen | None) -> dict[str, Any]:
    """Without a mark, what is being written now could not be told from what was counted: it is not kept."""
    kept = {"seen": mark, "at": time.time(), "value": value}
    if mark is None:
        return kept
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")  # several may write it at once
    fresh.write_text(json.dumps(kept, separators=(",", ":")))
    fresh.rename(path)
    return kept


def forget_old_counts() -> None:
    """Those of the days before."""
    today = timezone.localdate()
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):  # what another just finished or removed
            if date.fromtimestamp(path.stat().st_mtime) < today:
                path.unlink()


def forget_counts() -> None:
    """After a change that no history of facts tells; what is being written now stays to its writer."""
    for path in _folder().glob("*.json"):
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
    changed["need"] |= _kept_apart(changed["visit"])
    told = Referral.objects.filter(need__in=needs | changed["need"])  # another may become the first that took it up
    changed["referral"] |= set(told.values_list("pk", flat=True))
    changed["result"] |= set(SupportResult.objects.filter(support__in=changed["support"]).values_list("pk", flat=True))
    rows = _history(Participation).filter(id__in=changed["participation"]).order_by()
    changed["event"] |= set(rows.values_list("event_id", flat=True).distinct())
    days: set[date] = set()
    for name, model, day in FOLLOWED:
        if day and changed[name]:
            days.update(_days(model, changed[name], day))
    days.update(_days(Event, changed["event"], "ends"))  # one that lasts is of each of its months
    return {month_of(day) for day in days}


def _kept_apart(visits: Collection[int]) -> set[int]:
    """The needs of the companies and projects that these visits reserve, or reserved."""
    rows = _history(Visit).filter(id__in=visits, reserved_until__isnull=False).order_by()
    about = Q(organisation__in=rows.values("organisation")) | Q(holder__in=rows.values("holder"))
    return set(Need.objects.filter(about, owner__in=rows.values("owner")).values_list("pk", flat=True))


def _history(model: type[models.Model]) -> Any:
    return model.history.model.objects  # type: ignore[attr-defined]


def _days(model: type[models.Model], ids: Iterable[int], day: str) -> set[date]:
    asked = list(ids)
    told = set(_history(model).filter(id__in=asked).order_by().values_list(day, flat=True).distinct())
    told |= set(model._default_manager.filter(pk__in=asked).order_by().values_list(day, flat=True).distinct())
    return {timezone.localtime(value).date() if hasattr(value, "hour") else value for value in told if value is not None}
