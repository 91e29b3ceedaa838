"""Words of one list brought to those of the other: a slip of one letter, a word cut short. And which word tells most."""

import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from beffroi.analytics.matching.words import SHORTEST

SHORTEST_CORRECTED = 5
SHORTEST_CUT = 3
LONGEST = 24
COMMON = 20  # a word cut short stands for one that many names have


def frequencies(words: pl.Series) -> pl.DataFrame:
    """word, count: in how many records each word is."""
    return (
        pl.DataFrame({"row": pl.int_range(len(words), eager=True), "word": words})
        .explode("word", empty_as_null=True)
        .drop_nulls()
        .unique()
        .group_by("word")
        .agg(count=pl.len())
    )


def corrections(asked: pl.DataFrame, known: pl.DataFrame) -> dict[str, str]:
    """For words that the other list does not have: the most frequent of its words one letter away, else the common word that
    they begin. Both tables: word, count."""
    known = _with_long_spellings(known)
    strange = asked.join(known, on="word", how="anti").select("word")
    near = _one_letter_away(strange.filter(pl.col("word").str.len_chars() >= SHORTEST_CORRECTED), known)
    rest = strange.join(near, on="word", how="anti")
    found = [_joined(rest, known), _begun(rest, known), near]
    meant = dict(pair for table in found for pair in table.select("word", "meant").iter_rows())
    return {word: " ".join(SHORTEST.get(one, one) for one in other.split()) for word, other in meant.items()}


def _with_long_spellings(known: pl.DataFrame) -> pl.DataFrame:
    """The words that were brought to their shortest spelling can be misspelt as well."""
    long = pl.DataFrame({"long": list(SHORTEST), "word": list(SHORTEST.values())}).join(known, on="word")
    return pl.concat([known, long.select(word="long", count="count")]).unique("word", keep="first", maintain_order=True)


def _joined(strange: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """A common word and another, written without a space."""
    long = strange.filter(pl.col("word").str.len_chars() >= 2 * SHORTEST_CORRECTED)
    common = known.filter((pl.col("count") >= COMMON) & (pl.col("word").str.len_chars() >= SHORTEST_CORRECTED - 1))
    parts = [
        long.with_columns(_first=pl.col("word").str.slice(0, at), _last=pl.col("word").str.slice(at))
        for at in range(4, LONGEST)
    ]
    cut = pl.concat(parts).filter(pl.col("_last").str.len_chars() >= SHORTEST_CORRECTED - 1)
    both = cut.join(common.select(_first="word", _c="count"), on="_first", how="left").join(
        known.select(_last="word", _k="count"), on="_last", how="inner"
    )
    first = both.drop_nulls("_c").select("word", pl.concat_str("_first", "_last", separator=" ").alias("meant"))
    return first.sort("word", "meant").unique("word", keep="first", maintain_order=True)


def _one_letter_away(strange: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    long = known.filter(pl.col("word").str.len_chars() >= SHORTEST_CORRECTED - 1)
    pairs = _deletions(strange).join(_deletions(long).rename({"word": "meant"}), on="left").select("word", "meant").unique()
    pairs = pairs.filter(~pl.col("word").str.contains(r"^\d+$"))
    away = cpdist(pairs["word"].to_list(), pairs["meant"].to_list(), scorer=OSA.distance, score_cutoff=1, dtype="uint8")
    return _most_frequent(pairs.filter(pl.Series(away.astype(int)) == 1), known)


def _deletions(words: pl.DataFrame) -> pl.DataFrame:
    """word, left: each word whole, and less one letter."""
    own = words.select("word", left="word").filter(pl.col("word").str.len_chars() <= LONGEST)
    length = int(own["word"].str.len_chars().max() or 0)  # type: ignore[arg-type]
    shorter = [
        own.filter(pl.col("word").str.len_chars() > at).with_columns(
            left=pl.concat_str(pl.col("word").str.slice(0, at), pl.col("word").str.slice(at + 1))
        )
        for at in range(length)
    ]
    return pl.concat([own, *shorter])


def _begun(strange: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    common = known.filter(pl.col("count") >= COMMON).rename({"word": "meant"})
    found = [
        strange.filter(pl.col("word").str.len_chars() == length).join(
            common.filter(pl.col("meant").str.len_chars() > length).with_columns(word=pl.col("meant").str.slice(0, length)),
            on="word",
        )
        for length in range(SHORTEST_CUT, 9)
    ]
    return _most_frequent(pl.concat(found).select("word", "meant"), known)


def _most_frequent(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    counted = pairs.join(known.rename({"word": "meant"}), on="meant")
    return counted.sort(["word", "count", "meant"], descending=[False, True, False]).unique(
        "word", keep="first", maintain_order=True
    )


def with_telling_words(table: pl.DataFrame, known: pl.DataFrame, meant: dict[str, str]) -> pl.DataFrame:
    """`fixed`: the words once corrected; `rare`, `second`: the two that fewest records of the register have."""
    long = table.select("row", word="words").explode("word", empty_as_null=True).drop_nulls()
    read = long.with_columns(pl.col("word").replace(meant).str.split(" ")).explode("word", empty_as_null=True)
    fixed = read.unique().join(known, on="word", how="left")
    ranked = fixed.with_columns(pl.col("count").fill_null(0), pl.col("word").str.len_chars().alias("_long")).sort(
        ["row", "count", "_long", "word"], descending=[False, False, True, False]
    )
    told = ranked.group_by("row", maintain_order=True).agg(
        rare=pl.col("word").first(), second=pl.col("word").get(1, null_on_oob=True), words=pl.col("word").sort()
    )
    named = table.drop("words").join(told, on="row", how="left").sort("row")
    return named.with_columns(fixed=pl.col("words").list.join(" "), two=pl.concat_str("rare", "second", separator=" "))
