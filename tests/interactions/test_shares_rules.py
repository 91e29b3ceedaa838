"""How one activity is shared: which parts hold, what is refused, and that nothing is lost in rounding."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.interactions.enums import ShareBlocker
from beffroi.interactions.rules import shares
from beffroi.interactions.rules.shares import Key, Part, Term

REGION, ERDF, OWN = 1, 2, None
DAY = date(2026, 6, 1)
RUNNING = {REGION: Term(date(2026, 1, 1), date(2026, 12, 31)), ERDF: Term(None, None)}


def parts(text: str) -> list[Part]:
    """« 1 0.5 | own 0.5 »."""
    told = [part.split() for part in text.split("|")]
    return [Part(None if who == "own" else int(who), Decimal(share)) for who, share in told]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("1 0.5 | 2 0.3 | own 0.2", []),
        ("own 1", []),
        ("1 0.5 | own 0.4", [ShareBlocker.NOT_WHOLE]),
        ("1 0.6 | 1 0.4", [ShareBlocker.TWICE]),
        ("1 1.5 | own -0.5", [ShareBlocker.NOT_A_SHARE]),
        ("9 0.5 | own 0.5", [ShareBlocker.NOT_A_PARTY]),
    ],
)
def test_the_shares_of_an_activity_make_the_whole(said: str, refused: list[ShareBlocker]) -> None:
    assert shares.blockers_to_shares(parts(said), on=DAY, terms=RUNNING, exclusions=()) == refused


def test_an_agreement_pays_only_while_it_runs() -> None:
    late = shares.blockers_to_shares(parts("1 1"), on=date(2027, 1, 1), terms=RUNNING, exclusions=())
    assert late == [ShareBlocker.NOT_IN_FORCE]
    assert Term(date(2026, 1, 1), None).holds(date(2025, 12, 31)) is False


def test_an_agreement_does_not_pay_for_what_it_excludes() -> None:
    both = parts("1 0.5 | 2 0.5")
    assert shares.blockers_to_shares(both, on=DAY, terms=RUNNING, exclusions=[(1, 2)]) == [ShareBlocker.EXCLUDED]
    assert shares.excluded_by(REGION, both, [(1, 2)]) == {ERDF}
    assert shares.excluded_by(ERDF, both, [(1, 2)]) == set()


def test_the_last_key_of_the_nearest_kind_holds() -> None:
    keys = [
        Key(10, date(2025, 1, 1), Part(REGION, Decimal(1))),
        Key(10, date(2026, 1, 1), Part(ERDF, Decimal(1))),
        Key(99, date(2020, 1, 1), Part(OWN, Decimal(1))),
    ]
    found = {day: shares.shares_of([], keys, kinds=(11, 10), on=day)[0].agreement for day in (date(2025, 6, 1), DAY)}
    assert found == {date(2025, 6, 1): REGION, DAY: ERDF}
    assert shares.shares_of([], keys, kinds=(10,), on=date(2024, 1, 1)) == [Part(OWN, Decimal(1))]
    assert shares.shares_of(parts("2 1"), keys, kinds=(10,), on=DAY) == parts("2 1")


def test_a_cent_that_does_not_divide_goes_to_the_largest_remainder() -> None:
    third = Decimal("0.333333")
    assert shares.split(100, [Part(1, third), Part(2, third), Part(None, 1 - 2 * third)]) == {1: 33, 2: 33, None: 34}
    assert shares.split(0, parts("1 0.5 | own 0.5")) == {1: 0, None: 0}


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_what_is_split_adds_up_to_the_whole(total: int, weights: list[int]) -> None:
    whole = sum(weights) or 1
    made = [Part(place, Decimal(weight) / whole) for place, weight in enumerate(weights)]
    made.append(Part(None, 1 - sum((part.share for part in made), Decimal(0))))
    assert sum(shares.split(total, made).values()) == total


def test_money_is_unknown_without_a_duration_or_a_cost() -> None:
    assert (shares.cost(90, 4_000), shares.cost(None, 4_000), shares.cost(90, None)) == (6_000, None, None)
    costs = [(date(2025, 1, 1), 3_000), (date(2026, 1, 1), 4_000)]
    assert (shares.hourly_on(date(2025, 6, 1), costs), shares.hourly_on(DAY, costs)) == (3_000, 4_000)
    assert shares.hourly_on(date(2024, 1, 1), costs) is None
