import gzip
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.files.limits import Limits
from tests.connectors.factories import cells, table_of

FRAME = pl.DataFrame(
    {
        "code": ["é1", "é2"],
        "valeur": [18.5, float("nan")],
        "nombre": [15000, None],
        "jour": [date(2010, 3, 31), None],
        "exact": [Decimal("1.10"), None],
        "vrai": [True, None],
    }
)


def parquet(frame: pl.DataFrame = FRAME) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def test_a_list_of_objects_is_a_table(tmp_path: Path) -> None:
    content = '[{"code": "a", "valeur": 18.50}, {"code": "b", "note": true, "valeur": null}, {"code": "c", "valeur": ""}]'
    assert cells(table_of(tmp_path / "a.json", content)) == [
        ["code", "valeur", "note"],
        ["a", "18.50", None],
        ["b", None, "true"],
        ["c", None, None],
    ]


def test_the_list_may_be_under_a_key(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.json", '{"total": 2, "results": [{"code": "a"}, {"code": "b"}]}')
    assert cells(table) == [["code"], ["a"], ["b"]]
    assert table.rows([3]) == {3: {"code": "b"}}
    assert table.progress == 1.0


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.json", '[{"a": 12345678901234567890.123456789, "b": NaN, "c": [1, "é"]}]')
    assert cells(table)[1] == ["12345678901234567890.123456789", "NaN", '["1", "é"]']


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[{", "incorrect à la ligne 1"),
        ("[]", "aucun objet"),
        ("[1, 2]", "liste d’objets, un par ligne"),
        ("12", "liste d’objets, un par ligne"),
        ('{"a": [], "b": []}', "une seule liste"),
        ('[{"a": 1, "a": 2}]', "répète la clé « a »"),
        ('[{"a": null}]', "que la ligne d’en-tête"),
        ('[{"": 1, "a": 2}]', "n’ont pas d’en-tête : n° 1"),
        ("[" * 100_000, "trop imbriqué"),
    ],
)
def test_a_wrong_document_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        table_of(tmp_path / "a.json", content)


def test_a_document_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="pas en UTF-8"):
        table_of(tmp_path / "a.json", '[{"a": "é"}]'.encode("cp1252"))
    assert cells(table_of(tmp_path / "b.json", json.dumps([{"a": "é"}]).encode("utf-8-sig")))[1] == ["é"]


def test_a_parquet_table_is_read(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.parquet", parquet())
    assert cells(table) == [
        ["code", "valeur", "nombre", "jour", "exact", "vrai"],
        ["é1", "18.5", "15000", "2010-03-31", "1.10", "true"],
        ["é2", None, None, None, None, None],
    ]
    assert table.progress == 1.0
    assert table.rows([3])[3]["code"] == "é2"


def test_a_packed_parquet_table_is_read(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path / "a.parquet.gz", gzip.compress(parquet())))[1][0] == "é1"


@pytest.mark.parametrize("kept", [10, 100, 500])
def test_a_truncated_table_is_refused(tmp_path: Path, kept: int) -> None:
    with pytest.raises(UnreadableFile, match="abîmée ou incomplète"):
        table_of(tmp_path / "a.parquet", parquet()[:kept])


def test_a_table_with_altered_pages_is_refused(tmp_path: Path) -> None:
    content = bytearray(parquet(pl.DataFrame({"a": [str(number) for number in range(5000)]})))
    content[30:400] = b"\xff" * 370
    with pytest.raises(UnreadableFile, match="abîmée ou incomplète"):
        cells(table_of(tmp_path / "a.parquet", bytes(content)))


def test_nested_columns_are_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1], "liste": [[1, 2]], "octets": [b"x"]})
    with pytest.raises(UnreadableFile, match="tiennent pas dans une cellule de texte : liste, octets"):
        table_of(tmp_path / "a.parquet", parquet(frame))


def test_a_vast_table_is_refused(tmp_path: Path) -> None:
    pq.write_table(pl.DataFrame({"a": range(10_000)}).to_arrow(), tmp_path / "a.parquet", compression="none")
    with pytest.raises(UnreadableFile, match="trop volumineuse|dépasse"):
        table_of(tmp_path / "a.parquet", limits=Limits(uncompressed=20_000))


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="que la ligne d’en-tête"):
        table_of(tmp_path / "a.parquet", parquet(FRAME.clear()))
