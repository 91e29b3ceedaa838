"""One activity between several agreements: which shares hold, why some are refused, and how a quantity is split. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from beffroi.interactions.enums import ShareBlocker

OWN = None  # the operator's own part: no agreement pays for it
MINUTES = 60


@dataclass(frozen=True)
class Part:
    agreement: int | None
    share: Decimal


@dataclass(frozen=True)
class Key:
    """A part of all the activities of a kind, from a date."""

    kind: int
    since: date
    part: Part


@dataclass(frozen=True)
class Term:
    """When an agreement of the operator runs; an end or a start that is not said does not stop it."""

    start: date | None
    end: date | None

    def holds(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


def shares_of(override: Sequence[Part], keys: Iterable[Key], *, kinds: Sequence[int], on: date) -> list[Part]:
    """Those of the activity itself; else the last key of its kind by that day, or of the kind above; else all its own."""
    if override:
        return list(override)
    for kind in kinds:
        known = [key for key in keys if key.kind == kind and key.since <= on]
        if known:
            last = max(key.since for key in known)
            return [key.part for key in known if key.since == last]
    return [Part(OWN, Decimal(1))]


def blockers_to_shares(
    parts: Sequence[Part], *, on: date, terms: Mapping[int, Term], exclusions: Collection[tuple[int, int]]
) -> list[ShareBlocker]:
    """`terms`: the agreements of the operator. `exclusions`: (agreement, what it does not pay with)."""
    agreements = [part.agreement for part in parts if part.agreement is not None]
    paying = {part.agreement for part in parts if part.agreement is not None and part.share > 0}
    found = []
    if any(not 0 <= part.share <= 1 for part in parts):
        found.append(ShareBlocker.NOT_A_SHARE)
    if sum(part.share for part in parts) != 1:
        found.append(ShareBlocker.NOT_WHOLE)
    if len(agreements) != len(set(agreements)):
        found.append(ShareBlocker.TWICE)
    if not set(agreements) <= terms.keys():
        found.append(ShareBlocker.NOT_A_PARTY)
    if any(agreement in terms and not terms[agreement].holds(on) for agreement in paying):
        found.append(ShareBlocker.NOT_IN_FORCE)
    if any({one, other} <= paying for one, other in exclusions):
        found.append(ShareBlocker.EXCLUDED)
    return found


def excluded_by(agreement: int, parts: Sequence[Part], exclusions: Collection[tuple[int, int]]) -> set[int]:
    """The agreements that pay for an activity which this one excludes."""
    paying = {part.agreement for part in parts if part.agreement is not None and part.share > 0}
    return {other for one, other in exclusions if one == agreement and other in paying}


def split(total: int, parts: Sequence[Part]) -> dict[int | None, int]:
    """Whole units to each part, by largest remainder: the parts add up to the total."""
    exact = [(part.agreement, total * part.share) for part in parts]
    floors = [(name, int(value.to_integral_value(ROUND_DOWN)), value) for name, value in exact]
    left = total - sum(floor for _name, floor, _value in floors)
    order = sorted(range(len(floors)), key=lambda place: (floors[place][1] - floors[place][2], place))
    more = set(order[:left])
    found: dict[int | None, int] = {}
    for place, (name, floor, _value) in enumerate(floors):
        found[name] = found.get(name, 0) + floor + (place in more)
    return found


def cost(minutes: int | None, hourly: int | None) -> int | None:
    """In cents; unknown without a duration or without what an hour costs."""
    if minutes is None or hourly is None:
        return None
    return int((Decimal(minutes) * hourly / MINUTES).to_integral_value(ROUND_HALF_UP))


def hourly_on(day: date, costs: Iterable[tuple[date, int]]) -> int | None:
    known = [row for row in costs if row[0] <= day]
    return max(known)[1] if known else None
