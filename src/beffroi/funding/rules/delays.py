"""How long files take from one step to another. Pure: what is not known is counted, never guessed."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from beffroi.funding.enums import Cycle, StepKind
from beffroi.funding.rules.cycles import DECISION, OVER, PATHS, REPEATED


class SpanState(StrEnum):
    KNOWN = "known"
    RUNNING = "running"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Span:
    """The days between two steps of a file, or since the first when the second is still awaited."""

    state: SpanState
    days: int | None = None

    def is_late(self, limit: int | None) -> bool:
        return limit is not None and self.days is not None and self.days > limit


@dataclass(frozen=True, kw_only=True)
class Delay:
    """`count` files went from one step to the other; `running` wait; `left` went out before; `unknown` have no sound dates."""

    count: int
    median: float | None = None
    first_quartile: float | None = None
    third_quartile: float | None = None
    longest: int | None = None
    running: int = 0
    left: int = 0
    unknown: int = 0
    late: int | None = None

    @property
    def files(self) -> int:
        return self.count + self.running + self.left + self.unknown


def intervals(cycle: Cycle) -> list[tuple[StepKind, StepKind]]:
    """From the first step to the decision, then from each step to the one after it."""
    path = PATHS[cycle]
    whole = (path[0], DECISION[cycle])
    return [whole, *(pair for pair in zip(path, path[1:], strict=False) if pair != whole)]


def dates_of_steps(steps: Iterable[tuple[StepKind, date | None]]) -> dict[StepKind, date | None]:
    """The day each step was first reached; unknown without a date, or when two dates are given for what happens once."""
    found: dict[StepKind, set[date | None]] = {}
    for kind, on in steps:
        found.setdefault(kind, set()).add(on)
    return {kind: _first(kind, days) for kind, days in found.items()}


def _first(kind: StepKind, days: set[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    if kind in REPEATED:
        return None if None in days else min(known)
    return known[0] if len(known) == 1 else None


def span(
    dates: Mapping[StepKind, date | None], start: StepKind, end: StepKind, *, path: Sequence[StepKind], on: date
) -> Span | None:
    """None when the file has reached neither step."""
    if start not in dates:
        return Span(SpanState.UNKNOWN) if end in dates else None
    first, last = dates[start], dates.get(end)
    if end in dates:
        return Span(SpanState.UNKNOWN) if first is None or last is None or last < first else _known(first, last)
    if any(kind in dates for kind in path[path.index(end) :]):
        return Span(SpanState.UNKNOWN)  # it went further: the step was not noted
    if OVER & dates.keys():
        return Span(SpanState.LEFT)
    return Span(SpanState.UNKNOWN) if first is None else Span(SpanState.RUNNING, (on - first).days)


def _known(first: date, last: date) -> Span:
    return Span(SpanState.KNOWN, (last - first).days)


def delay(spans: Iterable[tuple[Span, int | None]]) -> Delay:
    """Each span with the days that were announced for it; nothing is late where nothing was announced."""
    rows = list(spans)
    days = [one.days for one, _ in rows if one.state is SpanState.KNOWN and one.days is not None]
    counts = {state: sum(one.state is state for one, _ in rows) for state in SpanState}
    first, third = _quartiles(days)
    return Delay(
        count=len(days),
        median=statistics.median(days) if days else None,
        first_quartile=first,
        third_quartile=third,
        longest=max(days, default=None),
        running=counts[SpanState.RUNNING],
        left=counts[SpanState.LEFT],
        unknown=counts[SpanState.UNKNOWN],
        late=sum(one.is_late(limit) for one, limit in rows) if any(limit is not None for _, limit in rows) else None,
    )


def _quartiles(days: Sequence[int]) -> tuple[float | None, float | None]:
    """Of at least four files; fewer say no more than their median."""
    if len(days) < 4:
        return None, None
    first, _, third = statistics.quantiles(days, n=4, method="inclusive")
    return first, third
