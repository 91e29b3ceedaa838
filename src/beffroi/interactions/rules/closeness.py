"""Which events are worth a word between those who organise them: the same public the same days, or the same subject twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from beffroi.core.text import search_key
from beffroi.interactions.enums import Closeness, CloseReason

NEAR_DAYS = 21
LEAST_SHARED = 0.5  # of the words of the shorter title
LONG_WORD = 3  # letters
WORDS = (  # of titles that say nothing of what an event is about
    "atelier avec cafe club conference conferences dans deuxieme edition entre entreprise entreprises evenement "
    "forum formation journee journees information innovation matinee matinale nord petit petits pour premier "
    "premiere projet projets rencontre rencontres region regional regionale reunion salon seminaire soiree table "
    "tables territoire vers visite votre webinaire les des une sur par aux est que qui ses son nos vos pas cci pme "
)
EMPTY_WORDS = frozenset(WORDS.split())


@dataclass(frozen=True)
class Planned:
    """An event as far as closeness goes. `zones`: its place with all that contains it; `narrow`: those small enough that two
    events inside them compete for the same people."""

    key: int
    title: str
    first: date
    last: date
    areas: frozenset[int] = frozenset()
    place: int | None = None
    zones: frozenset[int] = frozenset()
    narrow: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Close:
    one: int
    other: int
    kind: Closeness
    reasons: tuple[CloseReason, ...]
    days: int
    words: tuple[str, ...] = ()


def subject_words(title: str) -> frozenset[str]:
    """The words of a title that say what it is about."""
    return frozenset(word for word in search_key(title).split() if len(word) >= LONG_WORD and word not in EMPTY_WORDS)


def shared_words(one: str, other: str) -> tuple[str, ...]:
    """The words that two titles share when they are at least half of the shorter one."""
    first, second = subject_words(one), subject_words(other)
    common = first & second
    is_near = bool(common) and len(common) >= LEAST_SHARED * min(len(first), len(second))
    return tuple(sorted(common)) if is_near else ()


def has_same_zone(one: Planned, other: Planned) -> bool | None:
    """None: one of the two does not say where it is, or says no more than a department or a region that contains the other."""
    if one.narrow & other.narrow:
        return True
    is_unknown = one.place is None or other.place is None or one.place in other.zones or other.place in one.zones
    return None if is_unknown else False


def days_between(one: Planned, other: Planned) -> int:
    """0 when they share a day."""
    first, second = sorted((one, other), key=lambda event: event.first)
    return max(0, (second.first - first.last).days)


def closeness(one: Planned, other: Planned) -> Close | None:
    """A clash: a day in common, and an area, a territory or a subject. A repeat: the same subject within three weeks, not far
    from each other; a place that nobody gave does not exclude it."""
    days = days_between(one, other)
    if one.key == other.key or days > NEAR_DAYS:
        return None
    words, zone, has_area = shared_words(one.title, other.title), has_same_zone(one, other), bool(one.areas & other.areas)
    reasons = [CloseReason.SAME_AREA] if has_area else []
    reasons += [CloseReason.SAME_WORDS] if words else []
    reasons += [CloseReason.SAME_ZONE] if zone else []
    if days == 0 and reasons:
        return Close(one.key, other.key, Closeness.CLASH, (CloseReason.SAME_DAYS, *reasons), days, words)
    if days and zone is not False and (words or (has_area and zone)):
        unknown = [CloseReason.ZONE_UNKNOWN] if zone is None else []
        return Close(one.key, other.key, Closeness.REPEAT, (CloseReason.NEAR_DAYS, *reasons, *unknown), days, words)
    return None


def close_to(one: Planned, others: Iterable[Planned]) -> list[Close]:
    """The worst first: clashes, then the nearest days."""
    found = [close for other in others if (close := closeness(one, other))]
    return sorted(found, key=lambda close: (close.kind != Closeness.CLASH, close.days, close.other))


def close_pairs(events: Sequence[Planned]) -> list[Close]:
    """Every close pair, compared only with those that share an area, a small territory or a word of the title."""
    by_key = {event.key: event for event in events}
    pairs = {pair for group in _groups(events) for pair in combinations(sorted(group), 2)}
    found = [close for one, other in pairs if (close := closeness(by_key[one], by_key[other]))]
    return sorted(found, key=lambda close: (close.kind != Closeness.CLASH, by_key[close.one].first, close.one, close.other))


def _groups(events: Iterable[Planned]) -> Iterator[set[int]]:
    groups: dict[object, set[int]] = defaultdict(set)
    for event in events:
        for mark in (*event.areas, *(f"zone {zone}" for zone in event.narrow), *subject_words(event.title)):
            groups[mark].add(event.key)
    yield from groups.values()
