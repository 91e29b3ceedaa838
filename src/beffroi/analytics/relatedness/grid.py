"""Territories by activities as a matrix: who does what more than its share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from beffroi.analytics import tables

Matrix = NDArray[np.float64]
Numbers = NDArray[np.float64]
PRESENCES = ("rca", "given")
TIE = 1e-12  # a quotient this near the threshold reaches it: three sevenths over three sevenths is 1, whatever the rounding


class UnknownCells(tables.Refusal):
    def __init__(self, cells: int, example: Sequence[object]) -> None:
        super().__init__(
            f"{cells} valeur(s) inconnue(s), dont « {' / '.join(map(str, example))} » : les totaux, donc tous les indices, le "
            "seraient aussi. Complétez-les, ou retirez ces activités et dites-le."
        )


class NegativeCells(tables.Refusal):
    def __init__(self, cells: int, example: Sequence[object]) -> None:
        super().__init__(
            f"{cells} valeur(s) négative(s), dont « {' / '.join(map(str, example))} » : un avantage comparatif "
            "n’a alors pas de sens (soustraire une région d’un pays en produit)."
        )


class NamelessCells(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Des lignes n’ont pas de territoire, pas d’activité ou pas d’année.")


class TooSmall(tables.Refusal):
    def __init__(self, territories: int, activities: int) -> None:
        super().__init__(
            f"Il faut deux territoires et deux activités au moins, de total non nul ({territories} et {activities} ici)."
        )


class NotPresence(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Avec presence=given, la colonne « value » ne contient que des 0 et des 1.")


class UnknownChoice(tables.Refusal):
    def __init__(self, option: str, value: object, choices: Sequence[object]) -> None:
        super().__init__(f"L’option {option} ne connaît pas « {value} ». Choix : {', '.join(map(str, choices))}.")


@dataclass(frozen=True)
class Grid:
    """`values`: territories x activities, margins all above zero. `mcp`: 1 where the activity is present, else 0.
    `idle_territories`, `idle_activities`: those whose total is zero, of which nothing can be said."""

    year: object
    territories: pl.Series
    activities: pl.Series
    idle_territories: pl.Series
    idle_activities: pl.Series
    values: Matrix
    mcp: Matrix
    rca: Matrix | None

    @property
    def diversity(self) -> Numbers:
        return np.asarray(self.mcp.sum(axis=1))

    @property
    def ubiquity(self) -> Numbers:
        return np.asarray(self.mcp.sum(axis=0))


def chosen(option: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise UnknownChoice(option, value, choices)
    return value


def grids(jobs: pl.DataFrame, *, presence: str, threshold: float) -> Iterator[Grid]:
    """One grid a year where the table has a year, else one."""
    chosen("presence", presence, PRESENCES)
    tables.refuse_not_finite(threshold=threshold)
    for year, cells in years(jobs):
        yield grid(cells, year=year, presence=presence, threshold=threshold)


def years(jobs: pl.DataFrame) -> Iterator[tuple[object, pl.DataFrame]]:
    found = tables.require_typed(jobs, tables.JOBS)
    _refuse(found)
    # Names as enumerations: ten million pairs then weigh four bytes a name
    found = found.with_columns(pl.col(name).cast(pl.Enum(found[name].unique().sort())) for name in ("territory", "activity"))
    if "year" not in jobs.columns:
        yield None, found
        return
    dated = found.with_columns(jobs["year"])
    if dated["year"].has_nulls():
        raise NamelessCells
    for year in dated["year"].unique().sort():
        yield year, dated.filter(pl.col("year") == year).drop("year")


def _refuse(cells: pl.DataFrame) -> None:
    if not cells.height:
        raise TooSmall(0, 0)
    if cells["territory"].has_nulls() or cells["activity"].has_nulls():
        raise NamelessCells
    for error, wrong in (
        (UnknownCells, pl.col("value").is_null()),
        (NegativeCells, pl.col("value") < 0),
    ):
        rows = cells.filter(wrong)
        if rows.height:
            raise error(rows.height, rows.row(0)[:2])
    if cells.select(pl.col("value").is_between(0, tables.SMALLEST, closed="right").any()).item():
        raise tables.OutOfRange(tables.JOBS.name, "value")


def grid(cells: pl.DataFrame, *, year: object, presence: str, threshold: float) -> Grid:
    territories, activities = (cells[name].unique().sort() for name in ("territory", "activity"))
    values = _scattered(cells, territories, activities)
    if presence == "given" and not np.isin(values, (0.0, 1.0)).all():
        raise NotPresence
    rows, columns = values.sum(axis=1) > 0, values.sum(axis=0) > 0
    if rows.sum() < 2 or columns.sum() < 2:
        raise TooSmall(int(rows.sum()), int(columns.sum()))
    if not (rows.all() and columns.all()):
        values = values[np.ix_(rows, columns)]
    rca = quotient(values) if presence == "rca" else None
    mcp = values if rca is None else (rca >= threshold * (1 - TIE)).astype(np.float64)
    idle = territories.filter(pl.Series(~rows)), activities.filter(pl.Series(~columns))
    return Grid(year, territories.filter(pl.Series(rows)), activities.filter(pl.Series(columns)), *idle, values, mcp, rca)


def _scattered(cells: pl.DataFrame, territories: pl.Series, activities: pl.Series) -> Matrix:
    places = []
    for name, known in (("territory", territories), ("activity", activities)):
        places.append(np.searchsorted(known.to_physical().to_numpy(), cells[name].to_physical().to_numpy()))
    flat = places[0] * len(activities) + places[1]
    shape = len(territories), len(activities)
    summed: Matrix = np.bincount(flat, cells["value"].to_numpy(), minlength=shape[0] * shape[1]).astype(np.float64, copy=False)
    return summed.reshape(shape)


def quotient(values: Matrix) -> Matrix:
    """Revealed comparative advantage (Balassa 1965): share of the activity in the territory over its share everywhere."""
    rows, columns = values.sum(axis=1), values.sum(axis=0)
    result = values * (1 / rows)[:, None]
    result *= (rows.sum() / columns)[None, :]
    return np.asarray(result)


def components(grid: Grid) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The component of each territory and of each activity in the graph of who does what; isolated ones are alone in theirs."""
    links = sparse.csr_array(grid.mcp)
    size = links.shape[0]
    _, labels = connected_components(sparse.block_array([[None, links], [links.T, None]], format="csr"), directed=False)
    return labels[:size], labels[size:]
