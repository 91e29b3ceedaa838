"""Things by hundreds of thousands into the index at once: the same entries and words as `rows` makes, column by column."""

from typing import Any

import polars as pl
from django.db import connection, transaction

from beffroi.core.bulk import copy_frame, quoted, temporary_table
from beffroi.core.models import SearchEntry, SearchVariant, SearchWord
from beffroi.core.search.words import DOTTED, EMPTY, LONGEST_WORD, UPPER, singular, undotted, variants
from beffroi.core.text import search_keys

ENTRIES, WORDS, VARIANTS = (model._meta.db_table for model in (SearchEntry, SearchWord, SearchVariant))
SHOWN = {"title": 500, "detail": 500, "address": 300}
COUNTED = {"word": "varchar(40)", "count": "integer"}


def index_new(frame: pl.DataFrame, kind: str) -> None:
    """`id`, `title`, `detail`, `address`, `texts`, `acronyms`, `rank`, `owner_id`, `visibility` of things of a kind that have
    no entry yet; the words of `texts` and `acronyms` find the thing."""
    if not frame.height:
        return
    entries = _entries(frame, kind)
    words = entries.select(pl.col("words").str.split(" ").explode().alias("word")).filter(pl.col("word") != "")
    with transaction.atomic():
        copy_frame(ENTRIES, entries)
        _count(words.group_by("word").agg(pl.len().cast(pl.Int64).alias("count")))


def _entries(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    title, told = _undotted(frame["title"]), _undotted(frame["acronyms"])
    texts = _undotted(frame.select(pl.concat_str("detail", "texts", separator=" ", ignore_nulls=True)).to_series())
    found = pl.DataFrame(
        {"key": _words_of(title), "told": _words_of(told), "capitals": _words_of(_capitals(title)), "texts": _words_of(texts)}
    ).with_columns(acronyms=pl.concat_list("told", "capitals").list.unique(maintain_order=True))
    words = found.select(words=pl.concat_list("key", "acronyms", "texts").list.unique(maintain_order=True).list.join(" "))
    return frame.select(
        pl.lit(kind).alias("kind"),
        pl.col("id").alias("subject_id"),
        *(pl.col(name).str.slice(0, most) for name, most in SHOWN.items()),
        pl.lit(found["key"].list.join(" ").str.slice(0, 500)).alias("key"),
        pl.lit(found["acronyms"].list.join(" ").str.slice(0, 300)).alias("acronyms"),
        pl.lit(words["words"]).alias("words"),
        "rank",
        "owner_id",
        "visibility",
    )


def _undotted(texts: pl.Series) -> pl.Series:
    """« S.R.D.E. » and « SRDE » are one word; few texts have dots, which are read one by one."""
    dotted = texts.filter(texts.str.contains(DOTTED.pattern).fill_null(False)).unique().to_list()
    return texts.replace({text: undotted(text) for text in dotted}) if dotted else texts


def _capitals(titles: pl.Series) -> pl.Series:
    """The words in capitals of a title that is not wholly in capitals."""
    shouted = (titles.str.to_uppercase() == titles) & titles.str.strip_chars().str.contains(" ", literal=True)
    found = titles.str.extract_all(UPPER.pattern).list.join(" ")
    return pl.select(pl.when(~shouted).then(found).otherwise(pl.lit(""))).to_series()


def _words_of(texts: pl.Series) -> pl.Series:
    """The words of each text in their order, once each, without the empty ones."""
    rows = pl.DataFrame({"at": pl.int_range(len(texts), eager=True), "text": texts})
    each = rows.select("at", search_keys(pl.col("text")).str.split(" ").alias("word")).explode("word")
    each = each.filter(pl.col("word").is_not_null() & ~pl.col("word").is_in(["", *EMPTY]))
    distinct = each["word"].unique().to_list()
    plain = pl.DataFrame(
        {"word": distinct, "plain": [singular(word)[:LONGEST_WORD] for word in distinct]},
        schema={"word": pl.String, "plain": pl.String},
    )
    told = each.join(plain, on="word", how="left", maintain_order="left").unique(
        ["at", "plain"], keep="first", maintain_order=True
    )
    grouped = told.group_by("at", maintain_order=True).agg(pl.col("plain"))
    nothing = pl.lit([], dtype=pl.List(pl.String))
    return rows.join(grouped, on="at", how="left", maintain_order="left").select(pl.col("plain").fill_null(nothing)).to_series()


def _count(counts: pl.DataFrame) -> None:
    """These words are in so many more entries; those that the index did not have come with their variants."""
    table, index = quoted(WORDS), quoted("counted")
    with temporary_table("counted", COUNTED):
        copy_frame("counted", counts)
        known = {word for (word,) in _fetched(f"SELECT w.word FROM {index} n JOIN {table} w ON w.word = n.word")}
        _run(f"UPDATE {table} SET count = {table}.count + n.count FROM {index} n WHERE n.word = {table}.word")
        fresh = counts.filter(~pl.col("word").is_in(list(known)))
        copy_frame(WORDS, fresh)
        ids: dict[str, int] = dict(_fetched(f"SELECT w.word, w.id FROM {index} n JOIN {table} w ON w.word = n.word"))
    pairs = [(variant, ids[word]) for word in fresh["word"] for variant in variants(word)]
    copy_frame(VARIANTS, pl.DataFrame(pairs, schema={"variant": pl.String, "word_id": pl.Int64}, orient="row"))


def _fetched(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
