"""How a value is written and what its target says. Pure."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beffroi.indicators.enums import Direction, Progress

# What a breakdown says about the value itself and not about what it measures (facts/README of the five documents).
QUALIFIERS = frozenset(
    {
        "a_verifier",
        "appariement",
        "approx",
        "arrondi",
        "borne",
        "calcul",
        "colonne",
        "ecrit",
        "entete",
        "estime",
        "libelle",
        "note",
        "section",
        "selon",
    }
)
QUALIFIERS_WHEN_UNSTATED = frozenset({"annee", "stade"})
NOT_STATED = "non précis"
NOT_TO_BE_ADDED = "ne pas additionner"
BOUNDS = {"min": "min", "max": "max", "plus de": "min", "au moins": "min", "moins de": "max"}


@dataclass(frozen=True)
class Breakdown:
    dimensions: tuple[tuple[str, str], ...]
    qualifiers: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.dimensions)

    @property
    def qualifiers_json(self) -> str:
        return json.dumps(dict(self.qualifiers), ensure_ascii=False)

    @property
    def bound(self) -> str:
        return BOUNDS.get(dict(self.qualifiers).get("borne", ""), "")


def is_qualifier(name: str, value: str) -> bool:
    return name in QUALIFIERS or (name in QUALIFIERS_WHEN_UNSTATED and value.startswith(NOT_STATED))


def split_breakdown(text: str | None) -> Breakdown:
    """`pole=maud;approx=oui` -> the dimension pole, the qualifier approx. A part without a name is a note."""
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    pairs = sorted({tuple(part.split("=", 1)) if "=" in part else ("note", part) for part in parts})
    named = [(name.strip(), value.strip()) for name, value in pairs]
    return Breakdown(
        tuple(pair for pair in named if not is_qualifier(*pair)), tuple(pair for pair in named if is_qualifier(*pair))
    )


@dataclass(frozen=True)
class DatedValue:
    """A value with the period it is about; `key` says which of several it is."""

    start: date | None
    end: date | None
    value: Decimal | None
    key: int = 0


@dataclass(frozen=True)
class Comparison:
    target: DatedValue
    actual: DatedValue | None
    progress: Progress
    share: Decimal | None = None
    is_later: bool = False


def matching_actual(target: DatedValue, actuals: list[DatedValue]) -> tuple[DatedValue | None, bool]:
    """The last actual that ends inside the target's period; failing that the first later one, and True to say so."""
    dated = sorted((row for row in actuals if row.end is not None), key=lambda row: (row.end, row.start or date.min, row.key))
    if target.end is None:
        return (dated[-1], False) if dated else (next(iter(actuals), None), False)
    inside = [row for row in dated if (target.start or date.min) <= row.end <= target.end]  # type: ignore[operator]
    if inside:
        whole = [row for row in inside if row.end == target.end or row.end == inside[-1].end]
        return whole[-1], False
    later = [row for row in dated if row.end > target.end]  # type: ignore[operator]
    return (later[0], True) if later else (None, False)


def compare(target: DatedValue, actuals: list[DatedValue], *, direction: Direction) -> Comparison:
    """Where a target stands: the actual that meets it, what part is done, and whether it is reached."""
    actual, is_later = matching_actual(target, actuals)
    if actual is None:
        return Comparison(target, None, Progress.NO_RESULT)
    if actual.value is None or target.value is None or direction == Direction.NONE:
        return Comparison(target, actual, Progress.CANNOT_SAY, is_later=is_later)
    reached = actual.value >= target.value if direction == Direction.UP else actual.value <= target.value
    share = actual.value / target.value if target.value else None
    return Comparison(target, actual, Progress.REACHED if reached else Progress.BEHIND, share, is_later)
