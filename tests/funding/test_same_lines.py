"""Two descriptions of the same money are one line; criteria are read as people write them."""

from decimal import Decimal

import pytest

from beffroi.funding.enums import CriterionKind
from beffroi.funding.rules.criteria import Criterion, WrongCriterion, read_criteria, written_criteria
from beffroi.funding.rules.lines import LineFacts, same_lines
from tests.funding.file_factories import day

FEDER, REGION = 1, 2


def facts(said: str) -> LineFacts:
    """stage | fund | origin | instrument | currency | start | end; what is empty is unsaid."""
    stage, fund, origin, instrument, currency, start, end = (cell.strip() for cell in said.split("|"))
    return LineFacts(
        stage=stage,
        fund=int(fund) if fund else None,
        origin=origin or "unstated",
        instrument=instrument or "unstated",
        currency=currency or "EUR",
        start=day(start) if start else None,
        end=day(end) if end else None,
        id=7,
    )


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("voted | 1 | eu | grant | | | ", "voted | 1 | eu | grant | | | ", True),
        ("voted | 1 | eu | grant | | | ", "voted | 2 | eu | grant | | | ", False),
        ("voted | | eu | grant | | | ", "voted | 2 | eu | | | | ", True),
        ("voted | | eu | | | | ", "voted | 2 | region | | | | ", False),
        ("voted | | | | | | ", "voted | | | | | | ", True),
        ("voted | | | | | | ", "voted | | eu | | | | ", False),
        ("voted | | | | | | ", "voted | 2 | | | | | ", False),
        ("voted | 1 | | grant | | | ", "voted | 1 | | loan | | | ", False),
        ("voted | 1 | | | EUR | | ", "voted | 1 | | | HRK | | ", False),
        ("voted | 1 | | | | | ", "paid | 1 | | | | | ", False),
        ("voted | 1 | | | | 01/01 | 31/12 ", "voted | 1 | | | | 01/06 | 01/06 ", True),
        ("voted | 1 | | | | 01/01 | 31/03 ", "voted | 1 | | | | 01/06 | 01/06 ", False),
        ("voted | 1 | | | | 01/01 | 31/03 ", "voted | 1 | | | | | ", True),
        ("paid | 1 | | | | 01/01 | 31/12 ", "paid | 1 | | | | 01/06 | 01/06 ", False),
        ("paid | 1 | | | | 01/06 | 01/06 ", "paid | 1 | | | | 01/06 | 01/06 ", True),
    ],
)
def test_what_makes_two_lines_one(one: str, other: str, is_same: bool) -> None:
    assert same_lines(facts(one), [facts(other)]) == ([7] if is_same else [])


def test_criteria_are_read_and_written_again() -> None:
    text = "Emplois créés ; 30\n\nInnovation ; 12,5 points\nLien avec un laboratoire\nUn ; deux ;"
    found = read_criteria(text, CriterionKind.SELECTION)
    assert found == [
        Criterion(CriterionKind.SELECTION, "Emplois créés", Decimal(30)),
        Criterion(CriterionKind.SELECTION, "Innovation", Decimal("12.5")),
        Criterion(CriterionKind.SELECTION, "Lien avec un laboratoire"),
        Criterion(CriterionKind.SELECTION, "Un ; deux"),
    ]
    assert (
        written_criteria(found[:3], CriterionKind.SELECTION)
        == "Emplois créés ; 30\nInnovation ; 12,5\nLien avec un laboratoire"
    )
    assert written_criteria(found, CriterionKind.ELIGIBILITY) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 501, "Ligne 1 : le critère dépasse 500 signes."),
        ("A\nB ; -3", "Ligne 2 : « -3 » n’est pas un nombre de points"),
        ("A ; 10000", "Ligne 1 : « 10000 » n’est pas un nombre de points"),
        ("A ; NaN", "Ligne 1 : « NaN » n’est pas un nombre de points"),
    ],
)
def test_a_criterion_that_cannot_be_read_says_its_line(text: str, sentence: str) -> None:
    with pytest.raises(WrongCriterion, match=sentence):
        read_criteria(text, CriterionKind.SELECTION)
