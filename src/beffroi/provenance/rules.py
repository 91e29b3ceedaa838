"""Which of the claims about one subject stand. Pure: plain values in, plain values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class ClaimValue:
    """What a claim says, whatever its table. `source` and `snapshot` say who said it; a claim typed by a person has its
    own source."""

    id: int
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    source: str = ""
    snapshot: int | None = None
    stated_on: date | None = None
    recorded_from: datetime
    recorded_to: datetime | None = None

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        return (self.value, self.value) if self.value is not None else (self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class SettlementValue:
    claim: int
    reason: str
    recorded_from: datetime
    recorded_to: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """`value` when all that stands agrees; otherwise `low` and `high`. `rivals` is empty when sources agree."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    claims: Sequence[ClaimValue] = ()
    rivals: Sequence[ClaimValue] = ()
    superseded: Sequence[ClaimValue] = field(default=())
    settled: SettlementValue | None = None


def is_known_on(row: ClaimValue | SettlementValue, moment: datetime) -> bool:
    return row.recorded_from <= moment and (row.recorded_to is None or row.recorded_to > moment)


def _latest_of_each_source(claims: Sequence[ClaimValue]) -> tuple[list[ClaimValue], list[ClaimValue]]:
    """The claims of the last snapshot of each source, and those that it supersedes."""
    latest: dict[str, tuple[date, int]] = {}
    for claim in claims:
        edition = (claim.stated_on or date.min, claim.snapshot or 0)
        latest[claim.source] = max(latest.get(claim.source, edition), edition)
    standing = [claim for claim in claims if (claim.stated_on or date.min, claim.snapshot or 0) == latest[claim.source]]
    return standing, [claim for claim in claims if claim not in standing]


def _bounds(claims: Iterable[ClaimValue]) -> tuple[Decimal | None, Decimal | None]:
    pairs = [claim.bounds for claim in claims]
    lows = [low for low, _ in pairs if low is not None]
    highs = [high for _, high in pairs if high is not None]
    return min(lows, default=None), max(highs, default=None)


def _is_one_statement(claims: Sequence[ClaimValue]) -> bool:
    """All say the same, or one gives the least and the other the most: « de 35 à 40 » written in two rows."""
    said = {claim.bounds for claim in claims}
    lows, highs = {low for low, high in said if high is None}, {high for low, high in said if low is None}
    return len(said) <= 1 or (len(said) == len(lows) + len(highs) == 2 and len(lows) == len(highs))


def standing(
    claims: Iterable[ClaimValue], settlement: SettlementValue | None = None, *, as_of: date, known_on: datetime
) -> Standing:
    """What stands among claims: stated on or before `as_of`, recorded at `known_on`. A later snapshot of a source revises
    it; another source, or the same snapshot elsewhere, is a rival until settled."""
    known = [
        claim for claim in claims if is_known_on(claim, known_on) and (claim.stated_on is None or claim.stated_on <= as_of)
    ]
    current, superseded = _latest_of_each_source(known)
    chosen = settlement if settlement is not None and is_known_on(settlement, known_on) else None
    settled = [claim for claim in known if chosen is not None and claim.id == chosen.claim]
    stands = settled or current
    low, high = _bounds(stands)
    value = low if low is not None and low == high else None
    rivals = [] if _is_one_statement(current) else current
    return Standing(value, low, high, stands, rivals, superseded, chosen if settled else None)
