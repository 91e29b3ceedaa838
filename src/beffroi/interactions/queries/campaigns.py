"""Prospecting lists: who is on them, and how far they are."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from beffroi.accounts.models import AnyUser, Partner, User
from beffroi.core.text import search_key
from beffroi.interactions.enums import WAITING_TARGETS, TargetState
from beffroi.interactions.models import Campaign, Target

NOBODY = "0"  # in the filters: targets that no operator, or no person, has


@dataclass(frozen=True)
class Progress:
    """How far an operator is; `partner` is unknown for what nobody has taken."""

    partner: Partner | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(state, 0) for state in WAITING_TARGETS)

    @property
    def percent(self) -> int:
        """Of those that no longer wait; 100 only when none does."""
        return (self.total - self.waiting) * 100 // self.total if self.total else 0

    @property
    def cells(self) -> list[int]:
        return [self.counts.get(state, 0) for state in TargetState]


def invitable_campaigns(viewer: AnyUser) -> QuerySet[Campaign]:
    rows: QuerySet[Campaign] = Campaign.objects.worked_on_by(viewer).filter(frozen_on__isnull=False)
    return rows


def targets_of(campaign: Campaign, *, viewer: AnyUser) -> QuerySet[Target]:
    rows: QuerySet[Target] = Target.objects.visible_to(viewer).filter(campaign=campaign)
    return rows


def campaigns_seen(viewer: AnyUser) -> QuerySet[Campaign]:
    rows: QuerySet[Campaign] = Campaign.objects.visible_to(viewer).select_related("owner")
    return rows.order_by("-frozen_on", "title", "pk")


def progress_of(campaigns: list[Campaign], *, viewer: AnyUser, on: date) -> dict[int, Progress]:
    """One count for all the campaigns of a page."""
    rows: Any = Target.objects.visible_to(viewer).filter(campaign__in=[one.pk for one in campaigns])
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows.followed(viewer, on).order_by("campaign").values("campaign", "shown_state").annotate(n=Count("pk")):
        counted[row["campaign"]][row["shown_state"]] = row["n"]
    return {one.pk: Progress(None, counted[one.pk]) for one in campaigns}


def by_operator(campaign: Campaign, *, viewer: AnyUser, on: date) -> list[Progress]:
    """Each operator, then what nobody has taken."""
    rows = targets_of(campaign, viewer=viewer).followed(viewer, on)  # type: ignore[attr-defined]
    counted: dict[int | None, dict[str, int]] = defaultdict(dict)
    for partner, state, n in rows.order_by("partner").values_list("partner", "shown_state").annotate(n=Count("pk")):
        counted[partner][state] = n
    partners = Partner.objects.in_bulk([pk for pk in counted if pk])
    found = [Progress(partners.get(pk) if pk else None, counts) for pk, counts in counted.items()]
    return sorted(found, key=lambda one: (one.partner is None, str(one.partner)))


def targets_asked(campaign: Campaign, asked: Mapping[str, Any], *, viewer: AnyUser, on: date) -> QuerySet[Target]:
    rows = targets_of(campaign, viewer=viewer).followed(viewer, on)  # type: ignore[attr-defined]
    if state := asked.get("state"):
        rows = rows.filter(shown_state=state)
    if partner := asked.get("partner"):
        rows = rows.filter(partner__isnull=True) if partner == NOBODY else rows.filter(partner=partner)
    if caller := asked.get("caller"):
        rows = rows.filter(caller__isnull=True) if caller == NOBODY else rows.filter(caller=caller)
    if words := search_key(asked.get("q") or ""):
        rows = rows.filter(Q(organisation__sort_key__contains=words) | Q(organisation__siren=words.replace(" ", "")))
    found: QuerySet[Target] = rows.select_related("organisation__place", "partner", "caller", "campaign")
    return found.order_by("organisation__sort_key", "pk")


def operators_of(campaign: Campaign) -> list[Partner]:
    """Its owner and those it is shared with."""
    shared = Partner.objects.filter(Q(pk=campaign.owner_id) | Q(campaigns=campaign))
    return list(shared.distinct().order_by("name", "pk"))


def callers_of(operators: list[Partner]) -> QuerySet[User]:
    rows = User.objects.filter(is_active=True, memberships__partner__in=operators, memberships__until__isnull=True)
    return rows.distinct().order_by("name", "pk")
