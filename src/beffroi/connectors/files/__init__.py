"""Files that people send, whatever their format, as tables of text with row numbers."""

from pathlib import Path

from beffroi.connectors.files.containers import Kind, open_payload
from beffroi.connectors.files.delimited import open_delimited
from beffroi.connectors.files.documents import open_json, open_parquet
from beffroi.connectors.files.limits import Limits, ReadOptions, UnreadableFile
from beffroi.connectors.files.table import FAULT, RESERVED, ROW, SURPLUS, RawTable
from beffroi.connectors.files.workbooks import NEXT, open_workbook

__all__ = ["FAULT", "RESERVED", "ROW", "SURPLUS", "NEXT", "Limits", "RawTable", "ReadOptions", "UnreadableFile", "open_table"]

OPENERS = {Kind.TEXT: open_delimited, Kind.JSON: open_json, Kind.PARQUET: open_parquet, Kind.WORKBOOK: open_workbook}


def open_table(path: Path | str, *, options: ReadOptions | None = None) -> RawTable:
    """The table in a CSV, TSV, XLSX, XLS, ODS, JSON or Parquet file, plain, `.gz` or alone in a `.zip`.

    Raises UnreadableFile, whose text says in French what to correct.
    """
    options = options or ReadOptions()
    payload = open_payload(Path(path), options.limits)
    return OPENERS[payload.kind](payload, options)
