"""What a body owes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Duty:
    """`owed` is None when no source says how often the body meets."""

    held: int
    owed: Decimal | None


def duty_of(held: Sequence[date], *, owed_a_year: Decimal | None, on: date) -> Duty:
    """A body that took several acts on one day met once."""
    return Duty(len({day for day in held if on - YEAR < day <= on}), owed_a_year)
