"""How an operator shares its activity between those who pay for it: written whole, or refused with its reasons."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.funding.models import Agreement
from beffroi.interactions.enums import ActivityAct, ShareBlocker
from beffroi.interactions.models import ActivityCost, ActivityExclusion, ActivityShare
from beffroi.interactions.queries.shares import exclusions_of, terms_of
from beffroi.interactions.rules import shares as rules
from beffroi.interactions.rules.shares import Part
from beffroi.reference.models import Item


def blockers(parts: Sequence[Part], *, partner: Partner, on: date, by: User) -> list[ShareBlocker]:
    terms = terms_of(partner, viewer=by)
    return rules.blockers_to_shares(parts, on=on, terms=terms, exclusions=exclusions_of(terms))


@transaction.atomic
def set_key(partner: Partner, *, kind: Item, since: date, parts: Sequence[Part], by: User) -> list[ActivityShare]:
    """The key of all the activities of a kind from this date; the same date again replaces it."""
    return _write(partner, {"kind": kind}, since, parts, by)


@transaction.atomic
def share_activity(
    partner: Partner, *, link: str, thing: Any, on: date, parts: Sequence[Part], by: User
) -> list[ActivityShare]:
    """The shares of one activity, instead of the key of its kind; none: the key holds again."""
    if not parts:
        _remove(ActivityShare.objects.filter(owner=partner, **{link: thing}))
        record_act(ActivityAct.SHARES_SET, by=by, subject=("activity_share", thing.pk), link=link, parts=0)
        return []
    return _write(partner, {link: thing}, on, parts, by)


def _write(partner: Partner, about: dict[str, Any], since: date, parts: Sequence[Part], by: User) -> list[ActivityShare]:
    kept = [part for part in parts if part.share]
    if refused := blockers(kept, partner=partner, on=since, by=by):
        raise Refused(*refused)
    same = ActivityShare.objects.filter(owner=partner, **about)
    _remove(same.filter(since=since) if "kind" in about else same)
    rows = [
        ActivityShare.objects.create(
            owner=partner,
            visibility=Visibility.PARTNERS,
            since=since,
            agreement_id=part.agreement,
            share=part.share,
            **about,
        )
        for part in kept
    ]
    record_act(ActivityAct.SHARES_SET, by=by, subject=("activity_share", rows[0].pk), since=since.isoformat(), parts=len(rows))
    return rows


def _remove(rows: Any) -> None:
    """One by one: the history keeps what each said."""
    for row in rows:
        row.delete()


@transaction.atomic
def set_cost(partner: Partner, *, since: date, cents: int, by: User) -> ActivityCost:
    row = ActivityCost.objects.filter(owner=partner, since=since).first() or ActivityCost(owner=partner, since=since)
    row.cents, row.visibility = cents, Visibility.PARTNERS
    row.full_clean(exclude=["owner"])
    row.save()
    record_act(ActivityAct.COST_SET, by=by, subject=("activity_share", row.pk), since=since.isoformat())
    return row


@transaction.atomic
def exclude(agreement: Agreement, *, other: Agreement, by: User) -> ActivityExclusion:
    """The first does not pay for what the second pays."""
    if agreement.pk == other.pk:
        raise ValidationError("Une convention ne s’exclut pas elle-même.")
    row, _new = ActivityExclusion.objects.get_or_create(agreement=agreement, other=other)
    record_act(ActivityAct.EXCLUSION_SET, by=by, subject=("agreement", agreement.pk), other=other.pk)
    return row


@transaction.atomic
def lift_exclusion(row: ActivityExclusion, *, by: User) -> None:
    record_act(ActivityAct.EXCLUSION_LIFTED, by=by, subject=("agreement", row.agreement_id), other=row.other_id)
    row.delete()
