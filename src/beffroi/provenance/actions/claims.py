"""Rows that state values: set by set in the database, whatever their number."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection, models
from django.utils import timezone

from beffroi.core.bulk import copy_frame, field_columns, quoted, temporary_table
from beffroi.provenance.actions.loads import Counts
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Claim, Load

ORIGIN = ("row", "place", "key", "content_hash", "as_written", "qualifiers")


@dataclass(frozen=True)
class ClaimShape:
    """Which tables a kind of claim fills: the subject is found or made by its digest, the claim points at it by `link`."""

    subject: type[models.Model]
    claim: type[Claim]
    link: str
    subject_fields: Sequence[str]
    claim_fields: Sequence[str]

    @property
    def subject_table(self) -> str:
        return quoted(self.subject._meta.db_table)

    @property
    def claim_table(self) -> str:
        return quoted(self.claim._meta.db_table)

    @property
    def link_column(self) -> str:
        return quoted(f"{self.link}_id")

    def columns(self) -> dict[str, str]:
        return (
            field_columns(self.claim, [*ORIGIN, *self.claim_fields])
            | field_columns(self.subject, ["digest"])
            | {f"s_{name}": kind for name, kind in field_columns(self.subject, self.subject_fields).items()}
        )


def _listed(names: Iterable[str], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{quoted(name)}" for name in names)


def _run(sql: str, parameters: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def _count(sql: str, parameters: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])


@contextmanager
def _staged(frames: Iterable[pl.DataFrame], shape: ClaimShape) -> Iterator[None]:
    """The rows with the occurrence of each key, so that a row repeated in a file stays two rows."""
    columns = shape.columns()
    if connection.vendor == "postgresql":
        _run("SET LOCAL work_mem = '64MB'")  # sorts and joins of a million rows stay off the disk
    with temporary_table("staged", columns | {"occurrence": "integer DEFAULT 1 NOT NULL"}):
        for frame in frames:
            copy_frame("staged", frame.select(list(columns)))
        _number_repeats()
        if connection.vendor == "sqlite":  # which joins by index only; the other one joins whole tables
            _run(f"CREATE INDEX staged_key ON staged ({quoted('key')}, occurrence)")
        _run("ANALYZE staged")
        yield


def _number_repeats() -> None:
    row, key = quoted("row"), quoted("key")
    repeated = f"SELECT {key} FROM staged GROUP BY {key} HAVING COUNT(*) > 1"
    _run(f"CREATE TEMPORARY TABLE repeats AS SELECT {row}, {key}, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {row}) AS nth "
         f"FROM staged WHERE {key} IN ({repeated})")  # fmt: skip
    if _count("SELECT COUNT(*) FROM repeats"):
        _run(f"CREATE INDEX staged_row ON staged ({row})")
        # One row of a file may state several things: its number alone does not tell which
        _run(f"UPDATE staged SET occurrence = r.nth FROM repeats r WHERE r.{row} = staged.{row} AND r.{key} = staged.{key}")
    _run("DROP TABLE repeats")


def _make_previous(load: Load, shape: ClaimShape) -> None:
    """What the same source already claims through the same profile, on or before the date of this file."""
    _run("DROP TABLE IF EXISTS previous")
    _run(
        f"""
        CREATE TEMPORARY TABLE previous AS
        SELECT id, {quoted("key")}, occurrence, content_hash, stated_on FROM (
            SELECT c.id, c.{quoted("key")}, c.occurrence, c.content_hash, c.stated_on, ROW_NUMBER() OVER (
                PARTITION BY c.{quoted("key")}, c.occurrence ORDER BY c.stated_on DESC, c.id DESC) AS nth
            FROM {shape.claim_table} c
            JOIN provenance_load l ON l.id = c.load_id JOIN provenance_snapshot s ON s.id = l.snapshot_id
            WHERE s.source_id = %s AND l.profile_id = %s AND c.recorded_to IS NULL
              AND (c.stated_on IS NULL OR c.stated_on <= %s)
        ) ranked WHERE nth = 1
        """,
        [load.snapshot.source_id, load.profile_id, load.snapshot.as_of or timezone.localdate()],
    )
    if connection.vendor == "sqlite":
        _run(f"CREATE INDEX previous_key ON previous ({quoted('key')}, occurrence)")
    _run("ANALYZE previous")


SAME_ROW = f"p.{quoted('key')} = n.{quoted('key')} AND p.occurrence = n.occurrence"
SAME_DATE = "(p.stated_on = %s OR (p.stated_on IS NULL AND %s IS NULL))"


def _insert_subjects(load: Load, shape: ClaimShape) -> None:
    columns = list(field_columns(shape.subject, shape.subject_fields))
    _run(
        f"""
        INSERT INTO {shape.subject_table} (digest, owner_id, visibility, {_listed(columns)})
        SELECT digest, %s, %s, {_listed(f"s_{name}" for name in columns)} FROM staged
        WHERE NOT EXISTS (SELECT 1 FROM {shape.subject_table} s WHERE s.digest = staged.digest)
        ORDER BY {quoted("row")} ON CONFLICT (digest) DO NOTHING
        """,
        [load.owner_id, load.visibility],
    )


def _insert_claims(load: Load, shape: ClaimShape, at: Any) -> None:
    columns = list(field_columns(shape.claim, [*ORIGIN, *shape.claim_fields]))
    json = "CAST(n.qualifiers AS jsonb)" if connection.vendor == "postgresql" else "n.qualifiers"
    copied = ", ".join(json if name == "qualifiers" else f"n.{quoted(name)}" for name in columns)
    _run(
        f"""
        INSERT INTO {shape.claim_table} ({_listed(columns)}, occurrence, {shape.link_column}, load_id, stated_on,
            recorded_from, owner_id, visibility)
        SELECT {copied}, n.occurrence, s.id, %s, %s, %s, %s, %s FROM staged n
        JOIN {shape.subject_table} s ON s.digest = n.digest
        LEFT JOIN previous p ON {SAME_ROW}
        WHERE p.id IS NULL OR p.content_hash <> n.content_hash
        """,
        [load.pk, load.snapshot.as_of, at, load.owner_id, load.visibility],
    )


def record_claims(frames: Iterable[pl.DataFrame], *, load: Load, shape: ClaimShape) -> Counts:
    """The frames carry row, place, key, content_hash, as_written, qualifiers, digest, the claim's columns, and the subject's
    prefixed by s_. A correction of the same date ends the claim it corrects; a later date leaves it standing at its own."""
    # As the ORM writes it: SQLite compares moments as texts
    at, day = connection.ops.adapt_datetimefield_value(timezone.now()), load.snapshot.as_of
    with _staged(frames, shape):
        _make_previous(load, shape)
        joined = f"FROM staged n JOIN previous p ON {SAME_ROW}"
        unchanged = _count(f"SELECT COUNT(*) {joined} WHERE p.content_hash = n.content_hash")
        changed = _count(f"SELECT COUNT(*) {joined} WHERE p.content_hash <> n.content_hash")
        added = _count("SELECT COUNT(*) FROM staged") - unchanged - changed
        _insert_subjects(load, shape)
        _insert_claims(load, shape, at)
        end = f"UPDATE {shape.claim_table} SET recorded_to = %s WHERE id IN"
        _run(f"{end} (SELECT p.id {joined} WHERE p.content_hash <> n.content_hash AND {SAME_DATE})", [at, day, day])
        closed = 0
        if load.extent == Extent.FULL and not load.rejected:  # a row that could not be read is not a row withdrawn
            absent = f"NOT EXISTS (SELECT 1 FROM staged n WHERE {SAME_ROW})"
            closed = _run(f"{end} (SELECT p.id FROM previous p WHERE {absent} AND {SAME_DATE})", [at, day, day])
        _run("DROP TABLE previous")
    return Counts(added, changed, unchanged, closed)
