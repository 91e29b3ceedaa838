"""Files, tables and profiles as situations."""

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl

from beffroi.connectors.check import check
from beffroi.connectors.files import RawTable, ReadOptions, open_table
from beffroi.connectors.profile import Profile, load_profile
from beffroi.connectors.rejections import rejections_table
from beffroi.connectors.staging import Checked, read_staged

ROWS = [["code", "intitulé", "valeur"], ["a1", "Éco-activités", "12"], ["a2", "Santé", "18,5"]]


def csv_text(rows: list[list[str]], delimiter: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table_of(path: Path, content: str | bytes | None = None, **options: Any) -> RawTable:
    if content is not None:
        written(path, content)
    return open_table(path, options=ReadOptions(**options))


def cells(table: RawTable) -> list[list[str | None]]:
    """Headers then cells, as a person would read them out."""
    frame = pl.concat(table.batches())
    return [table.columns, *map(list, frame.select(table.columns).iter_rows())]


def profile(*columns: dict[str, Any], **settings: Any) -> Profile:
    """A column given by its name alone is a text of that name."""
    named = [{"to": column["name"], **column} for column in columns]
    return load_profile({"code": "essai", "label": "Essai", "target": "essai", "columns": named, **settings})


def checked(folder: Path, content: str | bytes, wanted: Profile, name: str = "essai.csv") -> Checked:
    return check(wanted, written(folder / name, content), folder=folder / "staging")


def staged(folder: Path) -> pl.DataFrame:
    return pl.concat(read_staged(folder / "staging"))


def reasons(folder: Path) -> list[tuple[int, str, str, str]]:
    return list(rejections_table(folder / "staging").select("row", "column", "value", "sentence").iter_rows())
