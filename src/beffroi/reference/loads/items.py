from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load
from beffroi.reference.actions import declare_framework
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import (
    Item,
    Version,
)
from beffroi.reference.queries import Codes

BATCH = 2_000


def items(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_items(rows, load))


def _written_items(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    """Two passes, because a child may come before its parent in a file."""
    codes = Codes(load.snapshot.source.code)
    versions = {version.framework_id: version for version in Version.objects.filter(code="1")}
    made: dict[int, Item] = {}
    for row in rows:
        framework = codes.frameworks.get(row["framework"]) or _published(row, codes, versions)
        if framework is None:
            yield row.refusal("framework", f"Le cadre « {row['framework']} » n’est décrit nulle part.")
            continue
        found = codes.item(row["framework"], row["code"])
        if found is None:
            made[row.number] = Item(
                version=versions[framework],
                code=row["code"],
                label=row["label"],
                level=row["level"],
                position=row["position"] or 0,
                sort_key=search_key(row["label"])[:200],
                owner=load.owner,
                visibility=load.visibility,
            )
        else:
            yield Written(row, "item", Item(pk=found), row["label"])
    Item.objects.bulk_create(made.values(), batch_size=BATCH)
    yield from _placed_under_parents(rows, made, Codes(load.snapshot.source.code))


def _published(row: StatedRow, codes: Codes, versions: dict[int, Version]) -> int | None:
    """A profile may say itself which public classification its file is."""
    if not row.text("framework_label"):
        return None
    since = date.fromisoformat(row["framework_since"]) if row.text("framework_since") else None
    kind = FrameworkKind.CLASSIFICATION
    made = declare_framework(row["framework"], label=row["framework_label"], kind=kind, since=since)
    codes.frameworks[made.code] = made.pk
    versions[made.pk] = made.versions.get(code="1")
    return made.pk


def _placed_under_parents(rows: list[StatedRow], made: dict[int, Item], codes: Codes) -> Iterable[Written | Refusal]:
    under = [row for row in rows if row.number in made and row.text("parent_code")]
    parents = {row.number: codes.item(row["framework"], row["parent_code"]) for row in under}
    lost: set[int] = set()
    while more := {made[number].pk for number, parent in parents.items() if parent is None or parent in lost} - lost:
        lost |= more  # what stands under a refused item has no parent either
    Item.objects.filter(pk__in=lost).delete()
    for row in rows:
        item = made.get(row.number)
        if item is not None and item.pk in lost:
            yield row.refusal("parent_code", f"Le parent « {row['parent_code']} » n’est pas un élément de ce cadre.")
        elif item is not None:
            item.parent_id = parents.get(row.number)
            yield Written(row, "item", item, row["label"])
    placed = [item for item in made.values() if item.pk not in lost and item.parent_id]
    Item.objects.bulk_update(placed, ["parent"], batch_size=BATCH)
