"""Targets beside what is done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure, Sense
from beffroi.indicators.enums import Direction, Progress, Status
from beffroi.indicators.models import Cell, Pairing
from beffroi.indicators.queries.values import CellValue, cell_values
from beffroi.indicators.rules import Comparison, compare
from beffroi.provenance.queries import Moment

SENSES = {
    Progress.REACHED: Sense.GOOD,
    Progress.BEHIND: Sense.BAD,
    Progress.NO_RESULT: Sense.UNKNOWN,
    Progress.CANNOT_SAY: Sense.NEUTRAL,
}
TARGETS = (Status.TARGET, Status.MILESTONE)
MeetingKey: TypeAlias = tuple[int, int | None, str]


@dataclass(frozen=True)
class TargetProgress:
    """A target beside the actual that meets it. `pairing`: why they meet when their breakdowns are not written alike."""

    target: CellValue
    actual: CellValue | None
    comparison: Comparison
    figure: Figure | None
    pairing: str = ""

    @property
    def progress(self) -> Progress:
        return self.comparison.progress

    @property
    def share(self) -> Figure | None:
        share = self.comparison.share
        why = f"progress:{self.target.cell.pk}"
        return None if share is None else Figure(value=share, unit="ratio", sense=SENSES[self.progress], why=why)


def target_progress(values: Iterable[CellValue]) -> list[TargetProgress]:
    """Each target with its actual: same indicator, territory and dimensions, or dimensions that a person paired; whatever
    the order of the rows."""
    targets: list[CellValue] = []
    actuals: dict[MeetingKey, list[CellValue]] = defaultdict(list)
    for value in values:
        if value.cell.status in TARGETS:
            targets.append(value)
        elif value.cell.status == Status.ACTUAL:
            actuals[_meeting_key(value.cell)].append(value)
    paired = _pairings({target.cell.indicator_id for target in targets})
    return [_progress(target, actuals, paired[target.cell.indicator_id, target.cell.breakdown]) for target in targets]


def _meeting_key(cell: Cell) -> MeetingKey:
    return cell.indicator_id, cell.territory_id, cell.breakdown


def _pairings(indicators: set[int]) -> dict[tuple[int, str], list[Pairing]]:
    found: dict[tuple[int, str], list[Pairing]] = defaultdict(list)
    for pairing in Pairing.objects.filter(indicator__in=indicators).order_by("actual_breakdown"):
        found[pairing.indicator_id, pairing.target_breakdown].append(pairing)
    return found


def _progress(
    target: CellValue, actuals: Mapping[MeetingKey, Sequence[CellValue]], pairings: Sequence[Pairing]
) -> TargetProgress:
    cell = target.cell
    candidates = list(actuals.get(_meeting_key(cell), ()))
    for pairing in pairings:
        candidates += actuals.get((cell.indicator_id, cell.territory_id, pairing.actual_breakdown), ())
    comparison = compare(target.dated, [value.dated for value in candidates], direction=Direction(cell.indicator.direction))
    found = comparison.actual
    actual = next((value for value in candidates if found is not None and value.cell.pk == found.key), None)
    if actual is None:
        return TargetProgress(target, None, comparison, None)
    figure = replace(actual.figure, sense=SENSES[comparison.progress])
    words = next((pairing.reason for pairing in pairings if pairing.actual_breakdown == actual.cell.breakdown), "")
    return TargetProgress(target, actual, comparison, figure, words if actual.cell.breakdown != cell.breakdown else "")


def values_about(about: Q, *, moment: Moment, viewer: AnyUser) -> dict[str, Any] | None:
    """A sheet's figures: the targets with what is done, then every other value."""
    values = cell_values(Cell.objects.filter(about).distinct(), moment=moment, viewer=viewer)
    targets = target_progress(values)
    shown = {row.target.cell.pk for row in targets} | {row.actual.cell.pk for row in targets if row.actual}
    rest = [value for value in values if value.cell.pk not in shown]
    return {"targets": targets, "values": rest, "count": len(values)} if values else None


def behind_target(*, moment: Moment, viewer: AnyUser, about: Q = Q()) -> list[TargetProgress]:  # noqa: B008 (never changed)
    """Every target that its actual does not reach, the furthest behind first."""
    late = [row for row in targets_about(about, moment=moment, viewer=viewer) if row.progress == Progress.BEHIND]
    return sorted(late, key=distance)


def targets_about(about: Q, *, moment: Moment, viewer: AnyUser) -> list[TargetProgress]:
    """The targets among these cells, each with its actual, which may be anywhere in the same territory."""
    aimed = Cell.objects.filter(about, status__in=TARGETS).values("indicator")
    values = cell_values(Cell.objects.filter(about, indicator__in=aimed), moment=moment, viewer=viewer)
    return target_progress(values)


def distance(row: TargetProgress) -> tuple[Any, ...]:
    """What sorts targets by how far their actual is from them; those of which one cannot say come last."""
    cell = row.target.cell
    return row.comparison.share is None, row.comparison.share or Decimal(0), cell.indicator.sort_key, cell.pk
