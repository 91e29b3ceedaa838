"""Many rows into the database or out of it at once, the fast way of each engine, inside the open transaction."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection, models

READ = 50_000
UNKNOWN = r"\N"


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def copy_frame(table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table whose columns have the frame's names."""
    columns = ", ".join(quoted(name) for name in frame.columns)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f"COPY {quoted(table)} ({columns}) FROM STDIN (FORMAT csv)") as copy,
        ):
            copy.write(frame.write_csv(include_header=False, quote_style="non_numeric", null_value="").encode())
        return
    marks = ", ".join("?" * frame.width)
    texts = frame.with_columns(pl.col(pl.Date, pl.Decimal).cast(pl.String))
    with connection.cursor() as cursor:
        cursor.connection.executemany(f"INSERT INTO {quoted(table)} ({columns}) VALUES ({marks})", texts.iter_rows())


def read_frame(rows: models.QuerySet[Any], columns: Mapping[str, Any]) -> pl.DataFrame:
    """The asked fields of a query, in the order of its keys, as a table of these types."""
    sql, values = rows.order_by("pk").values_list(*columns).query.sql_with_params()
    if connection.vendor == "postgresql":
        return _copied(sql, values, columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        batches = iter(lambda: cursor.fetchmany(READ), [])
        parts = [pl.DataFrame(batch, schema=dict(columns), orient="row") for batch in batches]
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict(columns))


def _copied(sql: str, values: Sequence[Any], columns: Mapping[str, Any]) -> pl.DataFrame:
    text = io.BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, NULL '{UNKNOWN}')", values) as copy,
    ):
        for part in copy:
            text.write(part)
    if not text.tell():
        return pl.DataFrame(schema=dict(columns))
    read = {name: pl.String if kind == pl.Boolean else kind for name, kind in columns.items()}
    found = pl.read_csv(text.getvalue(), has_header=False, schema=read, null_values=[UNKNOWN], empty_string_is_null=False)
    return found.with_columns(pl.col(name) == "t" for name, kind in columns.items() if kind == pl.Boolean)


def field_columns(model: type[models.Model], names: Sequence[str]) -> dict[str, str]:
    """The database column of each field with its type, without the constraints of the table."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns: dict[str, str] = {}
    for field in fields:
        kind: Any = field.target_field if isinstance(field, models.ForeignKey) else field
        columns[str(field.column)] = str(
            kind.rel_db_type(connection) if isinstance(field, models.ForeignKey) else kind.db_type(connection)
        )
    return columns


@contextmanager
def temporary_table(name: str, columns: dict[str, str]) -> Iterator[str]:
    listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
        cursor.execute(f"CREATE TEMPORARY TABLE {quoted(name)} ({listed})")
    try:
        yield name
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
