"""Worked examples written as text tables."""

from decimal import Decimal
from typing import Any

import polars as pl


def rows_of(text: str) -> list[dict[str, str | None]]:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    return [dict(zip(names, (cell.strip() or None for cell in line.split("|")), strict=True)) for line in lines[1:]]


def given(text: str, **columns: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    """A table from text: numbers where the whole column is made of them, empty cells unknown."""
    found = pl.DataFrame(rows_of(text), infer_schema_length=None)
    return found.with_columns(_typed(found[name], columns.get(name)) for name in found.columns)


def turned(text: str) -> pl.DataFrame:
    """The same, one line a column and one column a row: for tables wider than a page."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return given("\n".join(" | ".join(row) for row in zip(*lines, strict=True)))


def _typed(column: pl.Series, kind: Any) -> pl.Series:
    if kind is not None:
        return column.cast(kind)
    known = column.drop_nulls()
    numbers = known.cast(pl.Float64, strict=False)
    if known.is_empty() or numbers.has_nulls():
        return column
    return column.cast(pl.Int64 if known.str.contains(r"^-?\d+$").all() else pl.Float64)


def assert_shows(found: pl.DataFrame, expected: str) -> None:
    """The rows of the text, in any order of columns: numbers to the digits written, empty cells null."""
    wanted = rows_of(expected)
    seen = found.select(list(wanted[0])).to_dicts()
    assert len(seen) == len(wanted), found
    for row, line in zip(seen, wanted, strict=True):
        wrong = {name: (row[name], text) for name, text in line.items() if not _is_shown(row[name], text)}
        assert not wrong, (line, wrong)


def _is_shown(value: Any, text: str | None) -> bool:
    if value is None or text is None:
        return value is None and text is None
    if isinstance(value, bool):
        return text == ("yes" if value else "no")
    if isinstance(value, int | float):
        step = Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent))
        return abs(value - float(text)) <= float(step) / 2 * (1 + 1e-9) + 1e-12 * abs(value)
    return str(value) == text
