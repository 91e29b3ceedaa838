"""Profiles from conditions written as data; two classifications crossed without telling who is alone."""

from datetime import date

import polars as pl
import pytest

from beffroi.interactions.queries.segments import seven_profiles
from beffroi.interactions.rules.criteria import Criteria, activity_starts, born_before, wrong_activities
from beffroi.interactions.rules.crossing import counted, crossed
from beffroi.interactions.rules.profiles import NO_PROFILE, Classed, Condition, Limits, Values, holds, profile_of

LIMITS: Limits = {
    name: (0.1, 0.3)
    for name in ("equity_ratio", "turnover_cagr_3y", "ebitda_margin", "intangible_share", "investment_rate", "va_rate")
} | {"productivity": (40_000, 80_000)}
AVERAGE: Values = dict.fromkeys(LIMITS, 0.2) | {"productivity": 60_000.0, "headcount_3": 30.0, "is_owned": 0.0}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Classed(NO_PROFILE)),
        ({"equity_ratio": -0.1}, Classed("p7")),
        ({"turnover_cagr_3y": -0.1, "ebitda_margin": -0.1}, Classed("p7")),
        ({"turnover_cagr_3y": -0.1}, Classed(NO_PROFILE)),
        ({"is_owned": 1.0, "intangible_share": 0.9, "investment_rate": 0.9}, Classed("p2")),
        ({"intangible_share": 0.9, "investment_rate": 0.9}, Classed("p4")),
        ({"turnover_cagr_3y": 0.4, "ebitda_margin": 0.4}, Classed("p3")),
        ({"productivity": 30_000.0, "equity_ratio": 0.05}, Classed("p6")),
        ({"headcount_3": 9.0, "productivity": 30_000.0, "equity_ratio": 0.05}, Classed("p5")),
        ({"equity_ratio": 0.5}, Classed("p1")),
        ({"va_rate": 0.5, "turnover_cagr_3y": 0.35}, Classed(NO_PROFILE)),
        ({"equity_ratio": None, "intangible_share": 0.9, "investment_rate": 0.9}, Classed("p4", ("p7",))),
        ({"equity_ratio": None}, Classed("", ("p7", "p1"))),
        (dict.fromkeys(AVERAGE), Classed("", ("p7", "p2", "p4", "p3", "p6", "p5", "p1"))),
    ],
)
def test_the_first_profile_that_applies_is_the_class(changed: Values, expected: Classed) -> None:
    assert profile_of({**AVERAGE, **changed}, LIMITS, among=seven_profiles().profiles) == expected


def test_a_threshold_that_is_unknown_leaves_the_condition_unknown() -> None:
    assert holds(Condition("va_rate", "high"), {"va_rate": 0.9}, {"va_rate": (None, None)}) is None
    assert holds(Condition("va_rate", "low"), {"va_rate": 0.1}, LIMITS) is True
    assert holds(Condition("va_rate", "high"), {"va_rate": 0.3}, LIMITS) is False


def test_small_counts_are_hidden_with_one_more_of_their_line_and_column() -> None:
    pairs = pl.DataFrame(
        [("a", "x", 9), ("a", "y", 2), ("a", "z", 5), ("b", "x", 8), ("b", "y", 7), ("b", "z", 6)],
        schema=["one", "other", "companies"],
        orient="row",
    )
    found = crossed(pairs, rows=["a", "b", "c"], columns=["x", "y", "z"])
    shown = [[cell.companies for cell in found.line(row)] for row in found.rows]
    assert shown == [[9, None, None], [8, None, None], [0, 0, 0]]
    assert (found.companies, found.cells["a", "x"].share, found.cells["a", "x"].expected) == (37, 9 / 16, 16 * 17 / 37)
    assert found.cells["a", "y"].is_secret and found.cells["a", "y"].share is None


def test_nothing_crossed_is_zero_everywhere() -> None:
    empty = pl.DataFrame(schema={"one": pl.String, "other": pl.String, "companies": pl.Int64})
    found = crossed(empty, rows=["a"], columns=["x"])
    assert (found.companies, found.line("a")[0].companies, found.line("a")[0].share) == (0, 0, None)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9, "c": 0}),
        ({"a": 2, "b": 9, "c": 4}, {"a": None, "b": 9, "c": None}),
        ({"a": 2, "b": 1, "c": 4}, {"a": None, "b": None, "c": 4}),
        ({"a": 2}, {"a": None, "b": 0, "c": 0}),
    ],
)
def test_a_class_of_one_or_two_is_secret_and_cannot_be_deduced(
    classes: dict[str, int], expected: dict[str, int | None]
) -> None:
    assert counted(classes, order=["a", "b", "c"]) == expected


# Criteria of prospecting lists


def test_activities_are_beginnings_of_codes_of_the_register() -> None:
    assert activity_starts("10, 13.3 ; 2562b,") == ["10", "13.3", "25.62B"]
    assert wrong_activities(["10", "13.3", "25.62B", "C", "10.111A", "1é"]) == ["C", "10.111A", "1é"]


def test_a_year_of_birth_says_who_is_surely_older() -> None:
    assert born_before(date(2026, 11, 20), older_than=55) == 1970


def test_criteria_are_kept_without_what_nobody_asked() -> None:
    asked = Criteria(activities=("10",), not_seen_since=date(2026, 1, 1), words={"Activités": "10"})
    assert asked.as_json() == {"activities": ["10"], "not_seen_since": "2026-01-01", "words": {"Activités": "10"}}
    assert (asked.is_empty, Criteria(method="innoscope").is_empty) == (False, True)
