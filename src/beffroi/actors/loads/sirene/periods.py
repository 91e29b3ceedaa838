"""The history of establishments: one row for each period, under an establishment that is made when nothing knows it."""

from collections.abc import Iterator

import polars as pl

from beffroi.actors.loads.sirene.cells import day, written
from beffroi.actors.loads.sirene.establishments import organisations_of, sound_rows
from beffroi.actors.loads.sirene.places import Communes
from beffroi.actors.models import Establishment, EstablishmentPeriod
from beffroi.core.bulk import copy_frame, quoted
from beffroi.provenance.actions import Outcome, Refusal, RegisterShape, record_register, rows_where
from beffroi.provenance.models import Load

FIELDS = ("establishment", "since", "until", "state", "activity", "activity_version", "commune_code", "commune_year",
          "commune_name", "headcount")  # fmt: skip
SHAPE = RegisterShape(EstablishmentPeriod, "key", FIELDS)
ESTABLISHMENTS = Establishment._meta.db_table
EMPTY = ("address", "postcode", "content_hash")
NOW = ("name", "commune_id", "commune_code", "commune_year", "commune_name", "activity", "activity_version", "headcount",
       "diffusion", "state")  # fmt: skip
SHAPES = {"NAFRev2": r"^\d\d\.\d\d[A-Z]$", "NAP": r"^\d\d\.\d\d$"}  # the codes of NAF 1993 and of NAF rev. 1 look the same


def establishment_periods(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    communes = Communes(load)

    def read(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Refusal]]:
        right, refusals = sound_rows(frame.with_columns(siren=pl.lit(None, pl.String)))
        rows = communes.tied(_columns(right))
        return rows.join(_establishments_of(rows, load), on="siret", how="left", maintain_order="left"), refusals

    return record_register(frames, load=load, shape=SHAPE, read=read)


def _columns(frame: pl.DataFrame) -> pl.DataFrame:
    guessed = [pl.when(pl.col("activity").str.contains(shape)).then(pl.lit(name)) for name, shape in SHAPES.items()]
    return frame.with_columns(
        pl.concat_str("siret", pl.col("since").cast(pl.String).fill_null("")).alias("key"),
        day("since"),
        pl.coalesce("activity_version", *guessed).fill_null("").alias("activity_version"),
        *(written(name) for name in ("activity", "commune_code", "headcount", "state")),
        written("commune_name", 100),
        *(pl.lit("").alias(name) for name in ("name", "diffusion")),
    )


def _establishments_of(rows: pl.DataFrame, load: Load) -> pl.DataFrame:
    """`siret` -> `establishment_id`; one that nothing knows is made as its last period tells it."""
    wanted = rows.sort("since", nulls_last=False).unique("siret", keep="last", maintain_order=True)
    known = _ids(wanted["siret"])
    missing = wanted.join(known, on="siret", how="anti", maintain_order="left")
    if not missing.height:
        return known
    made = missing.join(organisations_of(missing, load), on="siren", how="left", maintain_order="left")
    copy_frame(ESTABLISHMENTS, made.select("siret", "organisation_id", *NOW, *(pl.lit("").alias(name) for name in EMPTY)))
    return pl.concat([known, _ids(missing["siret"])])


def _ids(sirets: pl.Series) -> pl.DataFrame:
    found = rows_where(quoted(ESTABLISHMENTS), ["siret", "id"], "siret", sirets)
    return pl.DataFrame(found, schema={"siret": pl.String, "establishment_id": pl.Int64}, orient="row")
