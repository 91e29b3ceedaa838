"""How near activities are to one another, and how near each territory is to those it does not have."""

from collections.abc import Iterator

import numpy as np

from beffroi.analytics.relatedness.grid import Grid, Matrix, Numbers, UnknownChoice, chosen

MEASURES = ("proximity", "association", "probability", "cosine", "jaccard")
BLOCK = 1024  # activities at a time: the square matrix of activities is never whole in memory


def near(grid: Grid, columns: slice, *, measure: str = "proximity", co_occurrences: Numbers | None = None) -> Matrix:
    """Columns of the matrix of relatedness; 0 where an activity is nowhere present. The diagonal is as defined:
    1 for proximity, 0 for the others, which count only pairs of different activities."""
    counts = grid.mcp.T @ grid.mcp[:, columns]
    if measure == "proximity":
        ubiquity = np.maximum(grid.ubiquity, 1)
        counts /= np.maximum(ubiquity[:, None], ubiquity[columns][None, :])
        return np.asarray(counts)
    _clear_diagonal(counts, columns)
    each = co_occurrences if co_occurrences is not None else pairs(grid)
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
    for columns in blocks(len(grid.activities)):
        found = near(grid, columns, measure=measure, co_occurrences=each)
        if not with_self:
            _clear_diagonal(found, columns)
        yield columns, found if linked_at is None else (found >= linked_at).astype(np.float64)


def densities(
    grid: Grid, *, measure: str = "proximity", with_self: bool = False, linked_at: float | None = None
) -> tuple[Matrix, Numbers]:
    """Density of each territory around each activity (nan where the activity is related to none), and the sums of
    relatedness of each activity. omega = M phi / sum phi."""
    result = np.empty_like(grid.mcp)
    sums = np.empty(len(grid.activities))
    for columns, found in nearness(grid, measure=measure, with_self=with_self, linked_at=linked_at):
        sums[columns] = found.sum(axis=0)
        np.matmul(grid.mcp, found, out=result[:, columns])
    with np.errstate(divide="ignore", invalid="ignore"):
        result *= np.where(sums > 0, 1 / sums, np.nan)
    return result, sums


def gains(grid: Grid, raw_pci: Numbers, sums: Numbers, *, with_self: bool) -> Matrix:
    """Complexity outlook gain, before scaling: what the missing activities around this one would bring."""
    absent = 1 - grid.mcp
    worth = np.where(sums > 0, np.nan_to_num(raw_pci) / np.where(sums > 0, sums, 1), 0.0)
    weighted = absent * worth
    result = np.empty_like(absent)
    for columns, found in nearness(grid, measure="proximity", with_self=with_self, linked_at=None):
        np.matmul(weighted, found, out=result[:, columns])
    result *= absent
    return result
