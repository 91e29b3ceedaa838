"""The life cycles of files: what may follow what, and what is missing before a step."""

from datetime import date

import pytest

from beffroi.accounts.enums import Visibility
from beffroi.funding.enums import Cycle, FileBlocker, Stage, StepBlocker, StepKind
from beffroi.funding.rules import cycles
from tests.funding.file_factories import day

TODAY = date(2026, 11, 20)
S = StepKind


def steps(*said: str) -> list[cycles.Dated]:
    """« complete 12/01 », or « complete ? » without a date."""
    found = []
    for number, text in enumerate(said, 1):
        kind, when = text.split()
        found.append(cycles.Dated(StepKind(kind), None if when == "?" else day(when), id=number))
    return found


def blockers(kind: str, on: str, *before: str, cycle: Cycle = Cycle.ERDF, **said: str) -> list[str]:
    return cycles.blockers_to_step(StepKind(kind), on=day(on), cycle=cycle, steps=steps(*before), today=TODAY, **said)


@pytest.mark.parametrize("cycle", Cycle)
def test_every_step_of_a_cycle_is_reached_from_its_first_and_leads_only_inside(cycle: Cycle) -> None:
    table = cycles.NEXT[cycle]
    first = next(iter(table))
    assert set().union(*table.values()) <= set(table)
    assert {step for step in table if step != first and not cycles.can_lead(cycle, first, step)} == set()
    assert set(cycles.PATHS[cycle]) <= set(table)
    assert cycles.DECISION[cycle] in cycles.PATHS[cycle]


def test_the_same_steps_have_a_reason_for_the_database_and_for_the_rules() -> None:
    from beffroi.funding.models.steps import REASONED

    assert set(REASONED) == set(cycles.REASONED)


def test_a_file_goes_one_step_after_the_other() -> None:
    assert blockers("complete", "12/01", "submitted 05/01") == []
    assert blockers("programmed", "12/01", "submitted 05/01") == [StepBlocker.NOT_NEXT]
    assert blockers("voted", "12/01", "submitted 05/01", number="1") == [StepBlocker.NOT_IN_CYCLE]


def test_a_file_taken_up_on_its_way_begins_anywhere() -> None:
    assert blockers("agreed", "12/01") == []


def test_a_date_before_the_step_before_or_to_come_is_refused() -> None:
    assert blockers("complete", "04/01", "submitted 05/01") == [StepBlocker.BEFORE_PREVIOUS]
    assert blockers("complete", "21/11", "submitted 05/01") == [StepBlocker.IN_THE_FUTURE]


def test_a_refusal_has_a_reason_and_a_vote_its_number() -> None:
    assert blockers("refused", "12/01", "submitted 05/01", reason=" ") == [StepBlocker.NO_REASON]
    assert blockers("refused", "12/01", "submitted 05/01", reason="hors objet") == []
    vote = ("voted", "12/03", "submitted 05/01", "complete 12/01", "appraised 01/02")
    assert blockers(*vote, cycle=Cycle.REGIONAL_AID) == [StepBlocker.NO_NUMBER]
    assert blockers(*vote, cycle=Cycle.REGIONAL_AID, number="2026.00123") == []


@pytest.mark.parametrize(
    ("kind", "on", "expected"),
    [
        ("complete", "10/01", []),
        ("complete", "20/02", [StepBlocker.NOT_NEXT]),  # after the appraisal
        ("submitted", "06/01", [StepBlocker.NOT_NEXT]),  # twice
        ("programmed", "20/01", [StepBlocker.NOT_NEXT]),  # it cannot lead to the appraisal
    ],
)
def test_a_forgotten_step_takes_its_place(kind: str, on: str, expected: list[str]) -> None:
    assert blockers(kind, on, "submitted 05/01", "appraised 01/02") == expected


def test_what_happens_several_times_is_noted_several_times() -> None:
    paid = ("agreed 01/02", "advance 01/03", "instalment 01/04")
    assert blockers("instalment", "01/05", *paid, cycle=Cycle.REGIONAL_AID) == []
    assert blockers("instalment", "15/03", *paid, cycle=Cycle.REGIONAL_AID) == [StepBlocker.BEFORE_PREVIOUS]


def corrected(number: int, on: str, **said: str) -> list[str]:
    known = steps("submitted 05/01", "complete 12/01", "appraised 01/02")
    return cycles.blockers_to_correction(known[number - 1], on=day(on), steps=known, today=TODAY, **said)


