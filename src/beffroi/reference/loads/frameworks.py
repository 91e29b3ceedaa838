from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.provenance.actions import Outcome, StatedRow, Written, record_statements
from beffroi.provenance.models import Load
from beffroi.reference.models import (
    Framework,
    Version,
)


def frameworks(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_frameworks(rows, load))


def _written_frameworks(rows: list[StatedRow], load: Load) -> Iterable[Written]:
    for row in rows:
        framework, made = Framework.objects.get_or_create(
            code=row["code"],
            defaults={"label": row["label"], "kind": row["kind"], "owner": load.owner, "visibility": load.visibility},
        )
        version, _ = Version.objects.get_or_create(framework=framework, code="1")
        if made or version.valid_from is None:
            version.valid_from, version.valid_to = row["start_start"], row["end_end"]
            version.written_period = f"{row.text('start')} – {row.text('end')}" if row.text("start") or row.text("end") else ""
            version.save()
        yield Written(row, "framework", framework, row["label"])
