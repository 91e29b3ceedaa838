"""A printed total beside its lines: by how much they differ, and which lines make the difference. Pure, in cents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from beffroi.funding.enums import PrintedState

# Beyond three lines some set of them always happens to make a difference: it would explain nothing.
MOST_LINES_NAMED = 3


def rounding_margin(cents: int) -> int:
    """Half the last digit written, for a number written in round thousands; 0 for one written to the euro."""
    euros = abs(cents) // 100
    zeros = len(str(euros)) - len(str(euros).rstrip("0"))
    return 50 * int(10**zeros) if euros and zeros >= 3 and cents % 100 == 0 else 0


def printed_state(printed: int | None, listed: int | None, *, is_whole: bool, unknown: int = 0) -> PrintedState:
    """`is_whole`: the lines claim to be all that the total is made of. `unknown`: how many of them have no amount."""
    if printed is None or listed is None:
        return PrintedState.NOTHING_TO_COMPARE
    gap = listed - printed
    if gap == 0 and not unknown:
        return PrintedState.BALANCED
    if gap <= 0 and (unknown or not is_whole):
        return PrintedState.PARTIAL
    return PrintedState.ROUNDING if abs(gap) <= rounding_margin(printed) else PrintedState.DIFFERS


def lines_that_make(gap: int, lines: Mapping[int, int], *, margin: int = 0) -> tuple[int, ...]:
    """The one smallest set of lines whose sum is the gap: left out of the total, or counted twice when it is negative.
    None when no set is, or when several of one size are: nothing tells which."""
    amounts = {key: cents for key, cents in lines.items() if cents > 0}
    wanted = abs(gap)
    for size in range(1, min(MOST_LINES_NAMED, len(amounts) - 1) + 1):
        sets = [keys for keys in combinations(amounts, size) if abs(sum(amounts[key] for key in keys) - wanted) <= margin]
        if sets:
            return sets[0] if len(sets) == 1 else ()
    return ()


@dataclass(frozen=True)
class Decomposed:
    """`parts`: what each sub-total brings to the difference. `rest`: what none of them brings."""

    parts: Mapping[int, int]
    rest: int


def decomposed(gap: int, *, listed: Mapping[int, int], printed: Mapping[int, int]) -> Decomposed:
    """The difference of a total of totals: that of each part which has its own printed total, then what remains between
    the printed totals themselves."""
    parts = {key: listed[key] - cents for key, cents in printed.items() if key in listed and listed[key] != cents}
    return Decomposed(parts, gap - sum(parts.values()))


def face_to_face(totals: Sequence[tuple[int, tuple[object, ...], int | None]]) -> list[tuple[int, int]]:
    """Pairs of totals said of one same thing with two amounts. Each total: its key, what it is about, its cents."""
    known = [row for row in totals if row[2] is not None]
    pairs = combinations(known, 2)
    return [(one[0], other[0]) for one, other in pairs if one[1] == other[1] and one[2] != other[2]]
