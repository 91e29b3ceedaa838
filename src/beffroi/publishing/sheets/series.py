"""One series of an indicator as a picture and as a table: results over periods, beside what was aimed at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from beffroi.core.formats import period_text
from beffroi.indicators.enums import Status
from beffroi.indicators.queries import CellValue, TargetProgress
from beffroi.indicators.queries.targets import TARGETS
from beffroi.publishing.charts import Spec, Table, line_chart, target_chart

FEWEST_POINTS = 2
# Which bounds are known, and the mark that shows them
BOUNDS: tuple[tuple[bool, bool, Spec], ...] = (
    (True, True, {"type": "rule", "strokeWidth": 4}),
    (True, False, {"type": "point", "shape": "triangle-up", "filled": True, "size": 80}),
    (False, True, {"type": "point", "shape": "triangle-down", "filled": True, "size": 80}),
)


@dataclass(frozen=True)
class Series:
    """The values of one breakdown and one territory over dated periods."""

    key: str
    label: str
    values: Sequence[CellValue]

    @property
    def periods(self) -> int:
        return len({value.cell.end for value in self.values})


def all_series(values: Sequence[CellValue]) -> list[Series]:
    """Those that a picture can show, the longest first."""
    places = {value.cell.territory_id for value in values}
    groups: dict[tuple[int, str], list[CellValue]] = defaultdict(list)
    for value in values:
        if value.cell.end is not None:
            groups[value.cell.territory_id or 0, value.cell.breakdown].append(value)
    found = [
        Series(f"{place}:{words}", _series_label(rows[0], len(places) > 1), rows) for (place, words), rows in groups.items()
    ]
    drawn = [series for series in found if series.periods >= FEWEST_POINTS or _has_target(series)]
    return sorted(drawn, key=lambda series: (-series.periods, series.key))


def _has_target(series: Series) -> bool:
    statuses = {value.cell.status for value in series.values}
    return Status.ACTUAL in statuses and not statuses.isdisjoint(TARGETS)


def _series_label(value: CellValue, with_place: bool) -> str:
    words = value.cell.breakdown.replace(";", " · ").replace("=", " : ") or str(_("ensemble"))
    return f"{words} · {value.cell.territory}" if with_place and value.cell.territory else words


def pictured(values: Sequence[CellValue], targets: Sequence[TargetProgress], chosen: str) -> dict[str, Any] | None:
    """One series as a picture and as a table, and the names of the others."""
    found = all_series(values)
    if not found:
        return None
    series = next((row for row in found if row.key == chosen), found[0])
    rows, unit = points(series.values, targets), series.values[0].figure.unit
    data = [{name: row[name] for name in ("period", "value", "target")} for row in rows]
    if any(row["target"] is not None for row in rows):
        spec = target_chart(data, x="period", y="value", target="target", y_title=unit)
    else:
        spec = line_chart(data, x="period", y="value", y_title=unit)
    return {
        "spec": with_ranges(spec, rows),
        "table": _table(rows, unit),
        "series": found,
        "chosen": series,
        "has_targets": any(row["target"] is not None for row in rows),
        "has_bounds": any(row["low"] is not None or row["high"] is not None for row in rows),
    }


def points(values: Sequence[CellValue], targets: Sequence[TargetProgress]) -> list[dict[str, Any]]:
    """One point a period, in the order of time. A target stands where the result that meets it stands; without a result,
    at the end of its own period."""
    found: dict[Any, dict[str, Any]] = {}
    for value in values:
        if value.cell.status not in TARGETS:
            _say(found, value)
    shown = {value.cell.pk for value in values}
    for row in sorted(targets, key=lambda row: (row.target.cell.end or date.min, row.target.cell.pk)):
        if row.target.cell.pk in shown:
            cell = (row.actual or row.target).cell
            point = found.setdefault((cell.end, cell.start), _empty_point(cell.written_period))
            point |= {"target": _plain(row.target.figure.value), "aimed": row.target.figure}
    return [found[place] for place in sorted(found)]


def _say(found: dict[Any, dict[str, Any]], value: CellValue) -> None:
    point = found.setdefault((value.cell.end, value.cell.start), _empty_point(value.cell.written_period))
    if point["said"] is not None and value.cell.status != Status.ACTUAL:
        return
    ends = (value.figure.low, value.figure.high) if value.figure.is_range else (None, None)
    point |= {"value": _plain(value.figure.value), "low": _plain(ends[0]), "high": _plain(ends[1]), "said": value.figure}


def _empty_point(written: str) -> dict[str, Any]:
    return {
        "period": period_text(written),
        "value": None,
        "target": None,
        "low": None,
        "high": None,
        "said": None,
        "aimed": None,
    }


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


def with_ranges(spec: Spec, rows: list[dict[str, Any]]) -> Spec:
    """A value known between bounds is a line between them; known on one side, a triangle that points to the other."""
    place = {"x": {"field": "period", "type": "nominal", "sort": None}}
    layers = []
    for low, high, mark in BOUNDS:
        known = [{"period": row["period"], "low": row["low"], "high": row["high"]} for row in rows]
        known = [row for row in known if (row["low"] is not None) == low and (row["high"] is not None) == high]
        ends: Spec = {"y": {"field": "low" if low else "high", "type": "quantitative"}}
        ends |= {"y2": {"field": "high"}} if low and high else {}
        if known:
            layers.append({"data": {"values": known}, "mark": {**mark, "color": "--unknown"}, "encoding": {**place, **ends}})
    return {**spec, "layer": [*spec["layer"], *layers]}


def _table(rows: list[dict[str, Any]], unit: str) -> Table:
    said = _("Constaté (%(unit)s)") % {"unit": unit} if unit else _("Constaté")
    aimed = any(row["aimed"] for row in rows)
    columns = [_("Période"), said, *([_("Objectif")] if aimed else [])]
    return Table(
        columns,
        [[row["period"], row["said"] or _("aucun résultat"), *([row["aimed"] or ""] if aimed else [])] for row in rows],
    )
