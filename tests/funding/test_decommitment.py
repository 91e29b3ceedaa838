"""What is lost when commitments wait too long: tranches against prefinancing and certified spending, by dated rules."""

from datetime import date
from decimal import Decimal

import pytest

from beffroi.funding.rules.decommitment import Commitment, deadlines, next_deadline, rule_years

RULES = [(2007, 2013, 2), (2014, 2020, 3), (2021, 2026, 3), (2027, 2027, 2)]


def tranches(*rows: str) -> list[Commitment]:
    """Each row: year | amount | years | prefinancing | axis."""
    found = []
    for row in rows:
        year, amount, years, prefinancing, part = (cell.strip() for cell in row.split("|"))
        before = Decimal(prefinancing) if prefinancing else None
        found.append(Commitment(int(year), Decimal(amount), int(years), before, int(part) if part else None))
    return found


@pytest.mark.parametrize(
    ("year", "years"), [(2006, None), (2007, 2), (2013, 2), (2014, 3), (2020, 3), (2026, 3), (2027, 2), (2028, None)]
)
def test_the_years_granted_follow_dated_rows(year: int, years: int | None) -> None:
    assert rule_years(RULES, year=year) == years


def test_a_rule_without_end_goes_on() -> None:
    assert rule_years([(2014, None, 3)], year=2031) == 3


def test_n_plus_2_prefinancing_counts_and_what_is_missing_is_said() -> None:
    """Committed 2007: 100, of which 20 prefinanced; 65 certified on 31 December 2009: 15 are missing."""
    (only,) = deadlines(tranches("2007 | 100 | 2 | 20 |"), certified=Decimal(65))
    assert (only.due_on, only.years, only.to_reach) == (date(2009, 12, 31), (2007,), Decimal(80))
    assert (only.missing, only.margin) == (Decimal(15), Decimal(0))


def test_deadlines_are_cumulated() -> None:
    first, second = deadlines(tranches("2007 | 100 | 2 | 20 |", "2008 | 110 | 2 |  |"), certified=Decimal(90))
    assert (first.missing, first.margin) == (Decimal(0), Decimal(10))
    assert (second.due_on, second.committed, second.missing) == (date(2010, 12, 31), Decimal(210), Decimal(100))
    assert (second.prefinancing_known, second.tranches) == (1, 2)


def test_n_plus_2_and_n_plus_3_of_one_programme_may_meet_on_a_day() -> None:
    found = deadlines(tranches("2026 | 50 | 3 | |", "2027 | 60 | 2 | |"), certified=Decimal(0))
    assert [(row.due_on, row.years, row.missing) for row in found] == [(date(2029, 12, 31), (2026, 2027), Decimal(110))]


def test_without_certified_spending_nothing_is_said_of_the_risk() -> None:
    (only,) = deadlines(tranches("2007 | 100 | 2 | 20 |"), certified=None)
    assert (only.missing, only.margin, only.contributions) == (None, None, ())


def test_each_axis_shows_what_it_lacks_or_brings() -> None:
    """Axis 1 is 20 behind, axis 2 is 5 ahead: the programme lacks 15."""
    (only,) = deadlines(
        tranches("2007 | 60 | 2 | 10 | 1", "2007 | 40 | 2 | | 2"),
        certified=Decimal(75),
        by_part={1: Decimal(30), 2: Decimal(45)},
    )
    assert [(row.part, row.due, row.certified, row.gap) for row in only.contributions] == [
        (1, Decimal(50), Decimal(30), Decimal(20)),
        (2, Decimal(40), Decimal(45), Decimal(-5)),
    ]
    assert only.missing == Decimal(15)
    assert sum(row.gap or Decimal(0) for row in only.contributions) == only.missing


def test_an_axis_without_tranche_shows_what_it_certified_and_the_rest_is_its_own_row() -> None:
    (only,) = deadlines(tranches("2007 | 100 | 2 | 20 |"), certified=Decimal(46), by_part={1: Decimal(19)})
    assert [(row.part, row.due, row.certified, row.gap) for row in only.contributions] == [
        (1, None, Decimal(19), None),
        (None, Decimal(80), Decimal(27), Decimal(53)),
    ]


def test_the_next_deadline_is_the_first_that_is_not_over() -> None:
    found = deadlines(tranches("2007 | 100 | 2 | |", "2008 | 110 | 2 | |"), certified=Decimal(0))
    assert next_deadline(found, on=date(2009, 12, 31)) == found[0]
    assert next_deadline(found, on=date(2010, 1, 1)) == found[1]
    assert next_deadline(found, on=date(2011, 1, 1)) is None
    assert deadlines([], certified=Decimal(1)) == []
