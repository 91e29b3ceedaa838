"""Tables of a method in CSV or Parquet files: columns under their expected names and types, unknown values null."""

import csv
from pathlib import Path

import polars as pl

from beffroi.analytics import tables
from beffroi.observatory.methods.declared import ALSO_CALLED, NOT_PUBLISHED, Column, Input

SUFFIXES = (".csv", ".parquet")
SPACES = r"[\s\u00a0\u202f]"
BLANKS = frozenset(NOT_PUBLISHED)


class UnreadableTable(tables.Refusal):
    pass


def read_table(path: Path, declared: Input) -> pl.DataFrame:
    """The declared columns of a file, those it may not have only if it has them. Raises UnreadableTable or MissingColumns."""
    if not path.is_file():
        raise UnreadableTable(f"« {path} » n’est pas un fichier.")
    try:
        table = pl.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_text(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise UnreadableTable(f"« {path.name} » ne se lit pas : {' '.join(str(error).split())[:160]}") from error
    return _typed(_renamed(table, declared), declared, path.name)


def _read_text(path: Path) -> pl.DataFrame:
    with path.open(encoding="utf-8-sig") as file:
        head = file.readline()
    separator = max(",;\t|", key=head.count)
    names = [name.strip() for name in next(csv.reader([head], delimiter=separator), [])]
    if len(set(names)) < len(names):
        raise UnreadableTable(f"« {path.name} » a deux colonnes du même nom.")
    table = pl.read_csv(path, separator=separator, infer_schema=False)
    return table.rename({old: old.strip() for old in table.columns})


def _renamed(table: pl.DataFrame, declared: Input) -> pl.DataFrame:
    names: dict[str, str] = {}
    for column in declared.columns:
        if column.name not in table.columns:
            found = [other for other in ALSO_CALLED.get(column.name, ()) if other in table.columns and other not in names]
            names |= {other: column.name for other in found[:1]}
    return table.rename(names)


def _typed(table: pl.DataFrame, declared: Input, file: str) -> pl.DataFrame:
    missing = [column.name for column in declared.columns if column.required and column.name not in table.columns]
    if missing:
        raise tables.MissingColumns(f"{declared.name}, {file}", missing)
    kept = [column for column in declared.columns if column.name in table.columns]
    if declared.is_open:
        known = {column.name: column for column in declared.columns}
        kept = [known.get(name) or _guessed(table[name], place) for place, name in enumerate(table.columns)]
    return table.select(_column(table[column.name], column, file) for column in kept)


def _guessed(values: pl.Series, place: int) -> Column:
    """The first column of an open table names its rows."""
    if place == 0 or values.dtype == pl.Boolean:
        return Column(values.name, "", tables.TEXT)
    column = Column(values.name, "")
    try:
        _column(values, column, "")
    except UnreadableTable:
        return Column(values.name, "", tables.TEXT)
    return column


def _column(values: pl.Series, column: Column, file: str) -> pl.Series:
    if column.kind == tables.TEXT:
        texts = values.cast(pl.String).str.strip_chars()
        return texts.set(texts == "", None)
    if not values.dtype.is_numeric() and values.dtype != pl.Null:
        values = _numbers(values.cast(pl.String), column, file)
    if column.kind == tables.WHOLE and not (values.drop_nulls() % 1 == 0).all():
        raise UnreadableTable(f"« {file} », colonne « {column.name} » : des nombres entiers sont attendus.")
    return values.cast(column.kind)


def _numbers(texts: pl.Series, column: Column, file: str) -> pl.Series:
    """French or English decimals, grouped by spaces; what offices write for « not published » is null."""
    bare = texts.str.strip_chars()
    bare = bare.set(bare.is_in(list(BLANKS)), None)
    written = bare.str.replace_all(SPACES, "").str.replace("−", "-").str.replace(",", ".", literal=True)
    is_number = written.str.contains(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    wrong = (~is_number.fill_null(True)).arg_true()
    if len(wrong):
        row = int(wrong[0])
        raise UnreadableTable(f"« {file} », ligne {row + 2}, colonne « {column.name} » : « {bare[row]} » n’est pas un nombre.")
    return written.cast(pl.Float64)


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Raises UnreadableTable when the name or the folder is not one that can be written."""
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableTable(f"« {path.name} » : le résultat s’écrit en .csv ou en .parquet.")
    try:
        if path.suffix.lower() == ".parquet":
            table.write_parquet(path)
        else:
            table.write_csv(path)
    except OSError as error:
        raise UnreadableTable(f"« {path} » ne peut s’écrire : {error.strerror or error}.") from error
