"""How a value is written and what its target says. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from beffroi.indicators.enums import Direction, Progress

BOUND = "borne"


@dataclass(frozen=True)
class Words:
    """What the keys of a breakdown mean: those that qualify the value itself, always or for some values only, and the words
    of a bound. Any other key is a dimension."""

    qualifiers: frozenset[str] = frozenset()
    qualifier_values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bounds: Mapping[str, str] = field(default_factory=dict)

    def is_qualifier(self, name: str, value: str) -> bool:
        return name in self.qualifiers or value in self.qualifier_values.get(name, ())


@dataclass(frozen=True)
class Breakdown:
    """Sorted pairs (name, value); `bound` is min, max or empty."""

    dimensions: tuple[tuple[str, str], ...] = ()
    qualifiers: tuple[tuple[str, str], ...] = ()
    bound: str = ""

    @property
    def text(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.dimensions)

    @property
    def qualifiers_json(self) -> str:
        return json.dumps(dict(self.qualifiers), ensure_ascii=False)

    def without(self, *names: str) -> "Breakdown":
        return replace(self, dimensions=tuple(pair for pair in self.dimensions if pair[0] not in names))


def split_breakdown(text: str | None, words: Words) -> Breakdown:
    """`pole=maud;approx=oui` -> the dimension pole, the qualifier approx. A part without a name is a note."""
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    pairs = sorted({_pair(part) for part in parts})
    qualifiers = tuple(pair for pair in pairs if words.is_qualifier(*pair))
    bound = next((words.bounds.get(value, "") for name, value in qualifiers if name == BOUND), "")
    return Breakdown(tuple(pair for pair in pairs if pair not in qualifiers), qualifiers, bound)


def _pair(part: str) -> tuple[str, str]:
    name, separator, value = part.partition("=")
    return (name.strip(), value.strip()) if separator else ("note", name.strip())


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
