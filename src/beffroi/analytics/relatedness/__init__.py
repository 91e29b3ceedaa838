"""Which activities are near one another, which territories are near what they do not have, and how complex both are.

Hidalgo, Klinger, Barabási and Hausmann, Science 317 (2007): proximity, density. Hidalgo and Hausmann, PNAS 106 (2009):
complexity, method of reflections. Hausmann, Hidalgo et al., The Atlas of Economic Complexity (2014): outlook. Van Eck and
Waltman (2009), Balland, Boschma, Crespo and Rigby (2019): other measures of relatedness.

Every method reads JOBS (territory, activity, value; any quantity that adds up) and, where the table has a `year`, answers
year by year. Rows of one cell are added up, a row that is not there is a zero, an unknown value is refused: all totals
would be unknown. A territory or an activity whose total is zero stays in the result with null indices.

Common options. presence: « rca » (present when the quotient reaches the threshold) or « given » (value is 0 or 1).
threshold: of the quotient, 1 by default, reached included. Common refusals: MissingColumns, WrongType, UnknownCells,
NegativeCells, NamelessCells, TooSmall, NotPresence, UnknownChoice.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from beffroi.analytics import tables
from beffroi.analytics.relatedness import layout
from beffroi.analytics.relatedness.eigenvectors import (
    Disconnected,
    NoDifference,
    NoDirection,
    RepeatedEigenvalue,
    Spectrum,
    spectrum,
)
from beffroi.analytics.relatedness.grid import (
    Grid,
    Matrix,
    NamelessCells,
    NegativeCells,
    NotPresence,
    Numbers,
    TooSmall,
    UnknownCells,
    UnknownChoice,
    chosen,
    grids,
)
from beffroi.analytics.relatedness.space import MEASURES, densities, nearness

SCALES = ("eci", "own")
WARNING = (
    "La densité est surtout le produit de la diversité du territoire et de l’ubiquité de l’activité : un territoire qui fait "
    "beaucoup de choses est proche de tout. Lisez l’écart à la densité attendue, non la densité seule."
)

__all__ = [
    "MEASURES",
    "SCALES",
    "WARNING",
    "Disconnected",
    "NamelessCells",
    "NegativeCells",
    "NoDifference",
    "NoDirection",
    "NotPresence",
    "RepeatedEigenvalue",
    "TooSmall",
    "UnknownCells",
    "UnknownChoice",
    "activity_complexity",
    "complexity",
    "density",
    "density_explained",
    "proximity",
    "rca",
    "reflections",
    "territory_complexity",
]


def rca(jobs: pl.DataFrame, *, threshold: float = 1.0) -> pl.DataFrame:
    """Revealed comparative advantage (Balassa 1965), the location quotient: (x_cp / x_c) / (x_p / x).

    Gives, for every pair: territory, activity, year (if any), value, rca, mcp (1: rca reaches the threshold, else 0).
    A quotient nearer to the threshold than 1e-12 reaches it, so that rounding decides nothing.
    """
    found = grids(jobs, presence="rca", threshold=threshold)
    return pl.concat(layout.by_pair(grid, {"value": grid.values, "rca": grid.rca, "mcp": grid.mcp}) for grid in found)


def proximity(
    jobs: pl.DataFrame, *, measure: str = "proximity", at_least: float = 0.0, presence: str = "rca", threshold: float = 1.0
) -> pl.DataFrame:
    """Relatedness of each pair of activities, both ways.

    measure: « proximity » min{P(p|q), P(q|p)} = (M'M)_pq / max(k_p, k_q), 1 with itself; or, from the co-occurrences C of
    different activities with S their sums and T the sum of sums: « association » C T/(S_p S_q); « probability » C over
    S_p S_q/2 (1/(T-S_p) + 1/(T-S_q)); « cosine » C/sqrt(S_p S_q); « jaccard » C/(S_p + S_q - C); 0 with itself.
    at_least: pairs below are left out. Gives: activity, other, year (if any), proximity. An activity that is nowhere
    present has no pair.
    """
    tables.refuse_not_finite(at_least=at_least)
    found = grids(jobs, presence=presence, threshold=threshold)
    return pl.concat(part for grid in found for part in _pairs(grid, measure, at_least))


def density(
    jobs: pl.DataFrame,
    *,
    measure: str = "proximity",
    with_self: bool = False,
    linked_at: float | None = None,
    presence: str = "rca",
    threshold: float = 1.0,
) -> pl.DataFrame:
    """How much of what is related to an activity a territory has: omega_cp = sum_q M_cq phi_pq / sum_q phi_pq, 0 to 1.

    with_self: whether an activity counts as related to itself (ecomplexity 0.5.3 always counts it, up to 0.17 apart;
    here not, unless asked). linked_at: relatedness from there on counts 1, below 0 (EconGeo, times 100: probability, 1).
    Gives, for every pair: territory, activity, year (if any), mcp, density (null where the activity is related to none),
    density_expected (from the two margins alone: see WARNING; compare before reading the density).
    """
    return pl.concat(
        _densities(grid, measure=measure, with_self=with_self, linked_at=linked_at)
        for grid in grids(jobs, presence=presence, threshold=threshold)
    )


def density_explained(
    jobs: pl.DataFrame, *, with_self: bool = False, presence: str = "rca", threshold: float = 1.0
) -> pl.DataFrame:
    """How much of the density its two margins say. Gives: year (if any), share_explained (squared correlation of density
    and expected density over all pairs; null when density does not vary), warning (in French)."""
    cells = density(jobs, with_self=with_self, presence=presence, threshold=threshold).drop_nulls("density")
    by = ["year"] if "year" in cells.columns else []
    share = (pl.corr("density", "density_expected") ** 2).fill_nan(None).alias("share_explained")
    told = cells.group_by(by, maintain_order=True).agg(share) if by else cells.select(share)
    return told.with_columns(warning=pl.lit(WARNING))


def complexity(
    jobs: pl.DataFrame,
    *,
    with_self: bool = False,
    scale: str = "eci",
    outlook: bool = True,
    presence: str = "rca",
    threshold: float = 1.0,
) -> pl.DataFrame:
    """Everything about each pair, as ecomplexity gives it.

    Gives: territory, activity, year (if any), value, rca, mcp, diversity (activities present in the territory), ubiquity
    (territories where the activity is present), eci, pci, density, coi, cog.
    eci: second eigenvector of D_c^-1 M D_p^-1 M', mean 0 and standard deviation 1 over territories, signed as its
    correlation with diversity. pci: scale « eci » takes the mean and deviation of eci, so that a territory's eci is the mean
    pci of what it has; « own » its own. coi: sum over absent activities of density times pci before scaling, then mean 0,
    deviation 1 (null when all are equal). cog: what the absent activities around an absent activity would bring, in
    deviations of eci; outlook=False leaves coi and cog out, which halves the time. with_self: as in `density`.
    Raises Disconnected (eci would only name the pieces), NoDifference, RepeatedEigenvalue, NoDirection (sign unknown).
    """
    chosen("scale", scale, SCALES)
    return pl.concat(
        _complexity(grid, with_self=with_self, scale=scale, outlook=outlook)
        for grid in grids(jobs, presence=presence, threshold=threshold)
    )


def territory_complexity(
    jobs: pl.DataFrame, *, with_self: bool = False, presence: str = "rca", threshold: float = 1.0
) -> pl.DataFrame:
    """territory, year (if any), diversity, eci, coi: as `complexity`, one row a territory."""
    parts = []
    for grid in grids(jobs, presence=presence, threshold=threshold):
        found = spectrum(grid)
        near, _ = densities(grid, with_self=with_self)
        columns = {"diversity": grid.diversity, "eci": _standard(found.eci), "coi": _outlook(grid, near, found)}
        parts.append(layout.by_side(grid, "territory", columns))
    return pl.concat(parts)


def activity_complexity(
    jobs: pl.DataFrame, *, scale: str = "eci", presence: str = "rca", threshold: float = 1.0
) -> pl.DataFrame:
    """activity, year (if any), ubiquity, pci: as `complexity`, one row an activity."""
    chosen("scale", scale, SCALES)
    parts = []
    for grid in grids(jobs, presence=presence, threshold=threshold):
        columns = {"ubiquity": grid.ubiquity, "pci": _pci(spectrum(grid), scale)}
        parts.append(layout.by_side(grid, "activity", columns))
    return pl.concat(parts)


def reflections(jobs: pl.DataFrame, *, steps: int = 20, presence: str = "rca", threshold: float = 1.0) -> pl.DataFrame:
    """Method of reflections: k_c,n = mean of k_p,n-1 over what the territory has, k_p,n the other way, k_0 the counts.

    Gives: side (territory or activity), code, year (if any), reflection, rescaled (0 to 100 from the least to the most of the
    side, as EconGeo from its second step; null when all are equal), steps; null where nothing is present. Even steps of
    territories say diversity, odd ones the ubiquity of what they have; they converge, so that only ranks are read.
    """
    parts = []
    for grid in grids(jobs, presence=presence, threshold=threshold):
        for side, values in zip(("territory", "activity"), _reflected(grid, steps), strict=True):
            listed = layout.by_side(grid, side, {"reflection": values, "rescaled": _rescaled(values)}).rename({side: "code"})
            parts.append(listed.select(pl.lit(side).alias("side"), pl.col("code").cast(pl.String), pl.exclude("side", "code")))
    return pl.concat(parts).with_columns(steps=pl.lit(steps))


def _complexity(grid: Grid, *, with_self: bool, scale: str, outlook: bool) -> pl.DataFrame:
    found = spectrum(grid)
    near, gains = densities(grid, with_self=with_self, raw_pci=found.pci if outlook else None)
    columns: dict[str, Matrix | None] = {"value": grid.values, "rca": grid.rca, "mcp": grid.mcp, "density": near}
    sides = {"diversity": grid.diversity, "ubiquity": grid.ubiquity, "eci": _standard(found.eci), "pci": _pci(found, scale)}
    if gains is not None:
        gains /= np.nanstd(found.eci)
        columns["cog"] = gains
        sides["coi"] = _outlook(grid, near, found)
    order = ["diversity", "ubiquity", "eci", "pci", "density", *(("coi", "cog") if outlook else ())]
    return layout.by_pair(grid, columns, sides).select(pl.exclude(*order), *order)


def _pairs(grid: Grid, measure: str, at_least: float) -> Iterator[pl.DataFrame]:
    present = np.flatnonzero(grid.ubiquity > 0)
    for columns, found in nearness(grid, measure=measure, with_self=measure == "proximity", linked_at=None):
        here = present[(present >= columns.start) & (present < columns.stop)]
        part = found[np.ix_(present, here - columns.start)].T
        rows, others = np.nonzero(part >= at_least)
        names = {"activity": grid.activities.gather(here[rows]), "other": grid.activities.gather(present[others])}
        yield pl.DataFrame({**names, **layout.year(grid, len(rows)), "proximity": part[rows, others]})


def _densities(grid: Grid, *, measure: str, with_self: bool, linked_at: float | None) -> pl.DataFrame:
    near, _ = densities(grid, measure=measure, with_self=with_self, linked_at=linked_at)
    known = np.nan_to_num(near)
    total = known.sum()
    expected = np.outer(known.sum(axis=1), known.sum(axis=0)) / total if total else np.full_like(near, np.nan)
    expected[np.isnan(near)] = np.nan
    return layout.by_pair(grid, {"mcp": grid.mcp, "density": near, "density_expected": expected})


def _outlook(grid: Grid, near: Matrix, found: Spectrum) -> Numbers:
    worth = np.nan_to_num(found.pci)
    known = np.nan_to_num(near) if np.isnan(near).any() else near
    raw = known @ worth - np.einsum("cp,cp,p->c", known, grid.mcp, worth)
    return _standard(np.where(np.isnan(found.eci), np.nan, raw))


def _standard(values: Numbers) -> Numbers:
    deviation = np.nanstd(values)
    scale = max(float(np.nanmax(np.abs(values))), 1e-300)
    nothing = np.full_like(values, np.nan)
    return np.divide(values - np.nanmean(values), deviation, out=nothing, where=np.asarray(deviation > 1e-12 * scale))


def _pci(found: Spectrum, scale: str) -> Numbers:
    if scale == "own":
        return _standard(found.pci)
    return np.asarray((found.pci - np.nanmean(found.eci)) / np.nanstd(found.eci))


def _reflected(grid: Grid, steps: int) -> tuple[Numbers, Numbers]:
    rows, columns = grid.diversity, grid.ubiquity
    with np.errstate(divide="ignore", invalid="ignore"):
        by_row, by_column = np.where(rows > 0, 1 / rows, np.nan), np.where(columns > 0, 1 / columns, np.nan)
    territories, activities = rows.copy(), columns.copy()
    for _ in range(steps):
        territories, activities = (
            grid.mcp @ np.nan_to_num(activities) * by_row,
            grid.mcp.T @ np.nan_to_num(territories) * by_column,
        )
    return territories, activities


def _rescaled(values: Numbers) -> Numbers:
    if np.isnan(values).all():
        return values
    low, high = np.nanmin(values), np.nanmax(values)
    return 100 * (values - low) / (high - low) if high > low else np.full_like(values, np.nan)
