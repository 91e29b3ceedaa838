from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.funding.models import OperationLabel

BATCH = 2_000


@dataclass(frozen=True)
class NewLabel:
    """`operation`, `item`: their keys."""

    operation: int
    item: int
    confidence: float
    basis: str


@transaction.atomic
def label_operations(
    labels: Sequence[NewLabel], *, operations: Sequence[int], items: Sequence[int], owner: Partner, by: User
) -> int:
    """What an institution says of these operations among these items, and nothing else: a label that it no longer gives goes.
    Labels of other items, and of other institutions, stay."""
    at = timezone.now()
    OperationLabel.objects.filter(operation__in=operations, item__in=items, owner=owner).delete()
    rows = [
        OperationLabel(
            operation_id=label.operation,
            item_id=label.item,
            confidence=label.confidence,
            basis=label.basis[:700],
            owner=owner,
            visibility=Visibility.PARTNERS,
            by=by,
            at=at,
        )
        for label in labels
    ]
    OperationLabel.objects.bulk_create(rows, batch_size=BATCH)
    record_act("operations_labelled", by=by, labels=len(rows), operations=len(operations))
    return len(rows)
