"""The life of a need sent to an operator, and what is said of how operators answer. Pure."""

import statistics
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from beffroi.interactions.enums import NeedBlocker, ReferralState, RefusalReason

S = ReferralState

NEXT: Mapping[ReferralState, Set[ReferralState]] = {
    S.WAITING: {S.TAKEN_UP, S.REFUSED, S.WITHDRAWN},
    S.TAKEN_UP: {S.CLOSED, S.REFUSED, S.WITHDRAWN},
    S.REFUSED: set(),
    S.CLOSED: set(),
    S.WITHDRAWN: set(),
}
BY_SENDER = frozenset({S.WITHDRAWN})
OPEN = frozenset(state for state in S if NEXT[state])
ANSWERED = frozenset({S.TAKEN_UP, S.REFUSED, S.CLOSED})
ACCEPTED = frozenset({S.TAKEN_UP, S.CLOSED})
REPLY_DAYS = 5  # journeys.md 1.6, where the operator's service says nothing else
REMINDERS = (7, 14, 21, 45)  # days after the need was sent, without an answer
DELAYS = (3, 5)  # days within which the rates of answers are read


@dataclass(frozen=True)
class Sent:
    """A need sent to an operator, as what is counted of it needs."""

    state: ReferralState
    sent_on: date
    answered_on: date | None = None
    reason: str = ""
    subject: int | None = None

    @property
    def days(self) -> int | None:
        return None if self.answered_on is None else (self.answered_on - self.sent_on).days


@dataclass(frozen=True)
class Rate:
    """`count` of `total`; unknown when nothing had the time to be counted. `pending`: what has not had it yet."""

    count: int
    total: int
    pending: int = 0

    @property
    def value(self) -> float | None:
        return self.count / self.total if self.total else None


def following(state: ReferralState, *, is_sender: bool, is_receiver: bool) -> list[ReferralState]:
    """What the reader may do of it now."""
    sides = {True: is_sender, False: is_receiver}
    return [after for after in S if after in NEXT[state] and sides[after in BY_SENDER]]


def blockers_to_sending(
    *, opened_on: date, consented_on: date | None, sent_on: date, is_closed: bool, is_already_there: bool
) -> list[NeedBlocker]:
    said = {
        NeedBlocker.CLOSED: is_closed,
        NeedBlocker.ALREADY_SENT: is_already_there,
        NeedBlocker.NO_CONSENT: consented_on is None,
        NeedBlocker.LATE_CONSENT: consented_on is not None and consented_on > sent_on,
        NeedBlocker.BEFORE_IT_OPENED: sent_on < opened_on,
    }
    return [blocker for blocker, holds in said.items() if holds]


def blockers_to_moving(
    state: ReferralState, to: ReferralState, *, on: date, since: date, reason: str = "", result: str = ""
) -> list[NeedBlocker]:
    """`since`: the day from which it stands where it is."""
    said = {
        NeedBlocker.NOT_NEXT: to not in NEXT[state],
        NeedBlocker.NO_REASON: to == S.REFUSED and not reason,
        NeedBlocker.NO_RESULT: to == S.CLOSED and not result,
        NeedBlocker.BEFORE_IT_WAS_SENT: on < since,
    }
    return [blocker for blocker, holds in said.items() if holds]


def blockers_to_closing(
    *, opened_on: date, on: date, result: str, is_closed: bool, states: Iterable[ReferralState]
) -> list[NeedBlocker]:
    said = {
        NeedBlocker.CLOSED: is_closed,
        NeedBlocker.STILL_OPEN: any(state in OPEN for state in states),
        NeedBlocker.NO_RESULT: not result,
        NeedBlocker.BEFORE_IT_OPENED: on < opened_on,
    }
    return [blocker for blocker, holds in said.items() if holds]


def reply_due(sent_on: date, reply_days: int | None = None) -> date:
    return sent_on + timedelta(days=REPLY_DAYS if reply_days is None else reply_days)


def reminder_due(sent_on: date, *, on: date, sent: Collection[int]) -> int | None:
    """The delay of the reminder to send today: after days without the job, one mail and not all those that were missed."""
    past = [days for days in REMINDERS if sent_on + timedelta(days=days) <= on]
    latest = past[-1] if past else None
    return latest if latest is not None and latest > max(sent, default=0) else None


def answered_within(days: int, rows: Iterable[Sent], *, on: date) -> Rate:
    """Over those sent that many days ago or more. What its sender took back before that had no answer to give."""
    limit = timedelta(days=days)
    asked = [row for row in rows if row.state != S.WITHDRAWN or row.answered_on]
    ripe = [row for row in asked if row.sent_on + limit <= on]
    in_time = sum(row.days is not None and row.days <= days for row in ripe)
    return Rate(in_time, len(ripe), len(asked) - len(ripe))


def acceptance(rows: Iterable[Sent]) -> Rate:
    """Taken up, over what was answered."""
    found = [row for row in rows if row.state != S.WITHDRAWN]
    answered = [row for row in found if row.state in ANSWERED]
    return Rate(sum(row.state in ACCEPTED for row in answered), len(answered), len(found) - len(answered))


def reply_days(rows: Iterable[Sent]) -> float | None:
    """The median of the days that answers took."""
    known = [row.days for row in rows if row.days is not None]
    return statistics.median(known) if known else None


def refusals(rows: Iterable[Sent]) -> dict[int, dict[RefusalReason, int]]:
    """By subject and reason."""
    found: dict[int, dict[RefusalReason, int]] = {}
    for row in rows:
        if row.state == S.REFUSED and row.subject is not None:
            by_reason = found.setdefault(row.subject, dict.fromkeys(RefusalReason, 0))
            by_reason[RefusalReason(row.reason)] += 1
    return found
