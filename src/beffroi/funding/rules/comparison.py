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
    sources say of the same; `elsewhere`: the amounts of the same operation at other stages."""

    amount: Decimal | None
    lines: Sequence[Decimal] = ()
    later: Decimal = ZERO
    rivals: Sequence[Decimal] = ()
    elsewhere: Mapping[str, Decimal] = field(default_factory=dict)


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


@dataclass(frozen=True)
class About:
    """`known`: the operations that Beffroi has; `rejected`: those that a load refused, and which; `as_of`: of their file."""

    known: frozenset[str] | set[str]
    rejected: Mapping[str, int] = field(default_factory=dict)
    as_of: date | None = None


def compared(theirs: Mapping[Place, Theirs], ours: Mapping[Place, Ours], about: About) -> Comparison:
    """By (operation code, stage). A stage that neither system knows is not compared."""
    found, same = [], 0
    for place in sorted({*theirs, *ours}):
        their, our = theirs.get(place), ours.get(place, Ours(None))
        amount = their.amount if their is not None else None
        if amount is None and our.amount is None:
            continue
        if their is not None and amount == our.amount:
            same += 1
            continue
        found.append(_difference(place, their, our, about))
    return Comparison(found, same, _totals(theirs), _totals(ours), _by_cause(found))


def _difference(place: Place, their: Theirs | None, our: Ours, about: "About") -> Compared:
    code, stage = place
    amount = their.amount if their else None
    cause, other = _cause(code, their, our, about)
    detail = other or (about.as_of.isoformat() if cause is Cause.LATER and about.as_of else "")
    load = about.rejected.get(code) if cause is Cause.REJECTED else None
    return Compared(code, stage, amount, our.amount, cause, their.row if their else None, load, detail)


def _cause(code: str, their: Theirs | None, our: Ours, about: "About") -> tuple[Cause, str]:
    """The cause, and the stage where their amount is found."""
    if their is None:
        return (Cause.LATER if our.amount and our.later == our.amount else Cause.MISSING_THERE), ""
    if code not in about.known:
        return (Cause.REJECTED if code in about.rejected else Cause.MISSING_HERE), ""
    amount = their.amount
    gap = (our.amount or ZERO) - (amount or ZERO)
    if our.later and gap == our.later:
        return Cause.LATER, ""
    if others := [stage for stage, held in our.elsewhere.items() if held == amount]:
        return Cause.OTHER_STAGE, others[0]
    if amount is not None and amount in our.rivals:
        return Cause.RIVAL, ""
    return _cause_of_amount(amount, our, gap), ""


def _cause_of_amount(amount: Decimal | None, our: Ours, gap: Decimal) -> Cause:
    if our.amount is None:
        return Cause.UNKNOWN_HERE
    if amount is not None and abs(gap) < 1:
        return Cause.ROUNDED
    return Cause.ONE_LINE if len(our.lines) > 1 and gap in our.lines else Cause.UNEXPLAINED


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
