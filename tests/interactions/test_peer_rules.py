"""A company beside its peers: never so few that one of them can be read."""

import pytest

from beffroi.interactions.rules import peers as rules
from beffroi.interactions.rules.peers import Spread


@pytest.mark.parametrize(("headcount", "band"), [(None, None), (0, 0), (9.5, 0), (10, 1), (49, 1), (50, 2), (249, 2), (250, 3)])
def test_sizes_are_those_of_the_european_definition(headcount, band) -> None:
    assert rules.size_band(headcount) == band


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [(20, 100, 0.2), (-20, 100, -0.2), (20, 0, None), (20, -5, None), (None, 5, None), (5, None, None)],
)
def test_a_ratio_on_nothing_is_unknown(above, below, expected) -> None:
    assert rules.ratio(above, below) == expected


def test_below_six_peers_nothing_is_shown_and_below_twelve_no_quartile() -> None:
    assert rules.spread([1, 2, 3, 4, 5]) == Spread(5)
    assert rules.spread([1, 2, 3, 4, 5]).is_hidden
    assert rules.spread([1, 2, 3, 4, 5, 6]) == Spread(6, 3.5)
    assert rules.spread(list(range(1, 14))) == Spread(13, 7, 4, 10)


@pytest.mark.parametrize(("value", "expected"), [(3, "below"), (4, "inside"), (10, "inside"), (11, "above"), (None, "")])
def test_a_company_is_below_inside_or_above_the_middle_half(value, expected) -> None:
    assert rules.place_among(value, rules.spread(list(range(1, 14)))) == expected
    assert rules.place_among(3, rules.spread([1, 2, 3, 4, 5, 6])) == ""
