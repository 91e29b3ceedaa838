"""The beneficiaries that a list names without a right number, with what it says of where they are."""

import polars as pl

from beffroi.actors.enums import NoSiren
from beffroi.core.bulk import read_frame
from beffroi.funding.models import Operation
from beffroi.provenance.models import Load

WORD = pl.String
NAMED = {
    "beneficiary_id": pl.Int64, "beneficiary__name": WORD, "beneficiary__acronym": WORD, "postcode": WORD,
    "written_place": WORD,
}  # fmt: skip


def unnumbered(load: Load) -> pl.DataFrame:
    """id, name, acronym, postcode, city: each organisation once, with the place that most of its rows tell."""
    rows = Operation.objects.filter(
        lines__claims__load=load, beneficiary__siren__isnull=True, beneficiary__no_siren=NoSiren.NOT_STATED
    )
    found = read_frame(rows.distinct(), {"pk": pl.Int64, **NAMED}).drop("pk").with_columns(pl.col(WORD).replace("", None))
    return (
        found.group_by("beneficiary_id", maintain_order=True)
        .agg(
            pl.col("beneficiary__name").first().alias("name"),
            pl.col("beneficiary__acronym").first().alias("acronym"),
            pl.col("postcode").drop_nulls().mode().sort().first(),
            pl.col("written_place").drop_nulls().mode().sort().first().alias("city"),
        )
        .rename({"beneficiary_id": "id"})
        .with_columns(pl.col("id").cast(WORD))
    )
