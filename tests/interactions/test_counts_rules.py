"""What a month adds up to, when its letters leave: by hand."""

from datetime import date

import pytest

from beffroi.interactions.enums import Letter
from beffroi.interactions.rules import calendar, counts
from beffroi.interactions.rules.letters import due_letters


def rows(text: str) -> list[tuple[int, ...]]:
    """thing | operator | area | territory | company."""
    return [tuple(int(cell) if cell.strip() else None for cell in line.split("|")) for line in text.strip().splitlines()]  # type: ignore[misc]


def test_a_company_seen_by_two_operators_is_touched_once() -> None:
    found = counts.tally({"visits": rows("1 | 10 | 7 | 59 | 100\n2 | 11 | 7 | 59 | 100\n3 | 11 |  | 62 | 101")})
    assert found[""] == {"visits": 3, "companies": 2}
    assert found["operator:11"] == {"visits": 2, "companies": 2}
    assert found["area:7"] == {"visits": 2, "companies": 1}
    assert found["area:"] == {"visits": 1, "companies": 1}
    assert found["zone:59"]["companies"] == 1


def test_an_event_of_two_areas_counts_in_both_and_once_in_all() -> None:
    found = counts.tally({"events": rows("1 | 10 | 7 | 59 | \n1 | 10 | 8 | 59 | ")})
    assert (found[""]["events"], found["area:7"]["events"], found["area:8"]["events"]) == (1, 1, 1)


def test_what_was_not_received_is_absent_not_zero() -> None:
    assert counts.tally({"visits": []}) == {"": {}}


def test_a_need_does_not_touch_a_company_by_itself() -> None:
    assert counts.tally({"needs": rows("1 | 10 | 7 | 59 | 100")})[""] == {"needs": 1}


def test_each_step_is_counted_among_those_of_the_step_before() -> None:
    visited, need, taken, supported = counts.funnel(
        [("visited", {1, 2, 3, 4}), ("need", {2, 3, 9}), ("taken_up", {3}), ("supported", {2})]
    )
    assert [(step.reached, step.of) for step in (visited, need, taken, supported)] == [(4, None), (2, 4), (1, 2), (0, 1)]
    assert (need.share, visited.share) == (0.5, None)
    assert counts.funnel([("visited", []), ("need", [])])[1].share is None


@pytest.mark.parametrize(
    ("month", "back", "expected"),
    [
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 3, 1), 14, date(2025, 1, 1)),
        (date(2026, 11, 1), -2, date(2027, 1, 1)),
    ],
)
def test_months_go_back_over_years(month: date, back: int, expected: date) -> None:
    assert counts.months_before(month, back) == expected


def test_a_month_ends_on_its_last_day() -> None:
    assert (counts.end_of(date(2024, 2, 1)), counts.month_of(date(2024, 2, 17))) == (date(2024, 2, 29), date(2024, 2, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 31), date(2025, 12, 31)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 28)),
    ],
)
def test_a_year_before_is_the_same_day(day: date, expected: date) -> None:
    assert counts.year_before(day) == expected


def test_nothing_to_compare_is_no_difference() -> None:
    assert (counts.difference(3, None), counts.difference(None, 3), counts.difference(3, 5)) == (None, None, -2)


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, date(2000, 4, 23)), (2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter_is_the_day_that_almanacs_give(year: int, sunday: date) -> None:
    assert calendar.easter(year) == sunday


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 1, 1), date(2026, 1, 2)),  # New Year's Day
        (date(2026, 5, 1), date(2026, 5, 4)),  # Labour Day is a Friday
        (date(2026, 8, 1), date(2026, 8, 3)),  # a Saturday
        (date(2024, 4, 1), date(2024, 4, 2)),  # Easter Monday
        (date(2026, 12, 1), date(2026, 12, 1)),
    ],
)
def test_the_first_working_day_passes_over_holidays(month: date, day: date) -> None:
    assert calendar.first_working_day(month) == day


def test_there_are_eleven_holidays() -> None:
    assert len(calendar.holidays(2026)) == 11
    assert calendar.is_working_day(date(2026, 5, 15))
    assert not calendar.is_working_day(date(2026, 5, 14))  # Ascension


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 5, 3), {}),
        (date(2026, 5, 4), {Letter.MONTHLY: date(2026, 4, 1)}),
        (date(2026, 5, 20), {Letter.MONTHLY: date(2026, 4, 1)}),
        (date(2026, 7, 1), {Letter.MONTHLY: date(2026, 6, 1), Letter.HALF_YEAR: date(2026, 1, 1)}),
        (date(2027, 1, 1), {}),
        (date(2027, 1, 4), {Letter.MONTHLY: date(2026, 12, 1), Letter.HALF_YEAR: date(2026, 7, 1)}),
    ],
)
def test_letters_are_due_from_the_first_working_day(on: date, due: dict[Letter, date]) -> None:
    assert due_letters(on) == due
