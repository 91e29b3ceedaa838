"""Classes of a map, levels of an activity, and what a printed decomposition says of itself. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
MOST_CLASSES = 5


@dataclass(frozen=True)
class Class:
    """The values of a map that share a colour: both ends are values that are there."""

    low: float
    high: float
    count: int


def classes_of(values: Sequence[float], most: int = MOST_CLASSES) -> list[Class]:
    """At most five classes of about as many values; equal values stay together, and zero parts losses from gains."""
    ordered = sorted(values)
    if not ordered:
        return []
    below, above = [value for value in ordered if value < 0], [value for value in ordered if value >= 0]
    if not below or not above:
        return _quantiles(ordered, most)
    lower = min(max(1, round(most * len(below) / len(ordered))), most - 1)
    return _quantiles(below, lower) + _quantiles(above, most - lower)


def _quantiles(ordered: Sequence[float], most: int) -> list[Class]:
    groups: list[list[float]] = []
    for place, value in enumerate(ordered):
        is_new = not groups or (value != groups[-1][-1] and place * most // len(ordered) >= len(groups))
        if is_new:
            groups.append([])
        groups[-1].append(value)
    return [Class(group[0], group[-1], len(group)) for group in groups]


def class_of(value: float | None, classes: Sequence[Class]) -> int | None:
    return None if value is None else next((place for place, one in enumerate(classes) if one.low <= value <= one.high), None)


# How many characters of a NAF code say a division, a group, a class, a sub-class; a section is read from the division
NAF_DEPTHS = {"section": 1, "division": 2, "groupe": 3, "classe": 4, "sous-classe": 5}
LAST_DIVISIONS = {
    3: "A", 9: "B", 33: "C", 35: "D", 39: "E", 43: "F", 47: "G", 53: "H", 56: "I", 63: "J", 66: "K", 68: "L", 75: "M",
    82: "N", 84: "O", 85: "P", 88: "Q", 93: "R", 96: "S", 98: "T", 99: "U",
}  # fmt: skip


def naf_at(code: str, depth: str) -> str | None:
    """The section, division… that holds a code, dotted or not; None when the code is shorter than that, or is none."""
    bare = code.replace(".", "")
    length = NAF_DEPTHS[depth]
    if length == 1:
        division = int(bare[:2]) if bare[:2].isdigit() else 0
        last = next((last for last in LAST_DIVISIONS if division <= last), None)
        return bare if len(bare) == 1 and bare.isalpha() else LAST_DIVISIONS[last] if last and division else None
    return bare[:length] if len(bare) >= length and bare[:2].isdigit() else None


def on_plane(points: Sequence[Point], middle: float) -> list[Point]:
    """Longitudes and latitudes as lengths of the same scale; `middle`: cosine of the middle latitude."""
    return [(round(x * middle, 4), y) for x, y in points]


def whole(points: Sequence[Point], unit: float) -> list[Point]:
    """As whole numbers of a unit."""
    return [(round(x / unit), round(y / unit)) for x, y in points]


def hatched(rings: Sequence[Sequence[Point]], step: float) -> list[list[Point]]:
    """Diagonal lines inside a polygon: what shows on a map that nothing is known."""
    edges = [(a[0] + a[1], a, b[0] + b[1], b) for ring in rings for a, b in zip(ring, ring[1:], strict=False)]
    sums = [edge[0] for edge in edges]
    lines = []
    for number in range(int(min(sums) / step) - 1, int(max(sums) / step) + 2) if sums else ():
        lines += _crossed(edges, number * step + step / 2)
    return lines


def _crossed(edges: Sequence[tuple[float, Point, float, Point]], at: float) -> list[list[Point]]:
    """The pieces of the line x + y = at that are inside."""
    met = []
    for start, a, end, b in edges:
        if (start <= at) != (end <= at):
            share = (at - start) / (end - start)
            met.append((round(a[0] + share * (b[0] - a[0]), 4), round(a[1] + share * (b[1] - a[1]), 4)))
    met.sort()
    return [[one, other] for one, other in zip(met[::2], met[1::2], strict=False)]


@dataclass(frozen=True)
class Difference:
    """What is printed and what its parts make; `tolerance`: what rounding explains. None where something is unknown."""

    printed: float | None
    computed: float | None
    tolerance: float = 0.0

    @property
    def gap(self) -> float | None:
        return None if self.printed is None or self.computed is None else round(self.printed - self.computed, 6)

    @property
    def is_right(self) -> bool | None:
        return None if self.gap is None else abs(self.gap) <= self.tolerance + 1e-9


def added(parts: Sequence[float | None]) -> float | None:
    """The sum of parts; unknown when one of them is."""
    known = [part for part in parts if part is not None]
    return round(sum(known), 6) if parts and len(known) == len(parts) else None


def summed_row(row: Mapping[str, float | None], *, total: str, parts: Sequence[str], step: float = 0.0) -> Difference:
    """A printed total beside its parts, each rounded to `step`."""
    return Difference(row.get(total), added([row.get(part) for part in parts]), step / 2 * (len(parts) + 1) if step else 0.0)


def contribution_row(share: float | None, impact: float | None, printed: float | None, *, step: float = 0.1) -> Difference:
    """The contribution of a branch: its share times what it loses, all in %, each printed to `step`."""
    if share is None or impact is None:
        return Difference(printed, None)
    half = step / 2
    return Difference(printed, share * impact / 100, half + half * (abs(share) + abs(impact)) / 100)


FAR = 2.0  # times the distance within which nine territories in ten are


def far_away(points: Mapping[int, Point]) -> set[int]:
    """The territories so far from all the others that a map of them would show nothing: islands across an ocean."""
    if not points:
        return set()
    middle = len(points) // 2
    x, y = (sorted(point[axis] for point in points.values())[middle] for axis in (0, 1))
    distances = {pk: math.hypot(point[0] - x, point[1] - y) for pk, point in points.items()}
    usual = sorted(distances.values())[(len(distances) * 9) // 10 if len(distances) > 1 else 0]
    return {pk for pk, distance in distances.items() if distance > FAR * usual > 0}
