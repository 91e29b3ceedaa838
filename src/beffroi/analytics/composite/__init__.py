"""Composite indicators: indicators to one scale, weighed, aggregated, ranked; what is missing and what is uncertain.

OECD/JRC, Handbook on constructing composite indicators (Nardo et al. 2008); anchor: COINr (Becker, Caperna, Del Sorbo,
Norlén, Papadimitriou and Saisana, JOSS 2022). Mazziotta and Pareto 2013; Saltelli et al. 2010 and Jansen 1999 for the
sensitivity indices.

units: one row a unit; its first column names it, indicators are columns of numbers (empty: unknown).
structure: one row an indicator or group: code, and where wanted parent (the group above; none: the index), weight (1),
direction (1: more is better, -1: less), low and high (goalposts), target. Without it, all columns of numbers weigh the same.

Common options. normalisation: minmax low + (high-low)(x-min)/(max-min); zscore (sample deviation); rank (1: least good);
percentile_rank, distance_to_target and goalposts, on low..high; distance_to_maximum x/max; mazziotta_pareto 100 + 10 z;
none. aggregation: arithmetic, geometric, harmonic, mazziotta_pareto (M - S cv), copeland (not compensatory).
missing: unknown (a group with an unknown member is unknown), available (made of what is known, if min_known of the members
is), mean or median (of the indicator over the units; what is known does not change).
Common refusals: BadUnits, BadStructure, tables.MissingColumns, tables.WrongType, ConstantIndicator, MissingParameter,
NotPositive, UnknownOption.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from beffroi.analytics import tables
from beffroi.analytics.composite.scores import (
    AGGREGATIONS,
    NORMALISATIONS,
    ConstantIndicator,
    MissingParameter,
    NotPositive,
    aggregated,
    nominal_weights,
    normalised,
    ranks,
)
from beffroi.analytics.composite.structure import Array, BadStructure, BadUnits, Measured, measured
from beffroi.analytics.composite.trials import Plan, drawn, sobol_design, sobol_indices, trial_ranks

MISSING = ("unknown", "available", "mean", "median")
__all__ = [
    "AGGREGATIONS",
    "MISSING",
    "NORMALISATIONS",
    "BadStructure",
    "BadUnits",
    "ConstantIndicator",
    "MissingParameter",
    "NotPositive",
    "UnknownOption",
    "composite",
    "effective_weights",
    "missing_effects",
    "sensitivity",
    "uncertainty",
]


class UnknownOption(tables.Refusal):
    def __init__(self, option: str, value: object, choices: str) -> None:
        super().__init__(f"L’option {option} n’accepte pas « {value} » : {choices}.")


def composite(
    units: pl.DataFrame,
    structure: pl.DataFrame | None = None,
    *,
    normalisation: str = "minmax",
    aggregation: str = "arithmetic",
    low: float = 0.0,
    high: float = 100.0,
    missing: str = "unknown",
    min_known: float = 0.5,
) -> pl.DataFrame:
    """The index of each unit and its rank (1: highest; ties share the best; none where the index is unknown).

    Gives: the unit, rank, the index and each group under their codes (in points of the scale), known (share of the
    indicators known), imputed (how many were filled); best first, unknown last.
    """
    _refuse(normalisation, aggregation, missing, min_known)
    data = measured(units, structure)
    filled = _filled(data, missing)
    found = _scores(filled, normalisation, aggregation, low, high, missing, min_known)
    place = ranks(found[data.structure.index])[0]
    columns = {code: found[code][0] for code in _groups(data)}
    known = ~np.isnan(data.values)
    result = pl.DataFrame({data.units.name: data.units, "rank": place, **columns, "known": known.mean(axis=1)})
    result = result.with_columns(pl.col(pl.Float64).fill_nan(None)).with_columns(pl.col("rank").cast(pl.Int64))
    imputed = (np.isnan(data.values) & ~np.isnan(filled.values)).sum(axis=1)
    return result.with_columns(imputed=pl.Series(imputed)).sort("rank", nulls_last=True, maintain_order=True)


def effective_weights(
    units: pl.DataFrame,
    structure: pl.DataFrame | None = None,
    *,
    normalisation: str = "minmax",
    aggregation: str = "arithmetic",
    low: float = 0.0,
    high: float = 100.0,
    missing: str = "unknown",
    min_known: float = 0.5,
) -> pl.DataFrame:
    """What each indicator really weighs in the ranking (Paruolo, Saisana and Saltelli 2013).

    Gives: code, weight (nominal share of the index, the weights above multiplied), correlation (Pearson, with the index;
    null when one does not vary), importance (squared correlation: share of the variance of the index that the indicator
    says alone), units (where both are known).
    """
    _refuse(normalisation, aggregation, missing, min_known)
    data = measured(units, structure)
    filled = _filled(data, missing)
    scores = normalised(filled, normalisation, low=low, high=high)
    index = _scores(filled, normalisation, aggregation, low, high, missing, min_known)[data.structure.index][0]
    weights = _nominal_shares(data)
    rows = []
    for place, node in enumerate(data.structure.indicators):
        both = ~np.isnan(scores[:, place]) & ~np.isnan(index)
        found = _correlation(scores[both, place], index[both])
        square = None if found is None else found**2
        row = {"code": node.code, "weight": weights[node.code], "correlation": found, "importance": square}
        rows.append({**row, "units": int(both.sum())})
    reals = dict.fromkeys(("weight", "correlation", "importance"), pl.Float64)
    return pl.DataFrame(rows, schema={"code": pl.String, **reals, "units": pl.Int64})


def missing_effects(
    units: pl.DataFrame,
    structure: pl.DataFrame | None = None,
    *,
    normalisation: str = "minmax",
    aggregation: str = "arithmetic",
    low: float = 0.0,
    high: float = 100.0,
) -> pl.DataFrame:
    """What not knowing does to each unit that lacks a value: the index if it had the worst known value of the others, their
    mean, their best, or if one does without. An agency once counted a missing value as zero: 0.585 for 0.597.

    Gives: the unit, known (share), worst, mean, best, available (points), rank_worst, rank_best (among all units, the
    others at their mean).
    """
    _refuse(normalisation, aggregation, "mean", 0.0)
    data = measured(units, structure)
    _filled(data, "mean")
    options = normalisation, aggregation, low, high
    directions = np.array([node.direction for node in data.structure.indicators])
    fills = {"worst": directions * np.nanmin(data.values * directions, axis=0), "mean": np.nanmean(data.values, axis=0)}
    fills["best"] = directions * np.nanmax(data.values * directions, axis=0)
    rows = []
    for place in np.flatnonzero(np.isnan(data.values).any(axis=1)):
        row = {data.units.name: data.units[int(place)], "known": float((~np.isnan(data.values[place])).mean())}
        for name, fill in fills.items():
            values = np.where(np.isnan(data.values), fills["mean"], data.values)
            values[place] = np.where(np.isnan(data.values[place]), fill, data.values[place])
            index = _scores(Measured(data.units, values, data.structure), *options, "mean", 0.0)[data.structure.index]
            row |= {name: _known(index[0, place]), f"rank_{name}": int(ranks(index)[0, place])}
        without = _scores(data, *options, "available", 0.0)[data.structure.index][0, place]
        rows.append({**row, "available": _known(without)})
    reals = dict.fromkeys(("known", "worst", "mean", "best", "available"), pl.Float64)
    schema: dict[str, Any] = {data.units.name: data.units.dtype, **reals, "rank_worst": pl.Int64, "rank_best": pl.Int64}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)


def uncertainty(
    units: pl.DataFrame,
    structure: pl.DataFrame | None = None,
    *,
    replications: int = 1000,
    seed: int = 1,
    weights_within: float = 0.25,
    normalisations: Sequence[str] = ("minmax", "percentile_rank"),
    aggregations: Sequence[str] = ("arithmetic", "geometric"),
    leave_out: bool = False,
    low: float = 1.0,
    high: float = 100.0,
    missing: str = "unknown",
    min_known: float = 0.5,
) -> pl.DataFrame:
    """How the ranks move when the choices do: every replication draws weights (each within plus or minus weights_within of
    itself), a normalisation, an aggregation and, with leave_out, an indicator to do without. The first normalisation and
    aggregation are the nominal ones. The same seed gives the same table.

    Gives: the unit, rank (nominal), mean, median, p05, p95, least, most (ranks over the replications), same (share of them
    at the nominal rank); null for a unit whose index is unknown.
    """
    _refuse_plan(replications, weights_within, normalisations, aggregations, missing, min_known)
    data = _measured_to_try(units, structure, leave_out, seed)
    plan = drawn(data.structure, replications, seed, weights_within, len(normalisations), len(aggregations), leave_out)
    found, nominal = _trials(data, plan, normalisations, aggregations, low, high, missing, min_known)
    known = ~np.isnan(nominal)
    table = pl.DataFrame({data.units.name: data.units, "rank": nominal, **_spread(found, nominal, known)})
    table = table.with_columns(pl.col(pl.Float64).fill_nan(None)).with_columns(pl.col("rank", "least", "most").cast(pl.Int64))
    return table.sort("rank", nulls_last=True, maintain_order=True)


def sensitivity(
    units: pl.DataFrame,
    structure: pl.DataFrame | None = None,
    *,
    base: int = 256,
    seed: int = 1,
    weights_within: float = 0.25,
    normalisations: Sequence[str] = ("minmax", "percentile_rank"),
    aggregations: Sequence[str] = ("arithmetic", "geometric"),
    leave_out: bool = False,
    low: float = 1.0,
    high: float = 100.0,
    missing: str = "unknown",
    min_known: float = 0.5,
) -> pl.DataFrame:
    """Which choice moves the ranks: Sobol indices of the mean absolute shift from the nominal ranks.

    base: runs of the design (a power of two), times the number of factors plus two. Gives: factor (weights, normalisation,
    aggregation, left_out), first_order (share of the variance by the factor alone: Saltelli et al. 2010), total (with its
    interactions: Jansen 1999), runs; null when nothing moves. Estimates: small negative values are zero.
    """
    _refuse_plan(base, weights_within, normalisations, aggregations, missing, min_known)
    if base & (base - 1):
        raise UnknownOption("base", base, "une puissance de deux (128, 256, 512…)")
    data = _measured_to_try(units, structure, leave_out, seed)
    factors = ["weights", "normalisation", "aggregation", *(["left_out"] if leave_out else [])]
    plan = sobol_design(data.structure, base, seed, weights_within, len(normalisations), len(aggregations), leave_out)
    found, nominal = _trials(data, plan, normalisations, aggregations, low, high, missing, min_known)
    known = ~np.isnan(nominal)
    if not known.any():
        raise BadUnits("L’indice est inconnu pour toutes les unités : choisissez missing=available, mean ou median.")
    shift = np.nanmean(np.abs(found[:, known] - nominal[known]), axis=1)
    first, total = sobol_indices(shift, base, len(factors))
    table = pl.DataFrame({"factor": factors, "first_order": first, "total": total})
    return table.with_columns(pl.col(pl.Float64).fill_nan(None), runs=pl.lit(len(shift)))


def _measured_to_try(units: pl.DataFrame, structure: pl.DataFrame | None, leave_out: bool, seed: int) -> Measured:
    if seed < 0:
        raise UnknownOption("seed", seed, "un nombre entier, zéro ou plus")
    data = measured(units, structure)
    if leave_out and len(data.structure.indicators) < 3:
        raise UnknownOption("leave_out", leave_out, "il faut trois indicateurs au moins pour se passer de l’un d’eux")
    return data


def _trials(
    data: Measured,
    plan: Plan,
    normalisations: Sequence[str],
    aggregations: Sequence[str],
    low: float,
    high: float,
    missing: str,
    min_known: float,
) -> tuple[Array, Array]:
    """Ranks of all trials, and the nominal ones."""
    filled = _filled(data, missing)
    least = min_known if missing == "available" else None
    scaled = [normalised(filled, method, low=low, high=high) for method in normalisations]
    found = trial_ranks(data.structure, plan, scaled, aggregations, least)
    nominal = _scores(filled, normalisations[0], aggregations[0], low, high, missing, min_known)
    return found, ranks(nominal[data.structure.index])[0]


def _spread(found: Array, nominal: Array, known: Array) -> dict[str, Array]:
    told = {}
    for name, share in (("median", 50), ("p05", 5), ("p95", 95), ("least", 0), ("most", 100)):
        told[name] = np.full(len(nominal), np.nan)
        told[name][known] = np.nanpercentile(found[:, known], share, axis=0)
    same = np.where(known, (found == nominal).mean(axis=0), np.nan)
    mean = np.full(len(nominal), np.nan)
    mean[known] = np.nanmean(found[:, known], axis=0)
    return {"mean": mean, **told, "same": same}


def _scores(
    data: Measured, normalisation: str, aggregation: str, low: float, high: float, missing: str, min_known: float
) -> dict[str, Array]:
    scores = normalised(data, normalisation, low=low, high=high)
    least = min_known if missing == "available" else None
    weights = nominal_weights(data.structure)[None, :]
    return aggregated(data.structure, scores, weights, aggregation, min_known=least)


def _groups(data: Measured) -> list[str]:
    """The index first."""
    codes = [group.code for group, _ in data.structure.groups]
    return [codes[-1], *codes[:-1]]


def _filled(data: Measured, missing: str) -> Measured:
    if missing not in ("mean", "median"):
        return data
    for place, node in enumerate(data.structure.indicators):
        if np.isnan(data.values[:, place]).all():
            raise ConstantIndicator(node.code, missing)
    fill = np.nanmean(data.values, axis=0) if missing == "mean" else np.nanmedian(data.values, axis=0)
    return Measured(data.units, np.where(np.isnan(data.values), fill, data.values), data.structure)


def _nominal_shares(data: Measured) -> dict[str, float]:
    shares = {data.structure.index: 1.0}
    for group, members in reversed(data.structure.groups):
        total = sum(node.weight for node in members)
        shares |= {node.code: shares[group.code] * node.weight / total for node in members}
    return shares


def _correlation(one: Array, other: Array) -> float | None:
    if len(one) < 3 or not np.ptp(one) or not np.ptp(other):
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _refuse(normalisation: str, aggregation: str, missing: str, min_known: float) -> None:
    for option, value, choices in (
        ("normalisation", normalisation, NORMALISATIONS),
        ("aggregation", aggregation, tuple(AGGREGATIONS)),
        ("missing", missing, MISSING),
    ):
        if value not in choices:
            raise UnknownOption(option, value, ", ".join(choices))
    if not 0 <= min_known <= 1:
        raise UnknownOption("min_known", min_known, "une part entre 0 et 1")


def _refuse_plan(
    runs: int, within: float, normalisations: Sequence[str], aggregations: Sequence[str], missing: str, min_known: float
) -> None:
    if not normalisations or not aggregations:
        raise UnknownOption("normalisations, aggregations", "", "au moins une de chaque")
    for normalisation in normalisations:
        for aggregation in aggregations:
            _refuse(normalisation, aggregation, missing, min_known)
    if runs < 1:
        raise UnknownOption("replications", runs, "au moins une")
    if not 0 <= within < 1:
        raise UnknownOption("weights_within", within, "une part de 0 à moins de 1")
