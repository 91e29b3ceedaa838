"""Through a crosswalk, nothing is lost and nothing is made up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.analytics.conversion import MILLION, Tie, convert, largest_remainder


def ties(text: str) -> list[Tie]:
    rows = [line.split() for line in text.strip().splitlines()]
    return [Tie(source, target, strength, Decimal(rest[0]) if rest else None) for source, target, strength, *rest in rows]


def answer(cents: int, text: str) -> str:
    found = convert({"a": cents}, ties(text))
    shares = " ".join(f"{name}:{s.certain}/{s.weighted}/{s.at_most}" for name, s in sorted(found.targets.items()))
    return f"{shares} = {found.certain} + {found.uncertain} + {found.unallocated}".strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a x full", "x:100/100/100 = 100 + 0 + 0"),
        ("a x partial 0.6\na y partial 0.4", "x:0/60/60 y:0/40/40 = 0 + 100 + 0"),
        ("a x partial 0.6", "x:0/60/60 = 0 + 60 + 40"),
        ("a x partial 0.6\na y partial", "x:0/60/60 y:0/0/40 = 0 + 100 + 0"),
        ("a x partial\na y partial", "x:0/0/100 y:0/0/100 = 0 + 100 + 0"),
        ("a x full\na y full", "x:0/0/100 y:0/0/100 = 0 + 100 + 0"),
        ("a x related", "= 0 + 0 + 100"),
        ("b x full", "= 0 + 0 + 100"),
    ],
)
def test_certain_weighted_at_most_and_the_rest(text: str, expected: str) -> None:
    assert answer(100, text) == expected


def test_the_cents_of_thirds_are_all_given() -> None:
    assert largest_remainder(100, {"x": 1, "y": 1, "z": 1}, 3) == {"x": 34, "y": 33, "z": 33}


WEIGHT = st.none() | st.integers(1, MILLION).map(lambda parts: Decimal(parts) / MILLION)
TIE = st.builds(Tie, st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from(["full", "partial", "related"]), WEIGHT)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 10**13)), st.lists(TIE, unique_by=lambda t: (t.source, t.target))
)
def test_the_parts_always_make_the_whole(amounts: dict[str, int], found: list[Tie]) -> None:
    result = convert(amounts, found)
    assert result.is_balanced
    assert result.total == sum(amounts.values())
    assert sum(share.certain for share in result.targets.values()) == result.certain
    assert sum(share.weighted for share in result.targets.values()) <= result.total
    assert all(0 <= share.certain <= share.weighted <= share.at_most for share in result.targets.values())


@given(st.integers(0, 10**13), st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_cents_split_by_parts_make_the_total(total: int, parts: list[int]) -> None:
    shares = largest_remainder(total, {f"t{at}": part for at, part in enumerate(parts)}, sum(parts))
    assert sum(shares.values()) == total
