import gzip
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from beffroi.connectors.check import BATCH, CheckCancelled, check
from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.rejections import rejections_table
from beffroi.connectors.staging import Checked, finished_check
from tests.connectors.factories import checked, csv_text, profile, reasons, staged, written

OBSERVATIONS = profile(
    {"name": "indicateur", "to": "indicator", "required": True, "max_length": 20},
    {"name": "période", "aliases": ["année"], "to": "period", "type": "period"},
    {"name": "valeur", "to": "value", "type": "decimal", "required": True},
    {"name": "ventilation", "to": "breakdown", "type": "breakdown"},
    key=["indicator", "period", "breakdown"],
)
HEADER = ["indicateur", "période", "valeur", "ventilation"]
ROWS = [["créations", "2009", "24085", "a=1;b=2"], ["accueils", "2010-03-31", "18.5", ""], ["côté mer", "", "0", "b=1"]]


def marks(folder: Path) -> list[tuple[str, str]]:
    return list(staged(folder).select("_key", "_hash").iter_rows())


def test_right_rows_are_staged_with_their_types(tmp_path: Path) -> None:
    found = checked(tmp_path, csv_text([HEADER, *ROWS]), OBSERVATIONS)
    assert found == Checked(3, 3, 0, "utf-8", ";", HEADER, [], 1)
    assert staged(tmp_path).schema == {
        "_row": pl.Int64, "indicator": pl.String, "period": pl.String, "period_start": pl.Date, "period_end": pl.Date,
        "value": pl.Decimal(38, 6), "value_written": pl.String, "breakdown": pl.String, "breakdown_written": pl.String,
        "_key": pl.String, "_hash": pl.String, "_total": pl.Boolean,
    }  # fmt: skip


def test_each_fault_of_a_row_is_told(tmp_path: Path) -> None:
    text = csv_text([HEADER, ["", "hier", "12", ""], ["x", "2009", "", ""], ["y", "2009", "1", ""]])
    found = checked(tmp_path, text, OBSERVATIONS)
    assert (found.read, found.accepted, found.rejected) == (3, 1, 2)
    assert [(row, column, value) for row, column, value, _ in reasons(tmp_path)] == [
        (2, "indicateur", ""),
        (2, "période", "hier"),
        (3, "valeur", ""),
    ]
    content = json.loads(rejections_table(tmp_path / "staging")["content"][0])
    assert content == {"indicateur": "", "période": "hier", "valeur": "12", "ventilation": ""}


def test_a_misshapen_row_is_rejected_whole(tmp_path: Path) -> None:
    found = checked(tmp_path, "indicateur;valeur\nx;1;2;3\ny\nz;3\n", OBSERVATIONS)
    assert (found.accepted, found.rejected) == (1, 2)
    assert json.loads(rejections_table(tmp_path / "staging")["content"][0])["_surplus"] == "2 | 3"


def test_blank_rows_are_not_counted(tmp_path: Path) -> None:
    assert checked(tmp_path, "indicateur;valeur\n ;\t\n\nx;1\n;\n", OBSERVATIONS).read == 1


def test_missing_and_unknown_columns_refuse_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="« valeur ».*« note »"):
        checked(tmp_path, "indicateur;note\nx;1\n", OBSERVATIONS)
    assert list((tmp_path / "staging").iterdir()) == []


def test_printed_totals_are_marked(tmp_path: Path) -> None:
    wanted = profile({"name": "funder"}, total_column="funder", total_labels=["Coût total"])
    checked(tmp_path, "funder\netat\nCOUT TOTAL\ntotal coûts\n", wanted)
    assert staged(tmp_path)["_total"].to_list() == [False, True, False]


def test_constants_are_staged_and_take_part_in_the_key(tmp_path: Path) -> None:
    here, there = (profile({"name": "code"}, constants={"place": name}, key=["place", "code"]) for name in ("ici", "là"))
    checked(tmp_path, "code\na\n", here)
    first = staged(tmp_path)
    checked(tmp_path, "code\na\n", there)
    assert first["place"].to_list() == ["ici"]
    assert first["_key"][0] != staged(tmp_path)["_key"][0]


def test_unknown_columns_are_kept_as_extras_or_ignored(tmp_path: Path) -> None:
    text = "code;note;vide\na; lu ;\nb;;\n"
    checked(tmp_path, text, profile({"name": "code"}, unknown_columns="keep"))
    assert staged(tmp_path)["_extras"].to_list() == ['{"note": "lu"}', None]
    assert checked(tmp_path, text, profile({"name": "code"}, unknown_columns="ignore")).ignored == ["note", "vide"]
    assert "_extras" not in staged(tmp_path).columns


def test_without_key_a_row_is_all_its_fields(tmp_path: Path) -> None:
    checked(tmp_path, "code\na\na\nb\n", profile({"name": "code"}))
    (a_key, a_hash), again, other = marks(tmp_path)
    assert a_key == a_hash
    assert again == (a_key, a_hash) != other
    assert len(a_key) == 32


