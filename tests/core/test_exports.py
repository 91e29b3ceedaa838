"""A list as a file: same rows in four formats, formulas harmless, codes kept as texts, unknown kept unknown."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory

from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.figures import Figure

COLUMNS = [
    Column("code", "Code", Type.CODE, "Code INSEE"),
    Column("vintage", "Millésime", Type.CODE),
    Column("name", "Nom"),
    Column("jobs", "Emplois", Type.NUMBER),
    Column("paid", "Payé", Type.EUROS),
    Column("on", "Le", Type.DATE),
    *exports.figure_columns("result", "Résultat", lambda row: row["figure"]),
]
ROWS = [
    {"code": "02691", "vintage": "2026", "name": "Saint-Quentin, l’été", "jobs": Decimal("12.5"), "paid": Decimal("1000.10"),
     "on": date(2010, 3, 31), "figure": Figure(value=3)},
    {"code": "2A004", "vintage": "2026", "name": '=HYPERLINK("x")', "jobs": None, "paid": None, "on": None,
     "figure": Figure(low=1, high=2)},
]  # fmt: skip


def read(answer) -> bytes:
    """Closing the answer would end a request that never was; only its file is closed."""
    body = b"".join(answer)
    if file := getattr(answer, "file_to_stream", None):
        file.close()
    return body


def answered(form: str, **query: str):
    request = RequestFactory().get("/liste", {"format": form, **query})
    answer = exports.asked(request, ROWS, COLUMNS, "communes", title="Communes")
    assert answer is not None
    return answer, read(answer)


def test_a_page_without_format_is_not_a_file() -> None:
    assert exports.asked(RequestFactory().get("/liste"), ROWS, COLUMNS, "communes") is None


def test_csv_is_read_by_spreadsheets_as_it_was_written() -> None:
    answer, body = answered("csv")
    assert body.startswith(b"\xef\xbb\xbfcode,vintage,name,jobs,paid,on,result,result_low,result_high\r\n")
    assert list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:] == [
        ["02691", "2026", "Saint-Quentin, l’été", "12.5", "1000.10", "2010-03-31", "3", "", ""],
        ["2A004", "2026", '\'=HYPERLINK("x")', "", "", "", "", "1", "2"],
    ]
    assert 'filename="communes-2026-11-20.csv"' in answer["Content-Disposition"]


def test_excel_keeps_codes_and_formulas_as_texts_and_says_its_method() -> None:
    book = openpyxl.load_workbook(io.BytesIO(answered("xlsx", as_of="2010-03-31", kind="commune")[1]))
    sheet = book["Données"]
    assert [cell.value for cell in sheet[2]][:6] == ["02691", "2026", "Saint-Quentin, l’été", 12.5, 1000.1, sheet["F2"].value]
    assert (sheet["C3"].value, sheet["C3"].data_type) == ('=HYPERLINK("x")', "s")
    assert sheet["D3"].value is None
    method = {row[0].value: row[1].value for row in book["Méthode"].iter_rows()}
    assert method["Titre"] == "Communes"
    assert method["Filtres"] == "kind=commune"
    assert {"Source", "Licence", "Faits à la date du", "Connus le"} <= method.keys()


def test_json_gives_rows_and_what_columns_mean() -> None:
    said = json.loads(answered("json")[1])
    assert said["columns"][0] == {"name": "code", "label": "Code", "type": "code", "meaning": "Code INSEE"}
    assert said["rows"][0]["jobs"] == 12.5
    assert said["rows"][1]["jobs"] is None
    assert said["filters"] == "aucun"


def test_parquet_keeps_types() -> None:
    frame = pl.read_parquet(io.BytesIO(answered("parquet")[1]))
    assert frame.schema["code"] == pl.String
    assert frame.schema["on"] == pl.Date
    assert frame.rows()[0][:5] == ("02691", "2026", "Saint-Quentin, l’été", 12.5, Decimal("1000.10"))
    assert frame["jobs"].to_list() == [12.5, None]


def test_parquet_of_nothing_still_has_its_columns() -> None:
    answer = exports.exported(RequestFactory().get("/"), [], COLUMNS, "communes", to="parquet")
    assert pl.read_parquet(io.BytesIO(read(answer))).columns[:2] == ["code", "vintage"]


def test_an_unknown_format_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadRequest, match="csv, xlsx, json, parquet"):
        answered("exe")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_text_starts_a_formula(start: str) -> None:
    column = [Column("text", "Texte")]
    answer = exports.exported(RequestFactory().get("/"), [{"text": f"{start}cmd"}], column, "x", to="csv")
    assert next(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig").split("\r\n", 1)[1], newline="")))[0][0] == "'"


def test_a_negative_number_stays_a_number() -> None:
    answer = exports.exported(RequestFactory().get("/"), [{"n": -3}], [Column("n", "N", Type.INTEGER)], "x", to="csv")
    assert b"".join(answer).endswith(b"\r\n-3\r\n")
