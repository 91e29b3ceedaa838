"""In which territory of a level each territory is, in a few queries whatever the number of memberships that are known."""

from collections.abc import Collection, Iterator
from itertools import islice

from beffroi.reference.models import Item, PlaceMembership

STEPS = 3  # commune, intercommunality or department, region, and the former regions
BATCH = 5_000  # places named in one query


def wholes_of(parts: Collection[int], level: str) -> dict[int, int]:
    """The one territory of a level that is each of these or contains it; one that straddles two is in neither."""
    reached = {part: {part} for part in parts}
    for _step in range(STEPS):
        around = _containing({place for places in reached.values() for place in places})
        reached = {part: places | {up for place in places for up in around.get(place, ())} for part, places in reached.items()}
    known = {place for places in reached.values() for place in places}
    rows = Item.objects.filter(level=level).order_by()
    of_level = {pk for some in _batches(known) for pk in rows.filter(pk__in=some).values_list("pk", flat=True)}
    found = {part: places & of_level for part, places in reached.items()}
    return {part: next(iter(places)) for part, places in found.items() if len(places) == 1}


def _containing(places: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    parents = Item.objects.filter(parent__isnull=False).order_by()
    members = PlaceMembership.objects.order_by()
    for some in _batches(places):
        edges = [
            *parents.filter(pk__in=some).values_list("pk", "parent_id"),
            *members.filter(part__in=some).values_list("part_id", "whole_id"),
        ]
        for part, whole in edges:
            found.setdefault(part, set()).add(whole)
    return found


def _batches(places: Collection[int]) -> Iterator[list[int]]:
    ordered = iter(sorted(places))
    while some := list(islice(ordered, BATCH)):
        yield some
