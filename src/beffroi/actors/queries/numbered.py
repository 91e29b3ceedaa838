"""The organisations that have a checked number, as `analytics.matching` compares them."""

import polars as pl
from django.db.models import Q

from beffroi.actors.models import Establishment, Organisation
from beffroi.core.bulk import read_frame

WORD = pl.String
ORGANISATION = {"pk": pl.Int64, "name": WORD, "acronym": WORD, "place__label": WORD, "siren": WORD, "created": WORD}
SEAT = {
    "organisation_id": pl.Int64, "is_seat": pl.Boolean, "address": WORD, "postcode": WORD, "commune_name": WORD,
    "activity": WORD,
}  # fmt: skip


def register_frame() -> pl.DataFrame:
    """id, then the fields of matching: the seat's address and activity, else those of the first known establishment."""
    rows = read_frame(Organisation.objects.filter(siren__isnull=False), ORGANISATION)
    seats = read_frame(Establishment.objects.filter(Q(is_seat=True) | Q(is_seat__isnull=True)), SEAT)
    first = seats.sort(pl.col("is_seat").fill_null(False), descending=True, maintain_order=True).unique(
        "organisation_id", keep="first", maintain_order=True
    )
    known = rows.join(first, left_on="pk", right_on="organisation_id", how="left").with_columns(pl.col(WORD).replace("", None))
    return known.select(
        pl.col("pk").cast(WORD).alias("id"),
        "name",
        "acronym",
        "address",
        "postcode",
        pl.coalesce("commune_name", "place__label").alias("city"),
        pl.col("activity").alias("naf"),
        pl.col("created").alias("date"),
        "siren",
    )
