"""A picture of money going from one list to another: where its bands stand. Pure; the same amounts give the same drawing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 12  # names on each side; the rest are one band
WIDTH, ROW, GAP, BAR = 960, 26, 8, 12
LEFT, RIGHT = 300, 640
TALLEST = 420


@dataclass(frozen=True)
class End:
    label: str
    amount: int
    x: str
    y: str
    height: str
    text_x: str
    text_y: str
    anchor: str


@dataclass(frozen=True)
class Band:
    path: str
    width: str
    title: tuple[str, str, int]


@dataclass(frozen=True)
class Flow:
    width: int
    height: int
    ends: tuple[End, ...]
    bands: tuple[Band, ...]


def flow(pairs: Iterable[tuple[str, str, int]], *, others: str) -> Flow | None:
    """`pairs`: from, to, amount in cents; nothing when there is nothing to draw. `others`: the name of the rest."""
    kept = [(left, right, amount) for left, right, amount in pairs if amount > 0]
    if not kept:
        return None
    names = [_first(kept, side) for side in (0, 1)]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for left, right, amount in kept:
        sums[left if left in names[0] else others, right if right in names[1] else others] += amount
    return _drawn(sums, others)


def _first(pairs: Sequence[tuple[str, str, int]], side: int) -> set[str]:
    amounts: dict[str, int] = defaultdict(int)
    for pair in pairs:
        amounts[str(pair[side])] += pair[2]
    ranked = sorted(amounts, key=lambda name: (-amounts[name], name))
    return set(ranked if len(ranked) <= MOST else ranked[: MOST - 1])


def _drawn(sums: dict[tuple[str, str], int], others: str) -> Flow:
    sides = [_amounts(sums, side, others) for side in (0, 1)]
    most = max(len(side) for side in sides)
    whole = sum(sums.values())
    scale = (TALLEST - GAP * most) / whole
    places = [_places(side, scale) for side in sides]
    height = int(max(y + tall for place in places for y, tall in place.values())) + ROW
    ends = [_end(name, amount, places[side][name], side) for side in (0, 1) for name, amount in sides[side].items()]
    return Flow(WIDTH, height, tuple(ends), tuple(_bands(sums, places, scale)))


def _amounts(sums: dict[tuple[str, str], int], side: int, others: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for pair, amount in sums.items():
        found[pair[side]] += amount
    return dict(sorted(found.items(), key=lambda one: (one[0] == others, -one[1], one[0])))


def _places(amounts: dict[str, int], scale: float) -> dict[str, tuple[float, float]]:
    """Top and height of each bar: a name always has the room of its line."""
    at, found = float(GAP), {}
    for name, amount in amounts.items():
        tall = amount * scale
        found[name] = (at, tall)
        at += max(tall, ROW - GAP) + GAP
    return found


def _end(name: str, amount: int, place: tuple[float, float], side: int) -> End:
    top, tall = place
    x, text_x, anchor = (LEFT, LEFT - 8, "end") if side == 0 else (RIGHT, RIGHT + BAR + 8, "start")
    middle = top + max(tall, ROW - GAP) / 2 + 5
    return End(name, amount, str(x), f"{top:.1f}", f"{max(tall, 1):.1f}", str(text_x), f"{middle:.1f}", anchor)


def _bands(sums: dict[tuple[str, str], int], places: list[dict[str, tuple[float, float]]], scale: float) -> Iterable[Band]:
    used: list[dict[str, float]] = [defaultdict(float), defaultdict(float)]
    ranks = [{name: rank for rank, name in enumerate(side)} for side in places]
    for (left, right), amount in sorted(sums.items(), key=lambda one: (ranks[0][one[0][0]], ranks[1][one[0][1]])):
        tall = amount * scale
        ys = [places[side][name][0] + used[side][name] + tall / 2 for side, name in enumerate((left, right))]
        used[0][left] += tall
        used[1][right] += tall
        half = (LEFT + BAR + RIGHT) / 2
        path = f"M{LEFT + BAR},{ys[0]:.1f} C{half:.0f},{ys[0]:.1f} {half:.0f},{ys[1]:.1f} {RIGHT},{ys[1]:.1f}"
        yield Band(path, f"{max(tall, 1):.1f}", (left, right, amount))
