"""Who contributed how much to a change: of a sum, of a ratio, of a product.

Tables of Polars, DuckDB or Spark. Rates and points are ratios (0.05: 5 points of percentage, or 5 %). Amounts of money of two
price bases must be brought to one before: nothing here can see it.
"""

import math
from collections.abc import Sequence
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrameT

from beffroi.analytics import frames, tables
from beffroi.analytics.frames import any_of, over

Rows = nw.LazyFrame[Any]
LARGEST_LOG = 2 * math.log(tables.LARGEST)  # of a product


class RepeatedItems(tables.Refusal):
    def __init__(self, table: str) -> None:
        super().__init__(f"La table « {table} » nomme deux fois le même élément.")


class EmptyRatio(tables.Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Le dénominateur est nul, ou inconnu pour un élément, au départ ou à l’arrivée : le ratio d’ensemble n’existe pas."
        )


def _rows(native: Any, declared: tables.Table, keys: Sequence[str]) -> Rows:
    rows = frames.held(frames.opened(native, declared))
    numbers = [name for name in declared.columns if name not in keys]
    bad = {name: any_of(nw.col(name).is_nan() | (nw.col(name).abs() == float("inf"))) for name in numbers}
    large = {f"{name} too large": any_of(nw.col(name).abs() > tables.LARGEST) for name in numbers}
    nameless = {key: any_of(nw.col(key).is_null()) for key in keys}
    found = frames.single(rows, rows=nw.len(), **bad, **large, **nameless)
    if not found["rows"]:
        raise frames.EmptyTable(declared.name)
    if wrong := [name for name in numbers if found[name]]:
        raise frames.NotNumbers(declared.name, wrong[0])
    if wrong := [name for name in numbers if found[f"{name} too large"]]:
        raise tables.OutOfRange(declared.name, wrong[0])
    if empty := [key for key in keys if found[key]]:
        raise frames.NamelessRows(declared.name, empty[0])
    if frames.single(rows.select(*keys).unique(), rows=nw.len())["rows"] != found["rows"]:
        raise RepeatedItems(declared.name)
    return rows


def contribution_decomposition(parts: IntoFrameT) -> IntoFrameT:
    """Contribution of each part to the growth of a sum: (x_i1 - x_i0) / X_0; they sum to the growth of the whole.

    `parts`: item, value_0, value_1. Returns item, value_0, value_1, change, growth (of the part), contribution_points,
    share_of_change (of the change of the whole; below zero or above one when parts move against each other), growth_rate (of
    the whole), note: unknown_value, incomplete_total (a part is unknown, so is the whole: no contribution), empty_total or
    negative_total (no rate from such a start), total_unmoved (no share of a change that is not), opposite_moves (shares are
    not parts of a pie). A part that starts at zero or below has no growth of its own.

    Raises MissingColumns, NotNumbers, NamelessRows, EmptyTable, RepeatedItems.
    """
    rows = _rows(parts, tables.PARTS, ["item"])
    before, after, change = nw.col("value_0"), nw.col("value_1"), nw.col("change")
    moved = rows.with_columns(change=after - before)
    whole = frames.strict_total(moved, before=before, change=change)
    directions = frames.single(moved, up=any_of(change > 0), down=any_of(change < 0))
    start, moves = whole["before"], whole["change"]
    total = nw.lit(start if start is not None and start > tables.SMALLEST else None, nw.Float64())
    opposite = nw.lit(bool(directions["up"] and directions["down"]))
    note = frames.first_of(
        (change.is_null(), "unknown_value"),
        (nw.lit(start is None or moves is None), "incomplete_total"),
        (nw.lit(start is not None and abs(start) <= tables.SMALLEST), "empty_total"),
        (nw.lit(start is not None and start < 0), "negative_total"),
        (nw.lit(moves == 0), "total_unmoved"),
        (opposite, "opposite_moves"),
    )
    complete = moves if start is not None else None
    return frames.given_back(  # type: ignore[no-any-return]
        moved.with_columns(
            growth=change / nw.when(before > tables.SMALLEST).then(before),
            contribution_points=change / total if complete is not None else nw.lit(None, nw.Float64()),
            share_of_change=over(change, nw.lit(complete, nw.Float64())),
            growth_rate=nw.lit(complete, nw.Float64()) / total,
            note=note,
        ),
        parts,
    )


