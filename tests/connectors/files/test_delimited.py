import csv
from pathlib import Path

import polars as pl
import pytest

from beffroi.connectors.files import UnreadableFile, open_table
from beffroi.connectors.files.delimited import neutralised
from beffroi.connectors.files.limits import Limits
from tests.connectors.factories import ROWS, cells, csv_text, table_of, written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    table = table_of(tmp_path / "a.csv", csv_text(ROWS, delimiter))
    assert table.delimiter == delimiter
    assert cells(table) == ROWS


def test_semicolons_inside_cells_do_not_pass_for_the_delimiter(tmp_path: Path) -> None:
    text = "code,ventilation\na,pole=maud;guichet=ANR\nb,pole=nsl;guichet=FUI\nc,\n"
    assert table_of(tmp_path / "a.csv", text).delimiter == ","


def test_a_delimiter_in_quotes_is_not_counted(tmp_path: Path) -> None:
    text = 'code;texte\na;"un, deux, trois"\nb;"quatre, cinq, six"\n'
    assert table_of(tmp_path / "a.csv", text).delimiter == ";"


def test_a_single_column_is_read(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "a.csv", "code\na\nb\n")) == [["code"], ["a"], ["b"]]


def test_the_profile_may_impose_the_delimiter(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "a,b;c\n1,2;3\n", delimiter=";")
    assert cells(table) == [["a,b", "c"], ["1,2", "3"]]


def test_the_hint_of_excel_comes_before_the_header(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "sep=;\ncode;nom\na;b\n")
    assert cells(table) == [["code", "nom"], ["a", "b"]]
    assert pl.concat(table.batches())["_row"].to_list() == [3]


