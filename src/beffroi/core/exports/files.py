"""Tables as files that are written whole before they leave: Excel and Parquet, in a temporary file, by batches."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

import polars as pl
import pyarrow.parquet as pq
from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from beffroi.core.exports.columns import BATCH, TEXTS, Column, Type, Value

SAID = {
    "simulated": gettext_lazy("Simulation"),
    "title": gettext_lazy("Titre"),
    "source": gettext_lazy("Source"),
    "address": gettext_lazy("Adresse"),
    "exported_at": gettext_lazy("Exporté le"),
    "as_of": gettext_lazy("Faits à la date du"),
    "known_on": gettext_lazy("Connus le"),
    "licence": gettext_lazy("Licence"),
    "filters": gettext_lazy("Filtres"),
}
EXCEL_ROWS = 1_048_576
EXCEL_TEXT = 32_767
WIDTHS = {Type.TEXT: 40, Type.MOMENT: 20}
NUMBER_FORMATS = {Type.EUROS: "#,##0.00", Type.DATE: "yyyy-mm-dd", Type.MOMENT: "yyyy-mm-dd hh:mm", Type.CODE: "@"}
FRAME_TYPES: dict[Type, Any] = {
    Type.TEXT: pl.String,
    Type.CODE: pl.String,
    Type.INTEGER: pl.Int64,
    Type.NUMBER: pl.Float64,
    Type.EUROS: pl.Decimal(18, 2),
    Type.DATE: pl.Date,
    Type.MOMENT: pl.Datetime("us", "UTC"),
    Type.BOOLEAN: pl.Boolean,
}


def write_workbook(file: IO[bytes], rows: Iterable[Sequence[Value]], columns: Sequence[Column], about: dict[str, str]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Données"))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[_letter(place)].width = WIDTHS.get(column.type, 16)
    sheet.append([_cell(sheet, column.name, Type.TEXT, bold=True) for column in columns])
    for number, row in enumerate(rows, 2):
        if number > EXCEL_ROWS:
            raise BadRequest(_("Ce tableau dépasse les lignes d’une feuille Excel : prenez le CSV ou le Parquet, ou filtrez."))
        sheet.append([_cell(sheet, value, column.type) for value, column in zip(row, columns, strict=True)])
    _write_method(book, columns, about)
    book.save(file)


def _letter(place: int) -> str:
    before, last = divmod(place - 1, 26)
    return (chr(64 + before) if before else "") + chr(65 + last)


def _cell(sheet: Any, value: Value, kind: Type, *, bold: bool = False) -> Any:
    """Texts are declared as such: Excel never reads them as formulas."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    cell = WriteOnlyCell(sheet, value="" if isinstance(value, str) else value)
    if isinstance(value, str):
        cell._value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value)[:EXCEL_TEXT], "s"
    if kind in NUMBER_FORMATS:
        cell.number_format = NUMBER_FORMATS[kind]
    if bold:
        cell.font = Font(bold=True)
    return cell


def _write_method(book: Workbook, columns: Sequence[Column], about: dict[str, str]) -> None:
    sheet = book.create_sheet(_("Méthode"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 40
    said = [(str(SAID.get(name, name)), text) for name, text in about.items()]
    lines = [*said, ("", ""), (_("Colonne"), _("Intitulé"), _("Type"), _("Sens"))]
    lines += [(c.name, str(c.label), str(c.type_label), str(c.meaning)) for c in columns]
    for line in lines:
        sheet.append([_cell(sheet, text, Type.TEXT) for text in line])


def write_parquet(file: IO[bytes], rows: Iterable[Sequence[Value]], columns: Sequence[Column], about: dict[str, str]) -> None:
    schema = {column.name: FRAME_TYPES[column.type] for column in columns}
    empty = pl.DataFrame(schema=schema).to_arrow().schema
    meanings = {column.name: str(column.meaning or column.label) for column in columns}
    described = empty.with_metadata({"beffroi": json.dumps({**about, "columns": meanings}, ensure_ascii=False)})
    with pq.ParquetWriter(file, described, compression="zstd") as writer:
        for batch in _batches(rows):
            frame = pl.DataFrame([_parquet_row(row, columns) for row in batch], schema=schema, orient="row")
            writer.write_table(frame.to_arrow().cast(described))


def _parquet_row(row: Sequence[Value], columns: Sequence[Column]) -> list[Value]:
    return [
        float(value) if column.type == Type.NUMBER and value is not None else (value or None) if column.type in TEXTS else value  # type: ignore[arg-type]
        for value, column in zip(row, columns, strict=True)
    ]


def _batches(rows: Iterable[Sequence[Value]]) -> Iterator[list[Sequence[Value]]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH * 5)):
        yield batch
