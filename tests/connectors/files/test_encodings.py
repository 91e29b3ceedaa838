from pathlib import Path

import polars as pl
import pytest

from beffroi.connectors.files import UnreadableFile
from tests.connectors.factories import ROWS, cells, csv_text, table_of

FRENCH = "Création d’entreprises près de la mer ; élèves, forêt, œuvre – dépôt « côtier » à Béthune"
SHORT_FRENCH = "Crèche de l'Épinette"
GERMAN = "Förderung für kleine Unternehmen in Köln, Straße, Übergang"
SPANISH = "Innovación y desarrollo económico en España, señal única"
POLISH = "Wsparcie małych przedsiębiorstw w województwie śląskim, źródła finansowania, późniejszy żłobek"
CZECH = "Podpora malých podniků v Ústeckém kraji, příspěvek žadatelům, účetnictví řízené"
HUNGARIAN = "Kis- és középvállalkozások fejlesztése Győrben, működő vállalkozások, üvegház"
ROMANIAN = "Sprijin pentru întreprinderi mici în judeţul Braşov, cercetare ştiinţifică, învăţare"
GREEK = "Ενίσχυση μικρών επιχειρήσεων στη Θεσσαλονίκη, έρευνα και ανάπτυξη"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "cp1252", "cp1252"),
        (SHORT_FRENCH, "latin-1", "cp1252"),
        (GERMAN, "cp1252", "cp1252"),
        (SPANISH, "cp1252", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (CZECH, "cp1250", "cp1250"),
        (HUNGARIAN, "cp1250", "cp1250"),
        (ROMANIAN, "cp1250", "cp1250"),
        (GREEK, "cp1253", "cp1253"),
        (GREEK, "utf-8", "utf-8"),
        ("plain text", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_the_text_is_right(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    rows = [["code", "texte"], ["a", text]]
    table = table_of(tmp_path / "a.csv", csv_text(rows, "\t").encode(encoding))
    assert table.encoding == found
    assert cells(table) == rows


def test_an_accent_after_a_long_plain_start_is_seen(tmp_path: Path) -> None:
    rows = [["code", "texte"], *([str(number), "plain"] for number in range(200_000)), ["z", "Été à Béthune"]]
    table = table_of(tmp_path / "a.csv", csv_text(rows).encode("cp1252"))
    assert table.encoding == "cp1252"
    assert table.rows([200_002]) == {200_002: {"code": "z", "texte": "Été à Béthune"}}


def test_bytes_that_no_windows_text_has_are_read_as_latin_1(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", b"a;b\n1;" + "é\x81è".encode("latin-1") + b"\n")
    assert table.encoding == "latin-1"


def test_a_few_lost_bytes_reject_their_rows_only(tmp_path: Path) -> None:
    rows = [["a", "b"], *([str(number), "été"] for number in range(50))]
    content = csv_text(rows).encode() + b"50;\xe9t\xe9\n"
    frame = pl.concat(table_of(tmp_path / "a.csv", content).batches())
    assert frame["_fault"].null_count() == 50
    assert frame["_fault"][-1] == "La cellule « b » contient un caractère illisible dans l’encodage du fichier."


def test_a_text_cut_in_the_middle_of_a_letter_rejects_its_last_row(tmp_path: Path) -> None:
    content = csv_text([["a", "b"], *([str(number), "été"] for number in range(50))]).encode()[:-2]
    frame = pl.concat(table_of(tmp_path / "a.csv", content).batches())
    assert frame["_fault"].null_count() == 49


def test_lost_bytes_after_a_mark(tmp_path: Path) -> None:
    content = "a;b\n1;é\n".encode("utf-8-sig") + b"2;\xff\n"
    frame = pl.concat(table_of(tmp_path / "a.csv", content).batches())
    assert frame["_fault"].is_null().to_list() == [True, False]


def test_the_profile_may_impose_the_encoding(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", csv_text([["a", "b"], ["1", "ĄĘŁ"]]).encode("cp1250"), encoding="windows-1250")
    assert cells(table)[1] == ["1", "ĄĘŁ"]


def test_utf_16_without_its_mark_needs_to_be_said(tmp_path: Path) -> None:
    content = csv_text(ROWS).encode("utf-16-le")
    with pytest.raises(UnreadableFile, match="Ce n’est pas un texte"):
        table_of(tmp_path / "a.csv", content)
    assert cells(table_of(tmp_path / "a.csv", content, encoding="utf-16")) == ROWS


def test_a_mark_wins_over_the_profile(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", csv_text(ROWS).encode("utf-8-sig"), encoding="cp1252")
    assert cells(table) == ROWS


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "idna"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="n’est pas connu"):
        table_of(tmp_path / "a.csv", csv_text(ROWS), encoding=name)


def test_binary_content_is_not_a_text(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Ce n’est pas un texte"):
        table_of(tmp_path / "a.csv", bytes(range(256)) * 20)
