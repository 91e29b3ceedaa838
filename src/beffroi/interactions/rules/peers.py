"""A company beside those of its sector and size, never so few that one of them can be read. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from beffroi.analytics.secrecy import LEAST_UNITS

QUARTERS = 4
# Each side of what is shown keeps the least number of units: a median of so few would be somebody's own figure
LEAST_FOR_MEDIAN = 2 * LEAST_UNITS
LEAST_FOR_QUARTILES = QUARTERS * LEAST_UNITS
# Headcounts below which a company is micro, small, middle-sized (Commission recommendation 2003/361/EC, annex, article 2)
BANDS = (10, 50, 250)


@dataclass(frozen=True)
class Ratio:
    """`over` another column of the accounts; `unit` as figures write it."""

    code: str
    of: str
    over: str
    unit: str = "ratio"


RATIOS = (
    Ratio("va_rate", "value_added", "turnover"),
    Ratio("ebitda_margin", "ebitda", "turnover"),
    Ratio("productivity", "value_added", "headcount", "€"),
    Ratio("turnover_per_head", "turnover", "headcount", "€"),
    Ratio("investment_rate", "investment", "value_added"),
    Ratio("equity_ratio", "equity", "total_assets"),
    Ratio("intangible_share", "intangible_assets", "total_assets"),
)


@dataclass(frozen=True)
class Spread:
    """What may be said of the peers: `known` of them give the ratio; nothing below the threshold of secrecy."""

    known: int
    median: float | None = None
    first: float | None = None
    third: float | None = None

    @property
    def is_hidden(self) -> bool:
        return self.median is None


def size_band(headcount: float | None) -> int | None:
    """0 to 3; unknown stays unknown."""
    return None if headcount is None else sum(headcount >= bound for bound in BANDS)


def ratio(above: float | None, below: float | None) -> float | None:
    """Unknown on a zero or negative base: it would say nothing, or the contrary."""
    return None if above is None or below is None or below <= 0 else above / below


def spread(values: Sequence[float]) -> Spread:
    """Each side of what is shown keeps at least the least number of units: a median of so few would be somebody's own
    figure, and a quartile needs them in each quarter (INSEE, guide du secret statistique: three units)."""
    known = len(values)
    if known < LEAST_FOR_MEDIAN:
        return Spread(known)
    median = statistics.median(values)
    if known < LEAST_FOR_QUARTILES:
        return Spread(known, median)
    first, _, third = statistics.quantiles(values, n=QUARTERS, method="inclusive")
    return Spread(known, median, first, third)


def place_among(value: float | None, found: Spread) -> str:
    """Below, inside or above the middle half of the peers; empty when it cannot be said."""
    if value is None or found.first is None or found.third is None:
        return ""
    return "below" if value < found.first else "above" if value > found.third else "inside"
