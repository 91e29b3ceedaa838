"""The population of the communes of a year: it describes them, and apportions money only when somebody asks."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.provenance.actions import Outcome, StatedRow, Written, record_statements, scoped
from beffroi.provenance.models import Load
from beffroi.reference.loads.cog.vintages import version_of, vintage_of
from beffroi.reference.loads.cog.writing import write_items
from beffroi.reference.loads.cog.zonings import TYPES
from beffroi.reference.models import Item, Place

BATCH = 2_000


def populations(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    vintage = vintage_of(load)
    year = f"{vintage}:"
    return record_statements(scoped(frames, year), load=load, write=lambda rows: _written(rows, load, vintage), scope=year)


def _written(rows: list[StatedRow], load: Load, vintage: int) -> Iterable[Written]:
    version = version_of(TYPES["COM"], vintage)
    cells = [(version.pk, row["code"], (row.text("label") or row["code"])[:500], "commune") for row in rows]
    schema = {"version_id": pl.Int64, "code": pl.String, "label": pl.String, "level": pl.String}
    write_items(pl.DataFrame(cells, schema=schema, orient="row"), load, renames=False)
    found = dict(Item.objects.filter(version=version).order_by().values_list("code", "pk"))
    places = {row["code"]: Place(item_id=found[row["code"]], population=row["population"]) for row in rows}
    Place.objects.bulk_create(
        places.values(), batch_size=BATCH, update_conflicts=True, unique_fields=["item"], update_fields=["population"]
    )
    return [Written(row, "item", Item(pk=found[row["code"]]), row.text("label") or row["code"]) for row in rows]
