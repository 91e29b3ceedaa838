from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, StatedRow, Written, record_statements
from beffroi.provenance.models import Load
from beffroi.reference.models import (
    NamedSystem,
)

SYSTEM_TEXTS = ("purpose", "users", "inputs", "outputs", "frequency")


def systems(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_systems(rows, load))


def _written_systems(rows: list[StatedRow], load: Load) -> Iterable[Written]:
    for row in rows:
        system, _ = NamedSystem.objects.update_or_create(
            namespace=load.snapshot.source.code,
            label=row["label"],
            defaults={
                "kind": row["kind"],
                "sort_key": search_key(row["label"])[:300],
                "owner": load.owner,
                "visibility": load.visibility,
                **{name: row.text(name) for name in SYSTEM_TEXTS},
            },
        )
        yield Written(row, "system", system, row["label"])
