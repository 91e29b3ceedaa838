"""What an activity adds up to, each thing once: pure, on rows (thing, operator, priority area, territory, company)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from beffroi.interactions.enums import Measure

COLUMNS = {"id": pl.Int64, "operator": pl.Int64, "area": pl.Int64, "zone": pl.Int64, "subject": pl.Int64}
REACHING = (Measure.VISITS, Measure.SUPPORTS, Measure.PARTICIPATIONS)  # what touches a company; a need is said during one
DIMENSIONS = ("operator", "area", "zone")
ALL = ""
Row = tuple[int, int | None, int | None, int | None, int | None]
Counts = dict[str, dict[str, int]]


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    years, place = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, place + 1, 1)


def year_before(day: date) -> date:
    """The same day; of 29 February, the 28th."""
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def end_of(month: date) -> date:
    """Its last day."""
    return months_before(month, -1) - timedelta(days=1)


def key(dimension: str, value: int | None) -> str:
    return f"{dimension}:{'' if value is None else value}"


def tally(rows: Mapping[str, Sequence[Row]]) -> Counts:
    """For everything, then for each operator, area and territory: how many things of each measure, how many companies.

    A thing of two areas counts in both and once in all."""
    frames = {name: pl.DataFrame(found, schema=COLUMNS, orient="row") for name, found in rows.items()}
    touched = [frames[name] for name in REACHING if name in frames]
    counts: Counts = {ALL: {}}
    for name, frame in frames.items():
        _count(counts, name, frame, "id")
    if touched:
        _count(counts, Measure.COMPANIES, pl.concat(touched).drop_nulls("subject"), "subject")
    return counts


def _count(counts: Counts, name: str, frame: pl.DataFrame, what: str) -> None:
    if not frame.height:
        return
    counts[ALL][str(name)] = frame[what].n_unique()
    for dimension in DIMENSIONS:
        for value, count in frame.group_by(dimension).agg(pl.col(what).n_unique()).iter_rows():
            counts.setdefault(key(dimension, value), {})[str(name)] = count


@dataclass(frozen=True)
class Step:
    """`reached` of `of`: those of the step before. Nothing to divide by: the share is unknown, not zero."""

    name: str
    reached: int
    of: int | None

    @property
    def share(self) -> float | None:
        return self.reached / self.of if self.of else None


def funnel(steps: Sequence[tuple[str, Collection[int]]]) -> list[Step]:
    """Each step is counted among those who made the one before."""
    found: list[Step] = []
    among: set[int] | None = None
    for name, subjects in steps:
        here = set(subjects) if among is None else set(subjects) & among
        found.append(Step(name, len(here), None if among is None else len(among)))
        among = here
    return found


def difference(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before
