"""The money of published files on the command line, against the totals that their publishers give."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beffroi.web.commands import main

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[3] / "shared" / "data"
FONDS_VERT, FRANCE = "subventions/fonds_vert_2023.csv.gz", "operations-ue/fr_feder_fse_iej_2014_2020_juillet2016.xls"
ROMANIA, CROATIA = "operations-ue/ro_feder_2007_2013.csv.gz", "operations-ue/hr_esif_2007_2020.csv.gz"
WALLONIA, SCDL = "operations-ue/be_wallonie_projets.json", "subventions/scdl_exemple_{}.csv"


def given(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    return path


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*arguments: str | Path) -> Any:
        assert main([str(word) for word in arguments]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture(autouse=True)
def _only_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks and index have their own tests; here only what is written counts."""
    monkeypatch.setattr("beffroi.web.commands.load.follow_up", lambda load: None)
    monkeypatch.setattr("beffroi.web.loads.found_again", lambda load: load)


def totals(answer: Any, *keys: str) -> dict[Any, tuple[int, float]]:
    count = "operations" if answer["rows"] and "operations" in answer["rows"][0] else "lines"
    return {
        tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]: (row[count], row["certain"])
        for row in answer["rows"]
    }


def test_fonds_vert(says: Callable[..., Any]) -> None:
    path = given(FONDS_VERT)
    found = says("load", "fonds-vert-2023", path)
    assert (found["read"], found["added"], found["rejected"]) == (10782, 10782, 0)
    assert sorted(int(text.split()[0]) for text in found["remarks"]) == [13, 167]  # 180 are no SIREN: 167 of them are SIRETs
    money = ["money", "--format", "json"]
    assert totals(says(*money, "--by", "programme"), "programme") == {"Fonds vert": (10782, 1956354884.00)}
    assert totals(says(*money, "--by", "region", "--territory", "32"), "region") == {"Hauts-de-France": (692, 137298508.93)}
    departments = totals(says(*money, "--by", "department", "--territory", "Hauts-de-France"), "department")
    assert {code: lines for code, (lines, _) in departments.items()} == {"02": 61, "59": 201, "60": 101, "62": 228, "80": 101}
    again = says("load", "fonds-vert-2023", path)
    assert (again["added"], again["changed"], again["unchanged"], again["closed"]) == (0, 0, 10782, 0)
    assert totals(says(*money, "--by", "programme"), "programme") == {"Fonds vert": (10782, 1956354884.00)}


def test_official_territories_count_what_the_list_says_of_its_departments(demo: None, says: Callable[..., Any]) -> None:
    """Some rows give a commune of another department than their own: the department decides."""
    says("load", "fonds-vert-2023", given(FONDS_VERT))
    asked = {"REG-32": 692, "DEP-02": 61, "DEP-59": 201, "DEP-60": 101, "DEP-62": 228, "DEP-80": 101}
    money = ["money", "--by", "programme", "--stage", "agreed", "--format", "json"]
    for territory, lines in asked.items():
        found = totals(says(*money, "--territory", territory), "programme")
        assert found["Fonds vert"][0] == lines, territory
    assert totals(says(*money, "--territory", "Hauts-de-France"), "programme")["Fonds vert"] == (692, 137298508.93)


def test_france(says: Callable[..., Any]) -> None:
    found = says("load", "feder-fr-2016", given(FRANCE))
    assert (found["read"], found["added"], found["rejected"]) == (1834, 1834, 0)
    assert sorted(int(text.split()[0]) for text in found["remarks"]) == [6, 43]
    eligible = totals(says("money", "--by", "programme", "--measure", "eligible_cost", "--format", "json"), "programme")
    union = totals(says("money", "--by", "programme", "--format", "json"), "programme")
    assert round(sum(amount for _, amount in eligible.values()), 2) == 1169057981.58
    assert round(sum(amount for _, amount in union.values()), 2) == 475332062.89
    assert (eligible["PO_031_FEDER/FSE 14-20"], union["PO_031_FEDER/FSE 14-20"]) == ((122, 201348467.02), (122, 109595652.16))
    assert (eligible["PO_FEDERFSE_PI"], union["PO_FEDERFSE_PI"]) == ((6, 21328483.79), (6, 3808852.73))