def test_a_corrected_step_stays_between_its_neighbours() -> None:
    assert corrected(2, "15/01") == []
    assert corrected(2, "04/01") == [StepBlocker.BEFORE_PREVIOUS]
    assert corrected(2, "02/02") == [StepBlocker.AFTER_NEXT]
    assert corrected(3, "21/11") == [StepBlocker.IN_THE_FUTURE]
    assert corrected(1, "01/01") == []


def test_a_file_out_leads_nowhere() -> None:
    assert cycles.following(Cycle.ERDF, S.REFUSED) == []
    assert cycles.following(Cycle.RD_PROJECT, S.SUBMITTED) == [S.LABELLED, S.SUSPENDED, S.ABANDONED]
    assert cycles.following(Cycle.CPER, None) == [S.CONTRACTUALISED, S.OPENED, S.COMMITTED, S.PAID, S.CLOSED, S.WITHDRAWN]


def test_what_sources_say_out_of_order_is_kept_and_raised() -> None:
    assert cycles.oddities(steps("submitted 05/01", "complete 12/01", "programmed 01/06"), Cycle.ERDF) == {}
    assert cycles.oddities(steps("programmed 05/01", "complete 12/01"), Cycle.ERDF) == {
        2: "« recevable » est daté après « programmé », qu’il devrait précéder."
    }
    assert cycles.oddities(steps("refused 05/01", "withdrawn 12/01"), Cycle.ERDF) == {
        2: "« retiré » ne peut pas suivre « refusé »."
    }
    assert cycles.oddities(steps("voted 05/01"), Cycle.ERDF) == {1: "Cette étape n’existe pas dans le cycle de vie du dossier."}
    twice = cycles.oddities(steps("complete 12/01", "complete 13/01"), Cycle.ERDF)
    assert set(twice.values()) == {"Deux sources datent cette étape autrement."}


def test_an_undated_step_stands_where_its_source_says() -> None:
    seen = cycles.Dated(S.PROGRAMMED, None, date(2026, 6, 30), 1)
    later = cycles.Dated(S.AGREED, date(2026, 9, 1), id=2)
    nowhere = cycles.Dated(S.SUBMITTED, None, None, 3)
    assert [step.id for step in cycles.in_order([later, seen, nowhere])] == [3, 1, 2]


@pytest.mark.parametrize(
    ("on", "has_applicant", "expected"),
    [
        ("15/02", True, []),
        ("15/02", False, [FileBlocker.NO_APPLICANT]),
        ("31/12/2025", True, [FileBlocker.CALL_NOT_OPEN]),
        ("01/04", True, [FileBlocker.CALL_CLOSED]),
    ],
)
def test_a_file_is_received_while_its_call_is_open(on: str, has_applicant: bool, expected: list[str]) -> None:
    asked = {"opens": day("01/01"), "closes": day("31/03"), "has_applicant": has_applicant}
    assert cycles.blockers_to_submission(on=day(on), **asked) == expected


def turned(*kinds: str, cycle: Cycle = Cycle.ERDF, has_operation: bool = False) -> list[str]:
    known = [StepKind(kind) for kind in kinds]
    return cycles.blockers_to_operation(
        cycle=cycle, steps=known, current=known[-1] if known else None, has_operation=has_operation
    )


def test_a_decided_file_becomes_an_operation_once() -> None:
    assert turned("submitted", "programmed") == []
    assert turned("agreed") == []
    assert turned("contractualised", cycle=Cycle.CPER) == []
    assert turned("submitted") == [FileBlocker.NOT_DECIDED]
    assert turned("programmed", "deprogrammed") == [FileBlocker.IS_OUT]
    assert turned("programmed", has_operation=True) == [FileBlocker.HAS_OPERATION]
    assert turned() == [FileBlocker.NOT_DECIDED]


def test_what_is_requested_is_for_its_owner_and_what_is_planned_is_for_partners() -> None:
    assert cycles.seen_at_stage(Stage.REQUESTED, Visibility.PUBLIC) == Visibility.BODIES
    assert cycles.seen_at_stage(Stage.REQUESTED, Visibility.OWNER) == Visibility.OWNER
    assert cycles.seen_at_stage(Stage.PLANNED, Visibility.OWNER) == Visibility.PARTNERS
    assert cycles.seen_at_stage(Stage.PAID, Visibility.PUBLIC) == Visibility.PUBLIC
    assert cycles.seen_at_stage(Stage.UNSTATED, Visibility.OWNER) == Visibility.OWNER
