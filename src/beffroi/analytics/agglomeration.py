"""Whether an activity is more concentrated than the sizes of its establishments make it: Ellison and Glaeser 1997."""

import polars as pl

from beffroi.analytics import frames, tables

ESTABLISHMENTS = tables.Table(
    "establishments", {**tables.texts("establishment", "territory", "activity"), "value": tables.REAL}
)
KEYS = ["establishment", "territory", "activity"]


def ellison_glaeser(establishments: pl.DataFrame) -> pl.DataFrame:
    """gamma = (G - (1 - sum x_i^2) H) / ((1 - sum x_i^2) (1 - H)): 0 when establishments settle at random, as much as all
    jobs do; above 0.05, strongly agglomerated; below 0, spread more than chance would (Ellison and Glaeser, Journal of
    Political Economy 105(5), 1997).

    establishments: establishment, territory, activity, value (jobs); the rows of one establishment are added up.
    G = sum_i (s_i - x_i)^2, s_i the share of the activity in territory i, x_i that of all activities. H: Herfindahl of the
    sizes of its establishments. Returns activity, total, establishments, raw_concentration (G), herfindahl (H),
    ellison_glaeser, note: incomplete_total (a value is unknown: all shares are), empty_activity, one_establishment (H is 1),
    one_territory (nothing can be concentrated). Raises MissingColumns, NotNumbers, NamelessRows, EmptyTable, NegativeValues.
    """
    cells = frames.in_memory(frames.cells_of(establishments, ESTABLISHMENTS, KEYS))
    is_whole = cells["value"].null_count() == 0
    known = cells.with_columns(pl.col("value").fill_null(0.0))
    chance = 1 - _squares(_shares(known.group_by("territory").agg(pl.col("value").sum()), []))
    raw = _raw(known)
    sizes = known.with_columns(share=_part(["activity"])).group_by("activity").agg(
        total=pl.col("value").sum(), establishments=pl.len().cast(pl.Int64), herfindahl=(pl.col("share") ** 2).sum()
    )  # fmt: skip
    found = sizes.join(raw, on="activity").sort("activity").with_columns(_note(is_whole, chance).alias("note"))
    gamma = (pl.col("raw_concentration") - chance * pl.col("herfindahl")) / (chance * (1 - pl.col("herfindahl")))
    is_told, is_known = pl.col("note").is_null(), ~pl.col("note").is_in(["incomplete_total", "empty_activity"]).fill_null(False)
    return found.select(
        "activity",
        pl.when(pl.lit(is_whole)).then("total").alias("total"),
        "establishments",
        *(pl.when(is_known).then(name).alias(name) for name in ("raw_concentration", "herfindahl")),
        pl.when(is_told).then(gamma).alias("ellison_glaeser"),
        "note",
    )


def _part(keys: list[str]) -> pl.Expr:
    whole = pl.col("value").sum().over(keys) if keys else pl.col("value").sum()
    return pl.when(whole > 0).then(pl.col("value") / whole)


def _shares(table: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return table.with_columns(share=_part(keys))


def _squares(shares: pl.DataFrame) -> float:
    return float((shares["share"].fill_null(0.0) ** 2).sum())


def _raw(cells: pl.DataFrame) -> pl.DataFrame:
    """activity, raw_concentration: where an activity has nobody, its share is zero."""
    everywhere = _shares(cells.group_by("territory").agg(pl.col("value").sum()), []).select("territory", all="share")
    own = _shares(cells.group_by("activity", "territory").agg(pl.col("value").sum()), ["activity"])
    every = own.select("activity").unique().join(everywhere, how="cross")
    both = every.join(own.select("activity", "territory", "share"), on=["activity", "territory"], how="left")
    gap = pl.col("share").fill_null(0.0) - pl.col("all").fill_null(0.0)
    return both.group_by("activity").agg(raw_concentration=(gap**2).sum())


def _note(is_whole: bool, chance: float) -> pl.Expr:
    return (
        pl.when(pl.lit(not is_whole)).then(pl.lit("incomplete_total"))
        .when(pl.col("total") == 0).then(pl.lit("empty_activity"))
        .when(pl.lit(chance <= 1e-12)).then(pl.lit("one_territory"))
        .when(pl.col("herfindahl") >= 1 - 1e-12).then(pl.lit("one_establishment"))
    )  # fmt: skip
