"""How near activities are to one another, and how near each territory is to those it does not have."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from beffroi.analytics.relatedness.grid import Grid, Matrix, Numbers, UnknownChoice, chosen

Single = NDArray[np.float32]
MEASURES = ("proximity", "association", "probability", "cosine", "jaccard")
BLOCK = 1024  # activities at a time: the square matrix of activities is never whole in memory


def near(grid: Grid, columns: slice, *, measure: str, present: Single, co_occurrences: Numbers | None) -> Matrix:
    """Columns of the matrix of relatedness; 0 where an activity is nowhere present. The diagonal is as defined:
    1 for proximity, 0 for the others, which count only pairs of different activities."""
    counts = (present.T @ present[:, columns]).astype(np.float64)
    if measure == "proximity":
        ubiquity = np.maximum(grid.ubiquity, 1)
        counts /= np.maximum(ubiquity[:, None], ubiquity[columns][None, :])
        return np.asarray(counts)
    _clear_diagonal(counts, columns)
    each = pairs(grid) if co_occurrences is None else co_occurrences
    expected = _expected(measure, counts, each[:, None], each[columns][None, :])
    return np.divide(counts, expected, out=np.zeros_like(counts), where=expected > 0)


def _expected(measure: str, counts: Matrix, one: Numbers, other: Numbers) -> Matrix:
    """What co-occurrences are divided by (van Eck and Waltman 2009; Steijn for probability, in EconGeo)."""
    total = one.sum()
    if measure == "association":
        return np.asarray(one * other / total)
    if measure == "cosine":
        return np.asarray(np.sqrt(one * other))
    if measure == "jaccard":
        return np.asarray(one + other - counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nan_to_num(one * other / 2 * (1 / (total - one) + 1 / (total - other)), posinf=0.0))


def pairs(grid: Grid) -> Numbers:
    """Co-occurrences of each activity with all others."""
    return np.asarray(grid.mcp.T @ grid.diversity - grid.ubiquity)


def _clear_diagonal(matrix: Matrix, columns: slice) -> None:
    here = np.arange(matrix.shape[1])
    matrix[here + columns.start, here] = 0.0


def blocks(size: int) -> Iterator[slice]:
    for start in range(0, size, BLOCK):
        yield slice(start, min(start + BLOCK, size))


def nearness(grid: Grid, *, measure: str, with_self: bool, linked_at: float | None) -> Iterator[tuple[slice, Matrix]]:
    """The matrix of relatedness by blocks of columns, its diagonal decided, cut to 0 or 1 where asked."""
    chosen("measure", measure, MEASURES)
    if with_self and measure != "proximity":
        raise UnknownChoice("with_self", with_self, (False,))
    each = None if measure == "proximity" else pairs(grid)
    present = grid.mcp.astype(np.float32)  # counts stay exact, in half the time
    for columns in blocks(len(grid.activities)):
        found = near(grid, columns, measure=measure, present=present, co_occurrences=each)
        if not with_self:
            _clear_diagonal(found, columns)
        yield columns, found if linked_at is None else (found >= linked_at).astype(np.float64)


def densities(
    grid: Grid,
    *,
    measure: str = "proximity",
    with_self: bool = False,
    linked_at: float | None = None,
    raw_pci: Numbers | None = None,
) -> tuple[Matrix, Matrix | None]:
    """Density of each territory around each activity: M phi / sum phi, nan where the activity is related to none.

    With raw_pci, also the complexity outlook gain before scaling: what the absent activities around an absent one would
    bring. Relatedness is symmetric: one pass over its blocks serves both.
    """
    density, sums = np.zeros_like(grid.mcp), np.empty(len(grid.activities))
    worth = None if raw_pci is None else (1 - grid.mcp) * np.nan_to_num(raw_pci)
    gains = None if worth is None else np.zeros_like(grid.mcp)
    for columns, found in nearness(grid, measure=measure, with_self=with_self, linked_at=linked_at):
        sums[columns] = found.sum(axis=0)
        density += grid.mcp[:, columns] @ found.T
        if worth is not None and gains is not None:
            gains += (worth[:, columns] * _inverse(sums[columns], 0.0)) @ found.T
    density *= _inverse(sums, np.nan)
    if gains is not None:
        gains *= 1 - grid.mcp
    return density, gains


def _inverse(sums: Numbers, otherwise: float) -> Numbers:
    return np.divide(1.0, sums, out=np.full_like(sums, otherwise), where=sums > 0)
