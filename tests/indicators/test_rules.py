from datetime import date
from decimal import Decimal

import pytest

from beffroi.indicators.enums import Aggregation, Agreement, Direction, Progress
from beffroi.indicators.rules import DatedValue, aggregate, agreement, compare, months_late, share_done, years_before


def number(text: str) -> Decimal | None:
    return None if text == "?" else Decimal(text)


@pytest.mark.parametrize(
    ("direction", "target", "actual", "share"),
    [
        (Direction.UP, "15000", "24085", "1.606"),
        (Direction.UP, "350", "121", "0.346"),
        (Direction.DOWN, "10", "20", "0.5"),
        (Direction.DOWN, "10", "8", "1.25"),
        (Direction.UP, "0", "3", None),
        (Direction.UP, "5", "-1", None),
        (Direction.DOWN, "5", "0", None),
    ],
)
def test_the_part_done_of_a_target(direction: Direction, target: str, actual: str, share: str | None) -> None:
    found = share_done(Decimal(target), Decimal(actual), direction=direction)
    assert (None if found is None else str(round(found, 3).normalize())) == share


@pytest.mark.parametrize(
    ("direction", "target", "actual", "progress"),
    [
        (Direction.UP, "10", "10", Progress.REACHED),
        (Direction.UP, "10", "9", Progress.BEHIND),
        (Direction.DOWN, "10", "12", Progress.BEHIND),
        (Direction.DOWN, "10", "9", Progress.REACHED),
        (Direction.NONE, "10", "9", Progress.CANNOT_SAY),
        (Direction.UP, "10", "?", Progress.CANNOT_SAY),
    ],
)
def test_where_a_target_stands(direction: Direction, target: str, actual: str, progress: Progress) -> None:
    year = date(2009, 1, 1), date(2009, 12, 31)
    found = compare(DatedValue(*year, number(target)), [DatedValue(*year, number(actual))], direction=direction)
    assert found.progress == progress


@pytest.mark.parametrize(
    ("how", "parts", "total"),
    [
        (Aggregation.SUM, "3 1.5 4.5 1", ("10.0", "10.0")),
        (Aggregation.SUM, "3 ? 4", ("7", "7")),
        (Aggregation.MEAN, "3 ? 5", ("4", "4")),
        (Aggregation.SUM, "? ?", (None, None)),
        (Aggregation.SUM, "", (None, None)),
        (Aggregation.SUM, "3 4..6", ("7", "9")),
        (Aggregation.SUM, "3 4..", ("7", None)),
    ],
)
def test_a_total_of_known_parts(how: Aggregation, parts: str, total: tuple[str | None, str | None]) -> None:
    """An unknown part is left out and never counts as zero; a part open on one side leaves the total open."""
    bounds = [bounds_of(part) for part in parts.split()]
    assert tuple(None if end is None else str(end) for end in aggregate(bounds, how=how)) == total


def bounds_of(text: str) -> tuple[Decimal | None, Decimal | None]:
    low, _, high = text.partition("..")
    return number(low), (number(high) if high else None) if ".." in text else number(low)


@pytest.mark.parametrize(
    ("computed", "stated", "is_complete", "said"),
    [
        ("6.5", "6.5", True, Agreement.AGREES),
        ("6.5", "6.5", False, Agreement.AGREES),
        ("7", "6.5", True, Agreement.DIFFERS),
        ("5", "6.5", True, Agreement.DIFFERS),
        ("5", "6.5", False, Agreement.INCOMPLETE),
        ("7", "6.5", False, Agreement.DIFFERS),
        ("6..8", "7", True, Agreement.AGREES),
        ("?", "7", True, Agreement.NOTHING_TO_COMPARE),
    ],
)
def test_a_printed_total_against_its_parts(computed: str, stated: str, is_complete: bool, said: Agreement) -> None:
    assert agreement(bounds_of(computed), bounds_of(stated), is_complete=is_complete) == said


@pytest.mark.parametrize(
    ("periodicity", "last", "late"),
    [
        ("annuelle", date(2024, 12, 31), 10),
        ("annuelle", date(2025, 12, 31), 0),
        ("trimestrielle", date(2026, 6, 30), 1),
        ("mensuelle", date(2026, 10, 31), 0),
        ("", date(2010, 1, 1), None),
        ("annuelle", None, None),
    ],
)
def test_a_result_is_late_when_the_next_period_is_over(periodicity: str, last: date | None, late: int | None) -> None:
    assert months_late(last, periodicity, on=date(2026, 11, 20)) == late


def test_a_year_before_a_leap_day() -> None:
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
