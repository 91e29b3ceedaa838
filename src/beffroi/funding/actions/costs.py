"""What an operation costs, as its file says: claims on the same sums as those of the lists, which are never added to lines."""

from datetime import datetime

from django.utils import timezone

from beffroi.accounts.models import Partner, User
from beffroi.core.text import digest
from beffroi.funding.enums import Stage, SumKind
from beffroi.funding.models import Application, Operation, Sum, SumClaim
from beffroi.provenance.actions import record_typed_claim

COSTS = {
    "total_cents": ("total_cost", SumKind.TOTAL_COST, "total"),
    "eligible_cents": ("eligible_cost", SumKind.ELIGIBLE_COST, "éligible"),
}


def record_costs(application: Application, operation: Operation, *, owner: Partner, by: User, at: datetime) -> list[Sum]:
    """A list that gives the cost of the same operation faces the file's, to the cent."""
    made = []
    for name, (measure, kind, base) in COSTS.items():
        cents = getattr(application, name)
        if cents is None:
            continue
        cost = _cost(operation, measure, kind, base, application.currency)
        record_typed_claim(
            cost,
            claims=SumClaim,
            link="sum",
            values={"cents": cents},
            as_written=f"{getattr(application, measure):f}",
            stated_on=timezone.localdate(at),
            owner=owner,
            visibility=operation.visibility,
            by=by,
            at=at,
        )
        made.append(cost)
    return made


def _cost(operation: Operation, measure: str, kind: SumKind, base: str, currency: str) -> Sum:
    cost: Sum = Sum.objects.get_or_create(
        digest=digest("cost", operation.namespace, operation.code, measure, currency),
        defaults={
            "programme": operation.programme,
            "operation": operation,
            "currency": currency,
            "detail": f"coût={base}",
            "kind": kind,
            "label": f"coût {base}",
            "stage": Stage.UNSTATED,
            "owner": operation.owner,
            "visibility": operation.visibility,
        },
    )[0]
    return cost
