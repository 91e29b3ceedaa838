"""Processing times: between two steps, on sound dates only; what is not known is counted apart."""

from datetime import date

import pytest

from beffroi.funding.enums import Cycle, StepKind
from beffroi.funding.rules.cycles import PATHS
from beffroi.funding.rules.delays import Delay, Span, SpanState, dates_of_steps, delay, intervals, span
from tests.funding.file_factories import day

ON = date(2026, 11, 20)
S = StepKind


def dates(*said: str) -> dict[StepKind, date | None]:
    pairs = [text.split() for text in said]
    return dates_of_steps((StepKind(kind), None if when == "?" else day(when)) for kind, when in pairs)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("submitted 05/01", "complete 12/01"), Span(SpanState.KNOWN, 7)),
        (("submitted 05/01", "complete 05/01"), Span(SpanState.KNOWN, 0)),
        (("submitted 10/11",), Span(SpanState.RUNNING, 10)),
        (("submitted 05/01", "refused 12/01"), Span(SpanState.LEFT)),
        (("submitted 05/01", "programmed 01/06"), Span(SpanState.UNKNOWN)),  # the step was not noted
        (("submitted 05/01", "complete 04/01"), Span(SpanState.UNKNOWN)),  # before its cause
        (("submitted ?", "complete 04/01"), Span(SpanState.UNKNOWN)),
        (("submitted ?",), Span(SpanState.UNKNOWN)),
        (("submitted 05/01", "submitted 06/01", "complete 12/01"), Span(SpanState.UNKNOWN)),  # two sources disagree
        (("complete 04/01",), Span(SpanState.UNKNOWN)),
        (("agreed 04/01",), None),
    ],
)
def test_the_days_between_receipt_and_completeness(said: tuple[str, ...], expected: Span | None) -> None:
    assert span(dates(*said), S.SUBMITTED, S.COMPLETE, path=PATHS[Cycle.ERDF], on=ON) == expected


def test_what_happens_several_times_is_first_reached_once() -> None:
    assert dates("paid 01/05", "paid 01/03") == {S.PAID: day("01/03")}
    assert dates("paid 01/05", "paid ?") == {S.PAID: None}
    assert dates("complete 01/05", "complete 01/05") == {S.COMPLETE: day("01/05")}


def known(*days: int) -> list[tuple[Span, int | None]]:
    return [(Span(SpanState.KNOWN, one), None) for one in days]


def test_median_and_quartiles_of_eight_files() -> None:
    """10 20 30 40 50 60 70 80: the median is 45, the quartiles 27.5 and 62.5 (both ends included)."""
    found = delay(known(80, 10, 20, 30, 40, 50, 60, 70))
    assert (found.count, found.median, found.first_quartile, found.third_quartile, found.longest) == (8, 45, 27.5, 62.5, 80)


def test_three_files_have_a_median_and_no_quartile() -> None:
    assert delay(known(5, 9, 30)) == Delay(count=3, median=9, longest=30)


def test_late_files_are_those_past_what_was_announced() -> None:
    spans = [(Span(SpanState.KNOWN, 40), 30), (Span(SpanState.RUNNING, 31), 30), (Span(SpanState.KNOWN, 30), 30)]
    assert delay(spans).late == 2
    assert delay([(one, None) for one, _ in spans]).late is None
    assert delay([(Span(SpanState.UNKNOWN), 30)]).late == 0


def test_every_file_is_counted_once() -> None:
    spans = [*known(5), *((Span(state), None) for state in (SpanState.LEFT, SpanState.UNKNOWN, SpanState.UNKNOWN))]
    found = delay([*spans, (Span(SpanState.RUNNING, 3), None)])
    assert (found.count, found.left, found.unknown, found.running, found.files) == (1, 1, 2, 1, 5)


def test_no_file_has_no_median() -> None:
    assert delay([]) == Delay(count=0)


def test_the_whole_way_comes_first_and_no_interval_twice() -> None:
    assert intervals(Cycle.RD_PROJECT) == [(S.SUBMITTED, S.FUNDED), (S.SUBMITTED, S.LABELLED), (S.LABELLED, S.FUNDED)]
