"""In what is a territory specialised, and where is an activity concentrated.

References: Balassa 1965; O'Donoghue and Gleave 2004; Krugman 1991; Kubrak, INSEE H2013/01. Functions take and give tables of
Polars, DuckDB or Spark; `value` is a quantity that adds up (jobs as a rule). Shares are between 0 and 1.
"""

from dataclasses import dataclass
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrame, IntoFrameT

from beffroi.analytics import frames, tables
from beffroi.analytics.frames import VALUE, over

# Map of territorial specificities of the region's foresight: « effectif minimum de 500 emplois, indice d’au moins 1,8 »
LEAST_JOBS = 500.0
LEAST_INDEX = 1.8

Cells = nw.LazyFrame[Any]


class UnknownReference(tables.Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"« {code} » n’est pas dans la colonne « territory » : il ne peut servir de référence.")


class UnknownTotal(tables.Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"« {code} » n’est pas dans la colonne « activity » : aucun total n’y est publié.")


class RepeatedThresholds(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Une activité a deux lignes dans la table « thresholds » : laquelle s’applique ? Gardez-en une.")


class NothingCompared(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Il ne reste aucun territoire une fois la référence mise à part.")


@dataclass(frozen=True)
class _Compared:
    """Cells of the territories; by territory and by activity of the reference, their totals."""

    cells: Cells
    territories: Cells
    activities: Cells
    whole: float | None


def location_quotient(jobs: IntoFrameT, *, reference: IntoFrame | str | None = None, total: str | None = None) -> IntoFrameT:
    """Share of an activity in a territory over its share in the reference: LQ_ij = (e_ij / e_j) / (e_i / e) (Balassa 1965).

    `jobs`: territory, activity, value. `reference`: a table (activity, value), the code of a territory of `jobs` which then
    only serves to compare, or nothing: the sum of the territories. `total`: the activity under which totals are published;
    they are then used instead of sums, so that a secret cell leaves the others their quotient.

    Returns territory, activity, value (the base count, in the unit that came), territory_total, activity_total, share,
    reference_share, location_quotient (no unit, 1: as much as the reference), additive_quotient (difference of shares),
    symmetric_quotient ((LQ - 1) / (LQ + 1), from -1 to 1), note. The note says why a quotient is null: unknown_value,
    incomplete_total, empty_territory, absent_from_reference; or warns: exceeds_reference (the territory is not part of it).

    Raises MissingColumns, NotNumbers, NamelessRows, EmptyTable, NegativeValues, UnknownReference, UnknownTotal,
    NothingCompared.
    """
    return frames.given_back(_quotients(_compared(jobs, reference, total)), jobs)  # type: ignore[no-any-return]


def _compared(jobs: IntoFrame, reference: IntoFrame | str | None, total: str | None) -> _Compared:
    cells = frames.cells_of(jobs, tables.JOBS, ["territory", "activity"])
    base = cells
    if isinstance(reference, str):
        base, cells = cells.filter(nw.col("territory") == reference), cells.filter(nw.col("territory") != reference)
        _refuse_empty(base, UnknownReference(reference))
        _refuse_empty(cells, NothingCompared())
    elif reference is not None:
        base = frames.cells_of(reference, tables.REFERENCE, ["activity"])
    parts, territories = _parts_and_totals(cells, total)
    listed, whole = _listed(base, total)
    return _Compared(parts, territories, listed, whole)


def _refuse_empty(frame: Cells, refusal: tables.Refusal) -> None:
    if not frames.single(frame, rows=nw.len())["rows"]:
        raise refusal


def _parts_and_totals(cells: Cells, total: str | None) -> tuple[Cells, Cells]:
    if total is None:
        return cells, frames.strict_sums(cells, ["territory"], territory_total=VALUE)
    published = cells.filter(nw.col("activity") == total).select("territory", territory_total=VALUE)
    _refuse_empty(published, UnknownTotal(total))
    return cells.filter(nw.col("activity") != total), published


def _listed(base: Cells, total: str | None) -> tuple[Cells, float | None]:
    """The reference by activity, and its whole: the published one if there is one."""
    parts = base if total is None else base.filter(nw.col("activity") != total)
    activities = frames.held(frames.strict_sums(parts, ["activity"], activity_total=VALUE))
    activities = activities.with_columns(listed=nw.lit(True))
    printed = base if total is None else base.filter(nw.col("activity") == total)
    found = frames.single(printed, rows=nw.len(), known=VALUE.count(), value=VALUE.sum())
    complete = found["rows"] and found["known"] == found["rows"]
    return activities, float(found["value"]) if complete else None


def _quotients(compared: _Compared) -> Cells:
    whole = nw.lit(compared.whole, nw.Float64())
    absent = nw.col("listed").is_null()
    joined = compared.cells.join(compared.territories, on="territory", how="left").join(
        compared.activities, on="activity", how="left"
    )
    known = joined.with_columns(
        activity_total=nw.when(absent).then(nw.lit(0.0)).otherwise(nw.col("activity_total")),
        share=over(VALUE, nw.col("territory_total")),
    ).with_columns(reference_share=over(nw.col("activity_total"), whole))
    quotient = nw.col("location_quotient")
    return (
        known.with_columns(location_quotient=over(nw.col("share"), nw.col("reference_share")))
        .with_columns(
            additive_quotient=nw.col("share") - nw.col("reference_share"),
            symmetric_quotient=(quotient - 1) / (quotient + 1),
            note=_note(),
        )
        .select(*QUOTIENTS)
    )


QUOTIENTS = (
    *("territory", "activity", "value", "territory_total", "activity_total", "share", "reference_share"),
    *("location_quotient", "additive_quotient", "symmetric_quotient", "note"),
)


def _note() -> nw.Expr:
    return frames.first_of(
        (VALUE.is_null(), "unknown_value"),
        (nw.col("territory_total").is_null(), "incomplete_total"),
        (nw.col("territory_total") == 0, "empty_territory"),
        (nw.col("activity_total") == 0, "absent_from_reference"),
        (nw.col("reference_share").is_null(), "incomplete_total"),
        (nw.col("activity_total") < VALUE, "exceeds_reference"),
    )


def specificities(
    jobs: IntoFrameT,
    *,
    reference: IntoFrame | str | None = None,
    total: str | None = None,
    thresholds: IntoFrame | None = None,
    least_jobs: float = LEAST_JOBS,
    least_index: float = LEAST_INDEX,
) -> IntoFrameT:
    """What a territory is known for: activities of at least 500 jobs whose quotient is at least 1.8 (map of territorial
    specificities, foresight of Hauts-de-France). `thresholds`: activity, least_jobs, least_index, for the lowered ones.

    Returns the columns of `location_quotient`, the two thresholds applied, and `specific`: true, false, or null when what is
    known does not settle it. At a threshold, it is specific. Raises what `location_quotient`
    raises, NotFinite, RepeatedThresholds.
    """
    tables.refuse_not_finite(least_jobs=least_jobs, least_index=least_index)
    found = _quotients(_compared(jobs, reference, total))
    if thresholds is None:
        limited = found.with_columns(least_jobs=nw.lit(float(least_jobs)), least_index=nw.lit(float(least_index)))
    else:
        limited = found.join(_limits(thresholds), on="activity", how="left").with_columns(
            nw.col("least_jobs").fill_null(float(least_jobs)), nw.col("least_index").fill_null(float(least_index))
        )
    enough, high = nw.col("least_jobs") <= VALUE, nw.col("location_quotient") >= nw.col("least_index")
    unsettled = nw.lit(None, nw.Boolean())
    # An unknown quotient cannot save a cell that is too small, and the reverse
    too_low = (~enough).fill_null(False) | (~high).fill_null(False)
    settled = enough.is_null() | high.is_null()
    specific = nw.when(too_low).then(nw.lit(False)).otherwise(nw.when(settled).then(unsettled).otherwise(nw.lit(True)))
    return frames.given_back(limited.with_columns(specific=specific), jobs)  # type: ignore[no-any-return]


def _limits(thresholds: IntoFrame) -> Cells:
    limits = frames.opened(thresholds, tables.THRESHOLDS)
    names = ("least_jobs", "least_index")
    wrong = {name: frames.any_of(nw.col(name).is_nan() | (nw.col(name).abs() == float("inf"))) for name in names}
    found = frames.single(limits, **wrong, rows=nw.len(), activities=nw.col("activity").n_unique())
    for name in names:
        if found[name]:
            raise frames.NotNumbers(tables.THRESHOLDS.name, name)
    if found["rows"] != found["activities"]:
        raise RepeatedThresholds
    return limits


def standardised_quotient(
    jobs: IntoFrameT,
    *,
    reference: IntoFrame | str | None = None,
    total: str | None = None,
    logarithm: bool = False,
) -> IntoFrameT:
    """z of a quotient among those of the same activity: (LQ_ij - mean_i) / sd_i, sd with n - 1 (O'Donoghue and Gleave 2004);
    with `logarithm`, z of its natural logarithm (Tian 2013).

    Returns territory, activity, value, location_quotient, standardised_quotient, territories (how many quotients of the
    activity are known), note. Null when fewer than two are known, all are equal (same_everywhere), or the logarithm of a
    zero is asked (no_logarithm). A territory without a row of an activity is not among them.
    """
    found = _quotients(_compared(jobs, reference, total))
    quotient = nw.col("location_quotient")
    positive = nw.when(quotient > 0).then(quotient)
    found = found.with_columns(_x=positive.log() if logarithm else quotient)
    known = found.filter(~nw.col("_x").is_null())
    sums = known.group_by("activity").agg(
        nw.col("_x").mean().alias("_mean"), nw.col("_x").max().alias("_max"), nw.col("_x").min().alias("_min"),
        nw.len().alias("territories"),
    )  # fmt: skip
    square = (nw.col("_x") - nw.col("_mean")) ** 2
    joined = found.join(sums, on="activity", how="left").with_columns(territories=nw.col("territories").fill_null(0))
    squares = joined.with_columns(_square=square).group_by("activity").agg(nw.col("_square").sum().alias("_squares"))
    alike = nw.col("_max") <= nw.col("_min")
    spread = (over(nw.col("_squares"), nw.col("territories") - 1)).sqrt()
    settled = (nw.col("territories") > 1) & ~alike
    note = frames.first_of(
        (nw.col("_x").is_null() & ~quotient.is_null(), "no_logarithm"),
        ((nw.col("territories") < 2) & ~quotient.is_null(), "one_territory"),
        (alike & ~quotient.is_null(), "same_everywhere"),
    )
    return frames.given_back(  # type: ignore[no-any-return]
        joined.join(squares, on="activity", how="left")
        .with_columns(standardised_quotient=nw.when(settled).then(over(nw.col("_x") - nw.col("_mean"), spread)))
        .with_columns(note=nw.when(note.is_null()).then(nw.col("note")).otherwise(note))
        .select("territory", "activity", "value", "location_quotient", "standardised_quotient", "territories", "note"),
        jobs,
    )


def specialisation(jobs: IntoFrameT, *, reference: IntoFrame | str | None = None, total: str | None = None) -> IntoFrameT:
    """How far the structure of each territory is from the reference, with s_ij = e_ij / e_j and s_i = e_i / e.

    Returns territory, total, activities (listed by the reference), krugman (sum |s_ij - s_i|, from 0 to 2, Krugman 1991),
    specialisation_coefficient (its half: INSEE, EconGeo), gini_of_quotients (of the LQ, each activity counting once; REAT's
    gini.spec, below 1), locational_gini (of the LQ, activities weighted by s_i; below 1, EconGeo prints its half),
    herfindahl (sum s_ij²), herfindahl_normalised ((H - 1/n) / (1 - 1/n)), equivalent_number (1 / H), note.

    Null with a note when a cell or a total is unknown (incomplete_total), the territory is empty (empty_territory), it has
    an activity that the reference has not (absent_from_reference: quotients have no meaning, nor the Gini), or the reference
    has one activity only (one_activity: nothing to normalise). Raises what `location_quotient` raises.
    """
    compared = _compared(jobs, reference, total)
    found = _quotients(compared)
    listed = frames.in_memory(compared.activities.filter(nw.col("activity_total") > 0))
    rows = found.select("territory", "activity", "value", "share", "reference_share", "location_quotient", "note")
    profile = _profiles(rows, by="territory", listed=listed.height)
    totals = compared.territories.select("territory", total=nw.col("territory_total"))
    joined = profile.join(totals, on="territory", how="left").with_columns(activities=nw.lit(listed.height))
    return frames.given_back(joined.select("territory", "total", "activities", *PROFILE), jobs)  # type: ignore[no-any-return]


def concentration(jobs: IntoFrameT, *, reference: str | None = None) -> IntoFrameT:
    """Where each activity is, compared with all activities together: s_ij = e_ij / e_i against s_j = e_j / e.

    Returns activity, total, territories, krugman (sum |s_ij - s_j|), concentration_coefficient (its half), gini_of_quotients
    (each territory counting once; REAT's gini.conc), locational_gini (territories weighted by s_j, below 1; CCI
    Hauts-de-France: above 0.6 is high), herfindahl, herfindahl_normalised, equivalent_number, note as in `specialisation`.
    `reference`: the activity to compare with, when the table has a row for all activities together.
    """
    turned = frames.opened(jobs, tables.JOBS).select("value", territory=nw.col("activity"), activity=nw.col("territory"))
    found = frames.lazy(specialisation(turned.to_native(), reference=reference))
    renamed = found.with_columns(activity=nw.col("territory"), territories=nw.col("activities")).select(
        "activity", "total", "territories", "krugman",
        nw.col("specialisation_coefficient").alias("concentration_coefficient"), *PROFILE[2:],
    )  # fmt: skip
    return frames.given_back(renamed, jobs)  # type: ignore[no-any-return]


PROFILE = (
    *("krugman", "specialisation_coefficient", "gini_of_quotients", "locational_gini", "herfindahl"),
    *("herfindahl_normalised", "equivalent_number", "note"),
)


def _profiles(rows: Cells, *, by: str, listed: int) -> Cells:
    """Sums over the rows of each profile. What a territory has not adds |0 - s_i| = s_i, and these sum to one with the rest."""
    share, reference = nw.col("share"), nw.col("reference_share")
    order = ["location_quotient", "activity"]
    partial = rows.with_columns(
        _gap=(share - reference).abs() - reference, _square=share * share, _unknown=reference.is_null() | share.is_null()
    ).with_columns(
        _shares=share.cum_sum().over(by, order_by=order),
        _quotients=nw.col("location_quotient").cum_sum().over(by, order_by=order),
    )
    slices = partial.with_columns(
        _weighted=(2 * nw.col("_shares") - share) * reference,
        _unweighted=2 * nw.col("_quotients") - nw.col("location_quotient"),
        _foreign=nw.when(nw.col("note") == "absent_from_reference").then(1).otherwise(0),
        _empty=nw.when(nw.col("note") == "empty_territory").then(1).otherwise(0),
        _missing=nw.when(nw.col("_unknown")).then(1).otherwise(0),
    )
    sums = slices.group_by(by).agg(
        *(nw.col(name).sum() for name in ("_gap", "_square", "_weighted", "_unweighted", "location_quotient")),
        *(nw.col(name).max() for name in ("_foreign", "_empty", "_missing")),
    )
    return _measures(sums, listed)


def _measures(sums: Cells, listed: int) -> Cells:
    note = frames.first_of(
        (nw.col("_empty") == 1, "empty_territory"),
        (nw.col("_missing") == 1, "incomplete_total"),
        (nw.col("_foreign") == 1, "absent_from_reference"),
        (nw.lit(listed) < 2, "one_activity"),
    )
    known = nw.col("_missing") == 0
    inside = known & (nw.col("_foreign") == 0)
    square = nw.col("_square")
    one = 1.0 / listed if listed else 0.0
    normalised = (square - one) / (1 - one) if listed > 1 else nw.lit(None, nw.Float64())
    unweighted = 1 - over(nw.col("_unweighted"), nw.col("location_quotient") * listed)
    return sums.with_columns(
        krugman=nw.when(known).then(_at_least_zero(nw.col("_gap") + 1)),
        gini_of_quotients=nw.when(inside).then(_at_least_zero(unweighted)),
        locational_gini=nw.when(inside).then(_at_least_zero(1 - nw.col("_weighted"))),
        herfindahl=nw.when(known).then(square),
        herfindahl_normalised=nw.when(inside).then(normalised),
        equivalent_number=nw.when(known).then(over(nw.lit(1.0), square)),
        note=note,
    ).with_columns(specialisation_coefficient=nw.col("krugman") / 2)


def _at_least_zero(expression: nw.Expr) -> nw.Expr:
    """Equal structures give 1e-17 or -1e-17."""
    return nw.when(expression > 0).then(expression).otherwise(nw.when(expression <= 0).then(nw.lit(0.0)))


def krugman_index(jobs: IntoFrameT) -> IntoFrameT:
    """Distance between the structures of two territories: K_jl = sum_i |s_ij - s_il|, from 0 (the same) to 2 (nothing in
    common) (Krugman 1991). Returns territory, other, krugman, once per pair, and note (incomplete_total, empty_territory).

    Raises MissingColumns, NotNumbers, NamelessRows, EmptyTable, NegativeValues.
    """
    cells = frames.cells_of(jobs, tables.JOBS, ["territory", "activity"])
    totals = frames.strict_sums(cells, ["territory"], total=VALUE)
    shares = cells.join(totals, on="territory", how="left").select("territory", "activity", share=over(VALUE, nw.col("total")))
    others = shares.select("activity", other=nw.col("territory"), other_share=nw.col("share"))
    one, other = nw.col("share"), nw.col("other_share")
    common = (
        shares.join(others, on="activity", how="inner")
        .filter(nw.col("territory") < nw.col("other"))
        .with_columns(_gap=(one - other).abs() - one - other)
        .group_by("territory", "other")
        .agg(nw.col("_gap").sum())
    )
    pairs = totals.join(totals.select(other=nw.col("territory"), other_total=nw.col("total")), how="cross")
    missing = nw.col("total").is_null() | nw.col("other_total").is_null()
    empty = (nw.col("total") == 0) | (nw.col("other_total") == 0)
    distance = _at_least_zero(2 + nw.col("_gap").fill_null(0.0))
    return frames.given_back(  # type: ignore[no-any-return]
        pairs.filter(nw.col("territory") < nw.col("other"))
        .join(common, on=["territory", "other"], how="left")
        .with_columns(note=frames.first_of((missing, "incomplete_total"), (empty, "empty_territory")))
        .select("territory", "other", nw.when(nw.col("note").is_null()).then(distance).alias("krugman"), "note"),
        jobs,
    )
