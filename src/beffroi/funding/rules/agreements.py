"""What an agreement allows, what is late in it, what may be voted and paid. Pure, in cents, dated by argument."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from beffroi.actors.enums import OrganisationKind
from beffroi.funding.enums import AgreementKind, DocumentState, InstalmentState, Origin, PaymentBlocker, VoteBlocker

# Their amount is a ceiling: only the votes of the agreements below them are money.
CEILINGS_ONLY = frozenset({AgreementKind.FRAMEWORK, AgreementKind.OBJECTIVES})

ORIGINS = {
    OrganisationKind.STATE: Origin.STATE,
    OrganisationKind.REGION: Origin.REGION,
    OrganisationKind.DEPARTMENT: Origin.DEPARTMENT,
    OrganisationKind.METROPOLIS: Origin.MUNICIPAL,
    OrganisationKind.EPCI: Origin.MUNICIPAL,
    OrganisationKind.AGENCY: Origin.AGENCY,
    OrganisationKind.COMPANY: Origin.PRIVATE,
}


def origin_of(kind: str) -> Origin:
    """Whose money a body of this kind gives; what does not say so is unstated."""
    return ORIGINS.get(OrganisationKind(kind), Origin.UNSTATED) if kind else Origin.UNSTATED


def carries_votes(kind: str) -> bool:
    return AgreementKind(kind) not in CEILINGS_ONLY


@dataclass(frozen=True)
class Change:
    signed_on: date
    ceiling: int | None = None
    end: date | None = None


@dataclass(frozen=True)
class Terms:
    """What holds on a day; `since` is the amendment that set each, if one did."""

    ceiling: int | None
    end: date | None
    ceiling_since: date | None = None
    end_since: date | None = None


def terms_on(day: date, *, ceiling: int | None, end: date | None, changes: Iterable[Change]) -> Terms:
    """The last amendment signed by that day replaces what was before; what it does not say stays."""
    found = Terms(ceiling, end)
    for change in sorted(changes, key=lambda row: row.signed_on):
        if change.signed_on > day:
            continue
        found = Terms(
            found.ceiling if change.ceiling is None else change.ceiling,
            found.end if change.end is None else change.end,
            found.ceiling_since if change.ceiling is None else change.signed_on,
            found.end_since if change.end is None else change.signed_on,
        )
    return found


def document_state(due_on: date | None, received_on: date | None, *, on: date) -> DocumentState:
    if received_on is not None and received_on <= on:
        return DocumentState.RECEIVED_LATE if due_on is not None and received_on > due_on else DocumentState.RECEIVED
    if due_on is None:
        return DocumentState.UNDATED
    return DocumentState.LATE if due_on < on else DocumentState.DUE


def days_late(due_on: date | None, done_on: date | None, *, on: date) -> int:
    """How many days after its date a thing came, or is still awaited; 0 in time or without a date."""
    if due_on is None:
        return 0
    last = done_on if done_on is not None and done_on <= on else on
    return max(0, (last - due_on).days)


def instalment_state(due_on: date | None, *, cents: int, paid: int | None, paid_on: date | None, on: date) -> InstalmentState:
    if paid is not None and paid_on is not None and paid_on <= on:
        return InstalmentState.PAID if paid >= cents else InstalmentState.PARTLY_PAID
    if due_on is None:
        return InstalmentState.UNDATED
    return InstalmentState.LATE if due_on < on else InstalmentState.COMING


def blockers_to_vote(
    kind: str, *, cents: int, voted: int, ceiling: int | None, has_funder: bool, has_beneficiary: bool
) -> list[VoteBlocker]:
    """`voted`: what is already voted under the same agreement."""
    found = blockers_to_holding_money(kind, has_funder=has_funder, has_beneficiary=has_beneficiary)
    if ceiling is not None and voted + cents > ceiling:
        found.append(VoteBlocker.ABOVE_CEILING)
    return found


def blockers_to_holding_money(kind: str, *, has_funder: bool, has_beneficiary: bool) -> list[VoteBlocker]:
    """What an agreement under which money is voted or paid always has."""
    found = []
    if not carries_votes(kind):
        found.append(VoteBlocker.CEILING_ONLY)
    if not has_funder:
        found.append(VoteBlocker.NO_FUNDER)
    if not has_beneficiary:
        found.append(VoteBlocker.NO_BENEFICIARY)
    return found


def blockers_to_voting_less(*, cents: int, before: int, others: int, paid: int) -> list[VoteBlocker]:
    """A vote lowered from `before` to `cents`, or taken back: what is paid stays covered by what is voted."""
    return [VoteBlocker.BELOW_PAID] if cents < before and others + cents < paid else []


def most_by_rate(base: int | None, rate: Decimal | None) -> int | None:
    """What the rate allows on its base, down to the cent; nothing is said without both."""
    return None if base is None or rate is None else int((base * rate).to_integral_value(ROUND_DOWN))


def blockers_to_payment(
    *, cents: int, paid: int, voted: int, most: int | None, late_documents: Sequence[object], is_paid: bool
) -> list[PaymentBlocker]:
    """`most`: what the rate allows on the base. A late document holds back the payment until it is received."""
    found = []
    if is_paid:
        found.append(PaymentBlocker.ALREADY_PAID)
    if voted <= 0:
        found.append(PaymentBlocker.NOTHING_VOTED)
    elif paid + cents > voted:
        found.append(PaymentBlocker.ABOVE_VOTED)
    if most is not None and paid + cents > most:
        found.append(PaymentBlocker.ABOVE_RATE)
    if late_documents:
        found.append(PaymentBlocker.DOCUMENT_LATE)
    return found


def payment_proposed(*, cents: int, paid: int, voted: int, most: int | None) -> int:
    """The instalment, within what is voted and what the rate allows; never below zero."""
    limits = [cents, voted - paid, *([] if most is None else [most - paid])]
    return max(0, min(limits))
