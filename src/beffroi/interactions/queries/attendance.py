"""Who is on the list of an event, and what became of the companies flagged there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, audience
from beffroi.core.figures import Figure
from beffroi.interactions.enums import EventState, FollowUp, ParticipationState, VisitState
from beffroi.interactions.models import Arrival, Event, Participation, Visit
from beffroi.interactions.models.about import about_seen
from beffroi.interactions.queries.bodies import Bodies, bodies
from beffroi.interactions.queries.events import of_days
from beffroi.interactions.rules import follow_up as rules
from beffroi.interactions.rules.follow_up import DID_NOT_COME, Share

OfBodies = dict[int | None, list[tuple[date, int]]]
EVIDENCE = "event_follow_up"


def participants(event: Event, *, viewer: AnyUser) -> QuerySet[Participation]:
    """The organisers see whoever was invited, as far as they may see the company; partners, what the level of each row lets
    them see."""
    shown = about_seen("", viewer)
    rows = event.participations.filter(shown | Q(organisation__isnull=True, holder__isnull=True))
    if not Event.objects.organised_by(viewer).filter(pk=event.pk).exists():
        rows = rows.filter(pk__in=Participation.objects.visible_to(viewer).order_by().values("pk"))
    found: QuerySet[Participation] = rows.select_related("organisation", "holder").order_by("organisation__sort_key", "pk")
    return found


def hidden_count(event: Event, *, viewer: AnyUser) -> int:
    """Invited by another organiser, and known to it alone."""
    shown = about_seen("", viewer)
    return event.participations.exclude(organisation__isnull=True, holder__isnull=True).exclude(shown).count()


def counts_of(rows: QuerySet[Participation]) -> list[tuple[ParticipationState, int]]:
    counted = dict(rows.order_by("state").values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    return [(state, counted[state]) for state in ParticipationState if state in counted]


def waiting_arrivals(event: Event) -> QuerySet[Arrival]:
    return event.arrivals.filter(participation__isnull=True, refused=False)


@dataclass(frozen=True)
class Flag:
    """A company flagged at an event: the row that says so, the body it is, and the first visit after it."""

    row: int
    body: int | None
    state: FollowUp
    visit: int | None
    ended: date


@dataclass(frozen=True)
class Flagged:
    """A flag with its rows, for those who read it."""

    row: Participation
    state: FollowUp
    visit: Visit | None
    ended: date


def read_flags(flags: Sequence[Flag]) -> Iterator[Flagged]:
    """Their rows, asked when the first is wanted; one that is no more is left out."""
    rows = Participation.objects.select_related("organisation", "event__owner").in_bulk([flag.row for flag in flags])
    visits = Visit.objects.select_related("owner").in_bulk([flag.visit for flag in flags if flag.visit])
    for flag in flags:
        if flag.row in rows:
            yield Flagged(rows[flag.row], flag.state, visits.get(flag.visit or 0), flag.ended)


@dataclass(frozen=True)
class FollowedUp:
    asked: Mapping[str, Any]
    flags: Sequence[Flag]

    @property
    def rows(self) -> Iterator[Flagged]:
        return read_flags(self.flags)

    @cached_property
    def share(self) -> Share:
        by_company: dict[int | None, list[FollowUp]] = defaultdict(list)
        for flag in self.flags:
            by_company[flag.body].append(flag.state)
        return rules.share_of(by_company.values())

    @property
    def figures(self) -> list[Figure]:
        return follow_up_figures(self.share, self.asked)


def follow_up_figures(share: Share, asked: Mapping[str, Any]) -> list[Figure]:
    """The rate with its denominator, and beside it what it leaves out."""
    rate = Figure(
        value=share.value,
        unit="ratio",
        label=str(_("visitées dans les %(days)s jours")) % {"days": asked["days"]},
        known=share.visited,
        parts=None,
        note=str(_("%(visited)s sur %(due)s entreprises dont le délai est passé"))
        % {"visited": share.visited, "due": share.due},
        why=f"{EVIDENCE}:{_key(asked)}",
    )
    apart = [Figure(value=share.counts[state], label=str(state.label)) for state in FollowUp]
    return [rate, *(figure for figure in apart if figure.value)]


def followed_up(asked: Mapping[str, Any], *, on: date, viewer: AnyUser) -> FollowedUp:
    """Partners all read the same figures: a visit that its operator still keeps to itself counts for nobody until its day."""
    rows, known = _flagged(asked, on, viewer), bodies(viewer)
    visits = _visits_after(rows, asked["since"], on, viewer=viewer, known=known)
    said = rows.values_list("pk", "organisation_id", "state", "event__ends")
    return FollowedUp(asked, [_flag(row, visits, known, on, asked["days"]) for row in said])


def _flagged(asked: Mapping[str, Any], on: date, viewer: AnyUser) -> QuerySet[Participation]:
    readers = audience(viewer)
    events = of_days(Event.objects.visible_to(readers), asked["since"], min(asked["until"], on))
    events = events.filter(state=EventState.HELD)
    if asked.get("area"):
        events = events.filter(items=asked["area"])
    if operator := asked.get("operator"):
        events = events.filter(Q(owner=operator) | Q(with_partners=operator))
    rows = Participation.objects.visible_to(readers).filter(event__in=events.order_by().values("pk"), flagged=True)
    rows = rows.filter(organisation__isnull=False).exclude(state__in=DID_NOT_COME)
    found: QuerySet[Participation] = rows.order_by("event__starts", "organisation__sort_key", "pk")
    return found


def _visits_after(rows: QuerySet[Participation], since: date, on: date, *, viewer: AnyUser, known: Bodies) -> OfBodies:
    flagged = rows.order_by().values("organisation")
    joined = known.of_rows(rows) & known.joined
    done = Visit.objects.visible_to(audience(viewer), on).filter(state=VisitState.DONE, on__gte=since, on__lte=on)
    done = done.filter(Q(organisation__in=flagged) | known.about(joined))
    found: OfBodies = defaultdict(list)
    for day, pk, organisation, holder in done.order_by("on", "pk").values_list("on", "pk", "organisation_id", "holder_id"):
        found[known.of(organisation, holder)].append((day, pk))
    return found


def _flag(row: tuple[int, int, str, datetime], visits: OfBodies, known: Bodies, on: date, days: int) -> Flag:
    pk, organisation, came, ends = row
    body, ended = known.of(organisation), timezone.localdate(ends)
    told = visits.get(body, [])
    state = rules.follow_up(ended, (day for day, _pk in told), has_come=came == ParticipationState.ATTENDED, on=on, days=days)
    return Flag(pk, body, state, next((visit for day, visit in told if day > ended), None), ended)


def _key(asked: Mapping[str, Any]) -> str:
    area, operator = asked.get("area"), asked.get("operator")
    told = (asked["since"], asked["until"], asked["days"], area.pk if area else "", operator.pk if operator else "")
    return "/".join(map(str, told))
