"""Pairs worth comparing: those that have one key in common among several, none of them held by too many records."""

import polars as pl

MOST = 60  # records of the register that a key may bring to one record
MOST_PAIRS = 10  # and for one record in all: those with the most keys in common, of which a rare one says more, first
GRAIN, ROWS = 4096, 2**32  # of the worth of a pair, and of a table: both in one integer that sorts fast
PREFIX, SUFFIX = 4, 4


def _joined(*parts: pl.Expr) -> pl.Expr:
    return pl.concat_str(*parts, separator="|")


def _keys() -> dict[str, pl.Expr]:
    """Null where a part is unknown: nothing is brought together by what is not there."""
    rare, compact, postcode, city = (pl.col(name) for name in ("rare", "compact", "postcode", "city"))
    department = postcode.str.slice(0, 2)
    return {
        "core": pl.col("core"),
        "fixed": pl.col("fixed"),
        "rare": rare,
        "rare and second": pl.col("two"),
        "rare and department": _joined(rare, department),
        "rare and city": _joined(rare, city),
        "rare and activity": _joined(rare, pl.col("activity")),
        "rare and year": _joined(rare, pl.col("year")),
        "second and postcode": _joined(pl.col("second"), postcode),
        "beginning and postcode": _joined(rare.str.slice(0, PREFIX), postcode),
        "end and postcode": _joined(rare.str.slice(-SUFFIX), postcode),
        "beginning and city": _joined(compact.str.slice(0, PREFIX), city),
        "beginning": compact.str.slice(0, 9),
        "address": pl.col("place_in_street"),
        "number and place": _joined(
            pl.col("number_in_street"), pl.col("street").str.slice(0, PREFIX), pl.coalesce("postcode", "city")
        ),
        "street and place": _joined(pl.col("street"), pl.coalesce("postcode", "city")),
        "acronym and department": _joined(pl.coalesce("acronym", "initials"), department),
        "initials and department": _joined(pl.coalesce("initials", "acronym"), department),
        "day": pl.when(pl.col("day").str.len_chars() == 8).then(pl.col("day")),
        "activity and postcode": _joined(pl.col("activity"), postcode),
        "year and postcode": _joined(pl.col("year"), postcode),
        "other": pl.col("other"),
    }


def pairs(left: pl.DataFrame, right: pl.DataFrame, *, within: bool = False) -> pl.DataFrame:
    """left, right: rows of the two tables, the likeliest of each first. `within`: both are one table, each pair once."""
    found = [pairs_of_key(left, right, key, within=within) for key in _keys().values()]
    met = pl.concat(found).group_by("left", "right").agg(pl.col("worth").sum())
    place = (pl.col("worth") * GRAIN).cast(pl.Int64) * ROWS - pl.col("right")
    best = met.group_by("left").agg(place.top_k(MOST_PAIRS).alias("place")).explode("place", empty_as_null=True)
    return best.sort("left", "place", descending=[False, True]).select("left", right=-pl.col("place") % ROWS)


def pairs_of_key(left: pl.DataFrame, right: pl.DataFrame, key: pl.Expr, *, within: bool) -> pl.DataFrame:
    asked = left.select(pl.col("row").alias("left"), key.cast(pl.String).alias("key")).drop_nulls()
    known = right.select(pl.col("row").alias("right"), key.cast(pl.String).alias("key")).drop_nulls()
    met = known.join(asked.select("key").unique(), on="key", how="semi")
    few = met.group_by("key").agg(pl.len().alias("n"), "right").filter(pl.col("n") <= MOST).explode("right")
    both = asked.join(few, on="key").select("left", "right", worth=1 + (MOST / pl.col("n")).log())
    return both.filter(pl.col("left") < pl.col("right")) if within else both
