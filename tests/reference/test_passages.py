"""A code is a pair (code, vintage). In the Oise 60054, 60455 and 60694 made one commune in 2019, which 60694 left in 2024."""

from datetime import date
from decimal import Decimal

from beffroi.analytics.conversion import Tie, convert
from beffroi.reference.rules import Passage, carried, composed, inverted, ties_of, ties_to_wholes

HALF = Decimal("0.5")
OISE = [
    Passage(2018, 2019, "60054", "60054"),
    Passage(2018, 2019, "60455", "60054"),
    Passage(2018, 2019, "60694", "60054"),
    Passage(2023, 2024, "60054", "60054", HALF),
    Passage(2023, 2024, "60054", "60694", HALF),
]


def passed(code: str, start: int, end: int) -> dict[str, Decimal | None]:
    return carried([code], OISE, start=start, end=end)[code]


def test_pieces_become_what_they_become_and_what_nobody_shares_stays_unknown() -> None:
    parts = {"A": {"b": HALF, "c": HALF}, "Z": {"d": None}}
    then = {"b": {"x": Decimal(1)}, "c": {"x": HALF, "y": HALF}, "d": {"y": Decimal(1)}}
    assert composed(parts, then) == {"A": {"x": Decimal("0.75"), "y": Decimal("0.25")}, "Z": {"y": None}}


def test_the_oise_case() -> None:
    assert passed("60694", 2010, 2018) == {"60694": 1}
    assert passed("60694", 2010, 2019) == {"60054": 1}
    assert passed("60054", 2019, 2024) == {"60054": HALF, "60694": HALF}
    assert passed("60455", 2010, 2024) == {"60054": HALF, "60694": HALF}
    assert passed("60057", 2010, 2024) == {"60057": 1}


def test_backwards_what_several_made_is_shared_and_nobody_says_how() -> None:
    assert passed("60054", 2019, 2010) == {"60054": None, "60455": None, "60694": None}
    assert passed("60694", 2024, 2019) == {"60054": 1}
    assert passed("60057", 2024, 2010) == {"60057": 1}
    assert inverted({"a": {"c": Decimal(1)}, "b": {"c": Decimal(1)}}, ["c", "d"]) == {
        "c": {"a": None, "b": None},
        "d": {"d": 1},
    }


def test_a_long_step_counts_between_two_years_when_its_date_does() -> None:
    long = [Passage(1968, 1975, "a", "b", on=date(1971, 1, 1)), Passage(1968, 1975, "c", "d")]
    assert carried(["a", "c"], long, start=1970, end=1975) == {"a": {"b": 1}, "c": {"c": 1}}
    assert carried(["a", "c"], long, start=1972, end=1975) == {"a": {"a": 1}, "c": {"c": 1}}
    assert carried(["a", "c"], long, start=1968, end=1975) == {"a": {"b": 1}, "c": {"d": 1}}


def test_shares_apportion_only_when_asked() -> None:
    parts = carried(["60054"], OISE, start=2019, end=2024)
    assert ties_of(parts) == [Tie("60054", "60054", "partial"), Tie("60054", "60694", "partial")]
    assert ties_of(parts, by_population=True) == [
        Tie("60054", "60054", "partial", HALF),
        Tie("60054", "60694", "partial", HALF),
    ]


def test_thirds_written_with_few_decimals_make_one() -> None:
    third = Decimal("0.3333333333333333")
    split = [Passage(2023, 2024, "85084", code, third) for code in ("85084", "85165", "85212")]
    ties = ties_of(carried(["85084"], split, start=2023, end=2024), by_population=True)
    assert sum(tie.weight or 0 for tie in ties) == 1
    assert convert({"85084": 100}, ties).unallocated == 0


def test_shares_that_are_far_from_one_leave_a_remainder() -> None:
    split = [Passage(2023, 2024, "a", "b", Decimal("0.4")), Passage(2023, 2024, "a", "c", Decimal("0.4"))]
    assert convert({"a": 100}, ties_of(carried(["a"], split, start=2023, end=2024), by_population=True)).unallocated == 20


def test_an_unknown_share_makes_all_of_them_unknown() -> None:
    split = [Passage(2023, 2024, "a", "b", None), Passage(2023, 2024, "a", "c", HALF)]
    assert {tie.weight for tie in ties_of(carried(["a"], split, start=2023, end=2024), by_population=True)} == {None}


def test_pieces_in_one_zone_are_wholly_in_it() -> None:
    parts = carried(["60054", "60057"], OISE, start=2019, end=2024)
    same = {"60054": ["0054"], "60694": ["0054"], "60057": ["0054"]}
    assert ties_to_wholes(parts, same) == [Tie("60054", "0054", "full"), Tie("60057", "0054", "full")]
    other = {"60054": ["0054"], "60694": ["3208"]}
    assert ties_to_wholes(parts, other) == [Tie("60054", "0054", "partial"), Tie("60054", "3208", "partial")]
    assert ties_to_wholes(parts, other, by_population=True)[0].weight == HALF


def test_what_is_in_no_zone_is_not_allocated() -> None:
    parts = carried(["60054"], OISE, start=2019, end=2024)
    assert ties_to_wholes(parts, {"60054": ["0054"]}) == [Tie("60054", "0054", "partial")]
    assert ties_to_wholes(parts, {"60054": ["0054"]}, by_population=True)[0].weight == HALF
    assert ties_to_wholes(parts, {}) == []
