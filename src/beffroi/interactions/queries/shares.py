"""The activities of an operator over a period, and what part of each every agreement pays. In a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from beffroi.accounts.models import AllPartners, AnyUser, Partner
from beffroi.funding.enums import PartyRole
from beffroi.funding.models import Agreement, AgreementParty
from beffroi.funding.queries import worked_for
from beffroi.interactions.enums import EventState, ParticipationState, VisitState
from beffroi.interactions.models import (
    ActivityCost,
    ActivityExclusion,
    ActivityShare,
    Event,
    Participation,
    SchoolAction,
    Support,
    SupportResult,
    SupportStep,
    Visit,
)
from beffroi.interactions.queries.bodies import Bodies, bodies
from beffroi.interactions.rules import shares as rules
from beffroi.interactions.rules.shares import Key, Part, Term
from beffroi.reference.models import Item

ACTIVITIES = "activites"
OF_VISITS, OF_SUPPORTS, OF_EVENTS, OF_SCHOOLS = "visite", "accompagnement", "evenement", "sensibilisation"
MODELS: dict[str, tuple[Any, str]] = {
    "visit": (Visit, OF_VISITS),
    "support": (Support, OF_SUPPORTS),
    "event": (Event, OF_EVENTS),
    "school_action": (SchoolAction, OF_SCHOOLS),
}


@dataclass(frozen=True)
class Activity:
    """`link`: which field of a share points to it. `kinds`: its nature, then the nature above."""

    link: str
    pk: int
    thing: Any
    on: date
    kinds: tuple[int, ...]
    minutes: int | None
    subject: Any = None

    @property
    def key(self) -> tuple[str, int]:
        return self.link, self.pk


@dataclass
class Work:
    """What an operator did over a period, as all partners may know it, and how it is shared."""

    partner: Partner
    first: date
    last: date
    results: list[Any] = field(default_factory=list)

    @cached_property
    def kinds(self) -> dict[int, Item]:
        return {item.pk: item for item in Item.objects.of_framework(ACTIVITIES).select_related("parent")}

    @cached_property
    def bodies(self) -> Bodies:
        return bodies(AllPartners())

    @cached_property
    def by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.kinds.values()}

    @cached_property
    def activities(self) -> list[Activity]:
        found = [*self._visits(), *self._supports(), *self._events(), *self._schools()]
        return sorted(found, key=lambda row: (row.on, row.link, row.pk))

    def _own(self, model: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.visible_to(AllPartners()).filter(owner=self.partner)
        return rows

    def _kinds(self, kind: int | None, above: str) -> tuple[int, ...]:
        top = self.by_code.get(above)
        return tuple(dict.fromkeys(pk for pk in (kind, top.pk if top else None) if pk))

    def _visits(self) -> Iterable[Activity]:
        rows = self._own(Visit).filter(state=VisitState.DONE, on__range=(self.first, self.last))
        kinds = self._kinds(None, OF_VISITS)
        for row in rows.select_related("organisation", "holder"):
            yield Activity("visit", row.pk, row, row.on, kinds, row.minutes, row.subject)

    def _supports(self) -> Iterable[Activity]:
        """Those that ran in the period; their time is that of their steps in it."""
        running = Q(until__isnull=True) | Q(until__gte=self.first)
        rows = list(self._own(Support).filter(running, since__lte=self.last).select_related("organisation", "holder"))
        steps = SupportStep.objects.filter(support__in=rows, on__range=(self.first, self.last)).order_by()
        spent = dict(steps.values_list("support").annotate(spent=Sum("minutes")))
        for row in rows:
            kinds = self._kinds(row.kind_id, OF_SUPPORTS)
            yield Activity("support", row.pk, row, max(row.since, self.first), kinds, spent.get(row.pk), row.subject)

    def _events(self) -> Iterable[Activity]:
        for row in self._dated_events().filter(state=EventState.HELD):
            on = timezone.localtime(row.starts).date()
            yield Activity("event", row.pk, row, on, self._kinds(row.kind_id, OF_EVENTS), row.minutes)

    def _dated_events(self) -> QuerySet[Any]:
        ends = [timezone.make_aware(datetime.combine(day, time.min)) for day in (self.first, self.last + timedelta(days=1))]
        return self._own(Event).filter(starts__gte=ends[0], starts__lt=ends[1])

    @cached_property
    def unconfirmed(self) -> int:
        """Announced, of which nobody said that they were held: in no count."""
        return self._dated_events().filter(state=EventState.ANNOUNCED).count()

    def _schools(self) -> Iterable[Activity]:
        rows = self._own(SchoolAction).filter(on__range=(self.first, self.last))
        for row in rows:
            yield Activity("school_action", row.pk, row, row.on, self._kinds(None, OF_SCHOOLS), row.minutes)

    @cached_property
    def parts(self) -> dict[tuple[str, int], list[Part]]:
        """Of each activity, in two queries: its own shares, else the key of its kind."""
        override: dict[tuple[str, int], list[Part]] = defaultdict(list)
        keys: list[Key] = []
        for row in ActivityShare.objects.filter(owner=self.partner).order_by("pk"):
            part = Part(row.agreement_id, row.share)
            told = next(((link, pk) for link in MODELS if (pk := getattr(row, f"{link}_id"))), None)
            if told is not None:
                override[told].append(part)
            elif row.kind_id is not None:
                keys.append(Key(row.kind_id, row.since, part))
        return {row.key: rules.shares_of(override[row.key], keys, kinds=row.kinds, on=row.on) for row in self.activities}

    @cached_property
    def costs(self) -> list[tuple[date, int]]:
        return list(ActivityCost.objects.filter(owner=self.partner).values_list("since", "cents"))

    def cents(self, row: Activity) -> int | None:
        return rules.cost(row.minutes, rules.hourly_on(row.on, self.costs))

    @cached_property
    def agreements(self) -> dict[int, Agreement]:
        named = {part.agreement for parts in self.parts.values() for part in parts if part.agreement is not None}
        return Agreement.objects.in_bulk(sorted(named))

    @cached_property
    def exclusions(self) -> set[tuple[int, int]]:
        rows = ActivityExclusion.objects.filter(agreement__parties__organisation__partner=self.partner)
        return set(rows.values_list("agreement", "other").distinct())

    @cached_property
    def funders(self) -> dict[int, list[str]]:
        """The names of those who pay, for each agreement."""
        rows = AgreementParty.objects.filter(agreement__in=self.agreements, role=PartyRole.FUNDER).order_by("pk")
        found: dict[int, list[str]] = defaultdict(list)
        for agreement, name in rows.values_list("agreement", "organisation__name"):
            if name not in found[agreement]:
                found[agreement].append(name)
        return dict(found)

    def payers(self, agreement: int) -> list[str]:
        return self.funders.get(agreement) or [str(self.agreements[agreement])]

    @cached_property
    def outcomes(self) -> list[SupportResult]:
        rows = SupportResult.objects.filter(support__in=[row.pk for row in self.activities if row.link == "support"])
        return list(rows.filter(on__range=(self.first, self.last)).order_by("on", "pk"))

    @cached_property
    def guests(self) -> list[Participation]:
        rows = self._guests().filter(event__in=[row.pk for row in self.activities if row.link == "event"])
        return list(rows.order_by("pk"))

    def _guests(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Participation.objects.visible_to(AllPartners()).filter(state=ParticipationState.ATTENDED)
        return rows


def agreements_of(partner: Partner, *, viewer: AnyUser) -> QuerySet[Agreement]:
    """Those of which the operator is the beneficiary."""
    roles = (PartyRole.BENEFICIARY, PartyRole.OPERATOR)
    parties = AgreementParty.objects.filter(organisation__partner=partner, role__in=roles).order_by().values("agreement")
    rows: QuerySet[Agreement] = Agreement.objects.visible_to(viewer).filter(pk__in=parties).order_by("sort_key", "pk")
    return rows


def operators_of(agreement: Agreement) -> list[Partner]:
    """Those whose activity the agreement pays, the first named first."""
    return list(Partner.objects.filter(organisation__agreement_parts__in=worked_for(agreement)).order_by("pk").distinct())


def terms_of(partner: Partner, *, viewer: AnyUser) -> dict[int, Term]:
    return {row.pk: Term(row.start, row.end) for row in agreements_of(partner, viewer=viewer)}


def exclusions_of(agreements: Iterable[int]) -> set[tuple[int, int]]:
    rows = ActivityExclusion.objects.filter(agreement__in=list(agreements))
    return set(rows.values_list("agreement", "other"))


@dataclass(frozen=True)
class KeyShown:
    """The key of a kind from a date, with each part."""

    kind: Item
    since: date
    rows: Sequence[ActivityShare]


def keys_of(partner: Partner) -> list[KeyShown]:
    """The latest first."""
    rows = ActivityShare.objects.filter(owner=partner, kind__isnull=False).select_related("kind", "agreement")
    groups: dict[tuple[date, int], list[ActivityShare]] = defaultdict(list)
    for row in rows.order_by("-since", "kind__position", "pk"):
        groups[row.since, row.kind_id].append(row)
    return [KeyShown(kind, group[0].since, group) for group in groups.values() if (kind := group[0].kind) is not None]


def own_shares(link: str, pk: int) -> list[Part]:
    rows = ActivityShare.objects.filter(**{link: pk}).order_by("pk")
    return [Part(row.agreement_id, Decimal(row.share)) for row in rows]
