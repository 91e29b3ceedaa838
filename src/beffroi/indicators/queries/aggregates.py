"""Totals that Beffroi computes from the lines of an indicator, each with how many of its parts are known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.indicators.enums import Aggregation, Agreement
from beffroi.indicators.models import Cell, Dimension
from beffroi.indicators.queries.values import CellValue, cell_values
from beffroi.indicators.queries.vocabulary import total_values
from beffroi.indicators.rules import aggregate, agreement
from beffroi.provenance.queries import Moment, figure_of
from beffroi.provenance.rules import Standing
from beffroi.reference.models import Item

TERRITORY = "territoire"
FEWEST_LINES = 2
Dims = Mapping[str, Dimension]


@dataclass(frozen=True)
class Aggregate:
    """The sum or mean over one axis of a breakdown. `parts`: every item that stands beside those of the lines in their
    framework; `whole`: the total that a source prints for them, if any."""

    axis: str
    lines: Sequence[tuple[Item, CellValue]]
    parts: Sequence[Item]
    whole: CellValue | None
    rest: str
    figure: Figure
    agreement: Agreement

    @property
    def first(self) -> CellValue:
        return self.lines[0][1]

    @property
    def missing(self) -> list[Item]:
        known = {item.pk for item, line in self.lines if line.figure.is_known}
        return [item for item in self.parts if item.pk not in known]


def can_aggregate(value: CellValue) -> bool:
    how = value.cell.indicator.aggregation
    return how == Aggregation.MEAN or (how == Aggregation.SUM and value.cell.indicator.is_additive)


def aggregates(values: Iterable[CellValue], *, viewer: AnyUser) -> list[Aggregate]:
    """Every total over an axis whose values are items of one level of a framework, in four queries."""
    able = [value for value in values if can_aggregate(value)]
    if not able:
        return []
    dims = _dimensions(able)
    axes = _Axes(able, dims, viewer)
    found = (_aggregate(axis, group, axes) for (axis, _), group in _groups(able, dims).items())
    return sorted(filter(None, found), key=lambda row: (row.rest, row.first.cell.written_period, row.axis))


def aggregate_of(cell: int, axis: str, *, moment: Moment, viewer: AnyUser) -> Aggregate | None:
    """The total over an axis that has this cell among its lines."""
    indicators = Cell.objects.filter(pk=cell).values("indicator")
    values = cell_values(Cell.objects.filter(indicator__in=indicators), moment=moment, viewer=viewer)
    asked = (row for row in aggregates(values, viewer=viewer) if row.axis == axis)
    return next((row for row in asked if cell in {line.cell.pk for _, line in row.lines}), None)


def _dimensions(values: Sequence[CellValue]) -> dict[int, dict[str, Dimension]]:
    found: dict[int, dict[str, Dimension]] = defaultdict(dict)
    rows = Dimension.objects.filter(cell__in=[value.cell.pk for value in values]).select_related("item").order_by("name", "pk")
    for row in rows:
        found[row.cell_id][row.name] = row
    return found


def _groups(values: Sequence[CellValue], dims: Mapping[int, Dims]) -> dict[tuple[str, Any], list[CellValue]]:
    """Cells that differ by one axis only, and the cells that have all the rest but not the axis."""
    found: dict[tuple[str, Any], list[CellValue]] = defaultdict(list)
    axes = {name for own in dims.values() for name in own} | {TERRITORY}
    for value in values:
        for axis in axes:
            found[axis, _rest(value.cell, dims.get(value.cell.pk, {}), axis)].append(value)
    return found


def _rest(cell: Cell, dims: Dims, axis: str) -> tuple[Any, ...]:
    others = tuple(sorted((name, row.value) for name, row in dims.items() if name != axis))
    place = None if axis == TERRITORY and TERRITORY not in dims else cell.territory_id
    return cell.indicator_id, place, cell.start, cell.end, cell.status, cell.unit, others


class _Axes:
    """Which item each value of an axis is: the one it is tied to, or the one of that code in the frameworks of its
    neighbours and of its indicator."""

    def __init__(self, values: Sequence[CellValue], dims: Mapping[int, Dims], viewer: AnyUser) -> None:
        self.dims = dims
        rows = [row for own in dims.values() for row in own.values()]
        frameworks = {value.cell.indicator.framework_id for value in values}
        tied = {row.item.version_id for row in rows if row.item is not None}
        near = Q(version__framework__in=frameworks) | Q(version__in=tied)
        items = Item.objects.visible_to(viewer)
        named = list(items.filter(near, code__in={row.value for row in rows}).order_by("-version__code", "pk"))
        places = list(items.filter(pk__in={value.cell.territory_id for value in values}))
        self.by_code: dict[str, list[Item]] = defaultdict(list)
        for item in named:
            self.by_code[item.code].append(item)
        self.places = {item.pk: item for item in places}
        self.beside: dict[tuple[int, str, int | None], list[Item]] = defaultdict(list)
        known = (*named, *places)
        levels = Q(version__in={item.version_id for item in known}, level__in={item.level for item in known})
        for item in items.filter(levels).order_by("position", "sort_key", "pk"):
            self.beside[kin(item)].append(item)

    def candidates(self, value: CellValue, axis: str) -> list[Item]:
        dimension = self.dims.get(value.cell.pk, {}).get(axis)
        if dimension is not None:
            return [dimension.item] if dimension.item is not None else self.by_code[dimension.value]
        place = self.places.get(value.cell.territory_id or 0)
        return [place] if axis == TERRITORY and place is not None else []

    def says_total(self, value: CellValue, axis: str) -> bool:
        dimension = self.dims.get(value.cell.pk, {}).get(axis)
        return dimension is not None and dimension.value in total_values("observations").get(axis, ())


def kin(item: Item) -> tuple[int, str, int | None]:
    """The same level under the same parent of one version."""
    return item.version_id, item.level, item.parent_id


def _aggregate(axis: str, group: Sequence[CellValue], axes: _Axes) -> Aggregate | None:
    """The kin that has most lines gives the axis; its parent, a cell without the axis or one that says « total », the whole."""
    families: dict[tuple[int, str, int | None], list[tuple[Item, CellValue]]] = defaultdict(list)
    for value in group:
        for item in {kin(item): item for item in axes.candidates(value, axis)}.values():
            families[kin(item)].append((item, value))
    family = max(families, key=lambda key: (len(families[key]), -key[0]), default=None)
    if family is None or len({item.pk for item, _ in families[family]}) < FEWEST_LINES:
        return None
    lines = sorted(families[family], key=lambda line: (line[0].position, line[0].sort_key, line[0].pk))
    whole = next(_wholes(axis, group, axes, parent=family[2], lines=lines), None)
    return _computed(axis, lines, axes.beside[family], whole)


def _wholes(
    axis: str, group: Sequence[CellValue], axes: _Axes, *, parent: int | None, lines: Sequence[tuple[Item, CellValue]]
) -> Iterator[CellValue]:
    taken = {value.cell.pk for _, value in lines}
    for value in group:
        if value.cell.pk in taken:
            continue
        found = axes.candidates(value, axis)
        is_bare = axis not in axes.dims.get(value.cell.pk, {}) and axis != TERRITORY
        if is_bare or axes.says_total(value, axis) or (parent is not None and parent in {item.pk for item in found}):
            yield value


def _computed(axis: str, lines: Sequence[tuple[Item, CellValue]], parts: Sequence[Item], whole: CellValue | None) -> Aggregate:
    first = lines[0][1]
    how = Aggregation(first.cell.indicator.aggregation)
    least, most = aggregate([_bounds(line) for _, line in lines], how=how)
    known = len({item.pk for item, line in lines if line.figure.is_known})
    said = agreement((least, most), _bounds(whole), is_complete=known == len(parts)) if whole else Agreement.NOTHING_TO_COMPARE
    total = Standing(least if least == most else None, least, most)
    figure = figure_of(
        total,
        unit=first.figure.unit,
        period=first.figure.period,
        label=first.figure.label,
        why=f"aggregate:{first.cell.pk}/{axis}",
    )
    rest = ";".join(part for part in first.cell.breakdown.split(";") if part and not part.startswith(f"{axis}="))
    return Aggregate(axis, lines, parts, whole, rest, replace(figure, known=known, parts=len(parts)), said)


def _bounds(value: CellValue) -> tuple[Any, Any]:
    return value.standing.low, value.standing.high
