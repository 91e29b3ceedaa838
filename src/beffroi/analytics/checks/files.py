"""Files whose steps are dated out of their order, or twice."""

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, period
from beffroi.analytics.checks.rows import Row, grouped
from beffroi.analytics.tables import FILE_STEPS, require


def dated_steps(file_steps: pl.DataFrame) -> list[list[Row]]:
    """The steps of each file that happen once and have a date."""
    table = require(file_steps, FILE_STEPS).filter(pl.col("on").is_not_null(), pl.col("position").is_not_null())
    return list(grouped(table.to_dicts(), lambda row: row["file"]).values())


def file_step_before_its_cause(file_steps: pl.DataFrame) -> pl.DataFrame:
    """FILE_STEPS. A step of a file dated before a step that comes earlier in its life cycle. One finding per pair of steps."""
    return as_table(found for rows in dated_steps(file_steps) for found in _too_early(rows))


def _too_early(rows: list[Row]) -> Iterator[Finding]:
    for one, other in combinations(sorted(rows, key=lambda row: row["position"]), 2):
        if one["position"] < other["position"] and other["on"] < one["on"]:
            days = (one["on"] - other["on"]).days
            yield _finding("file_step_before_its_cause", one, other, "chaque étape après celle qui la précède", days)


def file_step_dated_twice(file_steps: pl.DataFrame) -> pl.DataFrame:
    """FILE_STEPS. A step of a file that happens once, and has two dates."""
    return as_table(found for rows in dated_steps(file_steps) for found in _two_dates(rows))


def _two_dates(rows: list[Row]) -> Iterator[Finding]:
    for one, other in combinations(sorted(rows, key=lambda row: row["on"]), 2):
        if one["position"] == other["position"] and one["on"] != other["on"]:
            yield _finding("file_step_dated_twice", one, other, "une seule date", (other["on"] - one["on"]).days)


def _finding(check: str, one: Row, other: Row, expected: str, days: int) -> Finding:
    written = " ; ".join(f"{row['step_label']} {period(row['on'], row['on'])}" for row in (one, other))
    return Finding(check, [one["file"], one["ref"], other["ref"]], one["file_label"], written, expected, f"{days} jours")