def ratio_decomposition(parts: IntoFrameT) -> IntoFrameT:
    """Change of a ratio R = sum n_i / sum d_i (productivity, rate), by item, with w_i = d_i / sum d and r_i = n_i / d_i:

    within_base w_0 dr, between_base dw (r_0 - R_0), interaction dw dr (Foster, Haltiwanger and Krizan); with average weights
    and ratios there is no interaction: within_avg, between_avg (Griliches and Regev). An item that appears or disappears (its
    denominator is zero on one side) has no ratio there: entry_exit_base w_1 (r_1 - R_0) or -w_0 (r_0 - R_0), entry_exit_avg
    the same with the mean of R_0 and R_1.

    `parts`: item, numerator_0, denominator_0, numerator_1, denominator_1. Returns item, ratio_0, ratio_1, weight_0, weight_1,
    within_base, between_base, interaction, entry_exit_base, within_avg, between_avg, entry_exit_avg, contribution (all effects
    of the item with average weights), R0, R1, delta. Effects that do not apply are zero; each family sums to delta.

    Raises EmptyRatio (a denominator or numerator is unknown, or a total denominator is not above zero), NegativeValues (in a
    denominator), NumeratorAlone, MissingColumns, NotNumbers, NamelessRows, EmptyTable, RepeatedItems.
    """
    rows = _rows(parts, tables.RATIO_PARTS, ["item"])
    names = list(tables.RATIO_PARTS.columns)[1:]
    totals = frames.strict_total(rows, **{name: nw.col(name) for name in names})
    _refuse_ratio(rows, totals)
    n0, d0, n1, d1 = (float(totals[name] or 0) for name in names)
    return frames.given_back(_ratio_effects(_weighed(rows, d0, d1), n0 / d0, n1 / d1), parts)  # type: ignore[no-any-return]


