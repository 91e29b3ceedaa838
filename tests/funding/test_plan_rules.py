"""Moves in a financing plan keep its total; two versions differ cell by cell."""

from decimal import Decimal

import pytest

from beffroi.funding.rules.plans import (
    CellKey,
    Difference,
    Shift,
    blockers_to_adoption,
    blockers_to_shift,
    blockers_to_undoing,
    blockers_to_withdrawal,
    differences,
    losers,
    shifted,
    total,
    totals_by,
)

D = Decimal


def cell(item: int, funder: int = 1, year: int = 2021) -> CellKey:
    return CellKey(item, funder, "state", year, "contractualised")


PLAN = {cell(1): D(100), cell(2): D(50), cell(2, 9): D(70)}


def test_a_move_keeps_the_total() -> None:
    after = shifted(PLAN, [Shift(cell(1), cell(2), D(30)), Shift(cell(1), cell(3, year=2022), D("70.01") - D("0.01"))])
    assert after == {cell(1): D(0), cell(2): D(80), cell(2, 9): D(70), cell(3, year=2022): D(70)}
    assert total(after) == total(PLAN) == D(220)
    assert PLAN[cell(1)] == D(100)


@pytest.mark.parametrize(
    ("source", "target", "amount", "said"),
    [
        (1, 2, "30", []),
        (1, 2, "100", []),
        (1, 2, "0", ["plus grand que zéro"]),
        (1, 1, "5", ["au même endroit"]),
        (7, 2, "5", ["pas de montant à l’endroit de départ"]),
        (1, 2, "100.01", ["Il ne reste que 100 €"]),
    ],
)
def test_what_forbids_a_move(source: int, target: int, amount: str, said: list[str]) -> None:
    found = blockers_to_shift(PLAN, Shift(cell(source), cell(target), D(amount)))
    assert len(found) == len(said)
    assert all(words in sentence for words, sentence in zip(said, found, strict=True))


def test_a_move_on_which_a_later_one_stands_is_not_undone_first() -> None:
    moves = [Shift(cell(1), cell(3), D(60)), Shift(cell(3), cell(2), D(40))]
    assert len(blockers_to_undoing(PLAN, moves, 0)) == 1
    assert blockers_to_undoing(PLAN, moves, 1) == []


def test_versions_differ_cell_by_cell_and_silence_is_not_zero() -> None:
    after = {cell(1): D(90), cell(2): D(50), cell(2, 9): D(0), cell(4): D(80)}
    assert differences(PLAN, after) == [
        Difference(cell(1), D(100), D(90)),
        Difference(cell(2, 9), D(70), D(0)),
        Difference(cell(4), None, D(80)),
    ]
    assert [row.change for row in differences(PLAN, after)] == [D(-10), D(-70), D(80)]


def test_totals_by_place_and_who_loses() -> None:
    assert totals_by(PLAN, "item") == {1: D(100), 2: D(120)}
    assert totals_by(PLAN, "funder") == {1: D(150), 9: D(70)}
    assert losers({1: D(100), 2: D(120), 3: D(5)}, {1: D(60), 2: D(130)}) == {1: D(40), 3: D(5)}


@pytest.mark.parametrize(
    ("state", "is_on_it", "cells", "said"),
    [
        ("proposed", True, 3, 0),
        ("proposed", False, 3, 1),
        ("withdrawn", True, 3, 1),
        ("in_force", True, 3, 1),
        ("proposed", True, 0, 1),
    ],
)
def test_what_keeps_a_version_from_being_in_force(state: str, is_on_it: bool, cells: int, said: int) -> None:
    assert len(blockers_to_adoption(state=state, is_on_the_one_in_force=is_on_it, cells=cells)) == said


def test_only_a_proposal_is_withdrawn() -> None:
    assert blockers_to_withdrawal(state="proposed") == []
    assert len(blockers_to_withdrawal(state="in_force")) == 1