def test_romania(says: Callable[..., Any]) -> None:
    found = says("load", "feder-roumanie-2007-2013", given(ROMANIA))
    assert (found["read"], found["added"], found["rejected"]) == (4636, 4636, 0)
    total = says("money", "--measure", "total_cost", "--format", "json")
    assert [round(row["certain"]) for row in total["rows"]] == [32258634089]
    by_origin = says("money", "--by", "origin,eligible", "--format", "json")["rows"]
    said = {(row["origin"], row["eligible"]): round(row["certain"]) for row in by_origin}
    assert said == {
        ("eu", None): 19970864938,
        ("state", None): 3069200973,
        ("beneficiary", None): 2478033021,
        ("unstated", False): 6740535241,
    }


def test_croatia_keeps_its_two_currencies_apart(says: Callable[..., Any]) -> None:
    assert says("load", "fesi-croatie", given(CROATIA))["added"] == 2532
    answer = says("money", "--measure", "eligible_cost", "--format", "json")
    assert totals(answer, "currency") == {"HRK": (1283, 9032670578.44), "EUR": (1249, 4491951143.26)}
    assert len(says("money", "--currency", "HRK", "--format", "json")["rows"]) == 1


def test_wallonia_says_which_projects_have_no_amount(says: Callable[..., Any]) -> None:
    found = says("load", "wallonie", given(WALLONIA))
    assert (found["read"], found["added"]) == (660, 660)
    assert [text.split()[0] for text in found["remarks"]] == ["57"]


def test_the_two_examples_of_the_french_standard(says: Callable[..., Any], tmp_path: Path) -> None:
    assert says("load", "scdl-subventions", given(SCDL.format("valide")))["rejected"] == 0
    rejects = tmp_path / "rejects.csv"
    found = says("load", "scdl-subventions", given(SCDL.format("erreurs_cellules")), "--rejects", rejects)
    assert (found["read"], found["added"], found["rejected"]) == (29, 25, 4)
    sentences = [line.rsplit(',"', 1)[1] for line in rejects.read_text("utf-8").splitlines()[1:]]
    outside = "« pourcentageSubvention » vaut {} ; attendu au moins 0 et au plus 1."
    assert [sentence.partition(" Si la colonne")[0] for sentence in sentences] == [
        outside.format(100),
        outside.format(80),
        outside.format(80),
        '« montant » est obligatoire et la cellule est vide."',
    ]
    # An SCDL file of another name adds to the first one: neither is the whole of what the command line loads
    assert totals(says("money", "--format", "json"), "instrument")["grant"][0] > 25


def test_a_table_below_a_title_on_the_third_sheet_is_found(says: Callable[..., Any]) -> None:
    found = says("load", "scdl-subventions", given("subventions/variantes/scdl_with_exercice.xlsx"))
    assert (found["read"], found["added"], found["rejected"]) == (10, 10, 0)


def listed(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join(["identifiant,beneficiaire,siret,financeur,montant,date,stade", *rows]) + "\n", "utf-8")
    return path


def test_payer_and_receiver_say_the_same_money_once(says: Callable[..., Any], tmp_path: Path) -> None:
    one, two = "A1,Ville,200078004,Région,100.10,2020-03-01,voté", "A2,Ville,200078004,Région,50,2020-04-01,voté"
    says("load", "subventions-generiques", listed(tmp_path, "payer.csv", one, two))
    before = says("money", "--by", "year", "--format", "json")
    says("load", "subventions-generiques", listed(tmp_path, "receiver.csv", two))
    assert says("money", "--by", "year", "--format", "json") == before
    assert totals(before, "year", "stage") == {("2020", "voted"): (2, 150.1)}


def test_what_cannot_be_asked_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["money", "--by", "planet"]) == 2
    assert "On ne peut pas regrouper par planet" in capsys.readouterr().err
    assert main(["money", "--measure", "total_cost", "--stage", "voted"]) == 2
    assert "Un coût n’a ni stade" in capsys.readouterr().err


def test_a_dataset_is_written_in_the_format_of_its_name(
    says: Callable[..., Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    says("load", "subventions-generiques", listed(tmp_path, "list.csv", "A1,Ville,200078004,Région,100,2020-03-01,voté"))
    for form in ("csv", "xlsx", "json", "parquet"):
        assert main(["export", "operations", "--out", str(tmp_path / f"operations.{form}")]) == 0
        assert (tmp_path / f"operations.{form}").stat().st_size > 0
    assert "Ville" in (tmp_path / "operations.csv").read_text("utf-8")
    assert main(["export", "operations", "--out", str(tmp_path / "operations.pdf")]) == 2
    assert "doit finir par" in capsys.readouterr().err