def test_an_empty_key_field_differs_from_another_row(tmp_path: Path) -> None:
    checked(tmp_path, "a;b\nx;\n;x\nx;x\n", profile({"name": "a"}, {"name": "b"}, key=["a", "b"]))
    assert len({key for key, _ in marks(tmp_path)}) == 3


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for name, period, value, breakdown in ROWS:
        book.active.append([name, int(period) if period == "2009" else period, float(value), breakdown])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    frame.with_columns(pl.col("valeur").cast(pl.Float64)).write_parquet(out)
    return out.getvalue()


EXCEL = [[name, "31/03/2010" if period.count("-") == 2 else period, value.replace(".", ","), breakdown]
         for name, period, value, breakdown in ROWS]  # fmt: skip
PADDED = [[f" {name} ", period, value + ("0" if "." in value else ".0"), "b=2; a=1" if breakdown == "a=1;b=2" else breakdown]
          for name, period, value, breakdown in ROWS]  # fmt: skip
JSON = json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.csv", csv_text([HEADER, *EXCEL]).replace("\n", "\r\n").encode("cp1252")),
        ("b.csv", csv_text([HEADER, *PADDED], ",").encode("utf-8-sig")),
        ("b.csv", csv_text([HEADER, *ROWS], "\t").encode("utf-16")),
        ("b.csv.gz", gzip.compress(csv_text([HEADER, *ROWS], "|").encode())),
        ("b.csv", csv_text([row[::-1] for row in [HEADER, *ROWS]]).encode()),
        ("b.csv", csv_text([HEADER, *ROWS]).replace("é", "e\u0301").encode()),
        ("b.xlsx", xlsx()),
        ("b.json", JSON),
        ("b.parquet", parquet()),
    ],
)
def test_the_same_rows_saved_again_have_the_same_marks(tmp_path: Path, name: str, content: bytes) -> None:
    checked(tmp_path, csv_text([HEADER, *ROWS]), OBSERVATIONS)
    before = marks(tmp_path)
    checked(tmp_path, content, OBSERVATIONS, name)
    assert marks(tmp_path) == before


def test_marks_are_the_same_on_every_machine(tmp_path: Path) -> None:
    checked(tmp_path, csv_text([HEADER, ROWS[0]]), OBSERVATIONS)
    assert marks(tmp_path) == [("776108fe603409d814ddc9fc41dd6130", "319dd107eda047af5d2221fa6a7b64f2")]


def test_a_changed_value_changes_the_hash_and_not_the_key(tmp_path: Path) -> None:
    checked(tmp_path, csv_text([HEADER, ROWS[0], [*ROWS[0][:2], "24086", ROWS[0][3]]]), OBSERVATIONS)
    (key, content), (other_key, other_content) = marks(tmp_path)
    assert key == other_key
    assert content != other_content


def test_a_column_added_to_a_profile_leaves_marks_alone_while_empty(tmp_path: Path) -> None:
    checked(tmp_path, "a\nx\n", profile({"name": "a"}))
    before = marks(tmp_path)
    checked(tmp_path, "a;b\nx;\n", profile({"name": "a"}, {"name": "b"}))
    assert marks(tmp_path) == before


def test_a_comma_profile_reads_the_point_of_workbooks(tmp_path: Path) -> None:
    comma = profile({"name": "v", "type": "decimal", "decimal_comma": "on"})
    checked(tmp_path, json.dumps([{"v": 1.234}]), comma, "a.json")
    assert [str(value) for value in staged(tmp_path)["v"]] == ["1.234000"]
    checked(tmp_path, "v\n1.234\n", comma)
    assert [str(value) for value in staged(tmp_path)["v"]] == ["1234.000000"]


def test_a_long_file_is_staged_part_by_part(tmp_path: Path) -> None:
    told: list[tuple[int, float]] = []
    path = written(tmp_path / "a.csv", "code\n" + "".join(f"c{number}\n" for number in range(2 * BATCH + 10)))
    found = check(profile({"name": "code"}), path, folder=tmp_path / "s", on_progress=lambda *done: told.append(done))
    assert (found.read, found.parts) == (2 * BATCH + 10, 3)
    assert [rows for rows, _ in told] == [BATCH, 2 * BATCH, 2 * BATCH + 10]
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1.0


def test_a_cancelled_check_leaves_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "code\n" + "".join(f"c{number}\n" for number in range(BATCH + 10)))
    answers = iter([False, True])
    with pytest.raises(CheckCancelled):
        check(profile({"name": "code"}), path, folder=tmp_path / "s", is_cancelled=lambda: next(answers))
    assert list((tmp_path / "s").iterdir()) == []
    assert finished_check(tmp_path / "s") is None


def test_a_file_that_breaks_at_its_end_leaves_nothing(tmp_path: Path) -> None:
    text = "code\n" + "".join(f"c{number}\n" for number in range(BATCH + 10)) + '"jamais refermé\n'
    with pytest.raises(UnreadableFile, match="guillemet"):
        checked(tmp_path, text, profile({"name": "code"}))
    assert list((tmp_path / "staging").iterdir()) == []
