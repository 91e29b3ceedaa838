"""What the Union takes back when commitments wait too long for certified spending. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Commitment:
    """A tranche as the rule reads it. `part`: the axis it is for, None for the whole programme."""

    year: int
    amount: Decimal
    years: int
    prefinancing: Decimal | None = None
    part: int | None = None

    @property
    def due_on(self) -> date:
        """N+n: certified at the latest on 31 December of the n-th year after the year of commitment."""
        return date(self.year + self.years, 12, 31)


@dataclass(frozen=True)
class Contribution:
    """One axis before one deadline. `due` is None where no tranche says what this axis owes, `certified` where nothing
    says what it certified."""

    part: int | None
    due: Decimal | None
    certified: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """What the axis lacks; negative, what it brings to the others: the risk is read on the programme."""
        return None if self.due is None or self.certified is None else self.due - self.certified


@dataclass(frozen=True)
class Deadline:
    """All that was committed up to a year and must be certified on one day. `committed` and `prefinancing` are cumulated."""

    due_on: date
    years: tuple[int, ...]
    committed: Decimal
    prefinancing: Decimal
    prefinancing_known: int
    tranches: int
    certified: Decimal | None
    contributions: tuple[Contribution, ...] = ()

    @property
    def to_reach(self) -> Decimal:
        """Prefinancing counts as used: what is left must be certified."""
        return max(ZERO, self.committed - self.prefinancing)

    @property
    def missing(self) -> Decimal | None:
        """What must still be certified; what is not certified on the day is lost."""
        return None if self.certified is None else max(ZERO, self.to_reach - self.certified)

    @property
    def margin(self) -> Decimal | None:
        return None if self.certified is None else max(ZERO, self.certified - self.to_reach)

    def is_over(self, on: date) -> bool:
        return self.due_on < on


def deadlines(
    commitments: Sequence[Commitment], *, certified: Decimal | None, by_part: Mapping[int | None, Decimal] | None = None
) -> list[Deadline]:
    """One a date, in order. `certified`: of the share of the Union, cumulated; `by_part`: the same for each axis."""
    return [
        _deadline([row for row in commitments if row.due_on <= day], day, certified, by_part or {})
        for day in sorted({row.due_on for row in commitments})
    ]


def _deadline(
    due: Sequence[Commitment], day: date, certified: Decimal | None, by_part: Mapping[int | None, Decimal]
) -> Deadline:
    known = [row.prefinancing for row in due if row.prefinancing is not None]
    return Deadline(
        due_on=day,
        years=tuple(sorted({row.year for row in due})),
        committed=sum((row.amount for row in due), ZERO),
        prefinancing=sum(known, ZERO),
        prefinancing_known=len(known),
        tranches=len(due),
        certified=certified,
        contributions=tuple(_contributions(due, certified, by_part)),
    )


def _contributions(
    due: Sequence[Commitment], certified: Decimal | None, by_part: Mapping[int | None, Decimal]
) -> Iterable[Contribution]:
    owed: dict[int, Decimal] = {}
    for row in due:
        if row.part is not None:
            owed[row.part] = owed.get(row.part, ZERO) + row.amount - (row.prefinancing or ZERO)
    parts = [part for part in dict.fromkeys([*owed, *by_part]) if part is not None]
    for part in parts:
        yield Contribution(part, owed.get(part), by_part.get(part))
    if parts and certified is not None:
        known = sum((by_part.get(part, ZERO) for part in parts), ZERO)
        whole = sum((row.amount - (row.prefinancing or ZERO) for row in due if row.part is None), ZERO)
        if whole or certified != known:
            yield Contribution(None, whole or None, certified - known)


def next_deadline(found: Sequence[Deadline], *, on: date) -> Deadline | None:
    """The first one that is not over."""
    return next((row for row in found if not row.is_over(on)), None)


def rule_years(rules: Iterable[tuple[int, int | None, int]], *, year: int) -> int | None:
    """The years granted to a commitment by dated rules (first year, last year, years granted); None: no rule says."""
    return next((years for first, last, years in rules if first <= year and (last is None or year <= last)), None)
