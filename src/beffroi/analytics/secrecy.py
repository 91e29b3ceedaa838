"""Statistical secrecy: which cells of a table to hide before anyone sees it (INSEE, guide du secret statistique)."""

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from beffroi.analytics import frames, tables

# Business data, INSEE guide: at least three units in a cell, none of them with 85 % of it or more
LEAST_UNITS = 3
DOMINANT_SHARE = 0.85
CELL = ["territory", "activity"]


class RepeatedCells(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Une cellule a deux lignes : on ne peut pas dire ce qui s’en déduit.")


class WrongThreshold(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Le nombre d’unités est au moins 1, la part dominante est au-dessus de 0 et au plus 1.")


class WrongCounts(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Un nombre d’unités est négatif, ou la plus grande unité dépasse sa cellule.")


def counted_cells(units: pl.DataFrame) -> pl.DataFrame:
    """Cells from units (territory, activity, value: one row per establishment): value, units, largest. A unit whose value is
    unknown counts, and makes the value and the largest unknown. Raises MissingColumns, NotNumbers, OutOfRange, NamelessRows."""
    table = _read(units, tables.JOBS, ["value"])
    known = pl.col("value").null_count() == 0
    counted = table.group_by(CELL).agg(
        value=pl.when(known).then(pl.col("value").sum()),
        units=pl.len().cast(pl.Int64),
        largest=pl.when(known).then(pl.col("value").max()),
    )
    return counted.sort(CELL)


def hide_small_cells(
    cells: pl.DataFrame, *, least_units: int = LEAST_UNITS, dominant_share: float = DOMINANT_SHARE
) -> pl.DataFrame:
    """Primary secrecy: the value of a cell is hidden when fewer than `least_units` units answered (few_units), when the largest
    has `dominant_share` of it or more (dominance), or when either count is unknown (unknown_units): what cannot be shown safe
    is hidden. A cell without any unit holds no secret.

    `cells`: territory, activity, value, units, largest. Returns territory, activity, value (null when hidden), units (null
    when hidden), secret (the reason, null when shown). Raises WrongThreshold, WrongCounts, RepeatedCells, MissingColumns,
    NotNumbers, NamelessRows.
    """
    if least_units < 1 or not 0 < dominant_share <= 1:
        raise WrongThreshold
    table = _checked(cells)
    value, units, largest = pl.col("value"), pl.col("units"), pl.col("largest")
    reason = (
        pl.when(units == 0).then(None)
        .when(units < least_units).then(pl.lit("few_units"))
        .when(units.is_null()).then(pl.lit("unknown_units"))
        .when(value.is_null()).then(None)
        .when(largest.is_null()).then(pl.lit("unknown_units"))
        .when((value > 0) & (largest >= dominant_share * value)).then(pl.lit("dominance"))
    )  # fmt: skip
    shown = pl.col("secret").is_null()
    hidden = table.with_columns(secret=reason)
    return hidden.select(*CELL, pl.when(shown).then(value).alias("value"), pl.when(shown).then(units).alias("units"), "secret")


def _checked(cells: pl.DataFrame) -> pl.DataFrame:
    table = _read(cells, tables.COUNTED_CELLS, ["value", "units", "largest"])
    if table.select((pl.col("units") < 0).any() | (pl.col("largest") > pl.col("value")).any()).item():
        raise WrongCounts
    if table.select(CELL).is_duplicated().any():
        raise RepeatedCells
    return table


def _read(given: pl.DataFrame, declared: tables.Table, numbers: Sequence[str]) -> pl.DataFrame:
    """The declared columns, every cell named and every number finite; unknown stays null."""
    table = tables.require(given, declared)
    for name in CELL:
        if table[name].null_count():
            raise frames.NamelessRows(declared.name, name)
    for name in numbers:
        if not (table[name].dtype.is_numeric() or table[name].dtype == pl.Null):
            raise frames.NotNumbers(declared.name, name)
        if (~table[name].cast(pl.Float64).is_finite()).any():
            raise frames.NotNumbers(declared.name, name)
    reals = [name for name in numbers if declared.columns[name] == tables.REAL]
    table = table.with_columns(pl.col(reals).cast(pl.Float64))
    for name in reals:
        if (table[name].abs() > tables.LARGEST).any():
            raise tables.OutOfRange(declared.name, name)
    return table


def hide_deducible_cells(cells: pl.DataFrame, *, exempt: Sequence[str] = ()) -> pl.DataFrame:
    """Secondary secrecy, where totals by territory and by activity are published: a line with one hidden cell gives it back by
    subtraction, so its smallest other cell is hidden too (deducible), until no line has exactly one.

    `cells`: territory, activity, value, secret, as `hide_small_cells` gives them. `exempt`: activities and territories that are
    totals: their cells are left as they are. A zero is known to be zero and protects nothing. Returns the same
    columns; a line left with one hidden cell and nothing else to hide is marked no_partner. Raises RepeatedCells,
    MissingColumns, NotNumbers, OutOfRange, NamelessRows.
    """
    declared = tables.Table("cells", {**tables.texts(*CELL), "value": tables.REAL, "secret": tables.TEXT})
    _read(cells, declared, ["value"])
    if cells.select(CELL).is_duplicated().any():
        raise RepeatedCells
    rows = cells.to_dicts()
    inside = [row for row in rows if row["territory"] not in exempt and row["activity"] not in exempt]
    lines = [*_lines(inside, "territory"), *_lines(inside, "activity")]
    while any([_protect(line) for line in lines]):
        pass
    return pl.DataFrame(rows, schema=cells.schema)


def _lines(rows: Iterable[dict[str, Any]], key: str) -> list[list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return list(found.values())


def _protect(line: list[dict[str, Any]]) -> bool:
    """Hides one more cell of the line if one alone is hidden; whether it did."""
    hidden = [row for row in line if row["value"] is None]
    if len(hidden) != 1 or not hidden[0]["secret"]:
        return False
    shown = [row for row in line if row["value"]]
    partners = sorted(shown, key=lambda row: (row["value"], str(row["territory"]), str(row["activity"])))
    if not partners:
        hidden[0]["secret"] = f"{str(hidden[0]['secret']).removesuffix(', no_partner')}, no_partner"
        return False
    partners[0].update(value=None, secret="deducible", **({"units": None} if "units" in partners[0] else {}))
    return True
