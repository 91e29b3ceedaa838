"""The communes of a register: a code of the year of the file, tied to a territory when code and name agree."""

from datetime import date

import polars as pl
from django.utils import timezone

from beffroi.core.text import search_keys
from beffroi.provenance.models import Load
from beffroi.reference.models import Item

COMMUNES = "geo-communes"


class Communes:
    """The vintage of the file first, then the nearest before it, then those after: a code alone may have changed meaning."""

    def __init__(self, load: Load) -> None:
        self.year = (load.snapshot.as_of or load.snapshot.published_on or _today()).year
        rows = Item.objects.filter(version__framework__code=COMMUNES).order_by("pk")
        schema = {"commune_id": pl.Int64, "commune_code": pl.String, "commune_key": pl.String, "vintage": pl.String}
        items = pl.DataFrame(list(rows.values_list("pk", "code", "sort_key", "version__code")), schema=schema, orient="row")
        vintage = pl.col("vintage").cast(pl.Int32, strict=False)
        far = pl.when(vintage <= self.year).then(self.year - vintage).otherwise(1000 + vintage - self.year)
        nearest = items.sort(far, nulls_last=True).unique(["commune_code", "commune_key"], keep="first", maintain_order=True)
        self.items = nearest.drop("vintage")

    def tied(self, rows: pl.DataFrame) -> pl.DataFrame:
        """With `commune_id` and `commune_year`, from `commune_code` and `commune_name`."""
        key = search_keys(pl.col("commune_name")).str.replace(r"^st ", "saint ").str.replace(r"^ste ", "sainte ")
        keyed = rows.with_columns(
            commune_key=key, commune_year=pl.when(pl.col("commune_code") != "").then(pl.lit(self.year, pl.Int16))
        )
        return keyed.join(self.items, on=["commune_code", "commune_key"], how="left", maintain_order="left").drop("commune_key")


def _today() -> date:
    return timezone.localdate()
