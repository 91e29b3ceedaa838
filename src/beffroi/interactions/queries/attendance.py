"""Who is on the list of an event, and what became of the companies flagged there."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, audience
from beffroi.core.figures import Figure
from beffroi.interactions.enums import EventState, FollowUp, ParticipationState, VisitState
from beffroi.interactions.models import Arrival, Event, Participation, Visit
from beffroi.interactions.models.about import seen
from beffroi.interactions.queries.bodies import Bodies, bodies
from beffroi.interactions.queries.events import of_days
from beffroi.interactions.rules import follow_up as rules
from beffroi.interactions.rules.follow_up import DID_NOT_COME, Share

OfBodies = dict[int | None, list[Visit]]
EVIDENCE = "event_follow_up"


def participants(event: Event, *, viewer: AnyUser) -> QuerySet[Participation]:
    """The organisers see whoever was invited, as far as they may see the company; partners, what the level of each row lets
    them see."""
    shown = seen("organisation", viewer) | seen("holder", viewer)
    rows = event.participations.filter(shown | Q(organisation__isnull=True, holder__isnull=True))
    if not Event.objects.organised_by(viewer).filter(pk=event.pk).exists():
        rows = rows.filter(pk__in=Participation.objects.visible_to(viewer).order_by().values("pk"))
    found: QuerySet[Participation] = rows.select_related("organisation", "holder").order_by("organisation__sort_key", "pk")
    return found


def hidden_count(event: Event, *, viewer: AnyUser) -> int:
    """Invited by another organiser, and known to it alone."""
    shown = seen("organisation", viewer) | seen("holder", viewer)
    return event.participations.exclude(organisation__isnull=True, holder__isnull=True).exclude(shown).count()


def counts_of(rows: QuerySet[Participation]) -> list[tuple[ParticipationState, int]]:
    counted = dict(rows.order_by("state").values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    return [(state, counted[state]) for state in ParticipationState if state in counted]


def waiting_arrivals(event: Event) -> QuerySet[Arrival]:
    return event.arrivals.filter(participation__isnull=True, refused=False)


@dataclass(frozen=True)
class Flagged:
    """A company flagged at an event, and the first visit after it."""

    row: Participation
    state: FollowUp
    visit: Visit | None
    ended: date


@dataclass(frozen=True)
class FollowedUp:
    rows: list[Flagged]
    days: int
    key: str
    bodies: Bodies

    @cached_property
    def share(self) -> Share:
        by_company: dict[int | None, list[FollowUp]] = defaultdict(list)
        for flagged in self.rows:
            by_company[self.bodies.of(flagged.row.organisation_id)].append(flagged.state)
        return rules.share_of(by_company.values())

    @property
    def figures(self) -> list[Figure]:
        """The rate with its denominator, and beside it what it leaves out."""
        rate = Figure(
            value=self.share.value,
            unit="ratio",
            label=str(_("visitées dans les %(days)s jours")) % {"days": self.days},
            known=self.share.visited,
            parts=None,
            note=str(_("%(visited)s sur %(due)s entreprises dont le délai est passé"))
            % {"visited": self.share.visited, "due": self.share.due},
            why=f"{EVIDENCE}:{self.key}",
        )
        apart = [Figure(value=self.share.counts[state], label=str(state.label)) for state in FollowUp]
        return [rate, *(figure for figure in apart if figure.value)]


def followed_up(asked: Mapping[str, Any], *, on: date, viewer: AnyUser) -> FollowedUp:
    """Partners all read the same figures: a visit that its operator still keeps to itself counts for nobody until its day."""
    rows = list(_flagged(asked, on, viewer))
    known = bodies(viewer)
    visits = _visits_after(rows, asked["since"], on, viewer=viewer, known=known)
    found = [_followed(row, visits.get(known.of(row.organisation_id), []), on, asked["days"]) for row in rows]
    return FollowedUp(found, asked["days"], _key(asked), known)


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
    found: QuerySet[Participation] = rows.select_related("organisation", "event__owner").order_by(
        "event__starts", "organisation__sort_key", "pk"
    )
    return found


def _visits_after(rows: Sequence[Participation], since: date, on: date, *, viewer: AnyUser, known: Bodies) -> OfBodies:
    wanted = {known.of(row.organisation_id) for row in rows}
    done = Visit.objects.visible_to(audience(viewer), on).filter(known.about(wanted), state=VisitState.DONE)
    found: OfBodies = defaultdict(list)
    for visit in done.filter(on__gte=since, on__lte=on).select_related("owner").order_by("on", "pk"):
        found[known.of(visit.organisation_id, visit.holder_id)].append(visit)
    return found


def _followed(row: Participation, visits: list[Visit], on: date, days: int) -> Flagged:
    ended = timezone.localdate(row.event.ends)
    came = row.state == ParticipationState.ATTENDED
    state = rules.follow_up(ended, (visit.on for visit in visits), has_come=came, on=on, days=days)
    after = next((visit for visit in visits if visit.on > ended), None)
    return Flagged(row, state, after, ended)


def _key(asked: Mapping[str, Any]) -> str:
    area, operator = asked.get("area"), asked.get("operator")
    told = (asked["since"], asked["until"], asked["days"], area.pk if area else "", operator.pk if operator else "")
    return "/".join(map(str, told))


def counted_states(found: FollowedUp) -> Counter[FollowUp]:
    return Counter(flagged.state for flagged in found.rows)
