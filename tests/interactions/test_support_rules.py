"""The path of project holders: what may follow what, what is due, who is still alive."""

from datetime import date

import pytest

from beffroi.interactions.enums import SupportBlocker, SupportState, SupportStepKind
from beffroi.interactions.rules import support as rules
from beffroi.interactions.rules.support import Due, Step, Survival

K = SupportStepKind
SINCE = date(2022, 1, 10)


def steps(text: str) -> list[Step]:
    """« reception 10/01/22, created 01/03/22 »."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, on = part.split()
        day, month, year = on.split("/")
        found.append(Step(K(kind), date(2000 + int(year), int(month), int(day))))
    return found


BORN = "reception 10/01/22, hours 12/01/22, created 01/03/22"


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("", "reception"),
        ("reception 10/01/22", "hours created ended"),
        ("reception 10/01/22, hours 12/01/22", "hours created ended"),
        (BORN, "follow_up survival_1 survival_3 ended transmitted"),
        (f"{BORN}, survival_1 01/03/23", "follow_up survival_3 ended transmitted"),
        (f"{BORN}, survival_3 01/03/25, follow_up 02/04/25", "follow_up ended transmitted"),
        (f"{BORN}, transmitted 01/03/24", "follow_up survival_1 survival_3 ended"),
        (f"{BORN}, ended 01/03/24", ""),
    ],
)
def test_what_may_follow_on_the_path(done: str, expected: str) -> None:
    assert [kind.value for kind in rules.following(steps(done), is_starter=True)] == expected.split()


def test_an_ordinary_accompaniment_is_hours_and_follow_up() -> None:
    assert [kind.value for kind in rules.following([], is_starter=False)] == ["reception", "hours", "follow_up"]
    assert [kind.value for kind in rules.following(steps("hours 10/01/22"), is_starter=False)] == ["hours", "follow_up"]


@pytest.mark.parametrize(
    ("done", "step", "more", "expected"),
    [
        ("", "reception 10/01/22", {}, []),
        ("", "reception 09/01/22", {}, [SupportBlocker.BEFORE_LAST]),
        ("", "created 10/01/22", {}, [SupportBlocker.NOT_NEXT]),
        ("reception 10/01/22", "reception 11/01/22", {}, [SupportBlocker.ALREADY_DONE]),
        ("reception 10/01/22", "hours 11/01/22", {}, [SupportBlocker.NO_MINUTES]),
        ("reception 10/01/22", "hours 11/01/22", {"minutes": 90}, []),
        (BORN, "survival_1 28/02/23", {}, [SupportBlocker.TOO_SOON]),
        (BORN, "survival_1 01/03/23", {"cents": 150_000}, []),
        (BORN, "follow_up 01/03/23", {"cents": 150_000}, [SupportBlocker.NO_BONUS_HERE]),
        (BORN, "follow_up 01/03/23", {"is_over": True}, [SupportBlocker.IS_OVER]),
    ],
)
def test_a_step_is_refused_with_its_reason(done, step, more, expected) -> None:
    usual = {"is_starter": True, "is_over": False, "since": SINCE}
    assert rules.blockers_to_step(steps(done), steps(step)[0], **(usual | more)) == expected


def test_an_accompaniment_ends_once_and_not_before_its_last_step() -> None:
    over = SupportState.CLOSED
    assert rules.blockers_to_ending(SupportState.OPEN, over, on=SINCE, last=SINCE) == []
    assert rules.blockers_to_ending(SupportState.STOPPED, over, on=date(2021, 1, 1), last=SINCE) == [
        SupportBlocker.IS_OVER, SupportBlocker.ENDS_BEFORE
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("", Due(K.RECEPTION)),
        ("reception 10/01/22", Due(K.HOURS)),
        ("reception 10/01/22, hours 12/01/22", Due(K.CREATED)),
        (BORN, Due(K.SURVIVAL_1, date(2023, 3, 1))),
        (f"{BORN}, survival_1 01/03/23", Due(K.SURVIVAL_3, date(2025, 3, 1))),
        (f"{BORN}, survival_3 01/03/25", None),
        (f"{BORN}, ended 01/03/24", None),
    ],
)
def test_what_comes_next_and_from_which_day(done: str, expected: Due | None) -> None:
    assert rules.next_due(steps(done)) == expected


def test_an_age_of_29_february_is_reached_on_1_march() -> None:
    assert rules.years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert rules.years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_survival_is_over_those_created_long_enough_ago_and_keeps_the_unknown() -> None:
    paths = [
        steps(text)
        for text in (
            f"{BORN}, survival_1 05/03/23",  # alive at one year
            f"{BORN}, follow_up 01/06/24",  # seen alive later
            f"{BORN}, ended 01/06/24",  # lived more than a year, less than three
            f"{BORN}, ended 01/12/22",  # did not live a year
            BORN,  # nobody knows
            "reception 10/01/22",  # never created
            "reception 10/01/25, hours 12/01/25, created 01/01/26",  # too young
        )
    ]
    one = rules.survival(paths, 1, on=date(2026, 6, 1))
    three = rules.survival(paths, 3, on=date(2026, 6, 1))
    assert one == Survival(created=5, alive=3, ceased=1, too_young=1)
    assert (one.unknown, one.low, one.high) == (1, 0.6, 0.8)
    assert three == Survival(created=5, alive=0, ceased=2, too_young=1)
    assert rules.survival([], 1, on=SINCE).low is None
    assert rules.survival([], 1, on=SINCE).high is None
