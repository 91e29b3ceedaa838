"""Accompaniments, step by step; the path of project holders (STARTER) among them; awareness actions in schools."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.actions import become_organisation
from beffroi.actors.enums import OrganisationKind
from beffroi.core.refusals import Refused
from beffroi.interactions.actions.numbers import once, sending
from beffroi.interactions.enums import (
    ActivityAct,
    SupportBlocker,
    SupportResultKind,
    SupportState,
    SupportStepKind,
)
from beffroi.interactions.models import SchoolAction, Support, SupportResult, SupportStep
from beffroi.interactions.queries.supports import as_steps, is_starter
from beffroi.interactions.rules import support as rules
from beffroi.reference.models import Item


@transaction.atomic
def open_support(
    *, owner: Partner, client_id: str, kind: Item, since: date, by: User | None, at: datetime, **fields: Any
) -> Support:
    """`fields`: organisation or holder, title, service, referral, item, detail_visibility, visibility. The same call again
    returns the same accompaniment."""
    sent = sending("supports", owner, client_id, {"kind": kind, "since": since, **fields})
    values = {"kind": kind, "since": since, "by": by, "recorded_at": at, "visibility": Visibility.PARTNERS, **fields}

    def make() -> Support:
        support = Support(owner=owner, client_id=client_id, **values)
        support.clean_fields(exclude={"by"})
        support.validate_unique()
        support.validate_constraints(exclude={"client_id"})
        return support

    support, is_new = once(sent, Support.objects.all(), make, at=at)
    if is_new:
        record_act(ActivityAct.SUPPORT_OPENED, by=by, subject=("support", support.pk))
    return support


@transaction.atomic
def note_step(
    support: Support,
    *,
    kind: SupportStepKind | str,
    on: date,
    by: User,
    minutes: int | None = None,
    cents: int | None = None,
    text: str = "",
    name: str = "",
) -> SupportStep:
    """`name`: of the company, on the day when the project becomes one; without it, it is called as the project is."""
    held = _hold(support)
    steps = as_steps(held.steps.all())
    step = rules.Step(SupportStepKind(kind), on)
    blockers = rules.blockers_to_step(
        steps, step, is_starter=is_starter(held), is_over=held.state != SupportState.OPEN, since=held.since,
        minutes=minutes, cents=cents,
    )  # fmt: skip
    if step.kind == SupportStepKind.CREATED and _is_anothers(held):
        blockers.append(SupportBlocker.NOT_YOUR_HOLDER)
    if blockers:
        raise Refused(*blockers)
    made = SupportStep.objects.create(support=held, kind=kind, on=on, minutes=minutes, cents=cents, text=text, by=by)
    if step.kind == SupportStepKind.CREATED:
        _create_company(held, name=name, on=on, by=by)
    record_act(ActivityAct.SUPPORT_CHANGED, by=by, subject=("support", held.pk), step=str(kind))
    return made


def _is_anothers(support: Support) -> bool:
    """Whether a company made of the project would be written on what another institution owns."""
    holder = support.holder
    return bool(holder and holder.organisation_id is None and holder.owner_id not in (None, support.owner_id))


def _create_company(support: Support, *, name: str, on: date, by: User) -> None:
    if support.holder:
        called = name.strip() or support.holder.project
        become_organisation(support.holder, name=called, kind=OrganisationKind.COMPANY, created=on.isoformat(), by=by)
    SupportResult.objects.create(support=support, kind=SupportResultKind.COMPANY_CREATED, on=on, value=1)


@transaction.atomic
def note_result(
    support: Support, *, kind: SupportResultKind | str, on: date, by: User, value: Any = None, text: str = ""
) -> SupportResult:
    held = _hold(support)
    result = SupportResult(support=held, kind=kind, on=on, value=value, text=text)
    result.full_clean(exclude=["support"])
    result.save()
    record_act(ActivityAct.SUPPORT_CHANGED, by=by, subject=("support", held.pk), result=str(kind))
    return result


@transaction.atomic
def end_support(support: Support, *, state: SupportState | str, on: date, by: User) -> Support:
    held = _hold(support)
    last = max((step.on for step in as_steps(held.steps.all())), default=held.since)
    blockers = rules.blockers_to_ending(SupportState(held.state), SupportState(state), on=on, last=max(last, held.since))
    if blockers:
        raise Refused(*blockers)
    held.state, held.until = state, on
    held.save(update_fields=["state", "until"])
    record_act(ActivityAct.SUPPORT_CHANGED, by=by, subject=("support", held.pk), state=str(state))
    return held


def _hold(support: Support) -> Support:
    """Two people who note a step at once do it one after the other."""
    Support.objects.select_for_update().get(pk=support.pk)
    held: Support = Support.objects.select_related("kind", "holder", "organisation").get(pk=support.pk)
    return held


@transaction.atomic
def save_school_action(action: SchoolAction, *, by: User, **fields: Any) -> SchoolAction:
    for name, value in fields.items():
        setattr(action, name, value)
    action.by = action.by or by
    action.full_clean()
    action.save()
    record_act(ActivityAct.SCHOOL_ACTION_SAVED, by=by, subject=("school_action", action.pk))
    return action
