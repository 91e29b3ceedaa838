"""How unequal a distribution is, and whether territories come closer.

Numbers: `values` of units (income a head, output), `weights` how much each unit counts (population), none: equally. A measure
is a float, or the refusal Undefined: never NaN. Sequences of Polars, lists or tuples; unknown values are dropped by pairs.
References: Gini 1912; Hoover 1936; Theil 1967; Atkinson 1970; Williamson 1965; Barro and Sala-i-Martin 1992.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from beffroi.analytics import frames, tables

Numbers = Sequence[float | None] | pl.Series


class Undefined(tables.Refusal):
    """The measure has no value here."""


def _is_number(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= tables.LARGEST


@dataclass(frozen=True)
class Distribution:
    """Known values with their shares of the weights, units of no weight left out."""

    values: list[float]
    weights: list[float]
    missing: int

    @classmethod
    def of(cls, values: Numbers, weights: Numbers | None = None) -> "Distribution":
        """Raises Undefined when nothing is left, or a value is not finite, or a weight is negative."""
        given = list(weights) if weights is not None else [1.0] * len(values)
        if len(given) != len(values):
            raise Undefined("Il faut autant de poids que de valeurs.")
        pairs = [(float(x), float(w)) for x, w in zip(values, given, strict=True) if x is not None and w is not None]
        if not all(_is_number(x) and _is_number(w) and (w == 0 or abs(w) >= tables.SMALLEST) for x, w in pairs):
            raise Undefined(
                "Une valeur ou un poids n’est pas un nombre fini, ou est trop grand ou trop près de zéro pour être calculé."
            )
        if any(w < 0 for _, w in pairs):
            raise Undefined("Un poids est négatif.")
        counted = [(x, w) for x, w in pairs if w > 0]
        if not counted:
            raise Undefined("Aucune unité n’a une valeur connue et un poids.")
        total = math.fsum(w for _, w in counted)
        return cls([x for x, _ in counted], [w / total for _, w in counted], len(values) - len(pairs))

    @property
    def size(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        return self.sum(lambda x: x)

    @property
    def is_even(self) -> bool:
        return min(self.values) == max(self.values)

    def sum(self, term: Callable[[float], float]) -> float:
        """Sum of a term of the value, weighted."""
        return math.fsum(p * term(x) for x, p in zip(self.values, self.weights, strict=True))

    def refuse(self, *, negative: bool = False, zero: bool = False) -> None:
        if negative and min(self.values) < 0:
            raise Undefined("Une valeur est négative : la mesure n’existe pas.")
        if zero and 0 in self.values:
            raise Undefined("Une valeur est nulle : son logarithme n’existe pas.")


def _measured(values: Numbers, weights: Numbers | None) -> Distribution:
    return values if isinstance(values, Distribution) else Distribution.of(values, weights)


def gini(values: Numbers, weights: Numbers | None = None, *, corrected: bool = False) -> float:
    """sum_i sum_j p_i p_j |x_i - x_j| / (2 mu), from 0 (all equal, all zero) to 1 - 1/n; `corrected`: times n / (n - 1).

    With negative values it can exceed 1, and has no meaning when the mean is not positive: Undefined. Corrected, it is
    Undefined for one unit.
    """
    found = _measured(values, weights)
    if corrected and found.size < 2:
        raise Undefined("Une seule unité : la correction n / (n − 1) n’existe pas.")
    if found.is_even:
        return 0.0
    if found.mean <= 0:
        raise Undefined("La moyenne n’est pas positive : l’indice de Gini n’a pas de sens.")
    below = 0.0
    terms = []
    for x, p in sorted(zip(found.values, found.weights, strict=True)):
        # Sum over pairs, once per unit: its weight times what stands below, minus what stands above
        terms.append(p * x * (2 * below + p - 1))
        below += p
    inside = math.fsum(terms) / found.mean
    return inside * found.size / (found.size - 1) if corrected else inside


def hoover(values: Numbers, reference: Numbers | None = None) -> float:
    """1/2 sum |x_i / X - r_i / R|: the share to move for `values` to be spread as `reference` (none: equally), from 0 to 1.

    Both are amounts (output and population), not values a head. Undefined with negative values or when either sums to zero.
    """
    given = list(reference) if reference is not None else [1.0] * len(values)
    if len(given) != len(values):
        raise Undefined("Il faut autant de références que de valeurs.")
    pairs = [(float(x), float(r)) for x, r in zip(values, given, strict=True) if x is not None and r is not None]
    if any(not (_is_number(n) and n >= 0) for pair in pairs for n in pair):
        raise Undefined("Une valeur est négative ou n’est pas un nombre fini : les parts n’existent pas.")
    left, right = math.fsum(x for x, _ in pairs), math.fsum(r for _, r in pairs)
    if not left or not right:
        raise Undefined("Le total est nul : les parts n’existent pas.")
    return math.fsum(abs(x / left - r / right) for x, r in pairs) / 2


def herfindahl(values: Numbers, *, normalised: bool = False) -> float:
    """sum s², the shares squared, from 1/n to 1 (Herfindahl-Hirschman); `normalised`: (H - 1/n) / (1 - 1/n), from 0 to 1.

    Its inverse is the equivalent number of units. Undefined with negative values, a total of zero; normalised, for one unit.
    """
    found = _measured(values, None)
    found.refuse(negative=True)
    total = math.fsum(found.values)
    if not total:
        raise Undefined("Le total est nul : les parts n’existent pas.")
    index = math.fsum((x / total) ** 2 for x in found.values)
    if not normalised:
        return index
    if found.size < 2:
        raise Undefined("Une seule unité : rien à quoi rapporter l’indice.")
    return (index - 1 / found.size) / (1 - 1 / found.size)


def theil_t(values: Numbers, weights: Numbers | None = None) -> float:
    """sum p (x / mu) ln(x / mu), a zero adding nothing; 0 when all are equal. Undefined with negative values."""
    found = _measured(values, weights)
    found.refuse(negative=True)
    if found.is_even:
        return 0.0
    mean = found.mean
    return found.sum(lambda x: x / mean * math.log(x / mean) if x else 0.0)


def theil_l(values: Numbers, weights: Numbers | None = None) -> float:
    """Mean log deviation, sum p ln(mu / x). Undefined with zero or negative values."""
    found = _measured(values, weights)
    found.refuse(negative=True, zero=True)
    if found.is_even:
        return 0.0
    mean = found.mean
    return found.sum(lambda x: math.log(mean / x))


def atkinson(values: Numbers, weights: Numbers | None = None, *, epsilon: float = 0.5) -> float:
    """1 - (sum p (x / mu)^(1 - epsilon))^(1 / (1 - epsilon)); epsilon 1: one minus geometric over arithmetic mean.

    `epsilon`, at least 0: aversion to inequality. Undefined with negative values and, from epsilon 1 on, with zeros.
    """
    if not (math.isfinite(epsilon) and epsilon >= 0):
        raise Undefined("L’aversion à l’inégalité (epsilon) est un nombre positif ou nul.")
    found = _measured(values, weights)
    found.refuse(negative=True, zero=epsilon >= 1)
    if found.is_even:
        return 0.0
    mean = found.mean
    if epsilon == 1:
        return 1 - math.exp(found.sum(lambda x: math.log(x / mean)))
    return 1 - float(found.sum(lambda x: float((x / mean) ** (1 - epsilon))) ** (1 / (1 - epsilon)))


def coefficient_of_variation(values: Numbers, *, sample: bool = False) -> float:
    """Standard deviation over mean, no weights; `sample`: with n - 1. 0 when all are equal. Undefined for a mean that is not
    positive, and of a sample of one."""
    found = _measured(values, None)
    if sample and found.size < 2:
        raise Undefined("Une seule unité : l’écart-type d’un échantillon n’existe pas.")
    return _dispersion(found, found.mean) * (math.sqrt(found.size / (found.size - 1)) if sample else 1)


def williamson(values: Numbers, weights: Numbers, *, simple_mean: bool = False) -> float:
    """sqrt(sum p (x - mu)²) / mu, the weighted coefficient of variation; mu is the weighted mean or, with `simple_mean`, the
    mean of the units. Undefined when that mean is not positive."""
    found = _measured(values, weights)
    return _dispersion(found, math.fsum(found.values) / found.size if simple_mean else found.mean)


def _dispersion(found: Distribution, mean: float) -> float:
    if found.is_even:
        return 0.0
    if mean <= 0:
        raise Undefined("La moyenne n’est pas positive : le coefficient de variation n’a pas de sens.")
    return math.sqrt(found.sum(lambda x: (x - mean) ** 2)) / mean


def theil_decomposition(distribution: pl.DataFrame) -> pl.DataFrame:
    """Theil's T and L as what is within groups and between them (Theil 1967): T = sum s_g T_g + sum s_g ln(mu_g / mu) with s_g
    the share of the group in the total, L = sum p_g L_g + sum p_g ln(mu / mu_g) with p_g its share of the weights.

    `distribution`: group, value, and weight if units do not count equally. Returns measure (theil_t, theil_l), group, share
    (s_g or p_g), inequality (of the group), within, between (parts of the measure of the whole: both columns sum to it), note.
    The measure that is undefined has null columns and says why. Raises MissingColumns, NotNumbers, NamelessRows, Undefined.
    """
    declared = tables.Table("distribution", {"group": tables.TEXT, "value": tables.REAL})
    whole = tables.require(distribution, declared).with_columns(weight=_weight(distribution))
    _refuse_texts(whole, ["value", "weight"])
    if distribution["group"].null_count():
        raise frames.NamelessRows(declared.name, "group")
    table = whole.with_columns(pl.col("value", "weight").cast(pl.Float64)).drop_nulls(["value", "weight"])
    everything = Distribution.of(table["value"], table["weight"])
    counted = table.filter(pl.col("weight") > 0).sort("group")
    groups = {str(key[0]): part for key, part in counted.group_by("group", maintain_order=True)}
    rows = [row for measure in (theil_t, theil_l) for row in _by_group(measure, everything, groups)]
    return pl.DataFrame(rows, schema=DECOMPOSITION, orient="row")


DECOMPOSITION: dict[str, Any] = {"measure": pl.String, "group": pl.String, "share": pl.Float64, "inequality": pl.Float64}
DECOMPOSITION |= {"within": pl.Float64, "between": pl.Float64, "note": pl.String}


def _by_group(
    measure: Callable[..., float], everything: Distribution, groups: dict[str, pl.DataFrame]
) -> list[tuple[Any, ...]]:
    name, whole = measure.__name__, everything.mean
    try:
        measure(everything)
        if not whole:
            raise Undefined("Le total est nul : les parts n’existent pas.")
    except Undefined as refusal:
        return [(name, group, None, None, None, None, str(refusal)) for group in groups]
    weight = math.fsum(float(part["weight"].sum()) for part in groups.values())
    rows: list[tuple[Any, ...]] = []
    for group, part in groups.items():
        inner = Distribution.of(part["value"], part["weight"])
        people = float(part["weight"].sum()) / weight
        ratio = inner.mean / whole
        share = people * ratio if measure is theil_t else people
        gap = (math.log(ratio) if measure is theil_t else -math.log(ratio)) if ratio else 0.0
        rows.append((name, group, share, measure(inner), share * measure(inner), share * gap, None))
    return rows


def _weight(table: pl.DataFrame) -> pl.Series:
    return table["weight"] if "weight" in table.columns else pl.Series("weight", [1.0] * table.height, pl.Float64)


def inequality(distribution: pl.DataFrame, *, epsilon: float = 0.5) -> pl.DataFrame:
    """Every measure of one distribution, one row each: measure, value, note. A null value says in `note` why it is undefined.

    `distribution`: value; `weight` (how much a unit counts) and `reference` (the amounts that Hoover compares with) if they are
    there. Rows where one of them is unknown are dropped; `units` counts those left, `missing` the others.

    Measures: units, missing, mean, gini, gini_corrected, hoover, herfindahl, herfindahl_normalised, equivalent_number, theil_t,
    theil_l, atkinson (at `epsilon`), coefficient_of_variation, coefficient_of_variation_sample, and with weights williamson and
    williamson_simple_mean. Shares (hoover, herfindahl) are of the values: weights do not enter them. Raises MissingColumns,
    EmptyTable, NotNumbers.
    """
    table = _distribution(distribution)
    known = table.drop_nulls()
    values, weights = known["value"], known["weight"] if "weight" in known.columns else None
    reference = known["reference"] if "reference" in known.columns else None
    rows: list[tuple[str, float | None, str | None]] = [
        ("units", float(known.height), None),
        ("missing", float(table.height - known.height), None),
    ]
    rows += [_row(name, measure) for name, measure in _measures(values, weights, reference, epsilon).items()]
    return pl.DataFrame(rows, schema={"measure": pl.String, "value": pl.Float64, "note": pl.String}, orient="row")


def _distribution(table: pl.DataFrame) -> pl.DataFrame:
    tables.require(table, tables.DISTRIBUTION)
    if not table.height:
        raise frames.EmptyTable(tables.DISTRIBUTION.name)
    names = [name for name in ("value", "weight", "reference") if name in table.columns]
    _refuse_texts(table, names)
    return table.select(pl.col(names).cast(pl.Float64))


def _refuse_texts(table: pl.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if not (table[name].dtype.is_numeric() or table[name].dtype == pl.Null) or _has_no_number(table[name]):
            raise frames.NotNumbers(tables.DISTRIBUTION.name, name)


def _has_no_number(column: pl.Series) -> bool:
    return bool((~column.cast(pl.Float64).is_finite()).any())


def _measures(
    values: pl.Series, weights: pl.Series | None, reference: pl.Series | None, epsilon: float
) -> dict[str, Callable[[], float]]:
    measures: dict[str, Callable[[], float]] = {
        "mean": lambda: Distribution.of(values, weights).mean,
        "gini": lambda: gini(values, weights),
        "gini_corrected": lambda: gini(values, weights, corrected=True),
        "hoover": lambda: hoover(values, reference),
        "herfindahl": lambda: herfindahl(values),
        "herfindahl_normalised": lambda: herfindahl(values, normalised=True),
        "equivalent_number": lambda: 1 / herfindahl(values),
        "theil_t": lambda: theil_t(values, weights),
        "theil_l": lambda: theil_l(values, weights),
        "atkinson": lambda: atkinson(values, weights, epsilon=epsilon),
        "coefficient_of_variation": lambda: coefficient_of_variation(values),
        "coefficient_of_variation_sample": lambda: coefficient_of_variation(values, sample=True),
    }
    if weights is None:
        return measures
    return measures | {
        "williamson": lambda: williamson(values, weights),
        "williamson_simple_mean": lambda: williamson(values, weights, simple_mean=True),
    }


def _row(name: str, measure: Callable[[], float]) -> tuple[str, float | None, str | None]:
    try:
        return name, measure(), None
    except Undefined as refusal:
        return name, None, str(refusal)
