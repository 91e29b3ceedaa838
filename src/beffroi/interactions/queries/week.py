"""A person's week: what is planned, whom to see and why, what is due, what came back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from beffroi.accounts.models import User
from beffroi.actors.models import Organisation
from beffroi.interactions.enums import ParticipationState, ReferralState, TargetState, VisitState
from beffroi.interactions.models import Campaign, Event, Need, Participation, Referral, Target, Visit
from beffroi.interactions.models.needs import need_seen
from beffroi.interactions.queries import needs
from beffroi.interactions.queries.areas import Area, area_of, in_area
from beffroi.interactions.queries.subjects import Subject, key_of
from beffroi.interactions.queries.visits import Seen, last_seen
from beffroi.interactions.rules.visits import LONG_UNSEEN

AHEAD = timedelta(days=14)
CAME_BACK = timedelta(days=30)
LISTED = 20


@dataclass(frozen=True)
class ToSee:
    """Somebody to see: why, before when, and who else saw them."""

    thing: Subject
    why: Any
    due: date | None = None
    is_near: bool = False
    seen: Sequence[Seen] = ()

    @property
    def key(self) -> str:
        return key_of(self.thing)


@dataclass(frozen=True)
class Week:
    area: Area
    planned: list[Visit] = field(default_factory=list)
    to_see: list[ToSee] = field(default_factory=list)
    due: list[Referral] = field(default_factory=list)
    came_back: list[Referral] = field(default_factory=list)
    unsent: list[Need] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.planned, self.to_see, self.due, self.came_back, self.unsent))


def week_of(user: User, *, today: date) -> Week:
    area = area_of(user)
    return Week(
        area=area,
        planned=planned_visits(user, today=today),
        to_see=to_see(user, area, today=today),
        due=due_referrals(user),
        came_back=answers(user, today=today),
        unsent=unsent_needs(user),
    )


def planned_visits(user: User, *, today: date) -> list[Visit]:
    """Those of the person, with those of earlier days that nobody noted."""
    rows = Visit.objects.visible_to(user, today).filter(by=user, state=VisitState.PLANNED, on__lte=today + AHEAD)
    return list(rows.select_related("organisation__place", "holder__place", "owner").order_by("on", "pk"))


def to_see(user: User, area: Area, *, today: date) -> list[ToSee]:
    """Targets first, then companies flagged at an event, then those not seen for long; each once, the near ones first."""
    planned = Visit.objects.of(user).filter(state=VisitState.PLANNED, organisation__isnull=False).order_by()
    rows = [*_targets(user), *_flagged(user, today), *_unseen(user, today)]
    found = {row.thing.pk: row for row in reversed(rows)}
    already = set(planned.filter(organisation__in=found).values_list("organisation_id", flat=True))
    near = _near(found, area, user)
    seen = last_seen(found, viewer=user, on=today)
    kept = [ToSee(row.thing, row.why, row.due, pk in near, seen.get(pk, ())) for pk, row in found.items() if pk not in already]
    order = {row.thing.pk: rank for rank, row in reversed(list(enumerate(rows)))}
    return sorted(kept, key=lambda row: (not row.is_near, order[row.thing.pk]))[:LISTED]


def _near(organisations: Iterable[int], area: Area, user: User) -> set[int]:
    if area.is_empty:
        return set()
    rows = Organisation.objects.filter(in_area(area, viewer=user), pk__in=list(organisations))
    return set(rows.order_by().values_list("pk", flat=True))


def _targets(user: User) -> list[ToSee]:
    lists = Campaign.objects.visible_to(user).filter(Q(owner__in=user.partner_ids) | Q(partners__in=user.partner_ids))
    rows = Target.objects.filter(
        Q(caller=user) | Q(caller=None, partner__in=user.partner_ids),
        campaign__in=lists.order_by().values("pk"),
        organisation__in=Organisation.objects.visible_to(user).order_by().values("pk"),
        state__in=(TargetState.TO_SEE, TargetState.CALLED),
    )
    mine = Case(When(caller=user, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.select_related("campaign", "organisation__place")
    ordered = rows.order_by(F("due_on").asc(nulls_last=True), mine, "organisation__sort_key", "pk")
    return [ToSee(row.organisation, row.campaign, row.due_on) for row in ordered[: LISTED * 2]]


def _flagged(user: User, today: date) -> list[ToSee]:
    """The companies that an event of the operator flagged, as long as the operator has not seen them since."""
    since = Visit.objects.of(user).filter(
        organisation=OuterRef("organisation"), on__gte=OuterRef("event__starts__date"), state=VisitState.DONE
    )
    rows = Participation.objects.visible_to(user).filter(
        flagged=True,
        organisation__isnull=False,
        event__in=Event.objects.visible_to(user).filter(owner__in=user.partner_ids).order_by().values("pk"),
        event__ends__date__lt=today,
    )
    rows = rows.exclude(state=ParticipationState.DECLINED).exclude(Exists(since)).select_related("event", "organisation__place")
    return [ToSee(row.organisation, row.event) for row in rows.order_by("-event__starts", "pk")[:LISTED]]


def _unseen(user: User, today: date) -> list[ToSee]:
    """Companies that the operator knows and has not seen for a year, the longest first."""
    done = Visit.objects.of(user).filter(state=VisitState.DONE, organisation__isnull=False).order_by()
    last = done.values("organisation").annotate(last=Max("on")).filter(last__lt=today - LONG_UNSEEN).order_by("last")
    found = {row["organisation"]: row["last"] for row in last[:LISTED]}
    rows = Organisation.objects.visible_to(user).select_related("place").in_bulk(list(found))
    return [ToSee(rows[pk], _("pas vue depuis plus d’un an")) for pk in found if pk in rows]


def _referrals(user: User) -> QuerySet[Referral]:
    about = ("need__organisation", "need__holder", "need__subject_item", "need__owner", "partner", "service")
    return Referral.objects.filter(need_seen("need", user)).select_related(*about)


def due_referrals(user: User) -> list[Referral]:
    """What others sent to the person's operator and that waits for an answer, the most urgent first."""
    rows = _referrals(user).filter(partner__in=user.partner_ids, state=ReferralState.WAITING)
    return list(rows.order_by("due_on", "pk")[:LISTED])


def answers(user: User, *, today: date) -> list[Referral]:
    """What became of the needs that the person's operator sent."""
    rows = _referrals(user).filter(need__owner__in=user.partner_ids)
    changed = Q(answered_on__gte=today - CAME_BACK) | Q(closed_on__gte=today - CAME_BACK)
    told = rows.filter(changed).exclude(state__in=(ReferralState.WAITING, ReferralState.WITHDRAWN))
    return list(told.order_by("-answered_on", "-pk")[:LISTED])


def unsent_needs(user: User) -> list[Need]:
    """What companies said to the person, and that nobody has in hand."""
    rows = needs.unsent_needs(user).filter(by=user)
    return list(rows.select_related("organisation", "holder", "subject_item").order_by("opened_on", "pk")[:LISTED])
