"""What became of companies flagged at events (S3, 3.5: share of flagged companies visited after taking part in an event)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from beffroi.interactions.enums import FollowUp, ParticipationState

FOLLOWED_DAYS = 90  # unless another delay is asked
# A company flagged at several events counts once, by what went best for it
BEST_FIRST = (FollowUp.VISITED, FollowUp.EARLY, FollowUp.NOT_YET, FollowUp.LATE, FollowUp.NOT_VISITED, FollowUp.UNKNOWN)
DUE = (FollowUp.VISITED, FollowUp.LATE, FollowUp.NOT_VISITED)
DID_NOT_COME = (ParticipationState.ABSENT, ParticipationState.DECLINED)


@dataclass(frozen=True)
class Share:
    """`value` is unknown when no company is due."""

    counts: Mapping[FollowUp, int]

    @property
    def due(self) -> int:
        return sum(self.counts[state] for state in DUE)

    @property
    def visited(self) -> int:
        return self.counts[FollowUp.VISITED]

    @property
    def value(self) -> float | None:
        return self.visited / self.due if self.due else None


def follow_up(ended: date, visits: Iterable[date], *, has_come: bool, on: date, days: int) -> FollowUp:
    """While the delay runs, those already visited wait with the others: counted first, they would raise the share.

    A visit on the day of the event is not one after it. `has_come`: somebody noted that the company was there.
    """
    if not has_come:
        return FollowUp.UNKNOWN
    after = [day for day in visits if ended < day <= on]
    limit = ended + timedelta(days=days)
    if on <= limit:
        return FollowUp.EARLY if after else FollowUp.NOT_YET
    if any(day <= limit for day in after):
        return FollowUp.VISITED
    return FollowUp.LATE if after else FollowUp.NOT_VISITED


def best(states: Sequence[FollowUp]) -> FollowUp:
    return min(states, key=BEST_FIRST.index)


def share_of(by_company: Iterable[Sequence[FollowUp]]) -> Share:
    return Share(Counter(best(states) for states in by_company))
