import gzip
import io
import zipfile
from pathlib import Path

import pytest

from beffroi.connectors.files import UnreadableFile, open_table
from beffroi.connectors.files.limits import Limits
from tests.connectors.factories import ROWS, cells, csv_text, table_of, written

CSV = csv_text(ROWS).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_gzip_is_unpacked(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "a.csv.gz", gzip.compress(CSV))) == ROWS


def test_a_zip_of_one_file_is_unpacked(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "a.zip", zipped({"donnees.csv": CSV}))) == ROWS


def test_what_macs_add_to_a_zip_is_ignored(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "a.zip", zipped({"donnees.csv": CSV, "__MACOSX/._donnees.csv": b"x"}))) == ROWS


def test_a_name_without_extension_is_read_by_its_content(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "0a1b2c", CSV)) == ROWS
    assert cells(table_of(tmp_path / "3d4e5f", b' [{"code": "a"}]')) == [["code"], ["a"]]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv.gz", gzip.compress(CSV * 999, mtime=0)[:-20], "abîmée ou incomplète"),
        ("a.csv.gz", gzip.compress(CSV, mtime=0)[:15], "abîmée ou incomplète"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "contient un fichier vide"),
        ("a.csv.gz", b"\x1f\x8bnonsense", "abîmée ou incomplète"),
        ("a.zip", zipped({"a.csv": CSV})[:-30], "abîmé ou incomplet"),
        ("a.zip", zipped({"a.csv": CSV, "b.csv": CSV}), "contient 2 fichiers"),
        ("a.zip", zipped({"a.zip": zipped({"a.csv": CSV})}), "contient une autre archive"),
        ("a.gz", gzip.compress(gzip.compress(CSV, mtime=0), mtime=0), "contient une autre archive"),
        ("a.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "sans feuille de calcul"),
        ("a.csv", zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "contenu est un classeur"),
        ("a.xlsx", CSV, "extension .xlsx annonce un classeur mais le contenu est un texte"),
        ("a.xls", b"<html><table><tr><td>a</td></tr></table></html>", "contenu est un texte"),
        ("a.parquet", CSV, "annonce une table Parquet"),
        ("a.csv", b"PAR1" + b"\x00" * 50, "contenu est une table Parquet"),
        ("a.pdf", b"%PDF-1.7 ...", "C’est un document PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "C’est une image"),
    ],
)
def test_a_damaged_or_wrong_container_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        cells(table_of(tmp_path / name, content))


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "rien.csv", tmp_path):
        with pytest.raises(UnreadableFile, match="introuvable"):
            open_table(path)


def test_an_altered_byte_in_a_zip_is_seen(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": CSV * 2000}))
    content[60] ^= 0xFF
    with pytest.raises(UnreadableFile, match="abîmé"):
        cells(table_of(tmp_path / "a.zip", bytes(content)))


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": CSV}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="protégée"):
        table_of(tmp_path / "a.zip", bytes(content))


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip"])
def test_a_bomb_is_stopped(tmp_path: Path, name: str) -> None:
    zeros = b"a;b\n" + b"0;0\n" * 5_000_000
    content = gzip.compress(zeros) if name.endswith("gz") else zipped({"a.csv": zeros})
    with pytest.raises(UnreadableFile, match="plus de 200 fois sa taille"):
        table_of(tmp_path / name, content)


def test_a_workbook_bomb_is_stopped(tmp_path: Path) -> None:
    bomb = zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b" " * 30_000_000})
    with pytest.raises(UnreadableFile, match="trop volumineux"):
        table_of(tmp_path / "a.xlsx", bomb)


def test_a_file_over_the_limit_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="dépasse 1 Mo"):
        table_of(tmp_path / "a.csv", b"a;b\n" + b"1;2\n" * 500_000, limits=Limits(uncompressed=1024**2))


def test_a_document_over_the_limit_of_memory_is_stopped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", b"[" + b'{"a": 1},' * 200_000 + b'{"a": 1}]')
    with pytest.raises(UnreadableFile, match="dépasse 1 Mo : envoyez-le en CSV"):
        table_of(path, limits=Limits(json=1024**2))


def test_a_directory_of_archive_that_points_outside_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.csv": CSV}))
    end = content.index(b"PK\x05\x06")
    content[end + 16 : end + 17] = b"7"
    with pytest.raises(UnreadableFile, match="abîmé"):
        table_of(tmp_path / "a", bytes(content))
