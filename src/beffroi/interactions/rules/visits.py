"""When a visit is kept as said, whom a company has just seen, and when the next one could be."""

from datetime import date, timedelta

from beffroi.core.days import is_within
from beffroi.interactions.enums import NEXT_VISIT, VisitBlocker, VisitState

MOST_RESERVED = timedelta(days=30)  # a prospect is its operator's alone for a month at most
JUST_SEEN = timedelta(days=30)  # who visited within this time is told before another visit is noted
LONG_UNSEEN = timedelta(days=365)
USUAL_NOTICE = timedelta(days=7)
SATURDAY = 5


def blockers_to_visit(
    *, state: VisitState, on: date, reserved_until: date | None, today: date, since: date
) -> list[VisitBlocker]:
    """`since`: the day on which the visit was written down, from which a reservation counts however often it is changed."""
    blockers = [] if is_within(on) else [VisitBlocker.OUT_OF_TIME]
    if state == VisitState.DONE and on > today:
        blockers.append(VisitBlocker.IN_THE_FUTURE)
    if reserved_until and reserved_until > since + MOST_RESERVED:
        blockers.append(VisitBlocker.RESERVED_TOO_LONG)
    if reserved_until and reserved_until <= today:
        blockers.append(VisitBlocker.RESERVED_IN_THE_PAST)
    return blockers


def blockers_to_moving(before: VisitState, after: VisitState) -> list[VisitBlocker]:
    """A visit that stays where it is may always be corrected."""
    return [] if before == after or after in NEXT_VISIT[before] else [VisitBlocker.NO_SUCH_STEP]


def usual_day(today: date) -> date:
    """A week later, or the Monday after when that is a weekend."""
    day = today + USUAL_NOTICE
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day
