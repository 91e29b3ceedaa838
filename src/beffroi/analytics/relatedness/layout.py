"""Matrices and margins back to tables."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from beffroi.analytics.relatedness.grid import Grid, Matrix, Numbers

COUNTS = {"mcp": pl.Int8(), "diversity": pl.Int32(), "ubiquity": pl.Int32()}
OF_TERRITORIES = ("diversity", "eci", "coi")


def by_pair(grid: Grid, matrices: Mapping[str, Matrix | None], margins: Mapping[str, Numbers] | None = None) -> pl.DataFrame:
    """One row per pair; what has no total comes last, its value zero and all else null."""
    rows, columns = len(grid.territories), len(grid.activities)
    found = {
        "territory": grid.territories.gather(np.repeat(np.arange(rows, dtype=np.uint32), columns)),
        "activity": grid.activities.gather(np.tile(np.arange(columns, dtype=np.uint32), rows)),
        **year(grid, rows * columns),
    }
    found |= {name: _column(name, matrix, rows * columns) for name, matrix in matrices.items()}
    for name, numbers in (margins or {}).items():
        repeated = np.repeat(numbers, columns) if name in OF_TERRITORIES else np.tile(numbers, rows)
        found[name] = _column(name, repeated, rows * columns)
    return _with_idle(grid, pl.DataFrame(found))


def by_side(grid: Grid, side: str, columns: Mapping[str, Numbers]) -> pl.DataFrame:
    """One row per territory or per activity, in order; null for those that have no total."""
    known, idle = (grid.territories, grid.idle_territories) if side == "territory" else (grid.activities, grid.idle_activities)
    found = {
        side: known,
        **year(grid, len(known)),
        **{name: _column(name, values, len(known)) for name, values in columns.items()},
    }
    rest = pl.DataFrame({side: idle, **year(grid, len(idle))})
    return pl.concat([pl.DataFrame(found), rest], how="diagonal").sort(side).with_columns(pl.col(side).cast(pl.String))


def year(grid: Grid, length: int) -> dict[str, pl.Series]:
    return {} if grid.year is None else {"year": pl.Series([grid.year]).new_from_index(0, length)}


def _column(name: str, values: Matrix | Numbers | None, length: int) -> pl.Series:
    if values is None:
        return pl.Series([None], dtype=pl.Float64).new_from_index(0, length)
    flat = values.reshape(-1)
    series = pl.Series(flat, nan_to_null=bool(np.isnan(flat).any()))
    return series.cast(COUNTS[name]) if name in COUNTS else series


def _with_idle(grid: Grid, found: pl.DataFrame) -> pl.DataFrame:
    if not len(grid.idle_territories) and not len(grid.idle_activities):
        return found
    everywhere = pl.concat([grid.activities, grid.idle_activities])
    rest = [
        pl.DataFrame({"territory": territories}).join(pl.DataFrame({"activity": activities}), how="cross")
        for territories, activities in ((grid.territories, grid.idle_activities), (grid.idle_territories, everywhere))
    ]
    idle = pl.concat(rest)
    known = {**year(grid, idle.height)} | ({"value": pl.zeros(idle.height, eager=True)} if "value" in found.columns else {})
    return pl.concat([found, idle.with_columns(**known)], how="diagonal")