class NumeratorAlone(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Un élément a un numérateur sans dénominateur : son ratio n’existe pas.")


def _refuse_ratio(rows: Rows, totals: dict[str, float | None]) -> None:
    if any(value is None for value in totals.values()) or not totals["denominator_0"] or not totals["denominator_1"]:
        raise EmptyRatio
    signs = {f"denominator_{side}": any_of(nw.col(f"denominator_{side}") < 0) for side in (0, 1)}
    alone = {
        f"alone_{side}": any_of((nw.col(f"denominator_{side}") == 0) & (nw.col(f"numerator_{side}") != 0)) for side in (0, 1)
    }
    found = frames.single(rows, **signs, **alone)
    for name in signs:
        if found[name]:
            raise frames.NegativeValues(tables.RATIO_PARTS.name, name)
    if found["alone_0"] or found["alone_1"]:
        raise NumeratorAlone


def _weighed(rows: Rows, before: float, after: float) -> Rows:
    return rows.select(
        "item",
        ratio_0=over(nw.col("numerator_0"), nw.col("denominator_0")),
        ratio_1=over(nw.col("numerator_1"), nw.col("denominator_1")),
        weight_0=nw.col("denominator_0") / before,
        weight_1=nw.col("denominator_1") / after,
    )


def _ratio_effects(rows: Rows, before: float, after: float) -> Rows:
    r0, r1, w0, w1 = (nw.col(name) for name in ("ratio_0", "ratio_1", "weight_0", "weight_1"))
    middle = (before + after) / 2
    zero = nw.lit(0.0)
    lasts = ~r0.is_null() & ~r1.is_null()

    def lasting(effect: nw.Expr) -> nw.Expr:
        return nw.when(lasts).then(effect).otherwise(zero)

    def passing(level: float) -> nw.Expr:
        came = nw.when(r0.is_null() & ~r1.is_null()).then(w1 * (r1 - level)).otherwise(zero)
        return nw.when(r1.is_null() & ~r0.is_null()).then(zero - w0 * (r0 - level)).otherwise(came)

    return rows.with_columns(
        within_base=lasting(w0 * (r1 - r0)),
        between_base=lasting((w1 - w0) * (r0 - before)),
        interaction=lasting((w1 - w0) * (r1 - r0)),
        entry_exit_base=passing(before),
        within_avg=lasting((w0 + w1) / 2 * (r1 - r0)),
        between_avg=lasting((w1 - w0) * ((r0 + r1) / 2 - middle)),
        entry_exit_avg=passing(middle),
    ).with_columns(
        contribution=nw.col("within_avg") + nw.col("between_avg") + nw.col("entry_exit_avg"),
        R0=nw.lit(before),
        R1=nw.lit(after),
        delta=nw.lit(after - before),
    )


def log_mean_decomposition(factors: IntoFrameT) -> IntoFrameT:
    """Change of a product, item by item, as the sum of its factors' effects: L(V_1, V_0) ln(f_1 / f_0) with the logarithmic
    mean L(a, b) = (a - b) / ln(a / b) (LMDI I; Ang 2004). Effects sum exactly to the change of the products.

    `factors`: item, factor, value_0, value_1; V is the product of an item's factors. Zeros are taken as limits (Ang and Liu
    2007): a product that appears or disappears is shared equally among its factors that are zero on that side.

    Returns item, factor, value_0, value_1, product_0, product_1, effect (in the unit of the product), note (unknown_value: a
    factor of the item is unknown, the effects of the item are null). Raises NegativeValues (no logarithm), MissingColumns,
    NotNumbers, NamelessRows, EmptyTable, RepeatedItems.
    """
    rows = _rows(factors, tables.FACTORS, ["item", "factor"])
    sides = ("value_0", "value_1")
    negative = frames.single(rows, **{name: any_of(nw.col(name) < 0) for name in sides})
    for name in sides:
        if negative[name]:
            raise frames.NegativeValues(tables.FACTORS.name, name)
    logs = {f"_log_{side}": nw.when(nw.col(f"value_{side}") > 0).then(nw.col(f"value_{side}")).log() for side in (0, 1)}
    zeros = {f"_zeros_{side}": nw.when(nw.col(f"value_{side}") == 0).then(1.0).otherwise(0.0) for side in (0, 1)}
    blanks = nw.when(nw.col("value_0").is_null() | nw.col("value_1").is_null()).then(1).otherwise(0)
    marked = rows.with_columns(**logs, **zeros, _blanks=blanks)
    names = [*logs, *zeros, "_blanks"]
    sums = marked.group_by("item").agg(*(nw.col(name).sum().alias(f"{name}_all") for name in names))
    _refuse_large_products(sums)
    return frames.given_back(_log_mean_effects(marked.join(sums, on="item", how="left")), factors)  # type: ignore[no-any-return]


def _refuse_large_products(sums: Rows) -> None:
    large = {side: any_of(nw.col(f"_log_{side}_all") > LARGEST_LOG) for side in ("0", "1")}
    found = frames.single(sums, **large)
    for side in ("0", "1"):
        if found[side]:
            raise tables.OutOfRange(tables.FACTORS.name, f"value_{side}")


def _log_mean_effects(rows: Rows) -> Rows:
    known = nw.col("_blanks_all") == 0
    products = {
        f"product_{side}": nw.when(known & (nw.col(f"_zeros_{side}_all") == 0)).then(nw.col(f"_log_{side}_all").exp())
        .otherwise(nw.when(known).then(nw.lit(0.0)))
        for side in (0, 1)
    }  # fmt: skip
    before, after = nw.col("product_0"), nw.col("product_1")
    ratio = nw.col("_log_1_all") - nw.col("_log_0_all")
    # Near zero the quotient loses its digits; the mean of both is then right to the last one
    mean = nw.when(ratio.abs() > 1e-6).then(over(after - before, ratio)).otherwise((before + after) / 2)
    lasting = mean * (nw.col("_log_1") - nw.col("_log_0"))
    appeared = after * over(nw.col("_zeros_0"), nw.col("_zeros_0_all"))
    gone = nw.lit(0.0) - before * over(nw.col("_zeros_1"), nw.col("_zeros_1_all"))
    zero_before, zero_after = nw.col("_zeros_0_all") > 0, nw.col("_zeros_1_all") > 0
    limits = nw.when(zero_before & zero_after).then(nw.lit(0.0)).otherwise(nw.when(zero_before).then(appeared).otherwise(gone))
    return (
        rows.with_columns(**products)
        .with_columns(effect=nw.when(known).then(nw.when(zero_before | zero_after).then(limits).otherwise(lasting)))
        .with_columns(note=frames.first_of((~known, "unknown_value")))
        .select("item", "factor", "value_0", "value_1", "product_0", "product_1", "effect", "note")
    )
