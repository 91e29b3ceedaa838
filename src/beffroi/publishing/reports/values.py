"""Indicators in a report: every value, what each target has become, and where it comes from and goes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.indicators.enums import PeriodMeaning, Progress, Status
from beffroi.indicators.models import Cell, Dimension, Observation
from beffroi.indicators.queries import CellValue, TargetProgress, cell_values, target_progress
from beffroi.provenance.models import Claim
from beffroi.provenance.queries import Moment
from beffroi.publishing.reports.figures import kept
from beffroi.publishing.reports.layouts import Layout
from beffroi.publishing.reports.names import Thing

Entry = dict[str, Any]


def is_told(moment: Moment) -> Q:
    return Q(stated_on__isnull=True) | Q(stated_on__lte=moment.as_of)


def values(layout: Layout, *, moment: Moment, viewer: AnyUser) -> list[CellValue]:
    """The cells of the report's frameworks that something says anything of, at this moment."""
    ours = Q(indicator__framework__code__in=layout.frameworks)
    if layout.source:
        ours |= Q(claims__load__snapshot__source__code=layout.source)
    cells = Cell.objects.filter(pk__in=Cell.objects.filter(ours).values("pk"))
    return cell_values(cells, moment=moment, viewer=viewer)


def claims_of(manager: Any, link: str, subjects: Iterable[int], *, moment: Moment, viewer: AnyUser) -> dict[int, list[Claim]]:
    rows = manager.filter(is_told(moment), **{f"{link}__in": list(subjects)}).visible_to(viewer).known_on(moment.known_on)
    found: dict[int, list[Claim]] = defaultdict(list)
    for claim in rows.prefetch_related("load__snapshot__source", "load__profile").order_by("load_id", "row", "pk"):
        found[getattr(claim, f"{link}_id")].append(claim)
    return found


def reference_of(claim: Claim) -> Entry:
    """The row of a source that says a value: what it wrote, and where one can read it."""
    load = claim.load
    if load is None:
        return {"ref": f"user/{claim.key}/{claim.occurrence}", "written": claim.as_written, "place": claim.place}
    source = load.snapshot.source
    return {
        "ref": f"{source.code}/{load.profile.target}/{claim.row}",
        "source": source.code,
        "row": claim.row,
        "written": claim.as_written,
        "place": claim.place,
        "qualifiers": claim.qualifiers,
    }


def observations_of(found: Sequence[CellValue], *, moment: Moment, viewer: AnyUser) -> dict[int, list[Claim]]:
    return claims_of(Observation.objects, "cell", [value.cell.pk for value in found], moment=moment, viewer=viewer)


def dimensions(found: Iterable[CellValue]) -> dict[int, list[Dimension]]:
    rows = Dimension.objects.filter(cell__in=[value.cell.pk for value in found if value.cell.breakdown])
    by_cell: dict[int, list[Dimension]] = defaultdict(list)
    for row in rows.order_by("name", "pk"):
        by_cell[row.cell_id].append(row)
    return by_cell


def things_of(found: Iterable[CellValue], parts: Mapping[int, Sequence[Dimension]]) -> set[Thing]:
    things = {("indicator", value.cell.indicator_id) for value in found}
    things |= {("item", value.cell.territory_id) for value in found if value.cell.territory_id}
    return things | {("item", row.item_id) for rows in parts.values() for row in rows if row.item_id}


def entries(
    found: Iterable[CellValue],
    *,
    claims: Mapping[int, Sequence[Claim]],
    parts: Mapping[int, Sequence[Dimension]],
    named: Mapping[Thing, str],
) -> dict[int, Entry]:
    """Each cell as the report keeps it, with all the rows that say something of it."""
    return {
        value.cell.pk: {
            "cell": value.cell.pk,
            "indicator": value.cell.indicator_id,
            "label": named.get(("indicator", value.cell.indicator_id), value.cell.indicator.label),
            "breakdown": " · ".join(_said(row, named) for row in parts.get(value.cell.pk, ())),
            "territory": named.get(("item", value.cell.territory_id), "") if value.cell.territory_id else "",
            "period": value.cell.written_period,
            "end": value.cell.end.isoformat() if value.cell.end else "",
            "status": value.cell.status,
            "figure": kept(value.figure),
            "rows": [reference_of(claim) for claim in claims[value.cell.pk]],
        }
        for value in found
    }


def _said(row: Dimension, named: Mapping[Thing, str]) -> str:
    value = named.get(("item", row.item_id), row.value) if row.item_id else row.value
    return f"{row.name.replace('_', ' ')} : {value}"


def progress(found: Sequence[CellValue], said: Mapping[int, Entry]) -> list[Entry]:
    """Each target of the report with its result, its trend, and the difference of periods when there is one."""
    actuals: dict[tuple[int, int | None, str], list[CellValue]] = defaultdict(list)
    for value in found:
        if value.cell.status == Status.ACTUAL:
            actuals[value.cell.indicator_id, value.cell.territory_id, value.cell.breakdown].append(value)
    return [_progress_entry(row, actuals, said) for row in target_progress(found)]


def _progress_entry(row: TargetProgress, actuals: Mapping[Any, Sequence[CellValue]], said: Mapping[int, Entry]) -> Entry:
    target = said[row.target.cell.pk]
    shown: Entry = {
        **{name: target[name] for name in ("indicator", "label", "breakdown", "territory")},
        "target": target["cell"],
        "progress": row.progress.value,
        "status": target["status"],
    }
    if row.actual is None:
        return shown
    shown["actual"] = row.actual.cell.pk
    if row.comparison.is_later:
        shown["is_later"] = True
    if row.comparison.share is not None and row.progress in (Progress.REACHED, Progress.BEHIND):
        shown["share"] = f"{row.comparison.share:.6f}"
    if row.pairing:
        shown["pairing"] = row.pairing
    cell = row.actual.cell
    trend = _trend(row.actual, actuals[cell.indicator_id, cell.territory_id, cell.breakdown])
    return shown | ({"trend": trend} if trend else {})


def _trend(actual: CellValue, others: Sequence[CellValue]) -> Entry | None:
    """The result before this one, when both speak of spans of the same length or of a state at a date."""
    before = [value for value in others if _is_before(value, actual)]
    if not before or actual.standing.value is None:
        return None
    previous = max(before, key=lambda value: (value.cell.end, value.cell.pk))
    if previous.standing.value is None:
        return None
    change = actual.standing.value - previous.standing.value
    return {"previous": previous.cell.pk, "sense": "up" if change > 0 else "down" if change < 0 else "same"}


def _is_before(value: CellValue, actual: CellValue) -> bool:
    one, other = value.cell, actual.cell
    if one.end is None or other.end is None or one.start is None or other.start is None or one.end >= other.end:
        return False
    spans = (other.end - other.start).days - (one.end - one.start).days
    is_state = other.indicator.period_meaning in (PeriodMeaning.SINCE_START, PeriodMeaning.AT_DATE)
    return is_state or (abs(spans) <= 3 and one.end < other.start)
