import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlwt

from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.files.limits import Limits
from tests.connectors.factories import cells, table_of, written

DAY = datetime.date(2010, 3, 31)


def xlsx(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuille")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            style = xlwt.easyxf(num_format_str="DD/MM/YYYY") if isinstance(value, datetime.date) else xlwt.Style.default_style
            sheet.write(row, column, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: str) -> bytes:
    names = "office:1.0 table:1.0 text:1.0"
    spaces = " ".join(f'xmlns:{n.split(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{n}"' for n in names.split())
    body = (
        f'<office:body><office:spreadsheet><table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return out.getvalue()


def ods_row(*texts: str, repeated: int = 1) -> str:
    found = "".join(
        f'<table:table-cell table:number-columns-repeated="{repeated}" office:value-type="string"><text:p>{text}</text:p>'
        "</table:table-cell>"
        for text in texts
    )
    return f"<table:table-row>{found}</table:table-row>"


ROWS = [["code", "valeur", "jour"], ["é1", 18.5, DAY], ["é2", 15000, None]]
READ = [["code", "valeur", "jour"], ["é1", "18.5", "2010-03-31 00:00:00"], ["é2", "15000", None]]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.xlsx", xlsx({"Données": ROWS}))
    assert cells(table) == READ
    assert (table.encoding, table.delimiter, table.progress) == ("", "", 1.0)


def test_an_old_workbook_is_read_even_under_a_new_extension(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "a.xls", xls(ROWS))) == READ
    assert cells(table_of(tmp_path / "a.xlsx", xls(ROWS))) == READ


def test_an_open_document_is_read(tmp_path: Path) -> None:
    content = ods(ods_row("code", "nom") + ods_row("a", "Santé"))
    assert cells(table_of(tmp_path / "a.ods", content)) == [["code", "nom"], ["a", "Santé"]]


def test_the_sheet_is_chosen_by_name_or_position(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", xlsx({"Lisez-moi": [["x"], ["y"]], "Données": ROWS}))
    assert cells(table_of(path, sheet="Données")) == READ
    assert cells(table_of(path, sheet=2)) == READ
    assert cells(table_of(path)) == [["x"], ["y"]]


def test_rows_keep_the_number_that_the_sheet_shows(tmp_path: Path) -> None:
    rows = [["Titre"], [], ["code", "nom"], ["a", "b"], [], ["c", "d"]]
    table = table_of(tmp_path / "a.xlsx", xlsx({"F": rows}), header_row=3)
    assert pl.concat(table.batches())["_row"].to_list() == [4, 6]
    assert table.rows([6]) == {6: {"code": "c", "nom": "d"}}


def test_blank_rows_before_the_header_are_passed(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.xlsx", xlsx({"F": [[], [], ["code"], ["a"]]}))
    assert pl.concat(table.batches())["_row"].to_list() == [4]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"sheet": "Rien"}, "La feuille « Rien » n’existe pas ; celles du classeur : F"), ({"sheet": 3}, "n’a que 1 feuilles"),
     ({"header_row": 9}, "n’a pas de ligne d’en-tête à l’endroit indiqué")],
)  # fmt: skip
def test_a_sheet_or_header_that_is_not_there(tmp_path: Path, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        table_of(tmp_path / "a.xlsx", xlsx({"F": ROWS}), **options)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [([], "La feuille est vide"), ([["a", "b"]], "que la ligne d’en-tête")],
)
def test_an_empty_or_wrong_sheet(tmp_path: Path, rows: list[list[Any]], sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        table_of(tmp_path / "a.xlsx", xlsx({"F": rows}))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_workbook_is_refused(tmp_path: Path, kept: float) -> None:
    for name, content in (("a.xlsx", xlsx({"F": ROWS * 50})), ("a.xls", xls(ROWS * 50))):
        with pytest.raises(UnreadableFile, match="abîmé|vide"):
            cells(table_of(tmp_path / name, content[: int(len(content) * kept)]))


def test_a_workbook_without_its_parts_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(UnreadableFile):
        table_of(tmp_path / "a.xlsx", out.getvalue())


def rewritten(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for member in before.namelist():
            after.writestr(member, before.read(member).replace(old, new) if member == name else before.read(member))
    return out.getvalue()


@pytest.mark.parametrize("cell", [b'r="XFD1048576"', b'r="AAA3"', b"r='Z9999999'"])
def test_a_lonely_far_cell_does_not_fill_the_memory(tmp_path: Path, cell: bytes) -> None:
    content = rewritten(xlsx({"F": ROWS}), "xl/worksheets/sheet1.xml", b'r="B3"', cell)
    with pytest.raises(UnreadableFile, match="effacez les cellules lointaines"):
        table_of(tmp_path / "a.xlsx", content, limits=Limits(columns=600))


FAR_ROWS = ods_row("x", repeated=300).replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048570">')


@pytest.mark.parametrize("rows", [ods_row("a", repeated=2_000_000_000), FAR_ROWS])
def test_an_open_document_that_repeats_a_cell_forever_is_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnreadableFile, match="effacez les cellules lointaines"):
        table_of(tmp_path / "a.ods", ods(ods_row("code") + rows))


def test_empty_cells_repeated_to_the_end_of_the_sheet_are_nothing(tmp_path: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16380"/>'
    rows = (ods_row("code", "nom") + ods_row("a", "b")).replace("</table:table-row>", empty + "</table:table-row>")
    last = f'<table:table-row table:number-rows-repeated="1048574">{empty}</table:table-row>'
    assert cells(table_of(tmp_path / "a.ods", ods(rows + last))) == [["code", "nom"], ["a", "b"]]


def test_an_open_document_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="abîmé"):
        table_of(tmp_path / "a.ods", ods(ods_row("code") + "<table:table-row>"))


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    content = bytearray(xlsx({"F": ROWS * 300}))
    start = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[start : start + 40] = b"\xff" * 40
    with pytest.raises(UnreadableFile, match="abîmé"):
        table_of(tmp_path / "a.xlsx", bytes(content))
