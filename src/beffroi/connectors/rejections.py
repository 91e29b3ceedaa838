"""Rows that were refused: a table to show, and a file to correct and load again through the same profile."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TextIO

import polars as pl

from beffroi.connectors.files import SURPLUS
from beffroi.connectors.files.delimited import neutralised
from beffroi.connectors.files.table import CORRECTION
from beffroi.connectors.staging import REJECTION_SCHEMA, REJECTIONS, UnfinishedStaging, finished_check


@dataclass(frozen=True)
class RefusedRow:
    """`content`: header -> cell as it came; `reasons`: column and sentence, the column empty when it is the whole row."""

    row: int
    content: dict[str, str]
    reasons: list[tuple[str, str]]


def rejections_table(folder: Path) -> pl.DataFrame:
    """One row for each reason: row, column, value, sentence, content (JSON: header -> cell as it came), by row number."""
    if finished_check(folder) is None:
        raise UnfinishedStaging
    parts = [pl.read_parquet(path) for path in sorted(folder.glob(REJECTIONS))]
    return pl.concat([pl.DataFrame(schema=REJECTION_SCHEMA), *parts]).sort("row", maintain_order=True)


def _refused_rows(folder: Path) -> Iterator[RefusedRow]:
    rejections = rejections_table(folder).iter_rows(named=True)
    for row, reasons in groupby(rejections, key=itemgetter("row")):
        listed = list(reasons)
        pairs = [(reason["column"], reason["sentence"]) for reason in listed]
        yield RefusedRow(row, json.loads(listed[0]["content"]), pairs)


def _corrections(refused: RefusedRow) -> list[str]:
    surplus = f" Cellules en trop : {refused.content[SURPLUS]}" if refused.content.get(SURPLUS) else ""
    columns = ", ".join(dict.fromkeys(column for column, _ in refused.reasons if column))
    return [str(refused.row), columns, " ".join(sentence for _, sentence in refused.reasons) + surplus]


class _Line:
    """What csv writes to: keeps the last line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def correction_lines(rows: Iterable[RefusedRow], columns: Sequence[str], *, delimiter: str = "") -> Iterator[str]:
    """The refused rows under the headers of the file they came from, then line, column and reason, which a reader ignores.
    To be encoded in UTF-8. Cells that a spreadsheet would run as formulas begin with an apostrophe, which reading takes off."""
    line = _Line()
    writer = csv.writer(line, delimiter=delimiter or ";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(neutralised, [*columns, *CORRECTION]))
    yield "\ufeff" + line.text  # without it Excel reads UTF-8 as cp1252
    for refused in rows:
        cells = [refused.content.get(column, "") for column in columns]
        writer.writerow(map(neutralised, [*cells, *_corrections(refused)]))
        yield line.text


def write_rejections_csv(folder: Path, columns: Sequence[str], out: TextIO) -> int:
    """Writes the lines of corrections of a check; returns how many rows. `out` is opened in UTF-8 with newline=""."""
    checked = finished_check(folder)
    if checked is None:
        raise UnfinishedStaging
    written = -1  # the headers
    for line in correction_lines(_refused_rows(folder), columns, delimiter=checked.delimiter):
        out.write(line)
        written += 1
    return written
