"""Clusters that share people, members or themes, and the industries that they make together. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from beffroi.actors.enums import OverlapKind
from beffroi.actors.rules.components import components

# What makes structures work as one: these ties make an industry, the others only show across industries.
BINDING = frozenset({OverlapKind.DIRECTOR, OverlapKind.STAFF, OverlapKind.CARRIER, OverlapKind.GOVERNANCE, OverlapKind.ROLES})
ORDER = {kind: place for place, kind in enumerate(OverlapKind)}


@dataclass(frozen=True)
class Tie:
    """One row that says what two bodies have in common. `key`: the row, as table:number; `via`: the third thing."""

    one: int
    other: int
    kind: OverlapKind
    key: str
    via: str = ""
    detail: str = ""

    @property
    def pair(self) -> tuple[int, int]:
        return (min(self.one, self.other), max(self.one, self.other))


@dataclass(frozen=True)
class Overlap:
    """Everything that two bodies have in common."""

    one: int
    other: int
    ties: tuple[Tie, ...]

    @property
    def kinds(self) -> list[OverlapKind]:
        return sorted({tie.kind for tie in self.ties}, key=ORDER.__getitem__)

    @property
    def is_binding(self) -> bool:
        return any(tie.kind in BINDING for tie in self.ties)


@dataclass(frozen=True)
class Industry:
    """Bodies that work as one, the one that stands for them first, and what they have in common."""

    members: tuple[int, ...]
    overlaps: tuple[Overlap, ...]
    themes: tuple[tuple[str, int], ...] = field(default=())

    @property
    def kinds(self) -> Counter[OverlapKind]:
        return Counter(kind for overlap in self.overlaps for kind in overlap.kinds)


def overlaps(ties: Iterable[Tie]) -> list[Overlap]:
    by_pair: dict[tuple[int, int], list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.one != tie.other and tie not in by_pair[tie.pair]:
            by_pair[tie.pair].append(tie)
    return [
        Overlap(*pair, tuple(sorted(rows, key=lambda tie: (ORDER[tie.kind], tie.via, tie.key))))
        for pair, rows in sorted(by_pair.items())
        if rows
    ]


def in_common(parts: Mapping[int, Iterable[tuple[str, str]]], kind: OverlapKind) -> list[Tie]:
    """Two bodies that have the same thing in common. `parts`: for each body, the things and the row that says so."""
    holders: dict[str, dict[int, str]] = defaultdict(dict)
    for body, things in parts.items():
        for thing, key in things:
            holders[thing].setdefault(body, key)
    return [
        Tie(one, other, kind, key, via=thing)
        for thing, bodies in holders.items()
        for one, other in combinations(sorted(bodies), 2)
        for key in dict.fromkeys((bodies[one], bodies[other]))
    ]


def industries(found: Sequence[Overlap], *, clusters: set[int], leads: set[int]) -> list[Industry]:
    """Groups of at least two clusters that binding ties hold together. `leads`: those that speak for an industry."""
    groups = components((row.one, row.other) for row in found if row.is_binding)
    made = [_industry(group, found, leads) for group in groups if len(clusters.intersection(group)) > 1]
    return sorted(made, key=lambda row: (-sum(row.kinds[kind] for kind in BINDING), -len(row.overlaps), row.members))


def _industry(group: tuple[int, ...], found: Sequence[Overlap], leads: set[int]) -> Industry:
    inside = tuple(row for row in found if row.one in group and row.other in group)
    weight = Counter(end for row in inside for end in (row.one, row.other) for _ in row.kinds)
    members = sorted(group, key=lambda pk: (pk not in leads, -weight[pk], pk))
    return Industry(tuple(members), inside, tuple(_themes(inside)))


def _themes(inside: Sequence[Overlap]) -> list[tuple[str, int]]:
    """The things that most members have in common."""
    holders: dict[str, set[int]] = defaultdict(set)
    for row in inside:
        for tie in row.ties:
            if tie.kind in {OverlapKind.THEME, OverlapKind.ROLES, OverlapKind.SEAT}:
                holders[tie.via] |= {row.one, row.other}
    return sorted(((thing, len(bodies)) for thing, bodies in holders.items()), key=lambda pair: (-pair[1], pair[0]))
