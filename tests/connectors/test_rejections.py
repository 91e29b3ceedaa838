import csv
import io
from pathlib import Path

import pytest

from beffroi.connectors.files import open_table
from beffroi.connectors.profile import Profile
from beffroi.connectors.rejections import write_rejections_csv
from tests.connectors.factories import checked, profile, reasons, staged, written

AMOUNTS = profile(
    {"name": "Bénéficiaire", "to": "name", "required": True},
    {"name": "Montant", "to": "amount", "type": "euros", "required": True},
    {"name": "note"},
    key=["name"],
)
TEXT = 'Bénéficiaire;Montant;note\nCAPEM;12;"=1+1"\n"=cmd|x";douze;+33\n"Zoé; ""SA""";;"deux\nlignes"\nAdira;5;a;b\n'

TOO_LONG = "La ligne a 4 cellules pour 3 colonnes : un séparateur est de trop ou sans guillemets."


def corrections(folder: Path, columns: list[str]) -> str:
    out = io.StringIO(newline="")
    write_rejections_csv(folder / "staging", columns, out)
    return out.getvalue()


def test_the_file_of_rejections_has_the_original_columns_then_why(tmp_path: Path) -> None:
    found = checked(tmp_path, TEXT, AMOUNTS)
    text = corrections(tmp_path, found.columns)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")) == [
        ["Bénéficiaire", "Montant", "note", "_ligne", "_colonne", "_motif"],
        ["'=cmd|x", "douze", "'+33", "3", "Montant", "« douze » n’est pas un nombre : attendu par exemple 1234,5."],
        ['Zoé; "SA"', "", "deux\nlignes", "4", "Montant", "« Montant » est obligatoire et la cellule est vide."],
        ["Adira", "5", "a", "5", "", f"{TOO_LONG} Cellules en trop : b"],
    ]


def test_corrected_rows_load_through_the_same_profile(tmp_path: Path) -> None:
    found = checked(tmp_path, TEXT, AMOUNTS)
    text = corrections(tmp_path, found.columns).replace('"douze"', '"12"').replace('"";"deux', '"7,5";"deux')
    again = checked(tmp_path, text, AMOUNTS, "corrige.csv")
    assert (again.read, again.accepted, again.rejected, again.ignored) == (3, 3, 0, [])
    rows = staged(tmp_path).select("name", "amount_written", "note").rows()
    assert rows == [("=cmd|x", "12", "+33"), ('Zoé; "SA"', "7,5", "deux\nlignes"), ("Adira", "5", "a")]


def test_a_row_loaded_again_uncorrected_is_rejected_for_the_same_reasons(tmp_path: Path) -> None:
    found = checked(tmp_path, TEXT, AMOUNTS)
    before = [(column, value, sentence) for _, column, value, sentence in reasons(tmp_path)][:2]
    checked(tmp_path, corrections(tmp_path, found.columns), AMOUNTS, "tel-quel.csv")
    assert [(column, value, sentence) for _, column, value, sentence in reasons(tmp_path)] == before


def test_a_corrected_row_has_the_marks_it_would_have_had(tmp_path: Path) -> None:
    checked(tmp_path, TEXT.replace("douze", "12"), AMOUNTS)
    expected = staged(tmp_path).filter(name="=cmd|x")["_hash"].to_list()
    found = checked(tmp_path, TEXT, AMOUNTS)
    checked(tmp_path, corrections(tmp_path, found.columns).replace("douze", "12"), AMOUNTS, "b.csv")
    assert staged(tmp_path).filter(name="=cmd|x")["_hash"].to_list() == expected


def reloaded(folder: Path, name: str, content: bytes, wanted: Profile) -> list[tuple[object, ...]]:
    found = checked(folder, content, wanted, name)
    text = corrections(folder, found.columns).replace("douze", "12")
    assert checked(folder, text, wanted, "corrige.csv").accepted == 1
    return staged(folder).select("name", "amount_written").rows()


@pytest.mark.parametrize(
    ("name", "content", "settings"),
    [
        ("a.csv", "Titre\n\nBénéficiaire|Montant\nÉlan|douze\nb|1\n".encode("cp1252"),
         {"header_row": 3, "delimiter": "|", "encoding": "cp1252"}),
        ("a.csv", "\n\nBénéficiaire;Montant\nÉlan;douze\n".encode("utf-16"), {"header_row": 3}),
        ("a.json", '[{"Bénéficiaire": "Élan", "Montant": "douze"}]'.encode(), {"sheet": "F"}),
        ("a.csv", "Bénéficiaire\tMontant\nÉlan\tdouze\n".encode(), {}),
    ],
)  # fmt: skip
def test_whatever_the_settings_of_the_profile(tmp_path: Path, name: str, content: bytes, settings: dict[str, object]) -> None:
    wanted = AMOUNTS.model_copy(update=settings)
    assert reloaded(tmp_path, name, content, wanted) == [("Élan", "12")]


def test_a_row_with_several_faults_is_written_once(tmp_path: Path) -> None:
    checked(tmp_path, "Bénéficiaire;Montant\n;douze\n", AMOUNTS)
    path = written(tmp_path / "b.csv", corrections(tmp_path, ["Bénéficiaire", "Montant"]))
    assert open_table(path).rows([2, 3]) == {2: {"Bénéficiaire": "", "Montant": "douze"}}
    assert "2;Bénéficiaire, Montant;" in path.read_text("utf-8").replace('"', "")


def test_no_rejection_is_a_header_alone(tmp_path: Path) -> None:
    found = checked(tmp_path, "Bénéficiaire;Montant\na;1\n", AMOUNTS)
    out = io.StringIO(newline="")
    assert write_rejections_csv(tmp_path / "staging", found.columns, out) == 0
