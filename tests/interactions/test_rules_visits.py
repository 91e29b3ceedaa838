from datetime import date, timedelta

import pytest

from beffroi.interactions.enums import VisitBlocker, VisitState
from beffroi.interactions.rules.visits import blockers_to_moving, blockers_to_visit, usual_day

TODAY = date(2026, 11, 20)


def test_a_reservation_counts_from_the_day_of_the_visits_writing() -> None:
    asked = {"state": VisitState.DONE, "on": TODAY - timedelta(days=20), "today": TODAY}
    said = [
        blockers_to_visit(**asked, reserved_until=TODAY + timedelta(days=days), since=TODAY - timedelta(days=20))
        for days in (10, 11)
    ]
    assert said == [[], [VisitBlocker.RESERVED_TOO_LONG]]


@pytest.mark.parametrize(
    ("state", "on", "reserved_until", "said"),
    [
        ("done", TODAY, None, []),
        ("done", date(2026, 11, 21), None, [VisitBlocker.IN_THE_FUTURE]),
        ("planned", date(2026, 11, 21), None, []),
        ("done", TODAY, date(2026, 12, 20), []),
        ("done", TODAY, date(2026, 12, 21), [VisitBlocker.RESERVED_TOO_LONG]),
        ("done", TODAY, TODAY, [VisitBlocker.RESERVED_IN_THE_PAST]),
    ],
)
def test_a_visit_is_kept_or_told_why_not(state: str, on: date, reserved_until: date | None, said: list[VisitBlocker]) -> None:
    assert blockers_to_visit(state=VisitState(state), on=on, reserved_until=reserved_until, today=TODAY, since=TODAY) == said


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("planned", "done", True),
        ("planned", "cancelled", True),
        ("cancelled", "planned", True),
        ("done", "done", True),
        ("done", "planned", False),
        ("cancelled", "done", False),
    ],
)
def test_the_life_of_a_visit(before: str, after: str, may: bool) -> None:
    assert (blockers_to_moving(VisitState(before), VisitState(after)) == []) is may


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 20), date(2026, 11, 27)),  # a Friday: the next one
        (date(2026, 11, 21), date(2026, 11, 30)),  # a Saturday: the Monday after the next
        (date(2026, 11, 22), date(2026, 11, 30)),
    ],
)
def test_the_usual_day_is_a_week_later_and_never_on_a_weekend(today: date, day: date) -> None:
    assert usual_day(today) == day
