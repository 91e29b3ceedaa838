"""Calls, as a funder publishes them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.core import search
from beffroi.core.text import digest, search_key
from beffroi.funding.enums import CriterionKind, FundingAct
from beffroi.funding.models import Call, CallCriterion
from beffroi.funding.queries.calls import call_search_rows
from beffroi.funding.rules.criteria import Criterion


@transaction.atomic
def open_call(*, owner: Partner, by: User, criteria: Iterable[Criterion] = (), **fields: Any) -> Call:
    fields["code"] = fields.get("code") or digest(fields["title"], str(fields.get("opens")))[:8]
    call = Call(owner=owner, namespace=f"appels:{owner.code}"[:80], sort_key=search_key(fields["title"])[:300], **fields)
    call.full_clean(exclude=["owner"])
    call.save()
    _set_criteria(call, criteria)
    search.index(call_search_rows([call.pk]))
    record_act(FundingAct.CALL_OPENED, by=by, subject=("call", call.pk), title=call.title)
    return call


@transaction.atomic
def change_call(call: Call, *, by: User, criteria: Iterable[Criterion], **fields: Any) -> Call:
    for name, value in fields.items():
        setattr(call, name, value)
    call.sort_key = search_key(call.title)[:300]
    call.full_clean(exclude=["owner"])
    call.save()
    _set_criteria(call, criteria)
    search.index(call_search_rows([call.pk]))
    record_act(FundingAct.CALL_CHANGED, by=by, subject=("call", call.pk))
    return call


def _set_criteria(call: Call, criteria: Iterable[Criterion]) -> None:
    call.criteria.all().delete()
    counts = dict.fromkeys(CriterionKind, 0)
    for one in criteria:
        counts[one.kind] += 1
        CallCriterion.objects.create(call=call, kind=one.kind, text=one.text, points=one.points, position=counts[one.kind])
