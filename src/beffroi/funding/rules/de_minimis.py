"""The de minimis counter of a single undertaking. Pure, in cents, dated by argument.

Sources: Regulation (EU) No 1407/2013, article 3 (200 000 € over three fiscal years, until 31 December 2023); Regulation (EU)
2023/2831, article 3 (300 000 € over any period of three years, since 1 January 2024). Ceilings are rows: nothing is fixed here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from beffroi.funding.enums import Answer, Stage, Window

# Where an award stands in several stages, the first of these is its date and its amount.
AWARDS = (Stage.VOTED, Stage.AGREED, Stage.PROGRAMMED, Stage.CONTRACTUALISED, Stage.CERTIFIED, Stage.PAID)


@dataclass(frozen=True)
class Aid:
    """`low`, `high`: equal where sources agree; both None when nobody gives the amount. `on`: the day of the award; None when
    no source gives it. `is_double`: what could be another of these aids, told by another source."""

    key: int
    low: int | None
    high: int | None
    on: date | None
    family: str
    is_double: bool = False


@dataclass(frozen=True)
class Ceiling:
    code: str
    family: str
    cents: int
    start: date
    end: date | None
    window: str
    years: int


@dataclass(frozen=True)
class Counter:
    """`certain`: aids of a known day in the window, each at its lowest. `at_most`: each at its highest, with those of which
    nobody gives the day and those that could be told twice. `unknown`: aids of which nobody gives the amount."""

    ceiling: Ceiling
    on: date
    since: date
    counted: tuple[int, ...]
    undated: tuple[int, ...]
    certain: int
    at_most: int
    unknown: tuple[int, ...] = ()

    @property
    def left(self) -> int:
        """What surely remains: an aid without a day counts as if it were in the window."""
        return max(0, self.ceiling.cents - self.at_most)


@dataclass(frozen=True)
class Outcome:
    certain: int
    at_most: int
    answer: Answer
    above: int


def ceiling_on(ceilings: Iterable[Ceiling], *, family: str, on: date) -> Ceiling | None:
    """The ceiling that applies to an aid given that day; of several, the last to begin."""
    found = [row for row in ceilings if row.family == family and row.start <= on and (row.end is None or on <= row.end)]
    return max(found, key=lambda row: row.start, default=None)


def since(ceiling: Ceiling, on: date) -> date:
    """The first day that counts. A fiscal year is read as a calendar year: no source gives the accounts' own."""
    if ceiling.window == Window.FISCAL:
        return date(on.year - ceiling.years + 1, 1, 1)
    is_leap_day = (on.month, on.day) == (2, 29)
    return on.replace(year=on.year - ceiling.years, day=28 if is_leap_day else on.day) + timedelta(days=1)


def counter(aids: Sequence[Aid], ceilings: Iterable[Ceiling], *, family: str, on: date) -> Counter | None:
    """What is known of the aids of one family on a day; aids given under an earlier ceiling count in the present one."""
    ceiling = ceiling_on(ceilings, family=family, on=on)
    if ceiling is None:
        return None
    first = since(ceiling, on)
    own = [aid for aid in aids if aid.family == family]
    counted = [aid for aid in own if aid.on is not None and first <= aid.on <= on]
    undated = [aid for aid in own if aid.on is None]
    both = [*counted, *undated]
    return Counter(
        ceiling,
        on,
        first,
        tuple(aid.key for aid in counted),
        tuple(aid.key for aid in undated),
        certain=sum(aid.low or 0 for aid in counted if not aid.is_double),
        at_most=sum(aid.high or 0 for aid in both),
        unknown=tuple(aid.key for aid in both if aid.high is None),
    )


def with_new_aid(found: Counter, cents: int) -> Outcome:
    certain, at_most = found.certain + cents, found.at_most + cents
    above = max(0, at_most - found.ceiling.cents)
    if certain > found.ceiling.cents:
        return Outcome(certain, at_most, Answer.NO, above)
    return Outcome(certain, at_most, Answer.CANNOT_SAY if above or found.unknown else Answer.YES, above)


def award_of(stages: Iterable[tuple[int, str]]) -> list[int]:
    """The lines of one award that count: those of its first stage. `stages`: the lines, each with its stage."""
    rows = list(stages)
    first = next((stage for stage in AWARDS if any(said == stage for _key, said in rows)), None)
    return [key for key, said in rows if said == first] if first is not None else []


def cited(text: str, codes: Iterable[str]) -> str | None:
    """The one code that a text writes; none when it writes none or several."""
    found = [code for code in codes if code.casefold() in text.casefold()]
    return found[0] if len(found) == 1 else None
