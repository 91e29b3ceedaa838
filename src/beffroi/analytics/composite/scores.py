"""Indicators brought to one scale, and groups of them brought to one score; replications are the first axis."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.stats import rankdata

from beffroi.analytics import tables
from beffroi.analytics.composite.structure import Array, Measured, Node, Structure

NORMALISATIONS = (
    "minmax",
    "zscore",
    "rank",
    "percentile_rank",
    "distance_to_maximum",
    "distance_to_target",
    "goalposts",
    "mazziotta_pareto",
    "none",
)


class ConstantIndicator(tables.Refusal):
    def __init__(self, code: str, method: str) -> None:
        super().__init__(
            f"« {code} » a la même valeur pour toutes les unités (ou une seule est connue) : « {method} » ne peut pas le "
            "mettre à l’échelle. Retirez-le, ou donnez-lui des bornes (goalposts)."
        )


class MissingParameter(tables.Refusal):
    def __init__(self, code: str, columns: str, method: str) -> None:
        super().__init__(f"« {code} » : la structure doit donner {columns} pour « {method} ».")


class NotPositive(tables.Refusal):
    def __init__(self, method: str, example: str) -> None:
        super().__init__(
            f"« {method} » demande des scores tous positifs, or {example}. Avec minmax, prenez low=1 : le moins bon vaut "
            "sinon toujours 0."
        )


def normalised(data: Measured, method: str, *, low: float, high: float) -> Array:
    """Units x indicators, more is better; nan stays."""
    tables.refuse_not_finite(low=low, high=high)
    columns = [_one(node, data.values[:, place], method, low, high) for place, node in enumerate(data.structure.indicators)]
    return np.column_stack(columns)


def _one(node: Node, values: Array, method: str, low: float, high: float) -> Array:
    directed = node.direction * values
    known = directed[~np.isnan(directed)]
    if method == "none" or not known.size:
        return directed
    if method in ("minmax", "zscore", "mazziotta_pareto") and not _varies(known):
        raise ConstantIndicator(node.code, method)
    if method == "zscore":
        return np.asarray((directed - known.mean()) / known.std(ddof=1))
    if method == "mazziotta_pareto":
        return np.asarray(100 + 10 * (directed - known.mean()) / known.std())
    if method == "rank":
        return _ranks(directed)
    if method == "distance_to_maximum":
        return _to_maximum(node, values)
    share = {"minmax": _span, "percentile_rank": _percentile, "distance_to_target": _to_target, "goalposts": _goalposts}[method]
    return low + (high - low) * share(node, values)


def _varies(known: Array) -> bool:
    """Not by rounding alone."""
    return bool(known.size > 1 and np.ptp(known) > 1e-12 * np.abs(known).max())


def _ranks(directed: Array) -> Array:
    """1 for the least; ties take the lower rank."""
    ranks = np.full(len(directed), np.nan)
    known = ~np.isnan(directed)
    ranks[known] = rankdata(directed[known], method="min")
    return ranks


def _percentile(node: Node, values: Array) -> Array:
    count = int((~np.isnan(values)).sum())
    if count < 2:
        raise ConstantIndicator(node.code, "percentile_rank")
    return (_ranks(node.direction * values) - 1) / (count - 1)


def _span(node: Node, values: Array) -> Array:
    directed = node.direction * values
    least, most = np.nanmin(directed), np.nanmax(directed)
    return np.asarray((directed - least) / (most - least))


def _to_maximum(node: Node, values: Array) -> Array:
    """x / max; min / x where less is better."""
    if not np.nanmin(values) > 0:
        raise NotPositive("distance_to_maximum", f"« {node.code} » a une valeur nulle ou négative")
    return np.asarray(values / np.nanmax(values) if node.direction == 1 else np.nanmin(values) / values)


def _to_target(node: Node, values: Array) -> Array:
    """From the least good to the target, which caps it."""
    if node.target is None:
        raise MissingParameter(node.code, "target", "distance_to_target")
    directed, target = node.direction * values, node.direction * node.target
    least = np.nanmin(directed)
    if target <= least:
        return np.where(np.isnan(values), np.nan, 1.0)
    return np.minimum((directed - least) / (target - least), 1.0)


def _goalposts(node: Node, values: Array) -> Array:
    if node.low is None or node.high is None or node.low >= node.high:
        raise MissingParameter(node.code, "low et high (low < high)", "goalposts")
    share = np.clip((values - node.low) / (node.high - node.low), 0.0, 1.0)
    return np.asarray(share if node.direction == 1 else 1 - share)


Aggregation = Callable[[Array, Array], Array]


def _mean(scores: Array, weights: Array) -> Array:
    """scores: replications x units x members, weights the same; the weights of a unit sum to 1."""
    return np.asarray((scores * weights).sum(axis=-1))


def _geometric(scores: Array, weights: Array) -> Array:
    return np.exp(_mean(np.log(scores), weights))


def _harmonic(scores: Array, weights: Array) -> Array:
    return 1 / _mean(1 / scores, weights)


def _mazziotta_pareto(scores: Array, weights: Array) -> Array:
    """M - S cv: imbalance among the members is a penalty. M, S: weighted mean and standard deviation."""
    mean = _mean(scores, weights)
    return mean - _mean((scores - mean[..., None]) ** 2, weights) / mean


def _copeland(scores: Array, weights: Array) -> Array:
    """Units beaten by a weighted majority of members, less those by which beaten. No compensation."""
    better = np.sign(scores[:, :, None, :] - scores[:, None, :, :])
    pair = (weights[:, :, None, :] + weights[:, None, :, :]) / 2
    return np.asarray(np.sign(np.round((better * pair).sum(axis=-1), 12)).sum(axis=-1))


AGGREGATIONS: Mapping[str, Aggregation] = {
    "arithmetic": _mean,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "mazziotta_pareto": _mazziotta_pareto,
    "copeland": _copeland,
}
POSITIVE = ("geometric", "harmonic", "mazziotta_pareto")


def aggregated(
    structure: Structure, scores: Array, weights: Array, method: str, *, min_known: float | None
) -> dict[str, Array]:
    """Scores of every node, replications x units. scores: units x indicators; weights: replications x nodes.

    min_known None: a group with an unknown member is unknown; else it is made of the known ones, their weights shared again,
    when their share of the members reaches min_known. A weight of zero leaves a member out.
    """
    replications = weights.shape[0]
    found = {node.code: scores[None, :, place] for place, node in enumerate(structure.indicators)}
    weight = {node.code: weights[:, place] for place, node in enumerate(structure.nodes)}
    for group, members in structure.groups:
        stacked = np.stack([np.broadcast_to(found[node.code], (replications, scores.shape[0])) for node in members], axis=-1)
        shares = np.stack([weight[node.code] for node in members], axis=-1)
        found[group.code] = _group(group.code, stacked, shares, method, min_known)
        if group.code in weight:
            weight[group.code] = np.where(shares.sum(axis=1) > 0, weight[group.code], 0.0)
    return found


def _group(code: str, stacked: Array, shares: Array, method: str, min_known: float | None) -> Array:
    counted = np.broadcast_to((shares > 0)[:, None, :], stacked.shape)
    known = counted & ~np.isnan(stacked)
    members, known_members = counted.sum(axis=-1), known.sum(axis=-1)
    is_enough = known_members == members if min_known is None else known_members >= min_known * members - 1e-12
    is_enough &= known_members > 0
    weights = np.where(known, shares[:, None, :], 0.0)
    total = weights.sum(axis=-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    if method in POSITIVE and (stacked[known] <= 0).any():
        raise NotPositive(method, f"un score de « {code} » est nul ou négatif")
    neutral = np.where(known, stacked, 1.0)
    return np.where(is_enough, AGGREGATIONS[method](neutral, weights), np.nan)


def nominal_weights(structure: Structure) -> Array:
    return np.array([node.weight for node in structure.nodes])


def ranks(scores: Array) -> Array:
    """1 for the highest, replications x units; ties share the best rank, nan where unknown. Differences beyond the twelfth
    digit are rounding."""
    known = ~np.isnan(scores)
    scale = np.max(np.abs(np.where(known, scores, 0.0)), axis=1, keepdims=True)
    rounded = np.round(np.divide(scores, scale, out=np.zeros_like(scores), where=scale > 0), 12)
    order = rankdata(np.where(known, -rounded, np.inf), method="min", axis=1)
    return np.where(known, order, np.nan)
