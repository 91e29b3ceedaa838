"""From staged rows to indicators and the claims of their cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import connection

from beffroi.core.bulk import copy_frame, temporary_table
from beffroi.core.text import digest, search_key
from beffroi.indicators import actions
from beffroi.indicators.enums import Status
from beffroi.indicators.models import Cell, Dimension, Indicator, Observation
from beffroi.indicators.queries import breakdown_words, indicator_ids
from beffroi.indicators.rules import split_breakdown
from beffroi.provenance.actions import (
    ClaimShape,
    Outcome,
    Refusal,
    StatedRow,
    Written,
    record_claims,
    record_statements,
)
from beffroi.provenance.models import Load
from beffroi.reference.queries import Codes

OBSERVATIONS = ClaimShape(
    subject=Cell,
    claim=Observation,
    link="cell",
    subject_fields=("indicator", "territory", "start", "end", "written_period", "breakdown", "status", "unit"),
    claim_fields=("value", "low", "high"),
)


def indicators(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_indicators(rows, load))


def _written_indicators(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes = Codes(load.snapshot.source.code)
    for row in rows:
        framework = codes.frameworks.get(row["framework"])
        item = codes.item(row["framework"], row["item_code"]) if row.text("item_code") else None
        if framework is None:
            yield row.refusal("framework", f"Le cadre « {row['framework']} » n’est décrit nulle part.")
        elif row.text("item_code") and item is None:
            yield row.refusal("item_code", f"« {row['item_code']} » n’est pas un élément de « {row['framework']} ».")
        else:
            fields = {
                "label": row["label"],
                "unit": row.text("unit"),
                "definition": row.text("definition"),
                "kind": row["kind"],
                "framework_id": framework,
                "item_id": item,
                "sort_key": search_key(row["label"])[:300],
                "owner": load.owner,
                "visibility": load.visibility,
            }
            indicator, _ = Indicator.objects.update_or_create(
                namespace=load.snapshot.source.code, code=row["code"], defaults=fields
            )
            yield Written(row, "indicator", indicator, row["label"])


@dataclass
class ObservationFrames:
    """Turns staged batches into claims; what cannot be tied to an indicator or a territory is refused, row by row."""

    load: Load
    refusals: list[Refusal] = field(default_factory=list)
    breakdowns: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    broken_down: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.codes = Codes(self.load.snapshot.source.code)
        self.words = breakdown_words("observations")
        self.indicators = indicator_ids(self.load.snapshot.source.code)
        self.frameworks: dict[int, str] = dict(Indicator.objects.values_list("pk", "framework__code"))

    def claims(self, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for frame in frames:
            known = self._with_ids(frame)
            yield self._as_claims(self._accepted(known))

    def _learn(self, codes: Iterable[str]) -> None:
        """The indicators that Beffroi describes itself are there as soon as a file gives their values."""
        made = actions.define_published(set(codes) - self.indicators.keys())
        self.indicators |= {indicator.code: indicator.pk for indicator in made}
        self.frameworks |= {indicator.pk: indicator.framework.code for indicator in made}

    def _with_ids(self, frame: pl.DataFrame) -> pl.DataFrame:
        self._learn(frame["indicator"].unique().drop_nulls())
        places = {code: self.codes.place(code) for code in frame["territory"].unique().drop_nulls()}
        return frame.with_columns(
            pl.col("indicator").replace_strict(self.indicators, default=None, return_dtype=pl.Int64).alias("s_indicator_id"),
            pl.col("territory").replace_strict(places, default=None, return_dtype=pl.Int64).alias("s_territory_id"),
        )

    def _accepted(self, frame: pl.DataFrame) -> pl.DataFrame:
        no_indicator = pl.col("s_indicator_id").is_null()
        no_place = pl.col("s_territory_id").is_null() & pl.col("territory").is_not_null()
        too_long = pl.any_horizontal(pl.col(name).str.len_chars().fill_null(0) > limit for name, limit in LENGTHS.items())
        for row in frame.filter(no_indicator | no_place | too_long).iter_rows(named=True):
            self.refusals.append(_refusal(row, self.codes))
        return frame.filter(~no_indicator & ~no_place & ~too_long)

    def _broken_down(self, texts: pl.Series) -> pl.DataFrame:
        for text in texts.unique():
            if text not in self.breakdowns:
                parts = split_breakdown(text, self.words)
                self.breakdowns[text] = (parts.text, parts.qualifiers_json, parts.bound)
        schema = dict.fromkeys(("s_breakdown", "qualifiers", "bound"), pl.String)
        return pl.DataFrame([self.breakdowns[text] for text in texts], schema=schema, orient="row")

    def _as_claims(self, frame: pl.DataFrame) -> pl.DataFrame:
        frame = frame.with_columns(pl.col("breakdown").fill_null(""))
        frame = frame.hstack(self._broken_down(frame["breakdown"])).with_columns(
            pl.col("_row").alias("row"),
            pl.col("place").fill_null("").str.slice(0, 500),
            pl.col("_key").alias("key"),
            pl.col("_hash").alias("content_hash"),
            pl.col("value_written").fill_null("").str.slice(0, 200).alias("as_written"),
            pl.col("period_start").alias("s_start"),
            pl.col("period_end").alias("s_end"),
            pl.col("period").fill_null("").alias("s_written_period"),
            pl.col("status").fill_null(Status.ACTUAL.value).alias("s_status"),
            pl.col("unit").fill_null("").alias("s_unit"),
            pl.when(pl.col("bound") == "min").then(pl.col("value")).alias("low"),
            pl.when(pl.col("bound") == "max").then(pl.col("value")).alias("high"),
            pl.when(~pl.col("bound").is_in(["min", "max"])).then(pl.col("value")).alias("value"),
        )
        self.broken_down |= set(
            frame.select("s_indicator_id", "s_breakdown").filter(pl.col("s_breakdown") != "").unique().iter_rows()
        )
        return frame.with_columns(cell_digests(frame))

    def item(self, indicator: int, value: str) -> int | None:
        """The item that a dimension's value names: of the indicator's own framework first, else the only one of the source."""
        return self.codes.item(self.frameworks[indicator], value) or self.codes.bare_item(value)


LENGTHS = {"breakdown": 500, "unit": 60, "period": 40}
CELL_PARTS = ("s_indicator_id", "s_territory_id", "s_start", "s_end", "s_status", "s_breakdown")


def cell_digests(frame: pl.DataFrame) -> pl.Series:
    parts = frame.select(pl.col(CELL_PARTS).cast(pl.String))
    return pl.Series("digest", [digest(*row) for row in parts.iter_rows()], dtype=pl.String)


def _refusal(row: dict[str, Any], codes: Codes) -> Refusal:
    if row["s_indicator_id"] is None:
        name, sentence = "indicator", f"L’indicateur « {row['indicator']} » n’est pas défini par cette source."
    elif row["territory"] is not None and row["s_territory_id"] is None:
        reason = "porte le nom de plusieurs territoires" if codes.places_named(row["territory"]) else "n’est décrit nulle part"
        name, sentence = "territory", f"Le territoire « {row['territory']} » {reason}."
    else:
        name = next(name for name, limit in LENGTHS.items() if len(row[name] or "") > limit)
        sentence = f"Ce texte dépasse {LENGTHS[name]} caractères."
    return Refusal(row["_row"], name, row[name] or "", sentence)


def observations(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    reader = ObservationFrames(load)
    counts = record_claims(reader.claims(frames), load=load, shape=OBSERVATIONS)
    record_dimensions(reader)
    return Outcome(counts, reader.refusals)


def record_dimensions(reader: ObservationFrames) -> None:
    """One row per dimension of the cells that have none yet, tied to an item when the value is one of its codes."""
    rows = [
        (indicator, text, name, value[:300], reader.item(indicator, value))
        for indicator, text in reader.broken_down
        for name, value in split_breakdown(text, reader.words).dimensions
    ]
    schema = {"indicator_id": pl.Int64, "breakdown": pl.String, "name": pl.String, "value": pl.String, "item_id": pl.Int64}
    texts = {"breakdown": "varchar(500)", "name": "varchar(60)", "value": "varchar(300)"}
    columns = {"indicator_id": "bigint", **texts, "item_id": "bigint"}
    cells, dimensions = Cell._meta.db_table, Dimension._meta.db_table
    with temporary_table("new_dimensions", columns) as table, connection.cursor() as cursor:
        copy_frame(table, pl.DataFrame(rows, schema=schema, orient="row"))
        cursor.execute(
            f"""
            INSERT INTO {dimensions} (cell_id, name, value, item_id)
            SELECT c.id, n.name, n.value, n.item_id FROM {cells} c
            JOIN {table} n ON n.indicator_id = c.indicator_id AND n.breakdown = c.breakdown
            WHERE NOT EXISTS (SELECT 1 FROM {dimensions} d WHERE d.cell_id = c.id)
            """
        )
