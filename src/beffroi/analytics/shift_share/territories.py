"""Shift-share by territory: sums of the effects, rates, ratios, and the classes of the local effect. Tables of Polars come out:
one row per territory fits in memory."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl
from narwhals.typing import IntoFrame

from beffroi.analytics import frames, tables
from beffroi.analytics.frames import over
from beffroi.analytics.shift_share.effects import (
    BASE,
    CELL,
    CLASSIC,
    END,
    ESTEBAN,
    Cells,
    Period,
    Years,
    before_and_after,
    decomposed,
)

EFFECTS = [*CLASSIC, *ESTEBAN]


# What rounding leaves of a zero
NO_EFFECT = 1e-12


class NoIndustry(tables.Refusal):
    def __init__(self, names: Sequence[str]) -> None:
        named = ", ".join(names) or "aucune"
        super().__init__(f"Aucune activité de la table n’est de l’industrie (donnée : {named}).")


class NoReference(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Sans référence donnée, la nation est la somme des territoires : il n’y a pas de reste à chercher.")


def territory_effects(
    jobs: IntoFrame,
    *,
    reference: IntoFrame | str | None = None,
    start: int | None = None,
    end: int | None = None,
    dynamic: bool = False,
) -> pl.DataFrame:
    """The sums of `shift_share` by territory, and its rates.

    Returns territory, base, end, the effects; region_rate, nation_rate; structural_effect (industry_mix / base), local_effect
    (competitive / base: « effet local »), region_rate = nation_rate + structural_effect + local_effect in the classic form;
    undefined_industries: where Esteban-Marquillas is undefined, because the territory has nothing at the start, with the sums
    over the others in competitive_homothetic_defined and allocation_defined; note (unknown_value, absent_from_nation,
    empty_base, negative_base). Arguments and errors are those of `shift_share`.
    """
    years = Years.read(jobs, reference)
    cells = decomposed(years, start, end, dynamic=dynamic)
    first, last = _ends(years, start, end)
    period = years.period(first, last)
    defined = {f"{name}_defined": nw.col(name).fill_null(0.0) for name in ESTEBAN}
    sums = frames.strict_sums(cells, ["territory"], base=BASE, end=END, **{name: nw.col(name) for name in EFFECTS}, **defined)
    rows = frames.in_memory(sums).join(_undefined(cells, period), on="territory", how="left").sort("territory")
    return _rated(rows, (period.after - period.before) / period.before)


def _ends(years: Years, start: int | None, end: int | None) -> tuple[int, int]:
    return years.spans(start, end, dynamic=False)[0]


def _rated(rows: pl.DataFrame, nation: float) -> pl.DataFrame:
    base = pl.when(pl.col("base") > 0).then("base")
    split = pl.col("undefined_industries").is_null()
    return rows.with_columns(
        *(pl.when(split).then(name).alias(name) for name in ESTEBAN),
        region_rate=pl.col("growth") / base,
        nation_rate=pl.lit(nation),
        structural_effect=pl.col("industry_mix") / base,
        local_effect=pl.col("competitive") / base,
        note=pl.when(pl.col("growth").is_null()).then(pl.lit("unknown_value"))
        .when(pl.col("competitive").is_null()).then(pl.lit("absent_from_nation"))
        .when(pl.col("base") == 0).then(pl.lit("empty_base"))
        .when(pl.col("base") < 0).then(pl.lit("negative_base")),
    ).select(
        "territory", "base", "end", *EFFECTS, "region_rate", "nation_rate", "structural_effect", "local_effect",
        "undefined_industries", *(f"{name}_defined" for name in ESTEBAN), "note",
    )  # fmt: skip


def _undefined(cells: Cells, period: Period) -> pl.DataFrame:
    """Activities of the nation that a territory had not at the start, whether or not it has a row for them."""
    territories = cells.select("territory").unique()
    grid = territories.join(period.nation.filter(nw.col("nation_base") != 0).select("activity"), how="cross")
    defined = cells.filter(~nw.col("competitive_homothetic").is_null()).select(*CELL)
    absent = grid.join(defined, on=list(CELL), how="anti").select(*CELL)
    there = cells.filter(nw.col("competitive_homothetic").is_null()).select(*CELL)
    found = pl.concat([frames.in_memory(absent), frames.in_memory(there)]).unique().sort(CELL)
    named = pl.col("activity").cast(pl.String).str.join("; ")
    return found.group_by("territory", maintain_order=True).agg(undefined_industries=named)


def gerfin(
    jobs: IntoFrame,
    *,
    reference: IntoFrame | str | None = None,
    start: int | None = None,
    end: int | None = None,
    dynamic: bool = False,
) -> pl.DataFrame:
    """Ratios instead of differences (Gerfin 1964): industry_mix, what the territory would have become had each activity
    followed the nation, over what it would have become had the whole followed it; regional_share, what it became over the
    first; net_total_shift, their product. `dynamic`: geometric mean of the yearly ratios.

    Returns territory, industry_mix, regional_share, net_total_shift (ratios, 1: as the nation), note (unknown_value,
    empty_base, absent_from_nation). Arguments and errors are those of `shift_share`.
    """
    years = Years.read(jobs, reference)
    steps = [_ratios(years.period(*span)) for span in years.spans(start, end, dynamic=dynamic)]
    rows = pl.concat(steps).group_by("territory").agg(
        *(_mean(name) for name in ("industry_mix", "regional_share", "net_total_shift")), pl.col("note").drop_nulls().first()
    )  # fmt: skip
    return rows.sort("territory")


def _mean(name: str) -> pl.Expr:
    ratio = pl.col(name)
    return pl.when(ratio.null_count() == 0).then(ratio.mean()).alias(name)


def _ratios(period: Period) -> pl.DataFrame:
    joined = period.cells.join(period.nation, on="activity", how="left")
    expected = nw.when(BASE == 0).then(nw.lit(0.0)).otherwise(BASE * over(nw.col("nation_end"), nw.col("nation_base")))
    rows = frames.in_memory(frames.strict_sums(joined, ["territory"], base=BASE, end=END, expected=expected))
    growth = period.after / period.before
    followed = pl.when(pl.col("base") > 0).then(pl.col("base") * growth)
    alike = pl.when(pl.col("expected") > 0).then("expected")
    return rows.select(
        "territory",
        industry_mix=alike / followed,
        regional_share=pl.col("end") / alike,
        net_total_shift=pl.col("end") / pl.when(alike.is_not_null()).then(followed),
        note=pl.when(pl.col("base").is_null() | pl.col("end").is_null()).then(pl.lit("unknown_value"))
        .when(pl.col("base") <= 0).then(pl.lit("empty_base"))
        .when(alike.is_null()).then(pl.lit("absent_from_nation")),
    )  # fmt: skip


def local_effect(
    jobs: IntoFrame,
    *,
    industry: Sequence[str],
    reference: IntoFrame | str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> pl.DataFrame:
    """The four classes of the maps of the region's foresight: sign of the local effect of a territory, all activities
    together, then of its industry: pos-pos, pos-neg, neg-pos, neg-neg.

    `industry`: the activities of `jobs` that are industry. Returns territory, local_effect, industry_local_effect (ratios
    to the value at the start), class, note. An effect of zero (below 1e-12) has no sign: class is null (no_sign), as it is
    when an effect is unknown (unknown_value) or the territory has no industry at the start (no_industry). Raises NoIndustry
    and what `shift_share` raises.
    """
    cells = decomposed(Years.read(jobs, reference), start, end, dynamic=False)
    inside = nw.col("activity").is_in(list(industry))
    if not frames.single(cells.filter(inside), rows=nw.len())["rows"]:
        raise NoIndustry(industry)
    effects = {"base": BASE, "competitive": nw.col("competitive")}
    everything = frames.in_memory(frames.strict_sums(cells, ["territory"], **effects))
    part = frames.in_memory(frames.strict_sums(cells.filter(inside), ["territory"], **effects))
    rows = everything.join(part.with_columns(has_industry=True), on="territory", how="left", suffix="_industry")
    return _classed(rows).sort("territory")


def _classed(rows: pl.DataFrame) -> pl.DataFrame:
    none = pl.col("has_industry").is_null() | (pl.col("base_industry") <= 0)
    whole, part = pl.col("local_effect"), pl.col("industry_local_effect")
    return (
        rows.with_columns(
            local_effect=pl.col("competitive") / pl.when(pl.col("base") > 0).then("base"),
            industry_local_effect=pl.col("competitive_industry") / pl.when(pl.col("base_industry") > 0).then("base_industry"),
        )
        .with_columns(
            pl.concat_str(_sign(whole), _sign(part), separator="-").alias("class"),
            note=pl.when(none).then(pl.lit("no_industry"))
            .when(whole.is_null() | part.is_null()).then(pl.lit("unknown_value"))
            .when((whole.abs() < NO_EFFECT) | (part.abs() < NO_EFFECT)).then(pl.lit("no_sign")),
        )
        .select("territory", "local_effect", "industry_local_effect", "class", "note")
    )  # fmt: skip


def _sign(effect: pl.Expr) -> pl.Expr:
    return pl.when(effect >= NO_EFFECT).then(pl.lit("pos")).when(effect <= -NO_EFFECT).then(pl.lit("neg"))


def residue(
    jobs: IntoFrame, *, reference: IntoFrame | str | None = None, start: int | None = None, end: int | None = None
) -> pl.DataFrame:
    """What the reference has and the territories together have not, by activity: secrecy, activities abroad, other sources.

    Returns activity, base_residue, end_residue (reference minus sum; null when a cell of the activity is unknown), note
    (unknown_value). Zero everywhere is what makes the competitive effects of an activity sum to zero. Raises NoReference and
    what `shift_share` raises.
    """
    if reference is None:
        raise NoReference
    years = Years.read(jobs, reference)
    first, last = _ends(years, start, end)
    sums = frames.strict_sums(before_and_after(years.cells, CELL, first, last), ["activity"], base=BASE, end=END)
    nation = frames.in_memory(before_and_after(years.nation, ["activity"], first, last))
    rows = nation.join(frames.in_memory(sums).with_columns(known=True), on="activity", how="full", coalesce=True, suffix="_sum")
    nothing = pl.col("known").is_null()
    parts = {name: pl.when(nothing).then(0.0).otherwise(pl.col(f"{name}_sum")) for name in ("base", "end")}
    listed = pl.col("base").is_not_null() | pl.col("end").is_not_null()
    wholes = {name: pl.when(~listed).then(0.0).otherwise(pl.col(name)) for name in ("base", "end")}
    left = {f"{name}_residue": wholes[name] - parts[name] for name in ("base", "end")}
    unknown = pl.any_horizontal(pl.col(name).is_null() for name in left)
    found = rows.select("activity", **left)
    return found.with_columns(note=pl.when(unknown).then(pl.lit("unknown_value"))).sort("activity")
