"""How a value is written and what its target says. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from beffroi.core.text import search_key
from beffroi.indicators.enums import Aggregation, Agreement, Direction, Progress

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
    share = share_done(target.value, actual.value, direction=direction)
    return Comparison(target, actual, Progress.REACHED if reached else Progress.BEHIND, share, is_later)


def share_done(target: Decimal, actual: Decimal, *, direction: Direction) -> Decimal | None:
    """What part of a target is done. Where lower is better it is the target over the actual: 50 % when twice too high.
    Nothing is said across zero."""
    part, whole = (actual, target) if direction == Direction.UP else (target, actual)
    return part / whole if whole > 0 and part >= 0 else None


Bounds = tuple[Decimal | None, Decimal | None]


def aggregate(parts: Sequence[Bounds], *, how: Aggregation) -> Bounds:
    """The sum or the plain mean of the known parts, between its least and its most. An unknown part is left out, never
    zero; a part known on one side only leaves the whole open on the other."""
    known = [part for part in parts if part != (None, None)]
    if not known:
        return None, None
    share = Decimal(len(known)) if how == Aggregation.MEAN else Decimal(1)
    lows, highs = [low for low, _ in known if low is not None], [high for _, high in known if high is not None]
    least = sum(lows, Decimal(0)) / share if len(lows) == len(known) else None
    most = sum(highs, Decimal(0)) / share if len(highs) == len(known) else None
    return least, most


def agreement(computed: Bounds, stated: Bounds, *, is_complete: bool) -> Agreement:
    """What a printed total says of the total of the known parts."""
    (least, most), (low, high) = computed, stated
    if low is None or high is None or least is None or most is None:
        return Agreement.NOTHING_TO_COMPARE
    if least <= high and low <= most:
        return Agreement.AGREES
    return Agreement.DIFFERS if is_complete or least > high else Agreement.INCOMPLETE


# How many months a period lasts, by the first letters that sources write
PERIODICITIES = {
    "mens": 1,
    "month": 1,
    "bimes": 2,
    "trim": 3,
    "quart": 3,
    "semes": 6,
    "ann": 12,
    "year": 12,
    "bienn": 24,
    "trienn": 36,
}


def months_between(periodicity: str) -> int | None:
    word = search_key(periodicity)
    return next((months for start, months in PERIODICITIES.items() if word.startswith(start)), None)


def months_since(day: date, *, on: date) -> int:
    return (on.year - day.year) * 12 + on.month - day.month - (on.day < day.day)


def months_late(last: date | None, periodicity: str, *, on: date) -> int | None:
    """How long ago the period after the last known one ended; None when nothing says how often there should be one."""
    months = months_between(periodicity)
    if last is None or months is None:
        return None
    return max(0, months_since(last, on=on) - months)


def years_before(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)
