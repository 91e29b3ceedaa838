"""Tables as texts, written as they are read: CSV by RFC 4180 with a byte order mark, and JSON."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from beffroi.core.exports.columns import TEXTS, Column, Type, Value

BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets misread accents
# A spreadsheet runs a cell that starts so (OWASP, CSV injection), in half or full width
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(text: str) -> str:
    """An apostrophe in front keeps a spreadsheet from running a text as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def written(value: Value, column: Column) -> str:
    if column.type in TEXTS:
        return harmless(str(value))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        # The zeros that a column of the database adds were written by nobody; cents are
        return f"{value.normalize() if column.type == Type.NUMBER else value:f}"
    return str(value)


def csv_lines(rows: Iterable[Sequence[Value]], columns: Sequence[Column]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK + writer.writerow([column.name for column in columns])
    for row in rows:
        yield writer.writerow([written(value, column) for value, column in zip(row, columns, strict=True)])


def json_value(value: Value) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def json_parts(rows: Iterable[Sequence[Value]], columns: Sequence[Column], about: dict[str, str]) -> Iterator[str]:
    described = [{"name": c.name, "label": str(c.label), "type": c.type, "meaning": str(c.meaning)} for c in columns]
    head = json.dumps({**about, "columns": described}, ensure_ascii=False)
    yield f'{head[:-1]}, "rows": ['
    mark = "\n"
    for row in rows:
        named = {column.name: json_value(value) for value, column in zip(row, columns, strict=True)}
        yield mark + json.dumps(named, ensure_ascii=False)
        mark = ",\n"
    yield "\n]}\n"
