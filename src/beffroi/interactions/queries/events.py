"""The shared calendar: what is planned, for whom, where, and what comes too close."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser, Partner
from beffroi.accounts.roles import may
from beffroi.core.text import search_key
from beffroi.interactions.enums import EVENT_KIND, NEXT_EVENT, Closeness, CloseReason, EventState
from beffroi.interactions.models import Event
from beffroi.interactions.queries.areas import places_inside, priority_areas
from beffroi.interactions.queries.zones import NOWHERE, Zones, zones_of
from beffroi.interactions.rules import closeness
from beffroi.interactions.rules.closeness import NEAR_DAYS, Planned
from beffroi.reference.models import Item

NEW = 0  # the key of an event that is being typed
AREA = "priority_area"
MOST_PAIRS = 12
LIVE = (EventState.DRAFT, EventState.ANNOUNCED, EventState.HELD)


@dataclass(frozen=True)
class CloseEvent:
    """Another event, and why it is worth a word with those who organise it."""

    event: Event
    kind: Closeness
    reasons: tuple[CloseReason, ...]
    days: int
    words: tuple[str, ...]

    @property
    def is_clash(self) -> bool:
        return self.kind == Closeness.CLASH


@dataclass(frozen=True)
class ClosePair:
    one: Event
    close: CloseEvent


@dataclass(frozen=True)
class Day:
    on: date
    is_outside: bool
    events: tuple[Event, ...]


def main_areas(viewer: AnyUser) -> QuerySet[Item]:
    return priority_areas(viewer).at_level(AREA)  # type: ignore[attr-defined,no-any-return]


def event_kinds() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.at_level(EVENT_KIND).order_by("position", "pk")
    return rows


def events_asked(asked: Mapping[str, Any], *, viewer: AnyUser) -> QuerySet[Event]:
    """Those of the calendar's filters; cancelled ones only when asked."""
    rows = Event.objects.visible_to(viewer)
    rows = rows.filter(state=asked["state"]) if asked.get("state") else rows.exclude(state=EventState.CANCELLED)
    if area := asked.get("area"):
        rows = rows.filter(items=area)
    if place := asked.get("place"):
        rows = rows.filter(place__in=places_inside([place]))
    if operator := asked.get("operator"):
        rows = rows.filter(pk__in=_organised_by(operator))
    if words := search_key(asked.get("q") or ""):
        rows = rows.filter(pk__in=[pk for pk, title in rows.values_list("pk", "title") if words in search_key(title)])
    found: QuerySet[Event] = rows.select_related("owner", "place", "kind").prefetch_related("items", "with_partners")
    return found.order_by("starts", "pk")


def _organised_by(operator: Partner) -> set[int]:
    own = Event.objects.filter(owner=operator).order_by().values_list("pk", flat=True)
    return set(own) | set(operator.shared_events.order_by().values_list("pk", flat=True))


def of_days(rows: QuerySet[Event], first: date, last: date) -> QuerySet[Event]:
    """Those that last into these days."""
    return rows.filter(starts__lt=_start(last + timedelta(days=1)), ends__gt=_start(first))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def month_weeks(month: date, events: Iterable[Event]) -> list[list[Day]]:
    """Whole weeks from Monday; an event stands on each of its days."""
    by_day: dict[date, list[Event]] = {}
    for event in events:
        for day in days_of(event):
            by_day.setdefault(day, []).append(event)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return [[Day(day, day.month != month.month, tuple(by_day.get(day, ()))) for day in week] for week in weeks]


def days_of(event: Event) -> list[date]:
    first, last = _days(event.starts, event.ends)
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _days(starts: datetime, ends: datetime) -> tuple[date, date]:
    """An event that ends at midnight does not take the day that begins."""
    return timezone.localdate(starts), timezone.localdate(ends - timedelta(microseconds=1))


def planned(events: Sequence[Event], *more: int | None) -> tuple[list[Planned], Mapping[int, Zones]]:
    """`more`: other places to look up with theirs."""
    zones = zones_of([*more, *(event.place_id for event in events)])
    return [_planned(event, {item.pk for item in event.items.all()}, zones) for event in events], zones


def _planned(event: Event, areas: Iterable[int], zones: Mapping[int, Zones]) -> Planned:
    first, last = _days(event.starts, event.ends)
    found = zones.get(event.place_id, NOWHERE) if event.place_id else NOWHERE
    return Planned(event.pk or NEW, event.title, first, last, frozenset(areas), event.place_id, found.all, found.narrow)


def close_events(event: Event, *, areas: Iterable[int], viewer: AnyUser) -> list[CloseEvent]:
    """The events near this one, saved or being typed, that its organiser may know of."""
    around = timedelta(days=NEAR_DAYS + 1)
    first, last = _days(event.starts, event.ends)
    rows = of_days(Event.objects.visible_to(viewer).filter(state__in=LIVE), first - around, last + around)
    others = list(_shown(rows.exclude(pk=event.pk)))
    compared, zones = planned(others, event.place_id)
    by_key = {other.pk: other for other in others}
    found = closeness.close_to(_planned(event, areas, zones), compared)
    return [CloseEvent(by_key[one.other], one.kind, one.reasons, one.days, one.words) for one in found]


def _shown(rows: QuerySet[Event]) -> QuerySet[Event]:
    return rows.select_related("owner", "place").prefetch_related("items", "with_partners").order_by("starts", "pk")


def close_pairs(first: date, last: date, *, viewer: AnyUser) -> list[ClosePair]:
    """The events of these days that come too close to each other, while something can still be done."""
    rows = of_days(Event.objects.visible_to(viewer).filter(state__in=LIVE), first, last)
    events = list(_shown(rows))
    by_key = {event.pk: event for event in events}
    found = closeness.close_pairs(planned(events)[0])
    return [
        ClosePair(by_key[one.one], CloseEvent(by_key[one.other], one.kind, one.reasons, one.days, one.words)) for one in found
    ]


def may_run(event: Event, user: AnyUser) -> bool:
    """Its organisers' people who note activity: change it, invite, note who came."""
    if not user.is_authenticated or not may(user, Permission.NOTE_ACTIVITY):
        return False
    shared = {partner.pk for partner in event.with_partners.all()}
    return bool(user.partner_ids & ({event.owner_id} | shared))


def next_states(event: Event) -> list[EventState]:
    return [state for state in EventState if state in NEXT_EVENT[EventState(event.state)]]
