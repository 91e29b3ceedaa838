import pytest

from beffroi.connectors.words import digest, folded, quoted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Code INSEE", "code_insee"),
        ("Période", "PERIODE"),
        ("Intitulé de l’action", "intitule de l'action"),
        ("Straße", "STRASSE"),
    ],
)
def test_two_ways_to_write_one_header(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Montant (€)", "Montant (%)"), ("a1", "a2"), ("+", "-")])
def test_two_headers(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_digest_is_the_same_everywhere() -> None:
    assert digest("Béthune") == "bfa0286da58ca4b782d0651ffbb67c15"


def test_many_names_in_a_sentence_stay_readable() -> None:
    assert quoted(["a", "b"]) == "« a », « b »"
    assert quoted([str(n) for n in range(10)]).endswith("« 7 » et 2 de plus")
    assert len(quoted(["x" * 500])) == 84
