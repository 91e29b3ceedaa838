"""A code of a year, said in the codes of another year. Pure.

A code is a pair (code, vintage): 60054 was one commune until 2018, another from 2019 to 2023, the first again since 2024."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beffroi.analytics.conversion import MILLION, Tie, largest_remainder

ONE = Decimal(1)
NOWHERE = ""
CLOSE = Decimal("0.001")  # shares written with few decimals make nearly one
Part = dict[str, Decimal | None]  # code -> which share of the source it has, None when nobody says


@dataclass(frozen=True)
class Passage:
    """From the geography of 1 January `before` to that of 1 January `after`, a code becomes another, or a share of it does.
    `order`: among the passages of the same years, those that come after others."""

    before: int
    after: int
    source: str
    target: str
    share: Decimal | None = ONE
    on: date | None = None
    order: int = 0


@dataclass(frozen=True)
class Movement:
    """One line of the file of movements between two communes of full right."""

    on: date
    source: str
    target: str


def passages_of_movements(movements: Iterable[Movement]) -> list[Passage]:
    """What one code became one day is wholly its successor when it has one, and shared nobody knows how when it has several.
    A movement of 1 January is in the geography of that day, another in that of the next year."""
    found: dict[tuple[date, str], set[str]] = defaultdict(set)
    for movement in movements:
        found[movement.on, movement.source].add(movement.target)
    return [
        Passage(year - 1, year, source, target, ONE if len(targets) == 1 else None, on, on.toordinal())
        for (on, source), targets in sorted(found.items())
        if targets != {source}
        for year in [on.year if (on.month, on.day) == (1, 1) else on.year + 1]
        for target in sorted(targets)
    ]


def _is_between(passage: Passage, start: int, end: int) -> bool:
    """A step of several years that only overlaps the two counts when its date is known and falls between them."""
    if passage.before >= start and passage.after <= end:
        return True
    overlaps = passage.before < end and passage.after > start
    return overlaps and passage.on is not None and date(start, 1, 1) < passage.on <= date(end, 1, 1)


def carried(codes: Iterable[str], passages: Iterable[Passage], *, start: int, end: int) -> dict[str, Part]:
    """Each code of the geography of `start` -> what it is in that of `end`: a code that no passage names stays itself.
    Backwards, what several codes made is shared between them, and nobody says how."""
    wanted = list(codes)
    if start <= end:
        return _forward(wanted, passages, start, end)
    known = [passage for passage in passages if _is_between(passage, end, start)]
    origins = {passage.source for passage in known}
    return inverted(_forward(sorted(origins), known, end, start), wanted)


def _forward(codes: Sequence[str], passages: Iterable[Passage], start: int, end: int) -> dict[str, Part]:
    steps: dict[tuple[int, int, int], dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
    for passage in passages:
        if _is_between(passage, start, end):
            steps[passage.after, passage.before, passage.order][passage.source].append(passage)
    found: dict[str, Part] = {code: {code: ONE} for code in codes}
    for step in sorted(steps):
        for code, parts in found.items():
            if any(part in steps[step] for part in parts):
                found[code] = _stepped(parts, steps[step])
    return found


def _stepped(parts: Part, step: Mapping[str, Sequence[Passage]]) -> Part:
    pieces = {code: [(passage.target, passage.share) for passage in step.get(code, ())] or [(code, ONE)] for code in parts}
    return _through(parts, pieces)


def composed(parts: Mapping[str, Part], then: Mapping[str, Part]) -> dict[str, Part]:
    """What each code becomes when each of its pieces becomes something else."""
    pieces = {code: list(found.items()) for code, found in then.items()}
    return {source: _through(found, pieces) for source, found in parts.items()}


def _through(parts: Part, pieces: Mapping[str, Sequence[tuple[str, Decimal | None]]]) -> Part:
    shares: dict[str, list[Decimal | None]] = defaultdict(list)
    for code, share in parts.items():
        for target, piece in pieces[code]:
            shares[target].append(None if share is None or piece is None else share * piece)
    return _summed(shares)


def _summed(shares: Mapping[str, Sequence[Decimal | None]]) -> Part:
    known = {code: [share for share in found if share is not None] for code, found in shares.items()}
    return {code: sum(known[code], Decimal(0)) if len(known[code]) == len(found) else None for code, found in shares.items()}


def inverted(parts: Mapping[str, Part], wanted: Iterable[str]) -> dict[str, Part]:
    """What each of the codes reached comes from: all of it when one code alone leads there."""
    origins: dict[str, list[str]] = defaultdict(list)
    for source, targets in parts.items():
        for target in targets:
            origins[target].append(source)
    return {
        code: {source: ONE if len(origins[code]) == 1 else None for source in origins[code]} if code in origins else {code: ONE}
        for code in wanted
    }


def _weights(parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Shares to the millionth that make exactly one when those written nearly do."""
    total = sum(parts.values(), Decimal(0))
    if abs(total - ONE) > CLOSE:
        return {code: share.quantize(Decimal("0.000001")) for code, share in parts.items()}
    whole = int(total * 10**12)
    split = largest_remainder(MILLION, {code: int(share * 10**12) for code, share in parts.items()}, whole)
    rest = MILLION - sum(split.values())
    largest = max(split, key=lambda code: (split[code], code))
    split[largest] += rest
    return {code: Decimal(part) / MILLION for code, part in split.items()}


def ties_of(parts: Mapping[str, Part], *, by_population: bool = False) -> list[Tie]:
    """As `analytics.conversion` reads them. Shares of population apportion nothing unless asked: they are then unknown."""
    return [tie for source, targets in parts.items() for tie in _ties(source, targets, by_population)]


def _ties(source: str, targets: Part, by_population: bool) -> list[Tie]:
    if len(targets) == 1:
        return [Tie(source, next(iter(targets)), "full")]
    shares = {code: share for code, share in targets.items() if share is not None}
    if not by_population or len(shares) < len(targets):
        return [Tie(source, code, "partial") for code in targets]
    return [Tie(source, code, "partial", weight) for code, weight in _weights(shares).items()]


def ties_to_wholes(parts: Mapping[str, Part], wholes: Mapping[str, Sequence[str]], *, by_population: bool = False) -> list[Tie]:
    """The same, to what contains each part: pieces that all fall in one zone are wholly in it; of those that are in no zone
    nothing is allocated."""
    grouped: dict[str, Part] = {}
    for source, targets in parts.items():
        zones: dict[str, list[Decimal | None]] = defaultdict(list)
        for code, share in targets.items():
            for zone in wholes.get(code) or [NOWHERE]:
                zones[zone].append(share)
        grouped[source] = _summed(zones)
    return [tie for tie in ties_of(grouped, by_population=by_population) if tie.target != NOWHERE]
