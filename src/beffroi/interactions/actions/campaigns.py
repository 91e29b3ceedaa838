"""Prospecting lists: frozen, shared, given to those who call, and moved as they go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import AllPartners, AnyUser, Partner, User
from beffroi.actors.models import Organisation
from beffroi.core.refusals import Refused
from beffroi.interactions.enums import NEXT_TARGET, ActivityAct, TargetState
from beffroi.interactions.models import Campaign, Target
from beffroi.interactions.queries.candidates import KEPT_CRITERIA, KEPT_FACTS, candidates, chunks, facts_of, reader_of
from beffroi.interactions.queries.companies import companies_named
from beffroi.interactions.rules.criteria import Criteria
from beffroi.interactions.rules.guests import guests

BATCH = 1_000


@dataclass
class Listed:
    campaign: Campaign | None = None
    unknown: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def freeze_campaign(criteria: Criteria, *, owner: Partner, by: User, on: date, **fields: Any) -> Campaign:
    """Whoever answers the criteria that day is the list; what happens to the companies since does not change it."""
    campaign = _campaign(owner, by, on, criteria.as_json(), fields)
    reader, total = _reader(campaign, by), 0
    for companies in chunks(candidates(criteria, viewer=reader, on=on)):
        facts = facts_of(companies, criteria, viewer=reader, on=on)
        _add_targets(campaign, companies, facts, by)
        total += len(companies)
    if not total:
        raise Refused(_("Aucune entreprise ne répond : la liste n’est pas arrêtée."))
    record_act(ActivityAct.CAMPAIGN_FROZEN, by=by, subject=("campaign", campaign.pk), targets=total)
    return campaign


@transaction.atomic
def campaign_from_list(text: str, *, owner: Partner, by: User, on: date, **fields: Any) -> Listed:
    """The companies of a pasted list; lines that name nobody come back with the reason. Nothing is made when all do."""
    found = companies_named((one.company for one in guests(text)), viewer=by)
    companies = list({row.pk: row for row in found.by_text.values()}.values())
    if not companies:
        return Listed(None, found.unknown)
    campaign = _campaign(owner, by, on, {"listed": len(companies)}, fields)
    facts = facts_of(companies, Criteria(), viewer=_reader(campaign, by), on=on)
    _add_targets(campaign, companies, facts, by)
    record_act(ActivityAct.CAMPAIGN_FROZEN, by=by, subject=("campaign", campaign.pk), targets=len(companies))
    return Listed(campaign, found.unknown)


def _reader(campaign: Campaign, by: User) -> AnyUser:
    return reader_of(by, visibility=campaign.visibility, shared=campaign.partners.exists())


def _campaign(owner: Partner, by: User | None, on: date, criteria: dict[str, Any], fields: dict[str, Any]) -> Campaign:
    partners = fields.pop("partners", ())
    campaign = Campaign.objects.create(owner=owner, by=by, frozen_on=on, criteria=criteria, **fields)
    campaign.partners.set(partner for partner in partners if partner.pk != owner.pk)
    return campaign


def _add_targets(
    campaign: Campaign, companies: Iterable[Organisation], facts: Mapping[int, dict[str, Any]], by: User | None
) -> None:
    rows = [Target(campaign=campaign, organisation=company, facts=facts[company.pk]) for company in companies]
    bulk_create_with_history(rows, Target, batch_size=BATCH, default_user=by)


@transaction.atomic
def share_campaign(campaign: Campaign, *, partners: Iterable[Partner], by: User, **fields: Any) -> Campaign:
    was_alone = _reader(campaign, by) == by
    for name, value in fields.items():
        setattr(campaign, name, value)
    campaign.save()
    campaign.partners.set(partner for partner in partners if partner.pk != campaign.owner_id)
    if was_alone and _reader(campaign, by) != by:
        if any(campaign.criteria.get(name) for name in KEPT_CRITERIA):
            raise Refused(
                _(
                    "Cette liste reste à votre institution : ses critères se lisent dans ce qu’elle seule sait. Refaites-la en "
                    "la partageant dès le départ : elle se fera avec ce que tous les partenaires savent."
                )
            )
        _open_to_others(campaign)
    record_act(ActivityAct.CAMPAIGN_SHARED, by=by, subject=("campaign", campaign.pk))
    return campaign


def _open_to_others(campaign: Campaign) -> None:
    """The list stays as its operator shares it; what that operator alone knew of each company does not leave with it."""
    on = campaign.frozen_on or timezone.localdate()
    for first in count(0, BATCH):
        rows = list(campaign.targets.select_related("organisation__place").order_by("pk")[first : first + BATCH])
        if not rows:
            return
        known = facts_of([row.organisation for row in rows], Criteria(), viewer=AllPartners(), on=on)
        for row in rows:
            told = {name: value for name, value in known[row.organisation_id].items() if name in KEPT_FACTS}
            row.facts = {name: value for name, value in row.facts.items() if name not in KEPT_FACTS} | told
        Target.objects.bulk_update(rows, ["facts"])
        Target.history.filter(id__in=[row.pk for row in rows]).update(facts={})


def workable(campaign: Campaign, user: User) -> QuerySet[Target]:
    """The owner's people act on all of a list; those it is shared with, on their targets and on those that nobody has."""
    if campaign.owner_id in user.partner_ids:
        return campaign.targets.all()
    if not campaign.partners.filter(pk__in=user.partner_ids).exists():
        return campaign.targets.none()
    return campaign.targets.filter(Q(partner__in=user.partner_ids) | Q(partner__isnull=True))


