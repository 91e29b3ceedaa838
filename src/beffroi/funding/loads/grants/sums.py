"""What operations cost and what a list prints as totals: claims about sums, which check the lines and are never added."""

from collections.abc import Iterator
from typing import Any

from beffroi.core.text import digest
from beffroi.funding.enums import Stage, SumKind
from beffroi.funding.loads.amounts import AMOUNT, MONEY
from beffroi.funding.loads.grants.lines import claim_columns, claims_frame
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant
from beffroi.funding.models import Sum, SumClaim
from beffroi.provenance.actions import ClaimShape, record_claims
from beffroi.provenance.models import Load

SHAPE = ClaimShape(Sum, SumClaim, "sum", (*MONEY, "kind", "label", "fund", "stage"), AMOUNT)
BASES = {"total_cost": (SumKind.TOTAL_COST, "total"), "eligible_cost": (SumKind.ELIGIBLE_COST, "éligible")}


def record_costs(grants: list[Grant], load: Load, *, programmes: Programmes, operations: dict[tuple[str, str], int]) -> None:
    """Two sources that name one operation speak of one cost: where they disagree they are rivals."""
    rows = [row for grant in grants for row in _costs(grant, programmes.of(grant), operations[grant.identity])]
    record_claims([claims_frame(rows, SHAPE)], load=load, shape=SHAPE)


def _costs(grant: Grant, programme: int, operation: int) -> Iterator[dict[str, Any]]:
    for measure, (kind, base) in BASES.items():
        if measure not in grant.cents:
            continue
        currency = grant.currency(measure)
        identity = digest("cost", *grant.identity, measure, currency)
        yield claim_columns(grant, measure, identity) | {
            "digest": identity,
            "s_programme_id": programme,
            "s_item_id": None,
            "s_operation_id": operation,
            "s_receiver_id": None,
            "s_receiver_item_id": None,
            "s_start": None,
            "s_end": None,
            "s_written_period": "",
            "s_detail": f"coût={base}",
            "s_currency": currency,
            "s_kind": kind.value,
            "s_label": f"coût {base}",
            "s_fund_id": None,
            "s_stage": Stage.UNSTATED.value,
        }
