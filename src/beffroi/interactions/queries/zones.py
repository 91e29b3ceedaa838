"""Where places are: what contains them, and which of those are small enough for people to go there for a morning."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from beffroi.reference.models import Item, PlaceMembership

WIDE = frozenset(
    ("country", "department", "former_region", "group_of_countries", "nuts0", "nuts1", "nuts2", "nuts3", "region", "world")
)
DEPTH = 5  # of the tree of a geography, at most


@dataclass(frozen=True)
class Zones:
    all: frozenset[int]
    narrow: frozenset[int]


NOWHERE = Zones(frozenset(), frozenset())


def zones_of(place_ids: Iterable[int | None]) -> dict[int, Zones]:
    """Each place with all that contains it, in as many queries as a geography has levels."""
    asked = {pk for pk in place_ids if pk is not None}
    up: dict[int, set[int]] = defaultdict(set)
    levels: dict[int, str] = {}
    front = asked
    for _step in range(DEPTH):
        if not front:
            break
        rows = Item.objects.filter(pk__in=front).order_by("pk").values_list("pk", "level", "parent")
        for pk, level, parent in rows:
            levels[pk] = level
            up[pk] |= {parent} if parent else set()
        for part, whole in PlaceMembership.objects.filter(part__in=front).order_by("pk").values_list("part", "whole"):
            up[part].add(whole)
        front = {above for pk in front for above in up[pk]} - set(levels)
    return {pk: _zones(pk, up, levels) for pk in asked}


def _zones(place: int, up: dict[int, set[int]], levels: dict[int, str]) -> Zones:
    found, front = {place}, {place}
    while front := {above for pk in front for above in up.get(pk, ())} - found:
        found |= front
    return Zones(frozenset(found), frozenset(pk for pk in found if levels.get(pk, "region") not in WIDE))
