"""Which services answer a subject in a territory: those of everywhere, of what contains it, or of a part of it. Pure."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum


class Cover(StrEnum):
    WHOLE = "full"
    PART = "partial"
    NOBODY = "none"


@dataclass(frozen=True)
class Offered:
    """A service: no place means everywhere."""

    pk: int
    subjects: frozenset[int]
    places: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Covered:
    """The services of one subject in one territory: those for all of it, those for a part."""

    whole: list[int] = field(default_factory=list)
    part: list[int] = field(default_factory=list)

    @property
    def cover(self) -> Cover:
        return Cover.WHOLE if self.whole else Cover.PART if self.part else Cover.NOBODY

    @property
    def count(self) -> int:
        return len(self.whole) + len(self.part)


def reach(
    service: Offered, place: int | None, around: Mapping[int, Set[int]], across: Mapping[int, Set[int]] | None = None
) -> Cover:
    """`around`: each territory -> itself and all that contain it; `across`: those that have a part of it.
    Where a company is is unknown: only what is for everywhere is sure to reach it."""
    if not service.places:
        return Cover.WHOLE
    if place is None:
        return Cover.PART
    if service.places & around.get(place, {place}):
        return Cover.WHOLE
    inside = any(place in around.get(other, ()) for other in service.places)
    overlaps = service.places & (across or {}).get(place, frozenset())
    return Cover.PART if inside or overlaps else Cover.NOBODY


def coverage(
    services: Iterable[Offered],
    *,
    subjects: Iterable[int],
    zones: Iterable[int],
    around: Mapping[int, Set[int]],
    across: Mapping[int, Set[int]] | None = None,
) -> dict[tuple[int, int], Covered]:
    cells = {(subject, zone): Covered() for zone in zones for subject in subjects}
    asked = {zone for _, zone in cells}
    for service in services:
        for zone in asked:
            found = reach(service, zone, around, across)
            for subject in service.subjects if found != Cover.NOBODY else ():
                if (subject, zone) in cells:
                    cell = cells[subject, zone]
                    (cell.whole if found == Cover.WHOLE else cell.part).append(service.pk)
    return cells
