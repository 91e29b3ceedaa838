"""Tables written as text: a header, then rows, columns parted by « | ». An empty cell is null."""

from typing import Any

import polars as pl

from beffroi.analytics import tables
from beffroi.connectors.periods import parse_period

OBSERVED = {"indicator": "indicator:1", "indicator_label": "Emplois", "unit": "emplois", "territory": "HDF", "status": "actual"}
PAID = {"role": "line", "programme": "programme:1", "programme_label": "Programme", "stage": "voted"}


def table(declared: tables.Table, text: str, **common: Any) -> pl.DataFrame:
    """`period` fills `start` and `end`; columns that the text does not have take `common`, else null."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    return declared.build(row(declared, names, line, common) for line in lines[1:])


def row(declared: tables.Table, names: list[str], line: str, common: dict[str, Any]) -> dict[str, Any]:
    cells = dict(zip(names, (cell.strip() or None for cell in line.split("|")), strict=True))
    if "period" in cells:
        period = parse_period(cells.pop("period") or "")
        cells |= {"start": period.start, "end": period.end}
    typed = {name: typed_cell(declared.columns[name], value) for name, value in cells.items()}
    return {"source": "document", **common, **typed}


def typed_cell(kind: pl.DataType, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if kind == tables.DATE:
        return parse_period(value).start
    if kind == tables.REAL:
        return float(value)
    if kind == tables.WHOLE:
        return int(value)
    return value


def observations(text: str, **common: Any) -> pl.DataFrame:
    """Cells are named after their rank: cell:1, cell:2..."""
    rows = table(tables.OBSERVATIONS, text, **(OBSERVED | common))
    return rows.with_columns(cell=pl.format("cell:{}", pl.int_range(1, pl.len() + 1)))


def amounts(text: str, **common: Any) -> pl.DataFrame:
    """`euros` is given instead of cents; refs are amount:1, amount:2..."""
    common = PAID | common
    rows = table(tables.AMOUNTS, text.replace("euros", "cents", 1), **common)
    return rows.with_columns(cents=pl.col("cents") * 100, ref=pl.format("amount:{}", pl.int_range(1, pl.len() + 1)))


def subjects(findings: pl.DataFrame) -> list[list[str]]:
    return sorted(findings["subjects"].to_list())


def differences(findings: pl.DataFrame) -> list[str]:
    """With ordinary spaces, as a keyboard types them."""
    return [text.replace("\u00a0", " ") for text in findings["difference"]]
