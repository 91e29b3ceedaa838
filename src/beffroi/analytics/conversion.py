"""A quantity by items of one framework, said by items of another through a crosswalk: certain, weighted, at most.

`certain`: what one full correspondence carries. `weighted`: that, and the parts whose weight is known. `at_most`: all that the
crosswalk allows. Whatever the crosswalk, certain + uncertain + unallocated = the quantity, to the cent.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

MILLION = 1_000_000


@dataclass(frozen=True)
class Tie:
    """One correspondence: `strength` full | partial | related | none; `weight` from 0 to 1, known or not."""

    source: str
    target: str
    strength: str
    weight: Decimal | None = None


@dataclass
class Share:
    certain: int = 0
    weighted: int = 0
    at_most: int = 0


@dataclass
class Conversion:
    """Cents by target, and the three parts of the whole. `doubtful`: sources whose correspondences say more than all of it."""

    targets: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    total: int = 0
    certain: int = 0
    uncertain: int = 0
    unallocated: int = 0
    doubtful: list[str] = field(default_factory=list)

    @property
    def is_balanced(self) -> bool:
        return self.certain + self.uncertain + self.unallocated == self.total


def largest_remainder(total: int, parts: Mapping[str, int], whole: int) -> dict[str, int]:
    """A total of cents split by parts of a whole (the sum of the parts is at most the whole): the cents that rounding down
    leaves go to the largest remainders, ties in the order of the names. The parts of the whole itself add up to the total."""
    rest = {**{("part", name): part for name, part in parts.items()}, ("rest", ""): whole - sum(parts.values())}
    down = {name: divmod(total * part, whole) for name, part in rest.items()}
    left = total - sum(cents for cents, _ in down.values())
    first = sorted(down, key=lambda name: (-down[name][1], name))[:left]
    return {name[1]: cents + (name in first) for name, (cents, _) in down.items() if name[0] == "part"}


def convert(amounts: Mapping[str, int], ties: Iterable[Tie]) -> Conversion:
    """Cents by source item -> cents by target item. A source that no tie names is unallocated."""
    by_source: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.strength in ("full", "partial"):
            by_source[tie.source].append(tie)
    found = Conversion()
    for source, cents in amounts.items():
        found.total += cents
        _carry(found, source, cents, by_source[source])
    return found


def _carry(found: Conversion, source: str, cents: int, ties: list[Tie]) -> None:
    full = [tie for tie in ties if tie.strength == "full"]
    weights = {tie.target: int(tie.weight * MILLION) for tie in ties if tie.strength == "partial" and tie.weight is not None}
    unknown = [tie for tie in ties if tie.strength == "partial" and tie.weight is None]
    if not ties:
        found.unallocated += cents
    elif len(full) == len(ties) == 1:
        _add(found.targets[full[0].target], cents, cents, cents)
        found.certain += cents
    elif full or sum(weights.values()) > MILLION:
        found.doubtful.append(source)
        found.uncertain += cents
        for tie in ties:
            _add(found.targets[tie.target], 0, 0, cents * weights.get(tie.target, MILLION) // MILLION)
    else:
        _carry_parts(found, cents, weights, unknown)


def _carry_parts(found: Conversion, cents: int, weights: dict[str, int], unknown: list[Tie]) -> None:
    shares = largest_remainder(cents, weights, MILLION)
    rest = cents - sum(shares.values())
    for target, share in shares.items():
        _add(found.targets[target], 0, share, share)
    for tie in unknown:
        _add(found.targets[tie.target], 0, 0, rest)
    found.uncertain += cents if unknown else cents - rest
    found.unallocated += 0 if unknown else rest


def _add(share: Share, certain: int, weighted: int, at_most: int) -> None:
    share.certain += certain
    share.weighted += weighted
    share.at_most += at_most
