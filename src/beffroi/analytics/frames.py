"""What the methods that are joins and sums ask of a table, whichever engine holds it: Polars, DuckDB or Spark.

Rows of one cell are added up. A row that is not there is a zero; a row whose value is null is unknown, and makes unknown
every sum that it enters.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl
from narwhals.typing import IntoFrame

from beffroi.analytics import tables

VALUE = nw.col("value")


class NotNumbers(tables.Refusal):
    def __init__(self, table: str, column: str) -> None:
        super().__init__(f"La colonne « {column} » de la table « {table} » doit contenir des nombres (vide : inconnu).")


class NegativeValues(tables.Refusal):
    def __init__(self, table: str, column: str = "value") -> None:
        super().__init__(
            f"La colonne « {column} » de la table « {table} » a des valeurs négatives : la méthode n’a pas de sens."
        )


class NamelessRows(tables.Refusal):
    def __init__(self, table: str, column: str) -> None:
        super().__init__(f"La table « {table} » a des lignes sans « {column} » : on ne sait pas de quoi elles parlent.")


class EmptyTable(tables.Refusal):
    def __init__(self, table: str) -> None:
        super().__init__(f"La table « {table} » n’a aucune ligne à analyser.")


def opened(native: IntoFrame, declared: tables.Table) -> nw.LazyFrame[Any]:
    """The declared columns, numbers as floats. Raises MissingColumns or NotNumbers."""
    frame = lazy(native)
    schema = frame.collect_schema()
    if missing := [name for name in declared.columns if name not in schema.names()]:
        raise tables.MissingColumns(declared.name, missing)
    numbers = [name for name, kind in declared.columns.items() if kind.is_numeric()]
    for name in numbers:
        if not (schema[name].is_numeric() or schema[name] == nw.Unknown()):
            raise NotNumbers(declared.name, name)
    reals = [nw.col(name).cast(nw.Float64()) for name in numbers if declared.columns[name] == tables.REAL]
    return frame.select(*declared.columns).with_columns(*reals) if reals else frame.select(*declared.columns)


def lazy(native: Any) -> nw.LazyFrame[Any]:
    frame: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    return frame


def held(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Computed once where the engine is in this process; elsewhere the engine decides."""
    return frame.collect(engine="streaming").lazy() if frame.implementation.is_polars() else frame


def given_back(frame: nw.LazyFrame[Any], native: IntoFrame) -> Any:
    """A table of the kind that came."""
    return frame.collect(engine="streaming").to_native() if isinstance(native, pl.DataFrame) else frame.to_native()


def in_memory(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    return frame.collect("polars").to_polars()


def single(frame: nw.LazyFrame[Any], **expressions: nw.Expr) -> dict[str, Any]:
    """The values of expressions that reduce the whole table, in one reading."""
    return in_memory(frame.select(**expressions)).row(0, named=True)


def any_of(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(1).otherwise(0).max()


def strict_sums(frame: nw.LazyFrame[Any], keys: Sequence[str], **values: nw.Expr) -> nw.LazyFrame[Any]:
    """Sums by keys; a sum is unknown as soon as one of its parts is."""
    parts = frame.with_columns(**{f"_{name}": value for name, value in values.items()})
    counted = [nw.col(f"_{name}").sum().alias(f"{name}") for name in values]
    known = [nw.col(f"_{name}").count().alias(f"_{name}_known") for name in values]
    sums = parts.group_by(*keys).agg(*counted, *known, nw.len().alias("_rows"))
    whole = {name: nw.when(nw.col(f"_{name}_known") == nw.col("_rows")).then(nw.col(name)) for name in values}
    return sums.select(*keys, **whole)


def strict_total(frame: nw.LazyFrame[Any], **values: nw.Expr) -> dict[str, float | None]:
    """Sums of the whole table; None as soon as one part is unknown, zero when there is no row."""
    asked = {name: value.sum() for name, value in values.items()}
    asked |= {f"{name} known": value.count() for name, value in values.items()}
    found = single(frame, rows=nw.len(), **asked)
    return {name: float(found[name] or 0) if found[f"{name} known"] == found["rows"] else None for name in values}


def cells_of(
    native: IntoFrame, declared: tables.Table, keys: Sequence[str], *, may_be_negative: bool = False
) -> nw.LazyFrame[Any]:
    """One row per cell, its rows added up. Raises EmptyTable, NamelessRows, NotNumbers, OutOfRange, NegativeValues."""
    cells = held(strict_sums(opened(native, declared), keys, value=VALUE))
    wrong = {key: any_of(nw.col(key).is_null()) for key in keys}
    # A sum of opposite infinities is not a number; both differ from themselves times zero
    wrong |= {"not a number": any_of(VALUE.is_nan() | (VALUE.abs() == float("inf"))), "negative": any_of(VALUE < 0)}
    wrong |= {"too large": any_of(VALUE.abs() > tables.LARGEST)}
    refuse(declared.name, keys, single(cells, rows=nw.len(), **wrong), may_be_negative=may_be_negative)
    return cells


def refuse(table: str, keys: Sequence[str], found: Mapping[str, Any], *, may_be_negative: bool) -> None:
    if not found["rows"]:
        raise EmptyTable(table)
    for key in keys:
        if found[key]:
            raise NamelessRows(table, key)
    if found["not a number"]:
        raise NotNumbers(table, "value")
    if found["too large"]:
        raise tables.OutOfRange(table, "value")
    if found["negative"] and not may_be_negative:
        raise NegativeValues(table)


def over(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """A division that is null, not infinite, when the whole is zero: engines differ on it."""
    return part / nw.when(whole != 0).then(whole)


def first_of(*cases: tuple[nw.Expr, str]) -> nw.Expr:
    """The name of the first condition that holds, else null."""
    expression: Any = nw.lit(None, nw.String())
    for condition, name in reversed(cases):
        expression = nw.when(condition).then(nw.lit(name)).otherwise(expression)
    found: nw.Expr = expression
    return found
