"""Whether two descriptions of money are about the same line, so that their amounts face each other and are counted once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from beffroi.funding.enums import Instrument, Origin, Stage

# Money that moves several times: only the same period is the same payment
BY_PERIOD = frozenset({Stage.PAID, Stage.CERTIFIED, Stage.RECOVERED})


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """What tells a line of an operation from the others; `fund` is None when only its origin is known."""

    stage: str
    fund: int | None = None
    origin: str = Origin.UNSTATED
    instrument: str = Instrument.UNSTATED
    currency: str = "EUR"
    start: date | None = None
    end: date | None = None
    id: int = 0


def same_lines(wanted: LineFacts, known: Iterable[LineFacts]) -> list[int]:
    """The lines that the wanted one could be, by id."""
    return [line.id for line in known if is_same_line(wanted, line)]


def is_same_line(one: LineFacts, other: LineFacts) -> bool:
    return (
        (one.stage, one.currency) == (other.stage, other.currency)
        and _has_same_fund(one, other)
        and _agree(one.instrument, other.instrument, Instrument.UNSTATED)
        and _has_same_period(one, other)
    )


def _has_same_fund(one: LineFacts, other: LineFacts) -> bool:
    """The same fund; or, when one of the two does not name it, the same origin."""
    if one.fund is not None and other.fund is not None:
        return one.fund == other.fund
    if one.fund == other.fund and Origin.UNSTATED in (one.origin, other.origin):
        return one.origin == other.origin
    return one.origin == other.origin != Origin.UNSTATED


def _agree(one: str, other: str, unstated: str) -> bool:
    return one == other or unstated in (one, other)


def _has_same_period(one: LineFacts, other: LineFacts) -> bool:
    if one.stage in BY_PERIOD:
        return (one.start, one.end) == (other.start, other.end)
    if None in (one.start, one.end, other.start, other.end):
        return True
    return one.start <= other.end and other.start <= one.end  # type: ignore[operator]
