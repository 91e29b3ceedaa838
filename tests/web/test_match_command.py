"""`beffroi match`: any list under its usual headers, counts by step, quality beside a truth, one sentence when wrong."""

from pathlib import Path

import pytest

from beffroi.connectors.records import recognised
from beffroi.web.commands import main

CASES = Path(__file__).parents[3] / "shared" / "cases" / "record_linkage"
LEFT = "Identifiant;Raison sociale;CP;Commune\nR1;Menuiserie Dupontel;59000;Lille\nR2;Inconnue;62000;Arras\n"
RIGHT = "siren,denominationUniteLegale,codePostalEtablissement,libelleCommuneEtablissement\n"
RIGHT += "732829320,SARL MENUISERIE DUPONTEL,59000,LILLE\n552100554,BOULANGERIE VERMEULIN,62000,ARRAS\n"


def wrote(folder: Path, **files: str) -> dict[str, str]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return {name: str(folder / f"{name}.csv") for name in (*files, "out")}


def test_two_files_are_linked_under_their_usual_headers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = wrote(tmp_path, left=LEFT, right=RIGHT, truth="left,right\nR1,732829320\nR2,\n")
    assert main(["match", at["left"], at["right"], "--out", at["out"], "--truth", at["truth"]]) == 0
    said = capsys.readouterr().out
    assert "1 par nom et lieu exacts" in said
    assert "précision 1.0000, rappel 1.0000, F1 1.0000" in said
    rows = Path(at["out"]).read_text(encoding="utf-8").splitlines()
    assert rows[0] == "left,right,step,chance,for,against"
    assert rows[1].startswith("R1,732829320,exact,0.9985,")


def test_one_file_is_searched_for_its_doubles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = wrote(tmp_path, left=LEFT)
    assert main(["match", at["left"], "--out", at["out"]]) == 0
    assert "Aucun lien." in capsys.readouterr().out


WRONG = {
    "a file that is not there": (["nulle.csv"], "introuvable"),
    "nothing to compare": (["bare"], "ni nom ni numéro"),
    "two rows of one identifier": (["twice"], "même identifiant"),
    "a truth of other files": (["left", "right", "--truth", "truth"], "aucune de ses 1 paires"),
    "a truth without two ends": (["left", "right", "--truth", "bare"], "deux colonnes"),
    "a threshold that is no chance": (["left", "--threshold", "3"], "de 0 à 1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_sentence(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"bare": "code,ville,x\n1,Lille,2\n", "twice": "id,nom\n1,A\n1,B\n", "truth": "left,right\nZ,Z\n"}
    at = wrote(tmp_path, left=LEFT, right=RIGHT, **texts)
    asked, sentence = WRONG[case]
    assert main(["match", *(at.get(word, word) for word in asked), "--out", at["out"]]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.strip().splitlines()) == 1
    assert not Path(at["out"]).exists()


def test_a_folder_that_is_not_there_is_said_before_anything_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = wrote(tmp_path, left=LEFT)
    assert main(["match", at["left"], "--out", str(tmp_path / "nowhere" / "links.csv")]) == 2
    assert "n’existe pas" in capsys.readouterr().err


def test_a_person_has_a_name_in_parts_and_an_address_too() -> None:
    found = recognised(["rec_id", "prenom", "nom", "numero voie", "rue", "code postal", "date de naissance"])
    assert found["name"] == ["prenom", "nom"]
    assert found["address"] == ["numero voie", "rue"]
    assert recognised(["id", "surname"])["name"] == ["surname"]


@pytest.mark.skipif(not CASES.exists(), reason="the worked cases are not here")
def test_the_worked_companies_are_linked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left, right = str(CASES / "companies_queries_300.csv"), str(CASES / "companies_register_1500.csv")
    assert main(["match", left, right, "--out", str(tmp_path / "out.csv"), "--truth", left]) == 0
    f1 = float(capsys.readouterr().out.rpartition("F1 ")[2].split()[0])
    assert f1 >= 0.975
