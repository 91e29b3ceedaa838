"""Rows that were refused: a table to show, and a file to correct and load again through the same profile."""

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from beffroi.connectors.files import SURPLUS
from beffroi.connectors.files.delimited import neutralised
from beffroi.connectors.files.table import CORRECTION
from beffroi.connectors.staging import REJECTION_SCHEMA, REJECTIONS, UnfinishedStaging, finished_check


def rejections_table(folder: Path) -> pl.DataFrame:
    """One row for each reason: row, column, value, sentence, content (JSON: header -> cell as it came), by row number."""
    if finished_check(folder) is None:
        raise UnfinishedStaging
    parts = [pl.read_parquet(path) for path in sorted(folder.glob(REJECTIONS))]
    return pl.concat([pl.DataFrame(schema=REJECTION_SCHEMA), *parts]).sort("row", maintain_order=True)


def _refused_rows(folder: Path) -> Iterator[list[dict[str, Any]]]:
    rejections = rejections_table(folder).iter_rows(named=True)
    for _, reasons in groupby(rejections, key=itemgetter("row")):
        yield list(reasons)


def _corrections(reasons: list[dict[str, Any]], content: dict[str, str]) -> list[str]:
    surplus = f" Cellules en trop : {content[SURPLUS]}" if content.get(SURPLUS) else ""
    columns = ", ".join(dict.fromkeys(reason["column"] for reason in reasons if reason["column"]))
    return [str(reasons[0]["row"]), columns, " ".join(reason["sentence"] for reason in reasons) + surplus]


def write_rejections_csv(folder: Path, columns: Sequence[str], out: TextIO) -> int:
    """Writes the refused rows under the headers of the file they came from, then line, column and reason, which a reader
    ignores; returns how many. `out` is opened in UTF-8 with newline="". Cells that a spreadsheet would run as formulas
    begin with an apostrophe, which reading takes off."""
    checked = finished_check(folder)
    if checked is None:
        raise UnfinishedStaging
    out.write("\ufeff")  # without it Excel reads UTF-8 as cp1252
    writer = csv.writer(out, delimiter=checked.delimiter or ";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(neutralised, [*columns, *CORRECTION]))
    written = 0
    for reasons in _refused_rows(folder):
        content = json.loads(reasons[0]["content"])
        cells = [content.get(column, "") for column in columns]
        writer.writerow(map(neutralised, [*cells, *_corrections(reasons, content)]))
        written += 1
    return written
