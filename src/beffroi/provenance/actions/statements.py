"""Rows that state things without a value of their own: which are new, changed, the same, or no longer there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import models
from django.utils import timezone

from beffroi.provenance.actions.loads import Counts, Outcome, Refusal, refuse_older
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load, Statement

BATCH = 2_000


@dataclass(frozen=True)
class StatedRow:
    number: int
    key: str
    occurrence: int
    content_hash: str
    values: dict[str, Any]

    @property
    def identity(self) -> tuple[str, int]:
        return self.key, self.occurrence

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def text(self, field: str) -> str:
        return self.values.get(field) or ""

    def refusal(self, column: str, sentence: str) -> Refusal:
        return Refusal(self.number, column, self.text(column), sentence)


@dataclass(frozen=True)
class Written:
    """What a row became: the thing and the label under which this source states it."""

    row: StatedRow
    kind: str
    subject: models.Model
    label: str


def stated_rows(frames: Iterable[pl.DataFrame]) -> Iterator[StatedRow]:
    seen: Counter[str] = Counter()
    for frame in frames:
        for values in frame.iter_rows(named=True):
            key = values["_key"]
            seen[key] += 1
            yield StatedRow(values["_row"], key, seen[key], values["_hash"], values)


def scoped(frames: Iterable[pl.DataFrame], scope: str) -> Iterator[pl.DataFrame]:
    """Rows of a file that speaks of a year, say: the same key in the file of another year is another row."""
    short = pl.col("_key").str.slice(0, 32 - len(scope))
    return (frame.with_columns(_key=pl.lit(scope) + short) for frame in frames)


def current_statements(load: Load, scope: str = "") -> dict[tuple[str, int], Statement]:
    rows = Statement.objects.filter(
        load__snapshot__source=load.snapshot.source_id, load__profile=load.profile_id, recorded_to__isnull=True
    )
    if scope:
        rows = rows.filter(key__startswith=scope)
    return {(row.key, row.occurrence): row for row in rows}


def _statement(load: Load, written: Written, at: datetime) -> Statement:
    row = written.row
    return Statement(
        load=load,
        row=row.number,
        place=row.text("place")[:500],
        key=row.key,
        occurrence=row.occurrence,
        content_hash=row.content_hash,
        subject_kind=written.kind,
        subject_id=written.subject.pk,
        label=written.label[:500],
        recorded_from=at,
    )


def record_statements(
    frames: Iterable[pl.DataFrame],
    *,
    load: Load,
    write: Callable[[list[StatedRow]], Iterable[Written | Refusal]],
    close: Callable[[list[Statement], datetime], None] = lambda statements, at: None,
    scope: str = "",
) -> Outcome:
    """Give the new and changed rows to `write`, and to `close` the statements that are over (changed, or gone from a full
    file). `scope`: the file only speaks of the rows whose key begins so (`scoped`), as a file of one year does."""
    at = timezone.now()
    before = current_statements(load, scope)
    rows = list(stated_rows(frames))
    fresh = [row for row in rows if (old := before.get(row.identity)) is None or old.content_hash != row.content_hash]
    changed = [before[row.identity] for row in fresh if row.identity in before]
    present = {row.identity for row in rows}
    whole = load.extent == Extent.FULL and not load.rejected  # a row that could not be read is not a row withdrawn
    gone = [old for identity, old in before.items() if whole and identity not in present]
    refuse_older(load, {row.load_id for row in changed + gone})
    _end(changed + gone, at, close)
    results = list(write(fresh))
    refusals = [result for result in results if isinstance(result, Refusal)]
    written = [result for result in results if isinstance(result, Written)]
    Statement.objects.bulk_create((_statement(load, result, at) for result in written), batch_size=BATCH)
    replaced = sum(result.row.identity in before for result in written)
    counts = Counts(len(written) - replaced, replaced, len(rows) - len(fresh), len(gone))
    return Outcome(counts, refusals)


def _end(statements: list[Statement], at: datetime, close: Callable[[list[Statement], datetime], None]) -> None:
    for start in range(0, len(statements), BATCH):
        batch = statements[start : start + BATCH]
        Statement.objects.filter(pk__in=[row.pk for row in batch]).update(recorded_to=at)
    if statements:
        close(statements, at)
