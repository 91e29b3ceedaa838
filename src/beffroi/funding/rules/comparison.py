"""Two systems' amounts for the same operations: every difference, with the cause that the data show. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from beffroi.funding.enums import Cause

ZERO = Decimal(0)


@dataclass(frozen=True)
class Ours:
    """What Beffroi holds for one operation at one stage. `later`: what of it is dated after their file. `rivals`: what other
    sources say of the same."""

    amount: Decimal | None
    lines: Sequence[Decimal] = ()
    later: Decimal = ZERO
    rivals: Sequence[Decimal] = ()


@dataclass(frozen=True)
class Theirs:
    amount: Decimal | None
    row: int


@dataclass(frozen=True)
class Compared:
    """One operation at one stage where the systems part."""

    code: str
    stage: str
    theirs: Decimal | None
    ours: Decimal | None
    cause: Cause
    row: int | None = None
    rejection: int | None = None
    detail: str = ""

    @property
    def difference(self) -> Decimal:
        return (self.theirs or ZERO) - (self.ours or ZERO)


@dataclass(frozen=True)
class Comparison:
    """`differences` for each stage add up to the difference of the totals, to the cent."""

    differences: list[Compared]
    same: int
    theirs: Mapping[str, Decimal]
    ours: Mapping[str, Decimal]
    by_cause: Mapping[Cause, Decimal] = field(default_factory=dict)


Place = tuple[str, str]


def compared(
    theirs: Mapping[Place, Theirs],
    ours: Mapping[Place, Ours],
    *,
    known: frozenset[str] | set[str],
    rejected: Mapping[str, int] | None = None,
    as_of: date | None = None,
) -> Comparison:
    """By (operation code, stage). `known`: the operations that Beffroi has; `rejected`: those that a load refused, and which.
    A stage that neither system knows is not compared."""
    found, same = [], 0
    for place in sorted({*theirs, *ours}):
        their, our = theirs.get(place), ours.get(place, Ours(None))
        if their is not None and their.amount is None and our.amount is None:
            continue
        if their is not None and their.amount == our.amount:
            same += 1
            continue
        found.append(_difference(place, their, our, ours=ours, known=known, rejected=rejected or {}, as_of=as_of))
    return Comparison(found, same, _totals(theirs), _totals(ours), _by_cause(found))


def _difference(
    place: Place,
    their: Theirs | None,
    our: Ours,
    *,
    ours: Mapping[Place, Ours],
    known: frozenset[str] | set[str],
    rejected: Mapping[str, int],
    as_of: date | None,
) -> Compared:
    code, stage = place
    row = their.row if their else None
    amount = their.amount if their else None
    cause, detail = _cause(place, amount, our, ours=ours, known=known, rejected=rejected, is_in_file=their is not None)
    load = rejected.get(code) if cause is Cause.REJECTED else None
    return Compared(code, stage, amount, our.amount, cause, row, load, detail or _dated(cause, as_of))


def _cause(
    place: Place,
    amount: Decimal | None,
    our: Ours,
    *,
    ours: Mapping[Place, Ours],
    known: frozenset[str] | set[str],
    rejected: Mapping[str, int],
    is_in_file: bool,
) -> tuple[Cause, str]:
    code, stage = place
    if not is_in_file:
        return (Cause.LATER if our.amount and our.later == our.amount else Cause.MISSING_THERE), ""
    if code not in known:
        return (Cause.REJECTED if code in rejected else Cause.MISSING_HERE), ""
    gap = (our.amount or ZERO) - (amount or ZERO)
    if our.later and gap == our.later:
        return Cause.LATER, ""
    others = [other for (named, other), held in ours.items() if named == code and other != stage and held.amount == amount]
    if amount is not None and others:
        return Cause.OTHER_STAGE, others[0]
    if amount is not None and amount in our.rivals:
        return Cause.RIVAL, ""
    return _cause_of_amount(amount, our, gap)


def _cause_of_amount(amount: Decimal | None, our: Ours, gap: Decimal) -> tuple[Cause, str]:
    if our.amount is not None and amount is not None and abs(gap) < 1:
        return Cause.ROUNDED, ""
    if len(our.lines) > 1 and gap in our.lines:
        return Cause.ONE_LINE, ""
    return Cause.UNEXPLAINED, ""


def _dated(cause: Cause, as_of: date | None) -> str:
    return as_of.isoformat() if cause is Cause.LATER and as_of else ""


def _totals(amounts: Mapping[Place, Ours] | Mapping[Place, Theirs]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for (_, stage), held in amounts.items():
        if held.amount is not None:
            found[stage] = found.get(stage, ZERO) + held.amount
    return found


def _by_cause(found: Iterable[Compared]) -> dict[Cause, Decimal]:
    causes: dict[Cause, Decimal] = {}
    for row in found:
        causes[row.cause] = causes.get(row.cause, ZERO) + row.difference
    return causes
