"""Periods and partial dates as public documents write them: 2009, 2009-Q1, 2009-S1, 2010-03-31, 2021/2027."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from beffroi.connectors.words import folded

YEAR_SPAN = re.compile(r"(\d{4})-(\d{4})", re.ASCII)
POINT = re.compile(r"(\d{4})(?:-(?:Q([1-4])|S([12])|(\d{2})(?:-(\d{2}))?))?", re.ASCII)

# The months as files write them, in French, English and German, whole or cut; without accents or case
NAMES_OF_MONTHS = (
    "janvier janv jan january januar jänner", "février févr fev february feb februar", "mars mar march märz maerz mrz",
    "avril avr april apr", "mai may", "juin june jun juni", "juillet juil july jul juli", "août aout aou august aug",
    "septembre sept september sep", "octobre oct october oktober okt", "novembre nov november",
    "décembre déc dec december dezember dez",
)  # fmt: skip
MONTHS = {folded(name): month for month, names in enumerate(NAMES_OF_MONTHS, 1) for name in names.split()}
FIRST_OF_LAST_CENTURY = 69  # two digits from 69 are of the twentieth century (POSIX)


def full_year(text: str) -> str:
    if len(text) > 2:
        return text
    return f"{'19' if int(text) >= FIRST_OF_LAST_CENTURY else '20'}{text}"


class UnreadablePeriod(ValueError):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"« {text} » n’est pas une période : attendu 2009, 2009-03, 2009-03-31, 2009-Q1, 2009-S1 ou 2007/2009."
        )


@dataclass(frozen=True)
class Period:
    """Both ends included. Both are None when the source gives no period."""

    start: date | None
    end: date | None
    text: str = ""

    @property
    def is_known(self) -> bool:
        return self.end is not None

    @property
    def is_a_day(self) -> bool:
        return self.is_known and self.start == self.end


UNKNOWN = Period(None, None)


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(year: int, first: int, count: int, text: str) -> Period:
    return Period(date(year, first, 1), month_end(year, first + count - 1), text)


def _point(text: str) -> Period:
    match = POINT.fullmatch(text)
    if match is None:
        raise UnreadablePeriod(text)
    year, quarter, half, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if quarter:
            return _months(year, 3 * quarter - 2, 3, text)
        if half:
            return _months(year, 6 * half - 5, 6, text)
        if day:
            return Period(date(year, month, day), date(year, month, day), text)
        return _months(year, month, 1, text) if month else _months(year, 1, 12, text)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise UnreadablePeriod(text) from error


def parse_period(text: str) -> Period:
    """The days that a written period covers; empty means that the source gives none."""
    text = text.strip()
    if not text:
        return UNKNOWN
    if span := YEAR_SPAN.fullmatch(text):
        first, last = span.groups()
        text = f"{first}/{last}" if int(last) > 12 else text
    first, slash, last = text.partition("/")
    if slash and not last:
        raise UnreadablePeriod(text)
    start, end = _point(first), _point(last or first)
    if start.start is None or end.end is None or start.start > end.end:
        raise UnreadablePeriod(text)
    return Period(start.start, end.end, text)
