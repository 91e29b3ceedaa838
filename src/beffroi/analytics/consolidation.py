"""Lines of money to totals: each line once whatever the number of sources that claim it, what is uncertain apart.

A total never mixes stages, instruments or currencies: they are keys of every answer, asked or not. For each group:
`certain` is what is sure (the lowest of rivals, one of two lines that could be the same, nothing of an overlap), `at_most`
what the sources allow, `transit` what only passed through a fund (in no total), `unknown` the lines without an amount.
Amounts are integer cents. Source of the rules: design of the domain, « funding ».
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from beffroi.analytics.tables import DATE, FLAG, WHOLE, Refusal, Table, require, texts

# One row per line; any other column may be a key. References (line, fund...) are texts, or all of them numbers. `on`: the day
# by which a relation is looked for. `drawn_from`: the fund that pays it out. `into`: the fund that a payment to its manager
# feeds, when the source says it.
LINES = Table(
    "lines",
    {
        **texts("line", "stage", "instrument", "currency", "section", "fund", "payer", "receiver", "into", "drawn_from"),
        "on": DATE,
    },
)
# One row per claim known at the moment. `source`: who says it; the last `edition` of each source on a line revises the others.
CLAIMS = Table(
    "claims",
    {**texts("line", "source"), "edition": WHOLE, "low": WHOLE, "high": WHOLE, "settled": FLAG},
)
# Two lines that could be one. `state`: proposed | accepted | refused.
LINKS = Table("links", texts("one", "other", "state"))
# Who runs a fund, from when to when (unknown: always).
MANAGES = Table("manages", {**texts("manager", "fund"), "since": DATE, "until": DATE})

APART = ("stage", "instrument", "currency")
COUNTS = ("lines", "unknown", "rivals", "possible_doubles")
SUMS = ("certain", "at_most", "transit")
OPERATING = "operating"


class UnknownKey(Refusal):
    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"On ne peut pas regrouper par {', '.join(names)} ; au choix : {', '.join(sorted(known))}.")


@dataclass(frozen=True)
class Consolidation:
    """`groups`: the keys, the apart ones, COUNTS and SUMS. `lines`: every line with its low, high, certain, at_most, transit.
    `funds`: fund, stage, currency, paid_in, paid_out, held (negative: more left the fund than is known to have entered)."""

    groups: pl.DataFrame
    lines: pl.DataFrame
    funds: pl.DataFrame


def consolidate(
    lines: pl.DataFrame,
    claims: pl.DataFrame,
    *,
    by: Sequence[str],
    links: pl.DataFrame | None = None,
    manages: pl.DataFrame | None = None,
) -> Consolidation:
    """The totals of lines by any of their columns. Raises MissingColumns or UnknownKey."""
    require(lines, LINES)
    if unknown := [key for key in by if key not in lines.columns]:
        raise UnknownKey(unknown, lines.columns)
    valued = lines.join(line_values(claims), on="line", how="left").with_columns(pl.col("claims", "rivals").fill_null(0))
    counted = valued.with_columns(
        certain=pl.col("low").fill_null(0),
        at_most=pl.coalesce("high", "low").fill_null(0),
        transit=pl.lit(0, WHOLE),
        is_double=pl.lit(False),
    )
    linked = _linked(counted, _like(lines, "line", LINKS, links))
    final, funds = _without_transit(linked, _like(lines, "fund", MANAGES, manages))
    return Consolidation(totals(final, by), final, funds)


def _like(lines: pl.DataFrame, name: str, declared: Table, given: pl.DataFrame | None) -> pl.DataFrame:
    """References are texts, or numbers where those of the lines are."""
    table = declared.build([]) if given is None else require(given, declared)
    return table.with_columns(pl.col(pl.String, pl.Int64).exclude("state").cast(lines.schema[name]))


def line_values(claims: pl.DataFrame) -> pl.DataFrame:
    """line, low, high, claims, rivals: what stands of the claims of each line. A settled claim stands alone."""
    rows = require(claims, CLAIMS)
    is_alone = pl.col("line").is_unique()
    alone = rows.filter(is_alone).select("line", "low", "high", claims=pl.lit(1, WHOLE), rivals=pl.lit(0, WHOLE))
    return pl.concat([alone, _standing(rows.filter(~is_alone))])


def _standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Of lines that several claims are about."""
    last = pl.col("edition").fill_null(-1)
    current = rows.filter(pl.col("settled").fill_null(False) | (last == last.max().over("line", "source")))
    chosen = current.with_columns(_chosen=pl.col("settled").fill_null(False).any().over("line"))
    kept = chosen.filter(~pl.col("_chosen") | pl.col("settled").fill_null(False))
    bounds = kept.group_by("line").agg(
        pl.col("low").min(), pl.col("high").max(), claims=pl.len().cast(WHOLE), _said=pl.struct("low", "high").n_unique()
    )
    rivals = pl.when(pl.col("_said") > 1).then(pl.col("claims")).otherwise(0).cast(WHOLE)
    return bounds.select("line", "low", "high", "claims", rivals.alias("rivals"))


