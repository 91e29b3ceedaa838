from pathlib import Path
from typing import Any

import pytest

import beffroi
from beffroi.connectors.check import check
from beffroi.connectors.profile import WrongProfile, load_profile, seeded_profiles

MINIMAL: dict[str, Any] = {"code": "p", "label": "P", "target": "t", "columns": [{"name": "Montant", "to": "amount"}]}
KINDS = {
    "frameworks": "frameworks", "framework-items": "items", "correspondences": "correspondences",
    "organisations": "organisations", "relations": "relations", "instances": "bodies", "meetings": "meetings",
    "indicators": "indicators", "observations": "observations", "funding": "funding", "operations": "operations",
    "rules": "rules", "systems": "systems",
}  # fmt: skip


def test_each_kind_of_fact_has_its_profile() -> None:
    targets = {profile.code.removeprefix("facts-"): profile.target for profile in seeded_profiles()}
    assert KINDS.items() <= targets.items()


FACTS = Path(beffroi.__file__).parent / "web" / "data" / "facts"


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_of_the_facts_passes_its_profile(tmp_path: Path, kind: str) -> None:
    profile = next(profile for profile in seeded_profiles() if profile.code == f"facts-{kind}")
    for path in sorted(FACTS.glob(f"*/{kind.replace('-', '_')}.csv")):
        found = check(profile, path, folder=tmp_path)
        assert (path.parent.name, found.rejected) == (path.parent.name, 0)
        assert found.read > 0


def test_seeded_profiles_go_through_json_unchanged() -> None:
    for profile in seeded_profiles():
        assert load_profile(profile.model_dump(mode="json")) == profile


def test_a_profile_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('code = "p"\nlabel = "P"\ntarget = "t"\n[[columns]]\nname = "Montant"\nto = "amount"\n', "utf-8")
    assert load_profile(path) == load_profile(MINIMAL)
    path.write_text("code = ", "utf-8")
    with pytest.raises(WrongProfile, match="pas un document TOML correct"):
        load_profile(path)


def test_types_hold_constants_too() -> None:
    profile = load_profile({**MINIMAL, "constants": {"territory": "npdc"}})
    assert profile.types == {"territory": "text", "amount": "text"}


def columns(*found: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {"columns": list(found), **settings}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"label": None}, "« label » a une valeur incorrecte."),
        ({"colonnes": []}, "« colonnes » n’est pas un réglage connu."),
        ({"columns": []}, "« columns » a une valeur incorrecte."),
        (columns({"name": "x"}), "« columns.1.to » manque."),
        (columns({"name": "x", "to": "Mauvais Nom"}), "« columns.1.to » a une valeur incorrecte."),
        (columns({"name": "x", "to": "x", "type": "choice"}), "La colonne « x » : une liste de choix va avec"),
        (columns({"name": "x", "to": "x", "choices": {"a": "b"}}), "La colonne « x » : une liste de choix va avec"),
        (columns({"name": "x", "to": "a"}, {"name": "y", "to": "a"}), "Deux colonnes se disputent : a."),
        (columns({"name": "X y", "to": "a"}, {"name": "z", "aliases": ["x_y"], "to": "b"}), "Deux colonnes se disputent : xy."),
        (columns({"name": "x", "to": "a", "type": "period"}, {"name": "y", "to": "a_end"}), "se disputent : a_end."),
        ({"constants": {"amount": "1"}}, "Deux colonnes se disputent : amount."),
        ({"key": ["code"]}, "Ces champs ne sont remplis par aucune colonne : code."),
        ({"total_column": "funder"}, "remplis par aucune colonne : funder."),
        ({"checks": [{"kind": "unique", "fields": ["z"]}]}, "remplis par aucune colonne : z."),
        ({"checks": [{"kind": "between", "field": "amount"}]}, "ne sont ni des nombres ni des dates"),
        ({"checks": [{"kind": "regex", "field": "amount"}]}, "« checks.1 » a une valeur incorrecte."),
        ({"delimiter": '"'}, "« delimiter » a une valeur incorrecte."),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WrongProfile) as refused:
        load_profile({**MINIMAL, **change})
    assert sentence in str(refused.value)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^"])
def test_delimiters_that_a_profile_may_impose(delimiter: str) -> None:
    assert load_profile({**MINIMAL, "delimiter": delimiter}).read_options.delimiter == delimiter
