"""What a correspondence may say. Pure."""

from collections.abc import Sequence
from decimal import Decimal


def blockers_to_correspondence(
    *, strength: str, weight: Decimal | None, reason: str, other_weights: Sequence[Decimal]
) -> list[str]:
    """Known weights from one item to one version sum to at most 1; every change has its reason."""
    blockers = []
    if not reason.strip():
        blockers.append("Dites pourquoi : une correspondance se corrige avec une raison.")
    if weight is not None and strength != "partial":
        blockers.append("Une part ne se donne que pour une correspondance partielle.")
    if weight is not None and not Decimal(0) < weight <= 1:
        blockers.append("Une part est plus grande que 0 et au plus égale à 1.")
    total = sum(other_weights, weight or Decimal(0))
    if weight is not None and total > 1:
        blockers.append(
            f"Les parts connues de cet élément feraient {total:.2f} : elles ne dépassent pas 1.".replace(".", ",", 1)
        )
    return blockers
