"""Lines of money that several sources tell, each in its own words: which are surely the same, which could be.

Two lines can be one when different sources tell them of the same receiver, for the same amount to the cent, at the same stage,
by the same instrument, in the same currency. They are one by rule when the receiver and the funder have numbers, when the
period is the same, and when the programme is the same or one of the two sources names none: a list of grants often does not.
The others are for a person. Lines pair one to one between two sources: three equal
payments of one list are three of the other. Source of the rule: design of the domain, « consolidation ».
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from rapidfuzz import fuzz, utils
from rapidfuzz.process import cpdist

from beffroi.analytics.tables import DATE, FLAG, WHOLE, Table, require, texts

# One row per line with a known amount. `source`: who tells it (the first of `sources`, all of them parted by spaces).
# `receiver`, `fund`: whom it is for and whose it is, the same text for the same body; `is_numbered`, `is_fund_numbered`: they
# have a checked number. `programme`: null where the source names none.
TOLD_LINES = Table(
    "told lines",
    {
        **texts("line", "source", "sources", "receiver", "fund", "programme", "title", "stage", "instrument", "currency"),
        **dict.fromkeys(("is_numbered", "is_fund_numbered"), FLAG),
        "cents": WHOLE,
        **dict.fromkeys(("start", "end"), DATE),
    },
)
SAME, COULD_BE = "same", "could be"
LIKE = ("receiver", "cents", "currency", "stage", "instrument")
EXACT = (*LIKE, "fund", "start", "end")
NEAR_DAYS = 183
ALIKE = 0.6  # similarity of titles from which they are worth a person's look
MOST = 50  # equal lines of one receiver beyond which nothing tells which is which


def found_links(lines: pl.DataFrame) -> list[dict[str, Any]]:
    """one, other, kind (SAME or COULD_BE), score from 0 to 1, arguments (text, is_for). Raises MissingColumns."""
    told = require(lines, TOLD_LINES).drop_nulls([*LIKE, "source"])
    pairs = _exact_pairs(told)
    rest = pl.concat([pairs, _near_pairs(told)]).unique(["one", "other"], keep="first", maintain_order=True)
    return list(_one_to_one(_scored(rest, told)))


def _exact_pairs(told: pl.DataFrame) -> pl.DataFrame:
    """The first of one source with the first of another, and so on, in the order of their titles."""
    whole = told.filter("is_numbered", "is_fund_numbered").drop_nulls([*EXACT])
    places = whole.with_columns(
        _nth=pl.struct("title", "line").rank("ordinal").over("source", *EXACT), _times=pl.len().over("source", *EXACT)
    )
    both = places.join(places, on=[*EXACT, "_nth"], suffix="_2").filter(pl.col("source") < pl.col("source_2"))
    same = (pl.col("programme") == pl.col("programme_2")).fill_null(True) & (pl.col("_times") == pl.col("_times_2"))
    return (
        both.filter(_told_apart())
        .select("line", "line_2", pl.when(same).then(pl.lit(SAME)).otherwise(pl.lit(COULD_BE)))
        .rename({"line": "one", "line_2": "other", "literal": "kind"})
    )


def _told_apart() -> pl.Expr:
    """A source that tells both keeps them apart."""
    shared = pl.col("sources").str.split(" ").list.set_intersection(pl.col("sources_2").str.split(" "))
    return shared.list.len() == 0


def _near_pairs(told: pl.DataFrame) -> pl.DataFrame:
    few = told.filter(pl.len().over(LIKE) <= MOST)
    both = few.join(few, on=list(LIKE), suffix="_2").filter(pl.col("source") < pl.col("source_2")).filter(_told_apart())
    near = (_days() <= NEAR_DAYS).fill_null(True)
    two_funders = pl.col("is_fund_numbered") & pl.col("is_fund_numbered_2") & (pl.col("fund") != pl.col("fund_2"))
    kept = both.filter(near & ~two_funders.fill_null(False))
    return kept.select(one="line", other="line_2", kind=pl.lit(COULD_BE))


def _days() -> pl.Expr:
    return (pl.col("start") - pl.col("start_2")).dt.total_days().abs()


def _scored(pairs: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    both = pairs.join(told, left_on="one", right_on="line").join(told, left_on="other", right_on="line", suffix="_2")
    titles = [both[name].fill_null("").to_list() for name in ("title", "title_2")]
    alike = cpdist(*titles, scorer=fuzz.token_set_ratio, processor=utils.default_process) / 100
    scored = both.with_columns(pl.Series("alike", alike, dtype=pl.Float64), days=_days())
    nearness = 1 - pl.col("days").fill_null(NEAR_DAYS) / NEAR_DAYS
    same = (pl.col("programme") == pl.col("programme_2")).fill_null(False).cast(pl.Float64)
    fund = (pl.col("fund") == pl.col("fund_2")).fill_null(False).cast(pl.Float64)
    score = 0.2 + 0.3 * pl.col("alike") + 0.25 * nearness + 0.1 * same + 0.15 * fund
    told_alike = (pl.col("alike") >= ALIKE) | (pl.col("days") == 0)
    is_same = pl.col("kind") == SAME
    kept = scored.filter(is_same | told_alike.fill_null(False))
    return kept.with_columns(score=pl.when(is_same).then(1.0).otherwise(score.clip(0, 0.99))).sort(
        "score", "one", "other", descending=[True, False, False]
    )


def _one_to_one(scored: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The likeliest first; a line meets one line at most of each other source."""
    taken: set[tuple[str, str]] = set()
    for row in scored.iter_rows(named=True):
        ends = {(row["one"], row["source_2"]), (row["other"], row["source"])}
        if not ends & taken:
            taken |= ends
            said = [{"text": text, "is_for": is_for} for text, is_for in _arguments(row)]
            one, other = sorted((row["one"], row["other"]), key=lambda line: (len(line), line))
            yield {"one": one, "other": other, "kind": row["kind"], "score": round(row["score"], 4), "arguments": said}


def _arguments(row: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    yield "Même bénéficiaire, par son numéro." if row["is_numbered"] else "Même bénéficiaire, sans numéro vérifié.", True
    yield "Même montant, au centime près.", True
    if row["days"] is None:
        yield "Une des deux dates n’est pas connue.", False
    else:
        yield ("Même date." if row["days"] == 0 else f"Dates à {row['days']} jours l’une de l’autre."), row["days"] == 0
    yield from _same_or_not(
        row, "fund", ("Même financeur.", "Financeurs différents.", "Un des deux financeurs n’est pas connu.")
    )
    yield from _same_or_not(
        row, "programme", ("Même programme.", "Programmes différents.", "Un des deux programmes n’est pas nommé.")
    )
    yield f"Intitulés semblables à {row['alike']:.0%}.".replace("%", " %"), row["alike"] >= ALIKE


def _same_or_not(row: Mapping[str, Any], name: str, said: tuple[str, str, str]) -> Iterator[tuple[str, bool]]:
    one, other = row[name], row[f"{name}_2"]
    if one is None or other is None:
        yield said[2], False
    else:
        yield (said[0], True) if one == other else (said[1], False)
