"""Whatever people or machines write: texts come back as they were, and bytes that are no table give a sentence."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.connectors.check import check
from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.files.delimited import neutralised
from beffroi.connectors.rejections import write_rejections_csv
from beffroi.connectors.staging import read_staged
from tests.connectors.factories import profile, written

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\r\t"), max_size=12)
FRENCH = st.text("abcéèàùçœÉ '’\"=+-@\n\r\t;,|0123456789€", max_size=12)
ROWS = st.lists(st.tuples(TEXTS | FRENCH, TEXTS | FRENCH), min_size=1, max_size=8)
PLAIN = profile({"name": "a"}, {"name": "b"})
REFUSING = profile({"name": "a"}, {"name": "b"}, {"name": "c", "required": True})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round-trips")


def as_csv(rows: list[tuple[str, ...]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return out.getvalue()


def as_json(rows: list[tuple[str, ...]]) -> str:
    return json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]])


def hashes(folder: Path, name: str, content: str | bytes) -> list[str]:
    check(PLAIN, written(folder / name, content), folder=folder / "s")
    return pl.concat(read_staged(folder / "s"))["_hash"].to_list()


@given(ROWS, st.sampled_from(",;\t|"))
def test_any_text_reads_the_same_from_csv_and_json(folder: Path, rows: list[tuple[str, str]], delimiter: str) -> None:
    lines = [("a", "b"), *rows, ("fin", "fin")]
    assert hashes(folder, "a.csv", as_csv(lines, delimiter)) == hashes(folder, "a.json", as_json(lines))


@given(ROWS)
def test_any_row_goes_out_among_the_rejections_and_comes_back(folder: Path, rows: list[tuple[str, str]]) -> None:
    lines = [("a", "b"), *rows, ("fin", "fin")]
    without_c = as_json([("a", "b", "c"), *((*line, "") for line in lines[1:])])
    refused = check(REFUSING, written(folder / "b.json", without_c), folder=folder / "s")
    out = io.StringIO(newline="")
    write_rejections_csv(folder / "s", refused.columns, out)
    text = out.getvalue().replace('"a";"b";"c"', '"a";"b";"ignoré"', 1)
    loose = profile({"name": "a"}, {"name": "b"}, unknown_columns="ignore")
    check(loose, written(folder / "b.csv", text), folder=folder / "s")
    assert pl.concat(read_staged(folder / "s"))["_hash"].to_list() == hashes(folder, "a.json", as_json(lines))


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["é", 1], ["x", 2.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"a": ["é", "x"], "b": [1, 2]}).write_parquet(out)
    return out.getvalue()


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    return out.getvalue()


CSV = 'a;b\né;1\n"x;y";2\n'.encode()
WHOLE = [CSV, CSV.decode().encode("utf-16"), gzip.compress(CSV), zipped(CSV), b'[{"a": "x", "b": 1}]', xlsx(), parquet()]
NAMES = ["f", "f.csv", "f.xlsx", "f.xls", "f.ods", "f.json", "f.parquet", "f.csv.gz", "f.zip"]


def reads_or_says_why(path: Path, folder: Path) -> None:
    try:
        check(PLAIN.model_copy(update={"unknown_columns": "ignore"}), path, folder=folder)
    except UnreadableFile as refusal:
        assert len(str(refusal)) > 10


@given(st.binary(min_size=1, max_size=300), st.sampled_from(NAMES))
def test_any_bytes_are_a_table_or_a_sentence(folder: Path, content: bytes, name: str) -> None:
    reads_or_says_why(written(folder / name, content), folder / "s")


@given(st.sampled_from(WHOLE), st.integers(0, 10_000), st.binary(max_size=8), st.booleans(), st.sampled_from(NAMES))
def test_a_damaged_file_is_a_table_or_a_sentence(
    folder: Path, whole: bytes, at: int, damage: bytes, is_cut: bool, name: str
) -> None:
    at %= len(whole)
    content = whole[:at] + damage + (b"" if is_cut else whole[at + len(damage) :])
    reads_or_says_why(written(folder / name, content), folder / "s")
