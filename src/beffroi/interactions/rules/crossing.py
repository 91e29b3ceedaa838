"""Two classifications of the same companies crossed: small counts are hidden before anyone sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from beffroi.analytics import secrecy
from beffroi.core.figures import Figure

UNKNOWN = ""  # the class of a company of which not enough is known


@dataclass(frozen=True)
class Cell:
    """`companies` is unknown when it is secret; `expected` is what two classifications without any tie would give."""

    companies: int | None
    expected: float | None = None
    share: float | None = None

    @property
    def is_secret(self) -> bool:
        return self.companies is None

    @property
    def share_figure(self) -> Figure:
        return Figure(value=self.share, unit="ratio")

    @property
    def expected_figure(self) -> Figure:
        return Figure(value=None if self.expected is None else round(self.expected, 1))


@dataclass(frozen=True)
class Crossed:
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    companies: int

    def line(self, row: str) -> list[Cell]:
        return [self.cells[row, column] for column in self.columns]


def crossed(pairs: pl.DataFrame, *, rows: Sequence[str], columns: Sequence[str]) -> Crossed:
    """pairs: one, other, companies; classes in the order to show them, each shown even if nobody is in it. A cell of one or two
    companies is hidden, and one more of its line and of its column, from which it would be deduced."""
    counted = {(one, other): n for one, other, n in pairs.select("one", "other", "companies").iter_rows()}
    units = [counted.get((row, column), 0) for row in rows for column in columns]
    grid = [(row, column) for row in rows for column in columns]
    shown = _shown(grid, units)
    total = sum(units)
    of_row = {row: sum(counted.get((row, column), 0) for column in columns) for row in rows}
    of_column = {column: sum(counted.get((row, column), 0) for row in rows) for column in columns}
    cells = {}
    for (row, column), n in zip(grid, units, strict=True):
        known = (row, column) in shown
        share = n / of_row[row] if known and of_row[row] else None
        expected = of_row[row] * of_column[column] / total if known and total else None
        cells[row, column] = Cell(n if known else None, expected, share)
    return Crossed(tuple(rows), tuple(columns), cells, total)


def _shown(grid: Sequence[tuple[str, str]], units: Sequence[int]) -> set[tuple[str, str]]:
    """The cells that may be shown."""
    cells = {
        "territory": [row for row, _column in grid],
        "activity": [column for _row, column in grid],
        "value": [float(n) for n in units],
        "units": list(units),
        "largest": [0.0] * len(units),
    }
    types = {"territory": pl.String, "activity": pl.String, "value": pl.Float64, "units": pl.Int64, "largest": pl.Float64}
    hidden = secrecy.hide_deducible_cells(secrecy.hide_small_cells(pl.DataFrame(cells, schema=types)))
    return {(row["territory"], row["activity"]) for row in hidden.to_dicts() if row["value"] is not None}


def counted(classes: Mapping[str, int], *, order: Sequence[str]) -> dict[str, int | None]:
    """How many companies each class has; None when it is secret."""
    least = secrecy.LEAST_UNITS
    small = [name for name in order if 0 < classes.get(name, 0) < least]
    others = sorted((n, name) for name in order if (n := classes.get(name, 0)) >= least)
    hidden = {*small, *([others[0][1]] if len(small) == 1 and others else [])}
    return {name: None if name in hidden else classes.get(name, 0) for name in order}
