from decimal import Decimal

import pytest

from beffroi.reference.rules import blockers_to_correspondence


@pytest.mark.parametrize(
    ("strength", "weight", "others", "reason", "expected"),
    [
        ("full", None, [], "le texte", []),
        ("partial", "0.4", ["0.6"], "le texte", []),
        ("partial", None, ["1"], "le texte", []),
        ("partial", "0.5", ["0.6"], "le texte", ["Les parts connues de cet élément feraient 1,10 : elles ne dépassent pas 1."]),
        ("full", "0.5", [], "le texte", ["Une part ne se donne que pour une correspondance partielle."]),
        ("partial", "0", [], "le texte", ["Une part est plus grande que 0 et au plus égale à 1."]),
        ("full", None, [], "  ", ["Dites pourquoi : une correspondance se corrige avec une raison."]),
    ],
)
def test_what_a_correspondence_may_say(
    strength: str, weight: str | None, others: list[str], reason: str, expected: list[str]
) -> None:
    found = blockers_to_correspondence(
        strength=strength,
        weight=Decimal(weight) if weight else None,
        reason=reason,
        other_weights=[Decimal(other) for other in others],
    )
    assert found == expected
