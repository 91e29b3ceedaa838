"""The only way a number reaches a screen: with its unit, bounds and completeness, and the key that opens its evidence."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

Number = int | float | Decimal


class Sense(StrEnum):
    """What a figure means for the reader, never by colour alone."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value, or its bounds when sources disagree. `known` of `parts` says how complete an aggregate is."""

    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    period: str = ""
    label: str = ""
    sense: Sense = Sense.NEUTRAL
    note: str = ""
    known: int | None = None
    parts: int | None = None
    rivals: int = 0
    why: str = ""
    as_of: date | None = None

    @property
    def is_known(self) -> bool:
        return self.value is not None or self.low is not None or self.high is not None

    @property
    def is_range(self) -> bool:
        return self.value is None and self.is_known

    @property
    def is_complete(self) -> bool:
        return self.parts is None or self.known == self.parts

    def with_label(self, label: str) -> "Figure":
        return replace(self, label=label)