def totals(lines: pl.DataFrame | pl.LazyFrame, by: Sequence[str]) -> pl.DataFrame:
    """Consolidated lines by any of their columns; the apart ones are always keys too."""
    keys = list(dict.fromkeys([*by, *APART]))
    is_final = pl.col("transit") == 0
    return (
        lines.lazy()
        .group_by(keys)
        .agg(
            is_final.sum().cast(WHOLE).alias("lines"),
            (is_final & pl.col("low").is_null() & pl.col("high").is_null()).sum().cast(WHOLE).alias("unknown"),
            (is_final & (pl.col("rivals") > 0)).sum().cast(WHOLE).alias("rivals"),
            pl.col("is_double").sum().cast(WHOLE).alias("possible_doubles"),
            *(pl.col(name).sum() for name in SUMS),
        )
        .sort(keys, nulls_last=True)
        .collect()
    )


def _groups_of(pairs: Iterable[tuple[Any, ...]]) -> dict[Any, Any]:
    """Each line of a chain of pairs -> the first of its chain."""
    heads: dict[Any, Any] = {}

    def head(name: Any) -> Any:
        while heads.setdefault(name, name) != name:
            heads[name] = name = heads[heads[name]]
        return name

    for one, other in pairs:
        first, last = sorted((head(one), head(other)))
        heads[last] = first
    return {name: head(name) for name in heads}


def _chained(lines: pl.DataFrame, links: pl.DataFrame, state: str) -> pl.DataFrame:
    """The lines with `_chain`, null where no link of this state ties them to a line of the same stage and currency."""
    asked = links.filter(pl.col("state") == state)
    where = lines.select("line", *APART)
    pairs = asked.join(where, left_on="one", right_on="line").join(where, left_on=["other", *APART], right_on=["line", *APART])
    chains = _groups_of(pairs.select("one", "other").iter_rows())
    kind = lines.schema["line"]
    table = pl.DataFrame({"line": list(chains), "_chain": list(chains.values())}, schema={"line": kind, "_chain": kind})
    return lines.join(table, on="line", how="left")


