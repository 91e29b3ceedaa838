"""The steps of a file: recorded, corrected, taken back; nothing is erased."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.core.refusals import Refused
from beffroi.funding.actions.typing import ChangedMeanwhile, refuse_impossible
from beffroi.funding.enums import Cycle, FundingAct, StepKind
from beffroi.funding.models import Application, Step
from beffroi.funding.queries.files import as_dated, dated_steps
from beffroi.funding.rules import cycles


@transaction.atomic
def record_step(
    application: Application,
    *,
    kind: StepKind,
    on: date,
    by: User,
    at: datetime,
    who: str = "",
    number: str = "",
    comment: str = "",
    reason: str = "",
) -> Step:
    """Receive, appraise, vote, programme, agree, pay, withdraw, lapse, recover: each is a step of the file's life cycle."""
    hold_file(application)
    blockers = cycles.blockers_to_step(
        kind,
        on=on,
        cycle=Cycle(application.cycle),
        steps=dated_steps(application),
        today=timezone.localdate(at),
        reason=reason,
        number=number,
    )
    if blockers:
        raise Refused(*blockers)
    step = add_step(application, kind=kind, on=on, by=by, at=at, who=who, number=number, comment=comment, reason=reason)
    record_act(FundingAct.STEP_RECORDED, by=by, subject=("application", application.pk), step=kind, on=on.isoformat())
    return step


def add_step(application: Application, *, kind: StepKind, on: date, by: User, at: datetime, **texts: str) -> Step:
    trimmed = {name: text.strip() for name, text in texts.items()}
    step = Step(
        application=application, kind=kind, rank=cycles.RANK[kind], on=on, stated_on=on, by=by, recorded_from=at, **trimmed
    )
    refuse_impossible(step)
    step.save()
    return step


def hold_file(application: Application) -> None:
    """Until the end of the transaction, and as it is now: two people who act on a file at once do it one after the other."""
    Application.objects.select_for_update().order_by().get(pk=application.pk)
    application.refresh_from_db()


@transaction.atomic
def correct_step(step: Step, *, on: date, by: User, at: datetime, **texts: str) -> Step:
    """The step as it should have been written; what was written stays in the history."""
    _hold(step)
    blockers = cycles.blockers_to_correction(
        as_dated(step),
        on=on,
        steps=dated_steps(step.application),
        today=timezone.localdate(at),
        reason=texts.get("reason", ""),
        number=texts.get("number", ""),
    )
    if blockers:
        raise Refused(*blockers)
    _end(step, by=by, at=at)
    made = add_step(step.application, kind=StepKind(step.kind), on=on, by=by, at=at, **texts)
    record_act(FundingAct.STEP_CORRECTED, by=by, subject=("application", step.application_id), step=step.kind)
    return made


@transaction.atomic
def remove_step(step: Step, *, by: User, at: datetime) -> Step:
    """A step that never took place; it stays in the history."""
    _hold(step)
    _end(step, by=by, at=at)
    record_act(FundingAct.STEP_REMOVED, by=by, subject=("application", step.application_id), step=step.kind)
    return step


def _hold(step: Step) -> None:
    hold_file(step.application)
    step.refresh_from_db(fields=["recorded_to"])
    if step.recorded_to is not None:
        raise ChangedMeanwhile


def _end(step: Step, *, by: User, at: datetime) -> None:
    step.recorded_to, step.ended_by = at, by
    step.save(update_fields=["recorded_to", "ended_by"])
