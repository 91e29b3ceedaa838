"""From the stock of establishments to establishments, each under the organisation of its SIREN, made when nothing knows it."""

from collections.abc import Iterator

import polars as pl

from beffroi.accounts.enums import Visibility
from beffroi.actors.enums import CLOSED_TO_PUBLIC, EstablishmentState, NameKind, OrganisationKind
from beffroi.actors.loads.sirene.cells import (
    MADE_BY_SITE,
    OTHER_SIREN,
    WRONG_SIRET,
    address,
    day,
    is_siret,
    joined,
    said,
    written,
    year,
)
from beffroi.actors.loads.sirene.names import keep_names
from beffroi.actors.loads.sirene.places import Communes
from beffroi.actors.models import Establishment, Organisation
from beffroi.core.bulk import copy_frame, quoted
from beffroi.core.text import search_keys
from beffroi.provenance.actions import Batch, Outcome, Refusal, RegisterShape, record_register, rows_where
from beffroi.provenance.models import Load

FIELDS = ("organisation", "name", "commune", "commune_code", "commune_year", "commune_name", "address", "postcode", "activity",
          "activity_version", "headcount", "headcount_year", "diffusion", "state", "is_seat", "is_employer", "since", "until",
          "situation_since")  # fmt: skip
SHAPE = RegisterShape(Establishment, "siret", FIELDS, kept=("name",))
ORGANISATIONS = Organisation._meta.db_table
EMPTY = ("acronym", "legal_category", "no_siren", "created", "diffusion", "state", "size", "headcount", "activity",
         "activity_version", "seat")  # fmt: skip


def establishments(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    communes = Communes(load)

    def read(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Refusal]]:
        right, refusals = sound_rows(frame)
        rows = communes.tied(_columns(right))
        return rows.join(organisations_of(rows, load), on="siren", how="left", maintain_order="left"), refusals

    return record_register(frames, load=load, shape=SHAPE, read=read, after=_keep_signs)


def sound_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Refusal]]:
    """The rows whose number is right, with the `siren` that it begins with."""
    stated = pl.col("siren").is_null() | (pl.col("siren") == pl.col("siret").str.slice(0, 9))
    frame = frame.with_columns(_right=is_siret("siret"), _same=stated)
    wrong = frame.filter(~pl.col("_right")).select("row", "siret")
    refusals = [Refusal(row, "siret", siret, WRONG_SIRET.format(siret)) for row, siret in wrong.iter_rows()]
    other = frame.filter(pl.col("_right") & ~pl.col("_same")).select("row", "siret", "siren")
    refusals += [Refusal(row, "siret", siret, OTHER_SIREN.format(siren)) for row, siret, siren in other.iter_rows()]
    kept = frame.filter(pl.col("_right") & pl.col("_same")).drop("_right", "_same")
    return kept.with_columns(siren=pl.col("siret").str.slice(0, 9)), refusals


def _columns(frame: pl.DataFrame) -> pl.DataFrame:
    closed = pl.col("state") == EstablishmentState.CLOSED
    commune = pl.coalesce(said("commune_name"), said("foreign_commune"), said("cedex"), said("country")).fill_null("")
    signs = joined("sign_1", "sign_2", "sign_3", separator=" / ")
    return frame.with_columns(
        pl.when(signs != "").then(signs).otherwise(said("usual_name")).fill_null("").str.slice(0, 300).alias("name"),
        address().alias("address"),
        commune.str.slice(0, 100).alias("commune_name"),
        year("headcount_year"),
        day("since"),
        day("situation_since"),
        pl.when(closed).then(day("situation_since")).alias("until"),
        written("postcode", 10),
        *(written(name) for name in ("commune_code", "activity", "activity_version", "headcount", "diffusion", "state")),
    )


def organisations_of(rows: pl.DataFrame, load: Load) -> pl.DataFrame:
    """`siren` -> `organisation_id`; those that nothing knows are made, to be completed by the file of legal units."""
    wanted = rows.unique("siren", keep="first", maintain_order=True)
    known = _ids(wanted["siren"])
    missing = wanted.join(known, on="siren", how="anti", maintain_order="left")
    if not missing.height:
        return known
    copy_frame(ORGANISATIONS, _new_organisations(missing, load))
    return pl.concat([known, _ids(missing["siren"])])


def _ids(sirens: pl.Series) -> pl.DataFrame:
    found = rows_where(quoted(ORGANISATIONS), ["siren", "id"], "siren", sirens)
    return pl.DataFrame(found, schema={"siren": pl.String, "organisation_id": pl.Int64}, orient="row")


def _new_organisations(missing: pl.DataFrame, load: Load) -> pl.DataFrame:
    """A sign is a name for want of another; a unit that is not published has none. Until the file of legal units says what
    they are, persons or not, they are for partners."""
    masked = pl.col("diffusion").is_in([str(one) for one in CLOSED_TO_PUBLIC])
    sign = pl.when(~masked & (pl.col("name") != "")).then(pl.col("name"))
    closed = max(int(load.visibility), Visibility.PARTNERS.value)
    name = pl.coalesce(sign, pl.lit("SIREN ") + pl.col("siren"))
    return missing.select(
        "siren",
        name.alias("name"),
        search_keys(name).alias("sort_key"),
        pl.lit(str(OrganisationKind.COMPANY)).alias("kind"),
        pl.lit(closed).alias("visibility"),
        pl.lit(MADE_BY_SITE).alias("content_hash"),
        pl.lit(load.owner_id, pl.Int64).alias("owner_id"),
        *(pl.lit("").alias(name) for name in EMPTY),
    )


def _keep_signs(batch: Batch) -> None:
    masked = pl.col("diffusion").is_in([str(one) for one in CLOSED_TO_PUBLIC])
    for rows in (batch.fresh.filter(~masked), batch.changed.filter(~masked)):
        for name in ("sign_1", "sign_2", "sign_3"):
            keep_names(rows.select("siren", pl.lit("").alias("name"), said(name).alias("text")), NameKind.SIGN)
        keep_names(rows.select("siren", pl.lit("").alias("name"), said("usual_name").alias("text")), NameKind.USUAL)
