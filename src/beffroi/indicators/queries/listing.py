"""Indicators as a list shows them: the last value, the targets, and how old the last result is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from beffroi.accounts.models import AnyUser
from beffroi.core.text import search_key
from beffroi.indicators.enums import Age, Progress, Status
from beffroi.indicators.models import Cell, Indicator
from beffroi.indicators.queries.scope import Listed, values_of_indicator
from beffroi.indicators.queries.targets import TARGETS, TargetProgress, target_progress
from beffroi.indicators.queries.values import CellValue, cell_values, known_cells
from beffroi.indicators.rules import years_before
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item
from beffroi.reference.queries import same_place_ids

ORDERS = {
    "label": ("sort_key", "pk"),
    "kind": ("kind", "sort_key", "pk"),
    "framework": ("framework__sort_key", "sort_key", "pk"),
    "last": ("last_end", "sort_key", "pk"),
}
# The target that a list shows first when an indicator has several: the one that asks for attention
ATTENTION = (Progress.BEHIND, Progress.CANNOT_SAY, Progress.REACHED, Progress.NO_RESULT)


@dataclass(frozen=True)
class Headline:
    """The value that stands for many: the last one, `others` of which say the same date with other breakdowns."""

    value: CellValue
    others: int

    @property
    def is_part(self) -> bool:
        """One breakdown among several: none of them speaks for the indicator."""
        return self.others > 0 and self.value.cell.breakdown != ""


@dataclass(frozen=True)
class IndicatorRow:
    indicator: Indicator
    last: Headline | None
    target: TargetProgress | None
    targets: int

    @property
    def listed(self) -> Listed:
        return values_of_indicator(self.indicator.pk)


def headline(values: Iterable[CellValue]) -> Headline | None:
    """The last actual, the whole rather than a part of it; a value without a period only when no other is dated."""
    actuals = [value for value in values if value.cell.status == Status.ACTUAL]
    if not actuals:
        return None
    last = max((value.cell.end or date.min for value in actuals), default=date.min)
    latest = [value for value in actuals if (value.cell.end or date.min) == last]
    best = min(latest, key=lambda value: (value.cell.breakdown != "", value.cell.breakdown, value.cell.pk))
    return Headline(best, len(latest) - 1)


def first_target(rows: Sequence[TargetProgress]) -> TargetProgress | None:
    def order(row: TargetProgress) -> tuple[Any, ...]:
        end = row.target.cell.end or date.min
        return ATTENTION.index(row.progress), -end.toordinal(), row.target.cell.breakdown, row.target.cell.pk

    return min(rows, key=order, default=None)


def in_places(territory: int | None, words: str, *, viewer: AnyUser, link: str = "territory") -> Q:
    """The cells of a territory, under all its names, or of those whose name has these words."""
    found = Q()
    if territory is not None:
        item = Item.objects.visible_to(viewer).filter(pk=territory).first()
        found &= Q(**{f"{link}__in": same_place_ids(item) if item else []})
    if key := search_key(words):
        found &= Q(**{f"{link}__sort_key__contains": key})
    return found


def indicators_asked(asked: dict[str, Any], *, moment: Moment, viewer: AnyUser) -> QuerySet[Indicator]:
    """The indicators that a reader's filters select, with the end of their last result."""
    known = known_cells(viewer, moment)
    actuals = known.filter(indicator=OuterRef("pk"), status=Status.ACTUAL)
    last = actuals.order_by().values("indicator").annotate(last=Max("end")).values("last")
    rows: QuerySet[Indicator] = Indicator.objects.visible_to(viewer).select_related("framework", "item")
    rows = rows.annotate(last_end=Subquery(last), has_result=Exists(actuals)).filter(_described(asked))
    places = in_places(asked.get("territory"), asked.get("place", ""), viewer=viewer)
    if places:
        rows = rows.filter(Exists(known.filter(places, indicator=OuterRef("pk"))))
    if age := asked.get("age"):
        rows = rows.filter(aged(Age(age), on=moment.as_of))
    if progress := asked.get("progress"):
        rows = rows.filter(pk__in=with_progress(Progress(progress), places, moment=moment, viewer=viewer))
    return rows


def _described(asked: dict[str, Any]) -> Q:
    found = Q()
    for word in search_key(asked.get("q", "")).split():
        found &= Q(sort_key__contains=word)
    for name in ("kind", "unit", "framework"):
        if asked.get(name):
            found &= Q(**{name: asked[name]})
    return found


def aged(age: Age, *, on: date) -> Q:
    year, three = years_before(on, 1), years_before(on, 3)
    return {
        Age.RECENT: Q(last_end__gt=year),
        Age.AGEING: Q(last_end__lte=year, last_end__gt=three),
        Age.OLD: Q(last_end__lte=three),
        Age.UNDATED: Q(last_end__isnull=True, has_result=True),
        Age.NEVER: Q(has_result=False),
    }[age]


def with_progress(progress: Progress, places: Q, *, moment: Moment, viewer: AnyUser) -> set[int]:
    aimed = Cell.objects.filter(status__in=TARGETS).values("indicator")
    values = cell_values(Cell.objects.filter(places, indicator__in=aimed), moment=moment, viewer=viewer)
    return {row.target.cell.indicator_id for row in target_progress(values) if row.progress == progress}


def indicator_rows(indicators: Sequence[Indicator], places: Q, *, moment: Moment, viewer: AnyUser) -> list[IndicatorRow]:
    """A page of indicators with what a list shows of each, in three queries."""
    cells = Cell.objects.filter(places, indicator__in=[indicator.pk for indicator in indicators])
    values = cell_values(cells, moment=moment, viewer=viewer)
    by_indicator, targets = defaultdict(list), defaultdict(list)
    for value in values:
        by_indicator[value.cell.indicator_id].append(value)
    for row in target_progress(values):
        targets[row.target.cell.indicator_id].append(row)
    return [_row(indicator, by_indicator[indicator.pk], targets[indicator.pk]) for indicator in indicators]


def _row(indicator: Indicator, values: list[CellValue], targets: list[TargetProgress]) -> IndicatorRow:
    return IndicatorRow(indicator, headline(values), first_target(targets), len(targets))
