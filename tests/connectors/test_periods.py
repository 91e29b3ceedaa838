from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.connectors.periods import UNKNOWN, UnreadablePeriod, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "kept"),
    [
        ("2009", date(2009, 1, 1), date(2009, 12, 31), "2009"),
        ("2009-Q2", date(2009, 4, 1), date(2009, 6, 30), "2009-Q2"),
        ("2009-S2", date(2009, 7, 1), date(2009, 12, 31), "2009-S2"),
        ("2008-02", date(2008, 2, 1), date(2008, 2, 29), "2008-02"),
        ("2010-03-31", date(2010, 3, 31), date(2010, 3, 31), "2010-03-31"),
        ("2021-2027", date(2021, 1, 1), date(2027, 12, 31), "2021/2027"),
        ("2007/2009-12-31", date(2007, 1, 1), date(2009, 12, 31), "2007/2009-12-31"),
        (" 2009 ", date(2009, 1, 1), date(2009, 12, 31), "2009"),
    ],
)
def test_a_written_period_covers_days(text: str, start: date, end: date, kept: str) -> None:
    period = parse_period(text)
    assert (period.start, period.end, period.text) == (start, end, kept)
    assert period.is_known
    assert period.is_a_day == (start == end)


def test_no_period_is_unknown() -> None:
    assert parse_period("  ") == UNKNOWN
    assert not UNKNOWN.is_known
    assert not UNKNOWN.is_a_day


@pytest.mark.parametrize(
    "text", ["09", "2009-13", "2009-02-30", "2010/2009", "2009-Q5", "mars 2009", "2009/", "0000", "x/y", "٢٠٠٩"]
)
def test_what_is_not_a_period_is_told(text: str) -> None:
    with pytest.raises(UnreadablePeriod, match="n’est pas une période"):
        parse_period(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_its_own_period(day: date) -> None:
    assert parse_period(day.isoformat()).is_a_day
