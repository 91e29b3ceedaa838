"""What a company needs: written down once however many times a device sends it, passed on to who can answer, followed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.interactions.enums import ActivityAct
from beffroi.interactions.models import Need
from beffroi.reference.models import Item


@transaction.atomic
def open_need(
    *, owner: Partner, client_id: str, subject_item: Item, opened_on: date, by: User | None, at: datetime, **fields: Any
) -> Need:
    """`fields`: organisation or holder, text, place, item, visit, detail_visibility, visibility. Without a place, it is where
    the company or the project is. The same call again returns the same need."""
    known: Need | None = Need.objects.filter(owner=owner, client_id=client_id).first()
    if known:
        return known
    values = {"subject_item": subject_item, "opened_on": opened_on, "by": by, "recorded_at": at, **fields}
    values.setdefault("visibility", Visibility.PARTNERS)
    about = values.get("organisation") or values.get("holder")
    values["place"] = values.get("place") or getattr(about, "place", None)
    _check(Need(owner=owner, client_id=client_id, **values))
    need, is_new = Need.objects.get_or_create(owner=owner, client_id=client_id, defaults=values)
    if is_new:
        record_act(ActivityAct.NEED_OPENED, by=by, subject=("need", need.pk))
    return need


def _check(need: Need) -> None:
    """All but the number of the device: two requests at once are one need, not an error."""
    need.clean_fields(exclude={"by"})
    need.validate_constraints(exclude={"client_id"})