@dataclass(frozen=True)
class Change:
    """What is left out stays as it is."""

    partner: Partner | None = None
    caller: User | None = None
    due_on: date | None = None
    state: TargetState | None = None

    @property
    def fields(self) -> dict[str, Any]:
        told = {"partner": self.partner, "caller": self.caller, "due_on": self.due_on}
        return {name: value for name, value in told.items() if value is not None}


@transaction.atomic
def change_targets(targets: QuerySet[Target], change: Change, *, by: User) -> tuple[int, int]:
    """How many changed, and how many were left: a target already seen does not go back."""
    asked = Target.objects.filter(pk__in=targets.order_by().values("pk"))
    movable = asked.filter(state__in=_before(change.state)) if change.state else asked
    left = asked.count() - movable.count()
    fields = change.fields | ({"state": change.state} if change.state else {})
    same = Q(**fields)
    rows = list(movable.exclude(same).select_for_update(of=("self",), no_key=True).order_by("pk"))
    _write(rows, fields, by)
    for pk in sorted({row.campaign_id for row in rows}):
        record_act(ActivityAct.TARGET_MOVED, by=by, subject=("campaign", pk), changed=len(rows), state=change.state or "")
    return len(rows), left


def _before(state: TargetState) -> list[TargetState]:
    """The states from which one comes to this one, itself included."""
    return [state, *(before for before, after in NEXT_TARGET.items() if state in after)]


def _write(rows: list[Target], fields: dict[str, Any], by: User) -> None:
    """The same values on all of them, in few statements, with their history."""
    for row in rows:
        for name, value in fields.items():
            setattr(row, name, value)
    for start in range(0, len(rows), BATCH):
        Target.objects.filter(pk__in=[row.pk for row in rows[start : start + BATCH]]).update(**fields)
    Target.history.bulk_history_create(rows, batch_size=BATCH, update=True, default_user=by)


@transaction.atomic
def deal_targets(targets: QuerySet[Target], partners: list[Partner], *, by: User) -> int:
    """In turn, one each: the lists of two operators never differ by more than one."""
    rows = list(targets.filter(partner__isnull=True).order_by("organisation__sort_key", "pk"))
    for place, partner in enumerate(partners):
        _write(rows[place :: len(partners)], {"partner": partner}, by)
    return len(rows)
