"""Registers of millions of rows: each row of the database carries the line that states it. Batch after batch, set by set."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db import connection, models

from beffroi.core.bulk import copy_frame, field_columns, quoted, temporary_table
from beffroi.provenance.actions.loads import Counts, Outcome, Refusal, refuse_older
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load

ORIGIN = ("row", "content_hash")
TWICE = "Ce numéro est déjà décrit plus haut dans le fichier : la première ligne est gardée, celle-ci non."


@dataclass(frozen=True)
class RegisterShape:
    """`identity`: the field by which a row is known; `fields`: what a file says of it; `at_first`: what is written with a new
    row and never again; `kept`: the fields that an unknown value of a file leaves as they are; `known`: what is read of the
    rows that are there already, as `old_…`."""

    model: type[models.Model]
    identity: str
    fields: Sequence[str]
    at_first: Sequence[str] = ()
    kept: Sequence[str] = ()
    known: Sequence[str] = ()

    @property
    def table(self) -> str:
        return quoted(self.model._meta.db_table)

    def columns(self, *names: str) -> dict[str, str]:
        return field_columns(self.model, names)


@dataclass(frozen=True)
class Batch:
    """The rows of one part of a file: those that nothing knew, and those that say something new of what was known (`id`)."""

    fresh: pl.DataFrame
    changed: pl.DataFrame


Read: TypeAlias = Callable[[pl.DataFrame], tuple[pl.DataFrame, list[Refusal]]]
Before: TypeAlias = Callable[[Batch], Batch]
After: TypeAlias = Callable[[Batch], None]


def record_register(
    frames: Iterable[pl.DataFrame],
    *,
    load: Load,
    shape: RegisterShape,
    read: Read,
    before: Before = lambda batch: batch,
    after: After = lambda batch: None,
) -> Outcome:
    """`read` turns staged rows into the columns of the model, and says which it refuses; `before` may change what is about to
    be written, `after` writes beside it. Raises Refused when the file is older than what it would change."""
    register = Register(load, shape)
    with temporary_table("present", {"value": "varchar(40)"}), temporary_table("asked", {"value": "varchar(40)"}):
        for frame in frames:
            rows, refusals = read(frame.rename({"_row": "row", "_hash": "content_hash"}))
            register.refusals += refusals
            batch = before(register.compared(rows))
            register.write(batch)
            after(batch)
        return register.end()


Hashes: TypeAlias = npt.NDArray[np.uint64]


class Seen:
    """The numbers that a file has described so far, as sorted runs: each is at least twice as long as the next, so that looking
    up and adding a batch takes about as long at the end of a register as at its beginning."""

    def __init__(self) -> None:
        self.runs: list[Hashes] = []

    def holds(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(hashes), dtype=bool)
        for run in self.runs:
            place = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            found |= run[place] == hashes
        return found

    def add(self, hashes: Hashes) -> None:
        run = np.sort(hashes)
        while self.runs and len(self.runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self.runs.pop(), run]), kind="stable")
        if len(run):
            self.runs.append(run)


@dataclass
class Register:
    load: Load
    shape: RegisterShape
    counts: Counts = field(default_factory=Counts)
    refusals: list[Refusal] = field(default_factory=list)
    seen: "Seen" = field(default_factory=lambda: Seen())

    def __post_init__(self) -> None:
        same = Load.objects.filter(snapshot__source=self.load.snapshot.source_id, profile=self.load.profile_id)
        self.earlier = list(same.exclude(pk=self.load.pk).values_list("pk", flat=True))
        self.closes = self.load.extent == Extent.FULL and bool(self.earlier)

    def compared(self, rows: pl.DataFrame) -> Batch:
        found = self._with_known(self._once(rows))
        is_new = pl.col("id").is_null()
        fresh = found.filter(is_new)
        changed = found.filter(~is_new & (pl.col("content_hash") != pl.col("old_content_hash")))
        refuse_older(self.load, changed["old_load_id"].drop_nulls().unique())
        completed = changed["old_load_id"].null_count()  # known from elsewhere: new to the register
        self.counts.added += fresh.height + completed
        self.counts.changed += changed.height - completed
        self.counts.unchanged += found.height - fresh.height - changed.height
        if self.closes:
            copy_frame("present", found.select(pl.col(self.shape.identity).alias("value")))
        return Batch(fresh, changed)

    def write(self, batch: Batch) -> None:
        _insert(batch.fresh, self.shape, self.load)
        _update(batch.changed, self.shape, self.load)

    def _once(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What an earlier line of the file describes is not described again: a later line is not guessed to be right."""
        name = self.shape.identity
        hashes = rows[name].hash()
        again = pl.Series(self.seen.holds(hashes.to_numpy())) | ~hashes.is_first_distinct()
        self.refusals += [Refusal(row, name, key, TWICE) for row, key in rows.filter(again).select("row", name).iter_rows()]
        self.seen.add(hashes.filter(~again).to_numpy())
        return rows.filter(~again)

    def _with_known(self, rows: pl.DataFrame) -> pl.DataFrame:
        identity = self.shape.identity
        names = ["id", identity, "load_id", "content_hash", *self.shape.known]
        old = rows_where(self.shape.table, names, identity, rows[identity])
        schema = {name: pl.Int64 if name in ("id", "load_id") else pl.String for name in names}
        frame = pl.DataFrame(old, schema=schema, orient="row", strict=False)
        frame = frame.rename({name: f"old_{name}" for name in names if name not in ("id", identity)})
        return rows.join(frame, on=identity, how="left", maintain_order="left")

    def end(self) -> Outcome:
        if self.closes and not self.load.rejected and not self.refusals:
            self.counts.closed = self._closed()
        return Outcome(self.counts, self.refusals)

    def _closed(self) -> int:
        """What the latest complete file of its source no longer has: a row that could not be read is not a row withdrawn."""
        table, marks = self.shape.table, ", ".join(["%s"] * len(self.earlier))
        gone = f"load_id IN ({marks}) AND content_hash <> '' AND NOT EXISTS (SELECT 1 FROM present p WHERE p.value = "
        gone += f"{table}.{quoted(self.shape.identity)})"
        if connection.vendor == "sqlite":
            run_sql("CREATE INDEX present_value ON present (value)")
        run_sql("ANALYZE present")
        loads = [pk for (pk,) in fetched(f"SELECT DISTINCT load_id FROM {table} WHERE {gone}", self.earlier)]
        refuse_older(self.load, loads)
        return run_sql(f"UPDATE {table} SET content_hash = '' WHERE {gone}", self.earlier)


