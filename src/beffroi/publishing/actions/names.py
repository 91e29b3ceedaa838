"""The day a list with the names of natural persons was first published, and the day those names leave it."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.actors.models import Organisation
from beffroi.funding.models import Operation
from beffroi.publishing.enums import Act
from beffroi.publishing.models import PublishedName
from beffroi.publishing.rules import last_first_day

BATCH = 500


@transaction.atomic
def record_publication(publication: str, *, operations: Iterable[int], on: date, by: User | None) -> int:
    """The persons that the list names from that day on; those it already named keep their first day. How many are new."""
    ids = list(operations)
    persons: list[int] = []
    for start in range(0, len(ids), BATCH):
        rows = Operation.objects.filter(pk__in=ids[start : start + BATCH])
        persons += rows.filter(beneficiary__in=Organisation.objects.natural_persons().order_by()).values_list("pk", flat=True)
    before = PublishedName.objects.filter(publication=publication).count()
    PublishedName.objects.bulk_create(
        (PublishedName(operation_id=pk, publication=publication, first_published=on) for pk in persons),
        ignore_conflicts=True,
        batch_size=1_000,
    )
    added = PublishedName.objects.filter(publication=publication).count() - before
    record_act(Act.LIST_PUBLISHED, by=by, list=publication, on=on.isoformat(), rows=len(ids))
    return added


@transaction.atomic
def withdraw_old_names(*, on: date) -> int:
    """Two years after their first publication, names leave the lists (Regulation (EU) 2021/1060, art. 49(3))."""
    old = PublishedName.objects.filter(withdrawn_on=None, first_published__lte=last_first_day(on))
    count = old.update(withdrawn_on=on)
    if count:
        record_act(Act.NAMES_WITHDRAWN, by=None, names=count, on=on.isoformat())
    return count
