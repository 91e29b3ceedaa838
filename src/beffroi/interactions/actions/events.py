"""What organisers do with an event: plan it, announce it, hold it or call it off."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.interactions.actions.numbers import once, sending
from beffroi.interactions.enums import NEXT_EVENT, ActivityAct, EventState
from beffroi.interactions.models import Event
from beffroi.reference.models import Item


@transaction.atomic
def add_event(
    *,
    owner: Partner,
    client_id: str,
    by: User | None,
    at: datetime,
    items: Iterable[Item],
    with_partners: Iterable[Partner],
    **fields: Any,
) -> Event:
    """Sent twice with the same client id, it is the same event."""
    items, with_partners = list(items), list(with_partners)
    sent = sending("events", owner, client_id, {"items": items, "with_partners": with_partners, **fields})

    def make() -> Event:
        event = Event(owner=owner, client_id=client_id, by=by, recorded_at=at, token=secrets.token_urlsafe(32), **fields)
        event.full_clean(exclude=["recorded_at", "by"], validate_constraints=False)  # events of a CRM may have none
        event.validate_constraints(exclude={"client_id"})
        return event

    event, is_new = once(sent, Event.objects.all(), make, at=at)
    if is_new:
        _set_shared(event, items, with_partners)
        record_act(ActivityAct.EVENT_CHANGED, by=by, subject=("event", event.pk), title=event.title)
    return event


@transaction.atomic
def change_event(event: Event, *, by: User, items: Iterable[Item], with_partners: Iterable[Partner], **fields: Any) -> Event:
    _hold(event)
    for name, value in fields.items():
        setattr(event, name, value)
    event.full_clean(exclude=["by"])  # events of a CRM have none
    event.save()
    _set_shared(event, items, with_partners)
    record_act(ActivityAct.EVENT_CHANGED, by=by, subject=("event", event.pk), title=event.title)
    return event


def _hold(event: Event) -> None:
    """Until the end of the transaction; where it stands is read again."""
    event.state = Event.objects.select_for_update(no_key=True).get(pk=event.pk).state


def _set_shared(event: Event, items: Iterable[Item], with_partners: Iterable[Partner]) -> None:
    event.items.set(items)
    event.with_partners.set(partner for partner in with_partners if partner.pk != event.owner_id)


@transaction.atomic
def move_event(event: Event, state: EventState, *, by: User, at: datetime) -> Event:
    _hold(event)
    if state not in NEXT_EVENT[EventState(event.state)]:
        now = EventState(event.state).label
        raise Refused(_("Un événement « %(now)s » ne devient pas « %(then)s ».") % {"now": now, "then": state.label})
    if state == EventState.HELD and event.starts > at:
        raise Refused(_("Un événement qui n’a pas commencé n’a pas encore eu lieu."))
    event.state = state
    event.save()
    act = ActivityAct.EVENT_ANNOUNCED if state == EventState.ANNOUNCED else ActivityAct.EVENT_MOVED
    record_act(act, by=by, subject=("event", event.pk), state=state.value)
    return event