def _insert(fresh: pl.DataFrame, shape: RegisterShape, load: Load) -> None:
    if fresh.height:
        names = shape.columns(shape.identity, *shape.fields, *shape.at_first, *ORIGIN)
        copy_frame(shape.model._meta.db_table, fresh.select(*names, pl.lit(load.pk).alias("load_id")))


def _update(changed: pl.DataFrame, shape: RegisterShape, load: Load) -> None:
    if not changed.height:
        return
    columns, kept = shape.columns(*shape.fields, *ORIGIN), shape.columns(*shape.kept)
    with temporary_table("changed_rows", {"id": "bigint", **columns}):
        copy_frame("changed_rows", changed.select("id", *columns))
        said = ", ".join(f"{quoted(name)} = {_said(name, name in kept, shape.table)}" for name in columns)
        run_sql(f"UPDATE {shape.table} SET {said}, load_id = %s FROM changed_rows n WHERE n.id = {shape.table}.id", [load.pk])


def _said(name: str, is_kept: bool, table: str) -> str:
    column = quoted(name)
    return f"COALESCE(NULLIF(n.{column}, ''), {table}.{column})" if is_kept else f"n.{column}"


def rows_where(table: str, columns: Sequence[str], name: str, values: pl.Series) -> list[Any]:
    """The rows of a table of which a column has one of many values. Inside `record_register`."""
    run_sql("TRUNCATE asked" if connection.vendor == "postgresql" else "DELETE FROM asked")
    copy_frame("asked", pl.DataFrame({"value": values}))
    listed = ", ".join(f"t.{quoted(column)}" for column in columns)
    return fetched(f"SELECT {listed} FROM asked a JOIN {table} t ON t.{quoted(name)} = a.value")


def fetched(sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def run_sql(sql: str, parameters: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
