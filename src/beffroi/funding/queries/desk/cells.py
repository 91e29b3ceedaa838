"""Versions and sandboxes as the cells and moves that the rules read."""

from collections.abc import Sequence
from decimal import Decimal

from beffroi.funding.enums import VersionState
from beffroi.funding.models import CENTS, FinancingPlan, Move, PlanVersion, Sandbox
from beffroi.funding.rules.plans import CellKey, Shift


def cells_of(version: PlanVersion) -> dict[CellKey, Decimal]:
    rows = version.cells.values_list("item_id", "funder_id", "origin", "year", "contract_status", "cents")
    return {
        CellKey(item or 0, funder or 0, origin, year or 0, status): cents / CENTS
        for item, funder, origin, year, status, cents in rows.order_by("pk")
    }


def in_force(plan: FinancingPlan) -> PlanVersion | None:
    return plan.versions.filter(state=VersionState.IN_FORCE).first()


def kept_moves(box: Sandbox) -> list[Move]:
    rows = box.moves.filter(undone_at__isnull=True).select_related("from_item", "from_funder", "to_item", "to_funder", "by")
    return list(rows.order_by("pk"))


def shifts_of(moves: Sequence[Move]) -> list[Shift]:
    return [Shift(source_of(move), target_of(move), move.amount) for move in moves]


def source_of(move: Move) -> CellKey:
    return CellKey(move.from_item_id or 0, move.from_funder_id or 0, move.from_origin, move.from_year or 0, move.from_status)


def target_of(move: Move) -> CellKey:
    return CellKey(move.to_item_id or 0, move.to_funder_id or 0, move.to_origin, move.to_year or 0, move.to_status)
