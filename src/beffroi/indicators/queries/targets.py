"""Targets beside what is done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure, Sense
from beffroi.indicators.enums import Direction, Progress, Status
from beffroi.indicators.models import Cell, Indicator
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


@dataclass(frozen=True)
class TargetProgress:
    """A target beside the actual that meets it. `is_later`: the actual ends after the target's period, and it is said."""

    target: CellValue
    actual: CellValue | None
    comparison: Comparison
    figure: Figure | None

    @property
    def progress(self) -> Progress:
        return self.comparison.progress

    @property
    def share(self) -> Figure | None:
        share = self.comparison.share
        return None if share is None else Figure(value=share, unit="ratio", sense=SENSES[self.progress])


def target_progress(values: Iterable[CellValue]) -> list[TargetProgress]:
    """Each target with its actual: same indicator, territory and dimensions, whatever the order of the rows."""
    targets: list[CellValue] = []
    actuals: dict[tuple[int, int | None, str], list[CellValue]] = defaultdict(list)
    for value in values:
        if value.cell.status in TARGETS:
            targets.append(value)
        elif value.cell.status == Status.ACTUAL:
            actuals[_meeting_key(value.cell)].append(value)
    return [_progress(target, actuals[_meeting_key(target.cell)]) for target in targets]


def _meeting_key(cell: Cell) -> tuple[int, int | None, str]:
    return cell.indicator_id, cell.territory_id, cell.breakdown


def _progress(target: CellValue, actuals: Sequence[CellValue]) -> TargetProgress:
    direction = Direction(target.cell.indicator.direction)
    comparison = compare(target.dated, [value.dated for value in actuals], direction=direction)
    found = comparison.actual
    actual = next((value for value in actuals if found is not None and value.cell.pk == found.key), None)
    figure = None if actual is None else replace(actual.figure, sense=SENSES[comparison.progress])
    return TargetProgress(target, actual, comparison, figure)


def values_about(about: Q, *, moment: Moment, viewer: AnyUser) -> dict[str, Any] | None:
    """A sheet's figures: the targets with what is done, then every other value."""
    values = cell_values(Cell.objects.filter(about).distinct(), moment=moment, viewer=viewer)
    targets = target_progress(values)
    shown = {row.target.cell.pk for row in targets} | {row.actual.cell.pk for row in targets if row.actual}
    rest = [value for value in values if value.cell.pk not in shown]
    return {"targets": targets, "values": rest, "count": len(values)} if values else None


def behind_target(*, moment: Moment, viewer: AnyUser) -> list[TargetProgress]:
    """Every target that its actual does not reach, the furthest behind first."""
    with_targets = Indicator.objects.filter(cells__status__in=[status.value for status in TARGETS]).values("pk")
    values = cell_values(Cell.objects.filter(indicator__in=with_targets), moment=moment, viewer=viewer)
    late = [row for row in target_progress(values) if row.progress == Progress.BEHIND]
    return sorted(late, key=lambda row: (row.comparison.share is None, row.comparison.share or Decimal(0)))