def test_quotes_line_breaks_and_windows_line_ends(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", 'code;texte\r\na;"il dit ""oui"""\r\nb;"deux\r\nlignes"\r\n')
    assert cells(table)[1:] == [["a", 'il dit "oui"'], ["b", "deux\r\nlignes"]]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", 'code;texte\na;"deux\nlignes"\n\nb;x\n;\nc;y\n')
    assert pl.concat(table.batches())["_row"].to_list() == [2, 4, 6]
    assert table.rows([4, 6, 99]) == {4: {"code": "b", "texte": "x"}, 6: {"code": "c", "texte": "y"}}
    assert table.rows([]) == {}


def test_a_header_lower_in_the_file(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "Titre du tableau\n\ncode;nom\na;b\n", header_row=2)
    assert cells(table) == [["code", "nom"], ["a", "b"]]
    assert pl.concat(table.batches())["_row"].to_list() == [4]


def test_no_line_where_the_header_should_be(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="n’a pas de ligne 9"):
        table_of(tmp_path / "a.csv", "code;nom\na;b\n", header_row=9)


def test_rows_too_long_or_too_short_are_faults_and_never_shift(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "a;b;c\n1;2;3\n4;5\n6;7;8;9;10\n11;12;13;;\n")
    frame = pl.concat(table.batches())
    assert frame["_fault"].to_list() == [
        None,
        "La ligne a 2 cellules pour 3 colonnes : il en manque.",
        "La ligne a 5 cellules pour 3 colonnes : un séparateur est de trop ou sans guillemets.",
        None,
    ]
    assert table.rows([3, 4]) == {3: {"a": "4", "b": "5", "c": ""}, 4: {"a": "6", "b": "7", "c": "8", "_surplus": "9 | 10"}}


def test_a_quote_never_closed_is_told(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", 'a;b\n1;2\n3;"quatre\n5;6\n')
    with pytest.raises(UnreadableFile, match="guillemet ouvert à la ligne 3"):
        cells(table)


def test_a_cell_that_looks_like_the_end_mark_ends_nothing(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "a;b\n1;2\n\x00fin\x00\n" + "3;4\n" * 100)
    assert pl.concat(table.batches())["a"].to_list()[:3] == ["1", "fin", "3"]


def test_ten_megabytes_in_a_cell_reject_the_row_only(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", f"a;b\n1;{'x' * 10_000_000}\n2;y\n")
    frame = pl.concat(table.batches())
    assert frame["_fault"].to_list() == ["La cellule « b » fait plus de 1024 Ko.", None]
    assert frame["b"].str.len_chars().to_list() == [32_000, 1]


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="démesurée"):
        table_of(tmp_path / "a.csv", "a;b\n" + "x" * 3000, limits=Limits(line=1000))


def test_an_endless_quoted_cell_is_refused(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", 'a;b\n1;2\n3;"' + "x\n" * 3000, limits=Limits(line=1000))
    with pytest.raises(UnreadableFile, match="Après la ligne 2, un guillemet ouvert"):
        cells(table)


def test_memory_is_bounded_by_batches(tmp_path: Path) -> None:
    rows = "".join(f"{number};x\n" for number in range(2500))
    table = table_of(tmp_path / "a.csv", "a;b\n" + rows)
    shares = []
    heights = []
    for frame in table.batches(1000):
        heights.append(frame.height)
        shares.append(table.progress)
    assert heights == [1000, 1000, 500]
    assert shares[-1] == 1.0


def test_heavy_rows_make_smaller_batches(tmp_path: Path) -> None:
    rows = "".join(f"{number};{'x' * 900_000}\n" for number in range(60))
    table = table_of(tmp_path / "a.csv", "a;b\n" + rows)
    assert [frame.height for frame in table.batches()] == [38, 22]


FORMULAS = ["=1+1", "+33 3 20", "-5", "@SUM(A1)", "\tx", "\rx", "'=déjà", "''@"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_neutralised_cell_reads_back_as_it_was(tmp_path: Path, text: str) -> None:
    assert neutralised(text) == "'" + text
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["a", "b"], ["1", neutralised(text)]])
    assert cells(table_of(tmp_path / "a.csv"))[1] == ["1", text]


@pytest.mark.parametrize("text", ["", "a=b", "l'eau", "'quoi'", "12"])
def test_an_ordinary_cell_is_left_alone(text: str) -> None:
    assert neutralised(text) == text


def test_headers_are_neutralised_and_read_back(tmp_path: Path) -> None:
    assert table_of(tmp_path / "a.csv", "'+x;'@y;'z\n1;2;3\n").columns == ["+x", "@y", "'z"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Le fichier est vide."),
        ("\n\n\n", "n’a pas de ligne 1"),
        ("a;b\n", "ne contient que la ligne d’en-tête"),
        ("a;b\n;\n", "ne contient que la ligne d’en-tête"),
        ("a;;c\n1;2;3\n", "n’ont pas d’en-tête : n° 2"),
        ("a;_row\n1;2\n", "réservés à Beffroi : _row"),
        ("a;" + "x" * 301 + "\n1;2\n", "Un en-tête fait 301 caractères"),
        (";".join(f"c{n}" for n in range(2001)) + "\n1\n", "2001 colonnes ; au plus 2000"),
    ],
)
def test_wrong_headers_are_refused_with_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        table_of(tmp_path / "a.csv", text)


def test_columns_without_header_at_the_end_must_be_empty(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "a;b;;\n1;2;;\n3;4;perdu;\n5;6\n")
    assert table.columns == ["a", "b"]
    frame = pl.concat(table.batches())
    assert frame["_fault"].is_not_null().to_list() == [False, True, False]
    assert frame["_surplus"].to_list() == [None, "perdu", None]


def test_a_null_byte_rejects_the_row(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "a;b\n1;x\x00y\n2;z\n" + "3;longue suite de texte\n" * 20)
    frame = pl.concat(table.batches())
    assert frame["_fault"][0] == "La cellule « b » contient un caractère de contrôle."
    assert frame["b"][0] == "xy"
    assert frame["_fault"].null_count() == 21


def test_a_file_of_rejections_has_its_header_first(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a;b;_ligne;_colonne;_motif\n1;2;7;b;faux\n")
    assert cells(table_of(path, header_row=5)) == [["a", "b"], ["1", "2"]]


def test_a_quote_that_is_never_closed_in_its_cell_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "grants.csv"
    path.write_text('a;b;c\n1;"two;3\n4;5;6\n7;"eight\nand more";9\n10;"11";12\n', encoding="utf-8")
    frame = next(open_table(path).batches())
    assert frame.select("_row", "a", "b", "c").rows()[1:] == [
        (3, "4", "5", "6"),
        (4, "7", "eight\nand more", "9"),
        (5, "10", "11", "12"),
    ]
    assert frame["_fault"].to_list()[1:] == [None] * 3
    assert "avalerait" in frame["_fault"][0]


def test_a_quote_that_nothing_closes_costs_one_row_when_the_others_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "grants.csv"
    path.write_text('a;b;c\n1;"two;3\n4;5;6\n', encoding="utf-8")
    frame = next(open_table(path).batches())
    assert (frame.height, frame["c"][1]) == (2, "6")


def test_columns_of_one_header_keep_their_rank(tmp_path: Path) -> None:
    path = tmp_path / "grants.csv"
    path.write_text("a;b;a;a\n1;2;3;4\n", encoding="utf-8")
    assert open_table(path).columns == ["a", "b", "a (2)", "a (3)"]