def _linked(lines: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Only the lines that a link names are looked at."""
    is_linked = pl.col("line").is_in(pl.concat([links["one"], links["other"]]).unique().implode())
    tied = lines.filter(is_linked)
    return pl.concat([lines.filter(~is_linked), _united(tied, links).select(lines.columns)]) if tied.height else lines


def _united(lines: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    accepted = _chained(lines, links, "accepted")
    chain = pl.coalesce("_chain", "line")
    merged = accepted.with_columns(
        low=pl.col("low").min().over(chain), high=pl.col("high").max().over(chain), line=chain, _own=pl.col("line")
    )
    one = merged.filter(pl.col("line") == pl.col("_own")).drop("_own", "_chain")
    renamed = links.with_columns(
        pl.col("one", "other").replace(dict(accepted.drop_nulls("_chain").select("line", "_chain").rows()))
    )
    whole = one.with_columns(certain=pl.col("low").fill_null(0), at_most=pl.coalesce("high", "low").fill_null(0))
    return _once_in_certain(_chained(whole, renamed.filter(pl.col("one") != pl.col("other")), "proposed"))


def _once_in_certain(lines: pl.DataFrame) -> pl.DataFrame:
    """Of lines that could be one, the lowest is certain; all of them are in at most."""
    rank = pl.struct(pl.col("certain"), pl.col("line")).rank("ordinal").over("_chain")
    is_double = pl.col("_chain").is_not_null() & (rank > 1)
    return lines.with_columns(
        certain=pl.when(is_double).then(0).otherwise(pl.col("certain")), is_double=pl.col("is_double") | is_double
    ).drop("_chain")


def _incoming(lines: pl.DataFrame, manages: pl.DataFrame) -> pl.DataFrame:
    """line, feeds: the payments into a fund, to the fund itself or to the one who runs it that day. An operating grant to
    an operator is the operator's own."""
    known = manages.filter(pl.col("fund").is_not_null())
    to_fund = lines.join(known, left_on="receiver", right_on="fund", how="inner").with_columns(feeds=pl.col("receiver"))
    to_manager = lines.filter(pl.col("section").ne_missing(OPERATING)).join(
        known.with_columns(feeds=pl.col("fund")).drop("fund"), left_on="receiver", right_on="manager", how="inner"
    )
    to_manager = to_manager.filter(pl.col("into").is_null() | (pl.col("into") == pl.col("feeds")))
    columns = ["line", "on", "since", "until", "feeds"]
    found = pl.concat([to_fund.select(columns), to_manager.select(columns)])
    begun = pl.col("on").is_null() | pl.col("since").is_null() | (pl.col("since") <= pl.col("on"))
    going = pl.col("on").is_null() | pl.col("until").is_null() | (pl.col("until") >= pl.col("on"))
    return found.filter(begun & going).select("line", "feeds").unique("line", keep="first", maintain_order=True)


def _without_transit(lines: pl.DataFrame, manages: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    fed = (
        lines.join(_incoming(lines, manages), on="line", how="left")
        if manages.height
        else lines.with_columns(feeds=pl.lit(None, lines.schema["fund"]))
    )
    drawn = fed.drop_nulls("drawn_from").select(pl.col("drawn_from").alias("feeds"), "stage", "currency").unique()
    known = fed.join(drawn.with_columns(_draws=pl.lit(True)), on=["feeds", "stage", "currency"], how="left")
    is_transit = pl.col("feeds").is_not_null() & pl.col("_draws").fill_null(False)
    passed = known.with_columns(
        transit=pl.when(is_transit).then(pl.col("at_most")).otherwise(0),
        certain=pl.when(is_transit).then(0).otherwise(pl.col("certain")),
        at_most=pl.when(is_transit).then(0).otherwise(pl.col("at_most")),
    )
    return _less_overlap(passed, manages).drop("_draws", "feeds"), _held(passed)


def _less_overlap(lines: pl.DataFrame, manages: pl.DataFrame) -> pl.DataFrame:
    """What a manager received for a fund and what it pays out without saying from where may be the same money: the overlap
    is in at most only, taken off the incoming lines in their order."""
    entered = lines.filter(pl.col("feeds").is_not_null() & (pl.col("transit") == 0))
    if entered.is_empty():
        return lines
    giver = pl.coalesce("payer", "fund")
    out = (
        lines.filter(pl.col("drawn_from").is_null())
        .group_by(giver.alias("_giver"), "stage", "currency")
        .agg(_out=pl.col("certain").sum())
    )
    giving = manages.select(pl.col("manager").alias("_giver"), pl.col("fund").alias("feeds")).unique()
    paid = out.join(giving, on="_giver").group_by("feeds", "stage", "currency").agg(pl.col("_out").sum())
    before = pl.col("certain").cum_sum().over("feeds", "stage", "currency", order_by="line") - pl.col("certain")
    taken = entered.join(paid, on=["feeds", "stage", "currency"]).select(
        "line", _taken=pl.min_horizontal(pl.col("certain"), (pl.col("_out") - before).clip(lower_bound=0))
    )
    joined = lines.join(taken, on="line", how="left").with_columns(pl.col("_taken").fill_null(0))
    return joined.with_columns(
        certain=pl.col("certain") - pl.col("_taken"), is_double=pl.col("is_double") | (pl.col("_taken") > 0)
    ).drop("_taken")


def _held(lines: pl.DataFrame) -> pl.DataFrame:
    keys = ["feeds", "stage", "currency"]
    paid_in = lines.filter(pl.col("transit") != 0).group_by(keys).agg(paid_in=pl.col("transit").sum())
    paid_out = (
        lines.drop("feeds")
        .rename({"drawn_from": "feeds"})
        .drop_nulls("feeds")
        .group_by(keys)
        .agg(paid_out=pl.col("certain").sum())
    )
    both = paid_in.join(paid_out, on=keys, how="full", coalesce=True).with_columns(pl.col("paid_in", "paid_out").fill_null(0))
    return (
        both.rename({"feeds": "fund"})
        .with_columns(held=pl.col("paid_in") - pl.col("paid_out"))
        .sort("fund", "stage", "currency")
    )
