"""The facts that the dashboard counts, as rows of the month they belong to: one query a measure, for one audience."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from beffroi.accounts.models import AnyUser, audience, seen
from beffroi.interactions.enums import EventState, Measure, ParticipationState, ReferralState, VisitState
from beffroi.interactions.models import Event, Need, Participation, Referral, Support, SupportResult, Visit
from beffroi.interactions.models.about import about_seen
from beffroi.interactions.models.needs import need_seen
from beffroi.interactions.queries.bodies import Bodies
from beffroi.interactions.rules.counts import Row
from beffroi.reference.models import PlaceMembership

DEPARTMENTS = "geo-departements"
TAKEN_UP = (
    Q(state__in=(ReferralState.TAKEN_UP, ReferralState.CLOSED))
    | Q(state=ReferralState.REFUSED, closed_on__gt=F("answered_on"))  # handed back: it keeps the day of its first answer
    | Q(state=ReferralState.WITHDRAWN, answered_on__isnull=False)
)


@dataclass(frozen=True)
class Scope:
    """What is looked at: everything, or one operator, priority area, territory. `level`: of the territories listed."""

    operator: int | None = None
    area: int | None = None
    place: int | None = None
    level: str = DEPARTMENTS

    @property
    def is_all(self) -> bool:
        return self.operator is None and self.area is None and self.place is None

    def within(self, **kept: int | None) -> "Scope":
        return replace(self, **kept)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Kind:
    """Where a measure is read: its rows for a reader, their date and what they are about."""

    rows: Callable[[AnyUser, date], QuerySet[Any]]
    day: str
    operator: str
    area: str
    places: tuple[str, ...]
    about: str | None  # the link to the row that has a company or a holder; empty: the row itself


def _visits(reader: AnyUser, on: date) -> QuerySet[Any]:
    return Visit.objects.visible_to(reader, on).filter(state=VisitState.DONE)


def _needs(reader: AnyUser, on: date) -> QuerySet[Any]:
    return Need.objects.visible_to(reader)


def _of(link: str, reader: AnyUser) -> Q:
    """A row that has no level of its own follows that of the fact it belongs to."""
    return seen(link, reader) & about_seen(link, reader)


def _taken_up(reader: AnyUser, on: date) -> QuerySet[Any]:
    """A need is taken up once, by the first that did; handing it back later does not undo that month."""
    day = Q(answered_on__lt=OuterRef("answered_on")) | Q(answered_on=OuterRef("answered_on"), pk__lt=OuterRef("pk"))
    earlier = Referral.objects.filter(TAKEN_UP, day, need=OuterRef("need"))
    return Referral.objects.filter(TAKEN_UP, need_seen("need", reader)).exclude(Exists(earlier))


def _supports(reader: AnyUser, on: date) -> QuerySet[Any]:
    return Support.objects.visible_to(reader)


def _results(reader: AnyUser, on: date) -> QuerySet[Any]:
    return SupportResult.objects.filter(_of("support", reader))


def _events(reader: AnyUser, on: date) -> QuerySet[Any]:
    return Event.objects.visible_to(reader).filter(state=EventState.HELD)


def unconfirmed(first: date, last: date, *, viewer: AnyUser) -> int:
    """Announced events of these days, of which nobody said that they were held: in no count."""
    rows = Event.objects.visible_to(audience(viewer)).filter(state=EventState.ANNOUNCED)
    return int(rows.filter(starts__gte=_midnight(first), starts__lt=_midnight(last + timedelta(days=1))).count())


def _participations(reader: AnyUser, on: date) -> QuerySet[Any]:
    rows = Participation.objects.visible_to(reader).filter(state=ParticipationState.ATTENDED, event__state=EventState.HELD)
    return rows.filter(event__in=Event.objects.visible_to(reader))


OWN = ("place_id", "organisation__place_id", "holder__place_id")
KINDS: dict[Measure, Kind] = {
    Measure.VISITS: Kind(_visits, "on", "owner_id", "item_id", OWN, ""),
    Measure.NEEDS: Kind(_needs, "opened_on", "owner_id", "item_id", OWN, ""),
    Measure.TAKEN_UP: Kind(
        _taken_up,
        "answered_on",
        "partner_id",
        "need__item_id",
        ("need__place_id", "need__organisation__place_id", "need__holder__place_id"),
        "need__",
    ),
    Measure.SUPPORTS: Kind(_supports, "since", "owner_id", "item_id", OWN[1:], ""),
    Measure.RESULTS: Kind(
        _results,
        "on",
        "support__owner_id",
        "support__item_id",
        ("support__organisation__place_id", "support__holder__place_id"),
        "support__",
    ),
    Measure.EVENTS: Kind(_events, "starts", "owner_id", "items", ("place_id",), None),
    Measure.PARTICIPATIONS: Kind(_participations, "event__starts", "event__owner_id", "event__items", OWN[1:], ""),
}


def facts(measure: Measure, first: date, last: date, *, viewer: AnyUser, on: date, scope: Scope) -> QuerySet[Any]:
    """The rows of a measure dated from `first` to `last`, for the audience of this reader."""
    kind = KINDS[measure]
    rows = kind.rows(audience(viewer), on)
    if measure in (Measure.EVENTS, Measure.PARTICIPATIONS):
        rows = rows.filter(**{f"{kind.day}__gte": _midnight(first), f"{kind.day}__lt": _midnight(last + timedelta(days=1))})
    else:
        rows = rows.filter(**{f"{kind.day}__gte": first, f"{kind.day}__lte": last})
    if scope.operator is not None:
        rows = rows.filter(**{kind.operator: scope.operator})
    if scope.area is not None:
        rows = rows.filter(**{kind.area: scope.area})
    if scope.place is not None:
        rows = rows.annotate(counted_at=_place(kind)).filter(Q(counted_at=scope.place) | Q(counted_at__in=_inside(scope.place)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _place(kind: Kind) -> Any:
    return Coalesce(*kind.places) if len(kind.places) > 1 else F(kind.places[0])


def _inside(place: int) -> QuerySet[Any]:
    return PlaceMembership.objects.filter(whole=place).order_by().values("part")


@dataclass(frozen=True)
class Known:
    """What places and subjects come down to: the zone of each place, the body of each record."""

    zones: dict[int, int]
    bodies: Bodies


def counted_rows(
    measure: Measure, first: date, last: date, *, viewer: AnyUser, on: date, scope: Scope, known: Known
) -> Iterator[Row]:
    kind = KINDS[measure]
    rows = facts(measure, first, last, viewer=viewer, on=on, scope=scope).order_by()
    about = () if kind.about is None else (f"{kind.about}organisation_id", f"{kind.about}holder_id")
    found = rows.annotate(at=_place(kind)).values_list("pk", kind.operator, kind.area, "at", *about)
    for pk, operator, area, at, *whom in found.iterator(chunk_size=20_000):
        yield pk, operator, area, known.zones.get(at) if at else None, known.bodies.of(*whom) if whom else None


def zones_of(level: str) -> dict[int, int]:
    """Each place, and the zone of a geography that contains it (or that it is)."""
    rows = PlaceMembership.objects.filter(whole__version__framework__code=level)
    found = dict(rows.order_by("pk").values_list("part", "whole"))
    wholes = set(found.values())
    return {**found, **{pk: pk for pk in wholes}}
