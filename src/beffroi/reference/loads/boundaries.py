import json
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, datetime

import polars as pl

from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.loads.territories import geography
from beffroi.reference.models import Boundary, Item
from beffroi.reference.rules import Polygon, WrongGeometry, polygons_of

BATCH = 2_000


def boundaries(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """The outlines of territories of one vintage; a territory that nobody described yet comes with its name and level."""
    return record_statements(frames, load=load, write=lambda rows: _written_boundaries(rows, load), close=_close_boundaries)


def _close_boundaries(statements: list[Statement], at: datetime) -> None:
    parts: dict[int, list[str]] = {}
    for row in statements:
        parts.setdefault(row.load_id, []).append(f"{row.key}-{row.occurrence}")
    for load, own in parts.items():
        Boundary.objects.filter(load=load, part__in=own).delete()


def _written_boundaries(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    refusals = {refusal.row: refusal for refusal in _undated(rows)}
    outlines: dict[int, list[Polygon]] = {}
    for row in rows:
        try:
            outlines[row.number] = polygons_of(json.loads(row["geometry"]))
        except WrongGeometry as error:
            refusals[row.number] = Refusal(row.number, "geometry", row["code"], str(error))
        except ValueError:
            refusals[row.number] = Refusal(row.number, "geometry", row["code"], "Le contour n’est pas un objet GeoJSON.")
    drawn = [row for row in rows if row.number not in refusals]
    items = _items_to_draw(drawn, load)
    pairs = [(row, items[row["framework"], row["vintage"], row["code"]]) for row in drawn]
    Boundary.objects.bulk_create(
        (
            Boundary(item=item, load=load, part=f"{row.key}-{row.occurrence}", rings=json.dumps(outlines[row.number]))
            for row, item in pairs
        ),
        batch_size=BATCH,
    )
    return [*refusals.values(), *(Written(row, "item", item, row["label"]) for row, item in pairs)]


def _undated(rows: list[StatedRow]) -> Iterator[Refusal]:
    for row in rows:
        if not (row["vintage"].isdigit() and MINYEAR <= int(row["vintage"]) <= MAXYEAR):
            yield row.refusal("vintage", f"« {row['vintage']} » n’est pas une année.")


def _items_to_draw(rows: list[StatedRow], load: Load) -> dict[tuple[str, str, str], Item]:
    """What other sources say of a territory stays as they say it; only those that nobody described are made."""
    places = {(row["framework"], row["vintage"], row["code"]): row for row in rows}
    found = _described_places(places)
    labels = {(row["framework"], row["vintage"]): row.text("framework_label") or row["framework"] for row in rows}
    versions = {key: geography(key[0], label, key[1]) for key, label in labels.items()}
    missing = [
        Item(
            version=versions[framework, vintage],
            code=code,
            label=row["label"],
            level=row["level"],
            sort_key=search_key(row["label"])[:200],
            owner=load.owner,
            visibility=load.visibility,
        )
        for (framework, vintage, code), row in places.items()
        if (framework, vintage, code) not in found
    ]
    Item.objects.bulk_create(missing, batch_size=BATCH)
    return found | {key: item for item in missing for key in [(*_address(item), item.code)]}


def _address(item: Item) -> tuple[str, str]:
    return item.version.framework.code, item.version.code


def _described_places(places: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
    wanted = {(framework, vintage) for framework, vintage, _ in places}
    rows = Item.objects.filter(
        version__framework__code__in={framework for framework, _ in wanted},
        version__code__in={vintage for _, vintage in wanted},
    ).select_related("version__framework")
    return {(*_address(item), item.code): item for item in rows}
