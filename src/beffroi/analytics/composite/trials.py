"""Many versions of one index at once: their weights, normalisation, aggregation and the indicator they do without."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from beffroi.analytics.composite.scores import aggregated, nominal_weights, ranks
from beffroi.analytics.composite.structure import Array, Structure

Places = NDArray[np.int64]
BATCH = 4_000_000  # scores in memory at a time


@dataclass(frozen=True)
class Plan:
    """weights: trials x nodes. normalisation, aggregation: which one, by trial."""

    weights: Array
    normalisation: Places
    aggregation: Places


def drawn(
    structure: Structure, trials: int, seed: int, within: float, normalisations: int, aggregations: int, leave_out: bool
) -> Plan:
    """Independent draws."""
    chance = np.random.default_rng(seed)
    weights = _weights(structure, trials, within, chance)
    if leave_out:
        left = chance.integers(0, len(structure.indicators) + 1, trials)
        _clear(weights, left, len(structure.indicators))
    return Plan(weights, chance.integers(0, normalisations, trials), chance.integers(0, aggregations, trials))


def sobol_design(
    structure: Structure, base: int, seed: int, within: float, normalisations: int, aggregations: int, leave_out: bool
) -> Plan:
    """A, B, and for each factor A with that factor from B (Saltelli et al. 2010). All weights are one factor: which of the
    drawn sets is used."""
    factors = 4 if leave_out else 3
    points = qmc.Sobol(2 * factors, rng=seed).random(base)
    first, second = points[:, :factors], points[:, factors:]
    mixed = []
    for factor in range(factors):
        mixed.append(first.copy())
        mixed[-1][:, factor] = second[:, factor]
    design = np.vstack([first, second, *mixed])
    sets = _weights(structure, base, within, np.random.default_rng(seed))
    weights = sets[_choice(design[:, 0], base)]
    if leave_out:
        _clear(weights, _choice(design[:, 3], len(structure.indicators) + 1), len(structure.indicators))
    return Plan(weights, _choice(design[:, 1], normalisations), _choice(design[:, 2], aggregations))


def _choice(points: Array, choices: int) -> Places:
    return np.minimum((points * choices).astype(np.int64), choices - 1)


def _weights(structure: Structure, trials: int, within: float, chance: np.random.Generator) -> Array:
    nominal = nominal_weights(structure)
    return nominal * (1 + within * chance.uniform(-1, 1, (trials, len(nominal))))


def _clear(weights: Array, left: Places, indicators: int) -> None:
    """The number after the last indicator leaves none out."""
    rows = np.flatnonzero(left < indicators)
    weights[rows, left[rows]] = 0.0


def trial_ranks(
    structure: Structure, plan: Plan, scaled: Sequence[Array], aggregations: Sequence[str], min_known: float | None
) -> Array:
    """Ranks, trials x units."""
    units, members = scaled[0].shape
    found = np.empty((len(plan.weights), units))
    size = max(1, BATCH // (units * members))
    for one, scores in enumerate(scaled):
        for other, aggregation in enumerate(aggregations):
            here = np.flatnonzero((plan.normalisation == one) & (plan.aggregation == other))
            step = max(1, size // units) if aggregation == "copeland" else size
            for start in range(0, len(here), step):
                rows = here[start : start + step]
                all_scores = aggregated(structure, scores, plan.weights[rows], aggregation, min_known=min_known)
                found[rows] = ranks(all_scores[structure.index])
    return found


def sobol_indices(values: Array, base: int, factors: int) -> tuple[Array, Array]:
    """First-order and total indices of each factor; nan when the values do not vary."""
    first, second = values[:base], values[base : 2 * base]
    variance = np.var(np.concatenate([first, second]))
    if variance <= 1e-24:
        return np.full(factors, np.nan), np.full(factors, np.nan)
    mixed = values[2 * base :].reshape(factors, base)
    alone = (second * (mixed - first)).mean(axis=1) / variance
    whole = ((first - mixed) ** 2).mean(axis=1) / (2 * variance)
    return alone, whole
