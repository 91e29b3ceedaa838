"""The names of the zones of a year, as the files of labels of INSEE give them."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements, scoped
from beffroi.provenance.models import Load
from beffroi.reference.loads.cog.vintages import version_of, vintage_of
from beffroi.reference.loads.cog.writing import write_items
from beffroi.reference.loads.cog.zonings import Zoning, zoning_marked
from beffroi.reference.models import Item, Version

OTHER = "« {} » n’est pas un niveau de zonage que Beffroi connaît."


def zone_labels(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    vintage = vintage_of(load)
    year = f"{vintage}:"
    return record_statements(scoped(frames, year), load=load, write=lambda rows: _written(rows, load, vintage), scope=year)


def _written(rows: list[StatedRow], load: Load, vintage: int) -> Iterable[Written | Refusal]:
    zonings = {mark: zoning_marked(mark, vintage) for mark in {row["mark"] for row in rows}}
    versions = {mark: version_of(zoning, vintage) for mark, zoning in zonings.items() if zoning}
    known = [row for row in rows if row["mark"] in versions]
    write_items(_items(known, zonings, versions), load, renames=True)
    found = {
        (mark, code): pk
        for mark, version in versions.items()
        for code, pk in Item.objects.filter(version=version).order_by().values_list("code", "pk")
    }
    for row in rows:
        if row["mark"] in versions:
            yield Written(row, "item", Item(pk=found[row["mark"], row["code"]]), row["label"])
        else:
            yield row.refusal("mark", OTHER.format(row["mark"]))


def _items(rows: list[StatedRow], zonings: dict[str, Zoning | None], versions: dict[str, Version]) -> pl.DataFrame:
    cells = [(versions[row["mark"]].pk, row["code"], row["label"][:500], _level(zonings[row["mark"]])) for row in rows]
    schema = {"version_id": pl.Int64, "code": pl.String, "label": pl.String, "level": pl.String}
    return pl.DataFrame(cells, schema=schema, orient="row")


def _level(zoning: Zoning | None) -> str:
    return zoning.level if zoning else ""
