"""What a company needs: written down once however many times a device sends it, passed on to who can answer, followed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import mails
from beffroi.interactions.actions.numbers import once, sending
from beffroi.interactions.enums import ActivityAct, NeedResult, ReferralState, RefusalReason
from beffroi.interactions.models import Need, Referral, Reminder, Service
from beffroi.interactions.rules import needs as rules
from beffroi.reference.models import Item


@transaction.atomic
def open_need(
    *, owner: Partner, client_id: str, subject_item: Item, opened_on: date, by: User | None, at: datetime, **fields: Any
) -> Need:
    """`fields`: organisation or holder, text, place, item, visit, detail_visibility, visibility. Without a place, it is where
    the company or the project is. The same call again returns the same need."""
    sent = sending("needs", owner, client_id, {"subject_item": subject_item, "opened_on": opened_on, **fields})
    values = {"subject_item": subject_item, "opened_on": opened_on, "by": by, "recorded_at": at, **fields}
    values.setdefault("visibility", Visibility.PARTNERS)
    about = values.get("organisation") or values.get("holder")
    values["place"] = values.get("place") or getattr(about, "place", None)

    def make() -> Need:
        need = Need(owner=owner, client_id=client_id, **values)
        need.clean_fields(exclude={"by"})
        need.validate_constraints(exclude={"client_id"})  # two requests at once are one need, not an error
        return need

    need, is_new = once(sent, Need.objects.all(), make, at=at)
    if is_new:
        record_act(ActivityAct.NEED_OPENED, by=by, subject=("need", need.pk))
    return need


@transaction.atomic
def send_need(
    need: Need, *, to: Mapping[Partner, Service | None], on: date, consented_on: date | None, by: User | None
) -> list[Referral]:
    """To one operator or to several, each for the service that was chosen; all of them or none."""
    _hold_need(need)
    return [_send(need, partner, service, on=on, consented_on=consented_on, by=by) for partner, service in to.items()]


def _send(
    need: Need, partner: Partner, service: Service | None, *, on: date, consented_on: date | None, by: User | None
) -> Referral:
    blockers = rules.blockers_to_sending(
        opened_on=need.opened_on,
        consented_on=consented_on,
        sent_on=on,
        is_closed=need.closed_on is not None,
        is_already_there=need.referrals.filter(partner=partner, state__in=rules.OPEN).exists(),
    )
    if blockers:
        raise Refused(*blockers)
    due = rules.reply_due(on, service.reply_days if service else None)
    said = {"sent_on": on, "sent_by": by, "due_on": due, "consented_on": consented_on}
    referral = Referral.objects.create(need=need, partner=partner, service=service, **said)
    mails.tell_operator(referral, "interactions/mails/referral_sent.txt")
    record_act(ActivityAct.REFERRAL_SENT, by=by, subject=("need", need.pk), referral=referral.pk)
    return referral


def take_up(referral: Referral, *, on: date, comment: str = "", by: User) -> Referral:
    return _move(referral, ReferralState.TAKEN_UP, {"answered_on": on, "answered_by": by, "comment": comment}, on=on, by=by)


def refuse(referral: Referral, *, reason: RefusalReason | str, on: date, comment: str = "", by: User) -> Referral:
    said = {"answered_on": on, "answered_by": by, "reason": reason, "comment": comment, "closed_on": on}
    return _move(referral, ReferralState.REFUSED, said, on=on, by=by)


def close_referral(referral: Referral, *, result: NeedResult | str, on: date, comment: str = "", by: User) -> Referral:
    said = {"closed_on": on, "result": result} | ({"comment": comment} if comment else {})
    return _move(referral, ReferralState.CLOSED, said, on=on, by=by)


def withdraw_referral(referral: Referral, *, on: date, by: User) -> Referral:
    return _move(referral, ReferralState.WITHDRAWN, {"closed_on": on}, on=on, by=by)


ACTS = {
    ReferralState.TAKEN_UP: ActivityAct.REFERRAL_ANSWERED,
    ReferralState.REFUSED: ActivityAct.REFERRAL_ANSWERED,
    ReferralState.CLOSED: ActivityAct.REFERRAL_CLOSED,
    ReferralState.WITHDRAWN: ActivityAct.REFERRAL_WITHDRAWN,
}


@transaction.atomic
def _move(referral: Referral, to: ReferralState, said: dict[str, Any], *, on: date, by: User) -> Referral:
    """Of two people who answer at once, the second is told what the first did. Handing back what was taken up keeps the day of
    the first answer: it is the delay that counts."""
    held: Referral = Referral.objects.select_for_update().get(pk=referral.pk)
    blockers = rules.blockers_to_moving(
        ReferralState(held.state),
        to,
        on=on,
        since=held.answered_on or held.sent_on,
        reason=str(said.get("reason", "")),
        result=str(said.get("result", "")),
    )
    if blockers:
        raise Refused(*blockers)
    first = {"answered_on": held.answered_on, "answered_by": held.answered_by} if held.answered_on else {}
    for name, value in {"state": to, **said, **first}.items():
        setattr(held, name, value)
    held.clean_fields(exclude={"need", "partner", "sent_by", "answered_by"})
    held.save()
    _tell(held)
    record_act(ACTS[to], by=by, subject=("need", held.need_id), referral=held.pk, state=to)
    return held


def _tell(referral: Referral) -> None:
    if referral.state == ReferralState.WITHDRAWN:
        mails.tell_operator(referral, "interactions/mails/referral_withdrawn.txt")
    else:
        mails.tell_sender(referral, "interactions/mails/referral_answered.txt")


@transaction.atomic
def close_need(need: Need, *, result: NeedResult | str, on: date, by: User) -> Need:
    """By who wrote it, once nobody has it in hand any more."""
    held = _hold_need(need)
    states = [ReferralState(state) for state in held.referrals.order_by("pk").values_list("state", flat=True)]
    blockers = rules.blockers_to_closing(
        opened_on=held.opened_on, on=on, result=str(result), is_closed=held.closed_on is not None, states=states
    )
    if blockers:
        raise Refused(*blockers)
    held.closed_on, held.result = on, result
    held.save(update_fields=["closed_on", "result"])
    record_act(ActivityAct.NEED_CLOSED, by=by, subject=("need", held.pk), result=str(result))
    return held


def _hold_need(need: Need) -> Need:
    """Until the end of the transaction; what was written meanwhile is read again."""
    held: Need = Need.objects.select_for_update().get(pk=need.pk)
    need.closed_on, need.opened_on = held.closed_on, held.opened_on
    return held


def send_reminders(*, on: date) -> int:
    """To those who have not answered, at each delay once; how many left."""
    waiting = Referral.objects.filter(state=ReferralState.WAITING).order_by("pk").prefetch_related("reminders")
    return sum(_remind(referral, on=on) for referral in waiting if _due(referral, on) is not None)


def _due(referral: Referral, on: date) -> int | None:
    return rules.reminder_due(referral.sent_on, on=on, sent=[row.days for row in referral.reminders.all()])


@transaction.atomic
def _remind(referral: Referral, *, on: date) -> bool:
    """Somebody may have answered since the list was read."""
    held = Referral.objects.select_for_update().filter(pk=referral.pk, state=ReferralState.WAITING).first()
    days = _due(held, on) if held else None
    if held is None or days is None:
        return False
    Reminder.objects.create(referral=held, days=days, on=on)
    mails.tell_operator(held, "interactions/mails/referral_reminder.txt", days=(on - held.sent_on).days)
    return True
