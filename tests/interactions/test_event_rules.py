"""Pasted lists, calendar files, and what became of a flagged company."""

from datetime import UTC, date, datetime

import pytest

from beffroi.interactions.enums import FollowUp
from beffroi.interactions.rules.calendar_files import Entry, calendar_file
from beffroi.interactions.rules.follow_up import best, follow_up, share_of
from beffroi.interactions.rules.guests import Guest, guests


def test_a_pasted_list_is_read_line_by_line() -> None:
    text = (
        "552 100 554 ; Jeanne Martin ; jeanne@filature.example\n\n  \nFilature du Nord\tcontact <a@b.example>\nSans rien;;\n;x"
    )
    assert [(one.company, one.person, one.email) for one in guests(text)] == [
        ("552 100 554", "Jeanne Martin", "jeanne@filature.example"),
        ("Filature du Nord", "", "a@b.example"),
        ("Sans rien", "", ""),
    ]


def test_a_company_written_twice_is_one_guest() -> None:
    assert guests("Filature\nFilature;Jeanne") == [Guest("Filature;Jeanne", "Filature", "Jeanne")]


def test_a_calendar_file_escapes_folds_and_speaks_utc() -> None:
    noon = datetime(2026, 6, 1, 10, tzinfo=UTC)
    entry = Entry("e1@b", "Lin, chanvre; et\\bois", noon, noon.replace(hour=12), noon, place="Lille", text="é" * 60 + "\r\nfin")
    text = calendar_file("Événements", [entry])
    assert "\r\nSUMMARY:Lin\\, chanvre\\; et\\\\bois\r\n" in text
    assert "\r\nDTSTART:20260601T100000Z\r\nDTEND:20260601T120000Z\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert ("é" * 60 + r"\nfin") in text.replace("\r\n ", "")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("cancelled", "sure", "status"), [(True, True, "CANCELLED"), (False, True, "CONFIRMED"), (False, False, "TENTATIVE")]
)
def test_a_calendar_file_says_what_is_sure(cancelled: bool, sure: bool, status: str) -> None:
    noon = datetime(2026, 6, 1, 10, tzinfo=UTC)
    entry = Entry("e", "t", noon, noon, noon, is_cancelled=cancelled, is_sure=sure, address="https://b.example/1")
    assert f"STATUS:{status}\r\n" in (text := calendar_file("x", [entry]))
    assert "URL:https://b.example/1\r\n" in text


ENDED = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("visits", "has_come", "on", "expected"),
    [
        ([date(2026, 6, 2)], True, date(2026, 6, 3), FollowUp.EARLY),
        ([date(2026, 7, 1)], True, date(2026, 12, 1), FollowUp.VISITED),
        ([date(2026, 7, 2)], True, date(2026, 12, 1), FollowUp.LATE),
        ([date(2026, 6, 1)], True, date(2026, 12, 1), FollowUp.NOT_VISITED),
        ([date(2026, 5, 1)], True, date(2026, 7, 1), FollowUp.NOT_YET),
        ([], True, date(2026, 7, 2), FollowUp.NOT_VISITED),
        ([date(2026, 6, 20)], True, date(2026, 6, 10), FollowUp.NOT_YET),
        ([date(2026, 6, 2)], False, date(2026, 12, 1), FollowUp.UNKNOWN),
    ],
)
def test_what_became_of_a_flagged_company_in_thirty_days(
    visits: list[date], has_come: bool, on: date, expected: FollowUp
) -> None:
    assert follow_up(ENDED, visits, has_come=has_come, on=on, days=30) == expected


def test_a_company_counts_once_and_what_runs_or_is_unknown_is_apart() -> None:
    companies = [
        [FollowUp.NOT_VISITED, FollowUp.VISITED],
        [FollowUp.LATE],
        [FollowUp.NOT_VISITED],
        [FollowUp.NOT_YET, FollowUp.LATE],
        [FollowUp.UNKNOWN],
    ]
    share = share_of(companies)
    assert (share.visited, share.due, share.value) == (1, 3, 1 / 3)
    assert (share.counts[FollowUp.NOT_YET], share.counts[FollowUp.UNKNOWN]) == (1, 1)
    assert share_of([[FollowUp.NOT_YET]]).value is None
    assert best([FollowUp.UNKNOWN, FollowUp.LATE]) == FollowUp.LATE
