"""Parts that add up to a whole, and whether another place of the document says the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from beffroi.core.figures import Figure
from beffroi.indicators.enums import Aggregation
from beffroi.indicators.models import Dimension
from beffroi.indicators.queries import CellValue
from beffroi.publishing.reports.figures import kept
from beffroi.publishing.reports.values import Entry
from beffroi.reference.models import Item

PART = "item"
Group = tuple[Any, ...]


def sums(found: Sequence[CellValue], parts: Mapping[int, Sequence[Dimension]]) -> list[Entry]:
    """The values of the children of one item, when the indicator adds up, beside the value stated for the item itself."""
    additive = [
        value
        for value in found
        if value.cell.indicator.is_additive and value.cell.indicator.aggregation == Aggregation.SUM and _part(value, parts)
    ]
    items = _items(additive, parts)
    groups: dict[Group, list[CellValue]] = defaultdict(list)
    stated: dict[Group, CellValue] = {}
    for value in additive:
        item = items.get((value.cell.indicator.framework_id, _part(value, parts)))
        if item is not None:
            groups[_group(value, parts, item.parent_id)].append(value)
            stated[_group(value, parts, item.pk)] = value
    return [_sum(rows, stated.get(group)) for group, rows in groups.items() if group[-1] is not None and len(rows) > 1]


def _part(value: CellValue, parts: Mapping[int, Sequence[Dimension]]) -> str:
    return next((row.value for row in parts.get(value.cell.pk, ()) if row.name == PART), "")


def _items(found: Iterable[CellValue], parts: Mapping[int, Sequence[Dimension]]) -> dict[tuple[int, str], Item]:
    wanted = {(value.cell.indicator.framework_id, _part(value, parts)) for value in found}
    rows = Item.objects.filter(version__framework__in={pk for pk, _ in wanted}, code__in={code for _, code in wanted})
    return {(row.version.framework_id, row.code): row for row in rows.select_related("version")}


def _group(value: CellValue, parts: Mapping[int, Sequence[Dimension]], whole: int | None) -> Group:
    cell = value.cell
    others = tuple((row.name, row.value) for row in parts.get(cell.pk, ()) if row.name != PART)
    return cell.indicator_id, cell.territory_id, cell.start, cell.end, cell.status, cell.unit, others, whole


def _sum(rows: Sequence[CellValue], stated: CellValue | None) -> Entry:
    known = [row.standing.value for row in rows if row.standing.value is not None]
    total = sum(known, Decimal(0))
    first = rows[0].figure
    why = "cells:" + ",".join(str(row.cell.pk) for row in sorted(rows, key=lambda row: row.cell.pk))
    shown: Entry = {
        "indicator": rows[0].cell.indicator_id,
        "label": rows[0].cell.indicator.label,
        "breakdown": " · ".join(text for text in rows[0].cell.breakdown.split(";") if not text.startswith(f"{PART}=")),
        "cells": [row.cell.pk for row in rows],
        "parts": len(rows),
        "known": len(known),
        "figure": kept(Figure(value=total, unit=first.unit, period=first.period, why=why)),
    }
    if stated is not None:
        shown |= {"stated": stated.cell.pk, "agrees": stated.standing.value == total and len(known) == len(rows)}
    return shown
