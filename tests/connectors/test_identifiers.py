import pytest

from beffroi.connectors.identifiers import is_rna, is_siren, is_siret, siren_of


@pytest.mark.parametrize(
    ("text", "siren"),
    [
        ("200078004", "200078004"),
        ("200 078 004", "200078004"),
        ("21860194600000", None),  # wrong key
        ("35600000000048", "356000000"),  # head office of La Poste follows Luhn's key
        ("35600000049837", "356000000"),  # its other establishments a sum of digits
        ("32402138500000.0", None),  # a spreadsheet's number: not repaired
        ("78004", None),
        ("000000000", None),
        ("20007800٤", None),
        ("", None),
    ],
)
def test_a_number_is_right_or_it_is_nothing(text: str, siren: str | None) -> None:
    assert siren_of(text) == siren


def test_a_siren_is_no_siret() -> None:
    assert is_siren("200078004")
    assert not is_siret("200078004")


def test_an_association_has_a_number_of_its_own() -> None:
    assert is_rna("W9G1000001")
    assert not is_rna("W3222")
