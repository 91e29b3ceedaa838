"""What may follow what in the life of a need, when one is reminded, and how answers are counted."""

from datetime import date, timedelta

import pytest

from beffroi.interactions.enums import NeedBlocker, ReferralState, RefusalReason
from beffroi.interactions.rules import needs as rules
from beffroi.interactions.rules.needs import Rate, Sent

DAY = date(2026, 6, 1)
STATES = {state.value: state for state in ReferralState}


def sent(text: str) -> list[Sent]:
    """state, days ago, answered after, reason, subject."""
    rows = []
    for line in text.strip().splitlines():
        state, ago, after, reason, subject = (part.strip() for part in line.split("|"))
        on = DAY - timedelta(days=int(ago))
        answered = on + timedelta(days=int(after)) if after else None
        rows.append(Sent(STATES[state], on, answered, reason, int(subject) if subject else None))
    return rows


SOME = sent("""
    taken_up  | 20 | 2 |              | 1
    closed    | 20 | 5 |              | 1
    refused   | 10 | 9 | out_of_zone  | 1
    refused   | 10 | 1 | no_capacity  | 2
    waiting   | 6  |   |              | 2
    waiting   | 4  |   |              | 2
    taken_up  | 1  | 0 |              | 1
    withdrawn | 9  |   |              | 1
""")


@pytest.mark.parametrize(
    ("state", "sender", "receiver"),
    [
        ("waiting", "withdrawn", "taken_up refused"),
        ("taken_up", "withdrawn", "refused closed"),
        ("refused", "", ""),
        ("closed", "", ""),
        ("withdrawn", "", ""),
    ],
)
def test_each_side_has_its_own_moves(state: str, sender: str, receiver: str) -> None:
    of_sender = rules.following(STATES[state], is_sender=True, is_receiver=False)
    of_receiver = rules.following(STATES[state], is_sender=False, is_receiver=True)
    assert [move.value for move in of_sender] == sender.split()
    assert [move.value for move in of_receiver] == receiver.split()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"consented_on": None}, [NeedBlocker.NO_CONSENT]),
        ({"consented_on": DAY + timedelta(days=1)}, [NeedBlocker.LATE_CONSENT]),
        ({"is_closed": True, "is_already_there": True}, [NeedBlocker.CLOSED, NeedBlocker.ALREADY_SENT]),
        ({"opened_on": DAY + timedelta(days=1)}, [NeedBlocker.BEFORE_IT_OPENED]),
    ],
)
def test_a_need_is_sent_open_once_and_with_the_consent_of_the_company(said, expected) -> None:
    usual = {"opened_on": DAY, "consented_on": DAY, "sent_on": DAY, "is_closed": False, "is_already_there": False}
    assert rules.blockers_to_sending(**(usual | said)) == expected


@pytest.mark.parametrize(
    ("state", "to", "more", "expected"),
    [
        ("waiting", "taken_up", {}, []),
        ("waiting", "closed", {"result": "solved"}, [NeedBlocker.NOT_NEXT]),
        ("waiting", "refused", {}, [NeedBlocker.NO_REASON]),
        ("waiting", "refused", {"reason": "other"}, []),
        ("taken_up", "closed", {}, [NeedBlocker.NO_RESULT]),
        ("taken_up", "closed", {"result": "solved", "on": DAY - timedelta(days=1)}, [NeedBlocker.BEFORE_IT_WAS_SENT]),
        ("refused", "taken_up", {}, [NeedBlocker.NOT_NEXT]),
    ],
)
def test_an_answer_follows_what_was_said_before(state, to, more, expected) -> None:
    assert rules.blockers_to_moving(STATES[state], STATES[to], **({"on": DAY, "since": DAY} | more)) == expected


def test_a_need_closes_with_a_result_once_nobody_has_it() -> None:
    said = {"opened_on": DAY, "on": DAY, "result": "solved", "is_closed": False}
    assert rules.blockers_to_closing(**said, states=[STATES["refused"], STATES["closed"]]) == []
    assert rules.blockers_to_closing(**said, states=[STATES["waiting"]]) == [NeedBlocker.STILL_OPEN]
    wrong = said | {"on": DAY - timedelta(days=1), "result": "", "is_closed": True}
    assert rules.blockers_to_closing(**wrong, states=[]) == [
        NeedBlocker.CLOSED, NeedBlocker.NO_RESULT, NeedBlocker.BEFORE_IT_OPENED
    ]  # fmt: skip


def test_a_reply_is_due_when_the_service_says_or_after_five_days() -> None:
    assert [rules.reply_due(DAY), rules.reply_due(DAY, 3), rules.reply_due(DAY, 0)] == [
        date(2026, 6, 6), date(2026, 6, 4), DAY
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "already", "expected"),
    [
        (6, [], None), (7, [], 7), (13, [7], None), (14, [7], 14), (21, [7, 14], 21), (45, [7, 14, 21], 45),
        (90, [7, 14, 21, 45], None),
        (30, [], 21),  # the job did not run for a month: one mail, not three
        (31, [21], None),
    ],
)  # fmt: skip
def test_each_reminder_leaves_once(after: int, already: list[int], expected: int | None) -> None:
    assert rules.reminder_due(DAY, on=DAY + timedelta(days=after), sent=already) == expected


def test_rates_count_what_had_the_time_to_be_answered() -> None:
    assert rules.answered_within(3, SOME, on=DAY) == Rate(count=2, total=6, pending=1)
    assert rules.answered_within(5, SOME, on=DAY) == Rate(count=3, total=5, pending=2)
    assert rules.answered_within(5, SOME, on=DAY).value == 0.6
    assert rules.answered_within(5, [], on=DAY).value is None
    assert rules.answered_within(5, SOME[-2:-1], on=DAY) == Rate(0, 0, 1)


def test_acceptance_is_over_what_was_answered() -> None:
    assert rules.acceptance(SOME) == Rate(count=3, total=5, pending=2)
    assert rules.acceptance(SOME[4:6]).value is None


def test_the_usual_delay_is_the_median_of_the_known_ones() -> None:
    assert rules.reply_days(SOME) == 2
    assert rules.reply_days(SOME[4:6]) is None


def test_refusals_are_told_by_subject_and_reason() -> None:
    found = rules.refusals(SOME)
    assert {subject: {r.value: n for r, n in by.items() if n} for subject, by in found.items()} == {
        1: {"out_of_zone": 1}, 2: {"no_capacity": 1}
    }  # fmt: skip
    assert set(found[1]) == set(RefusalReason)
