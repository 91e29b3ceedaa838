"""The criteria of a call, as a person writes them: one on a line, its points after a semicolon."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from beffroi.funding.enums import CriterionKind

LONGEST = 500


class WrongCriterion(ValueError):
    """The text says which line and what is wrong."""


@dataclass(frozen=True)
class Criterion:
    kind: CriterionKind
    text: str
    points: Decimal | None = None


def read_criteria(text: str, kind: CriterionKind) -> list[Criterion]:
    """Raises WrongCriterion."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return [_criterion(number, line, kind) for number, line in lines if line]


def _criterion(number: int, line: str, kind: CriterionKind) -> Criterion:
    said, mark, points = line.rpartition(";")
    if not mark:
        said, points = line, ""
    if len(said) > LONGEST:
        raise WrongCriterion(f"Ligne {number} : le critère dépasse {LONGEST} signes.")
    return Criterion(kind, said.strip(), _points(number, points.strip()))


def _points(number: int, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        points = Decimal(text.lower().removesuffix("points").removesuffix("point").strip().replace(",", "."))
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points < 10_000:
        raise WrongCriterion(
            f"Ligne {number} : « {text} » n’est pas un nombre de points ; attendu un nombre après le point-virgule."
        )
    return points


def written_criteria(rows: Iterable[Criterion], kind: CriterionKind) -> str:
    """As a person would write them again."""
    return "\n".join(
        row.text if row.points is None else f"{row.text} ; {row.points.normalize():f}".replace(".", ",")
        for row in rows
        if row.kind == kind
    )
