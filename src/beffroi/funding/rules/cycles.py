"""The life cycles of files, as tables, and what is missing before a step or an operation. Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from beffroi.accounts.enums import Visibility
from beffroi.funding.enums import Cycle, FileBlocker, Stage, StepBlocker, StepKind

S = StepKind

ERDF: Mapping[StepKind, Set[StepKind]] = {
    S.SUBMITTED: {S.COMPLETE, S.REFUSED, S.WITHDRAWN},
    S.COMPLETE: {S.APPRAISED, S.REFUSED, S.WITHDRAWN},
    S.APPRAISED: {S.OPINIONS, S.WITHDRAWN},
    S.OPINIONS: {S.PROGRAMMED, S.POSTPONED, S.REFUSED, S.WITHDRAWN},
    S.POSTPONED: {S.OPINIONS, S.PROGRAMMED, S.POSTPONED, S.REFUSED, S.WITHDRAWN},
    S.PROGRAMMED: {S.AGREED, S.DEPROGRAMMED, S.LAPSED},
    S.AGREED: {S.DECLARED, S.DEPROGRAMMED, S.LAPSED},
    S.DECLARED: {S.VERIFIED, S.DEPROGRAMMED, S.LAPSED},
    S.VERIFIED: {S.DECLARED, S.CERTIFIED, S.LAPSED},
    S.CERTIFIED: {S.DECLARED, S.PAID, S.LAPSED},
    S.PAID: {S.DECLARED, S.CLOSED, S.RECOVERED},
    S.CLOSED: {S.RECOVERED},
    S.DEPROGRAMMED: {S.RECOVERED},
    S.LAPSED: {S.RECOVERED},
    S.RECOVERED: set(),
    S.REFUSED: set(),
    S.WITHDRAWN: set(),
}
REGIONAL_AID: Mapping[StepKind, Set[StepKind]] = {
    S.SUBMITTED: {S.COMPLETE, S.REFUSED, S.WITHDRAWN},
    S.COMPLETE: {S.APPRAISED, S.REFUSED, S.WITHDRAWN},
    S.APPRAISED: {S.VOTED, S.POSTPONED, S.REFUSED, S.WITHDRAWN},
    S.POSTPONED: {S.VOTED, S.POSTPONED, S.REFUSED, S.WITHDRAWN},
    S.VOTED: {S.AGREED, S.LAPSED, S.WITHDRAWN},
    S.AGREED: {S.ADVANCE, S.INSTALMENT, S.BALANCE, S.LAPSED},
    S.ADVANCE: {S.INSTALMENT, S.BALANCE, S.LAPSED, S.RECOVERED},
    S.INSTALMENT: {S.INSTALMENT, S.BALANCE, S.LAPSED, S.RECOVERED},
    S.BALANCE: {S.CLOSED, S.RECOVERED},
    S.CLOSED: {S.RECOVERED},
    S.LAPSED: {S.RECOVERED},
    S.RECOVERED: set(),
    S.REFUSED: set(),
    S.WITHDRAWN: set(),
}
# Opened by year, then committed and paid: a contract goes round as long as it lives
CPER: Mapping[StepKind, Set[StepKind]] = {
    S.CONTRACTUALISED: {S.OPENED, S.WITHDRAWN},
    S.OPENED: {S.OPENED, S.COMMITTED, S.WITHDRAWN},
    S.COMMITTED: {S.OPENED, S.COMMITTED, S.PAID},
    S.PAID: {S.OPENED, S.COMMITTED, S.PAID, S.CLOSED},
    S.CLOSED: set(),
    S.WITHDRAWN: set(),
}
RD_PROJECT: Mapping[StepKind, Set[StepKind]] = {
    S.SUBMITTED: {S.LABELLED, S.ABANDONED, S.SUSPENDED},
    S.LABELLED: {S.FUNDED, S.ABANDONED, S.SUSPENDED},
    S.FUNDED: {S.ABANDONED, S.SUSPENDED},
    S.SUSPENDED: {S.LABELLED, S.FUNDED, S.ABANDONED},
    S.ABANDONED: set(),
}
NEXT: Mapping[Cycle, Mapping[StepKind, Set[StepKind]]] = {
    Cycle.ERDF: ERDF,
    Cycle.REGIONAL_AID: REGIONAL_AID,
    Cycle.CPER: CPER,
    Cycle.RD_PROJECT: RD_PROJECT,
}
# The steps between which processing times are computed, in their order
PATHS: Mapping[Cycle, Sequence[StepKind]] = {
    Cycle.ERDF: (S.SUBMITTED, S.COMPLETE, S.APPRAISED, S.OPINIONS, S.PROGRAMMED, S.AGREED, S.DECLARED, S.VERIFIED,
                 S.CERTIFIED, S.PAID, S.CLOSED),
    Cycle.REGIONAL_AID: (S.SUBMITTED, S.COMPLETE, S.APPRAISED, S.VOTED, S.AGREED, S.ADVANCE, S.BALANCE, S.CLOSED),
    Cycle.CPER: (S.CONTRACTUALISED, S.OPENED, S.COMMITTED, S.PAID, S.CLOSED),
    Cycle.RD_PROJECT: (S.SUBMITTED, S.LABELLED, S.FUNDED),
}  # fmt: skip
# The decision that a file waits for: from its receipt to it, a call may announce how long it takes
DECISION: Mapping[Cycle, StepKind] = {
    Cycle.ERDF: S.PROGRAMMED,
    Cycle.REGIONAL_AID: S.VOTED,
    Cycle.CPER: S.COMMITTED,
    Cycle.RD_PROJECT: S.FUNDED,
}
OUT = frozenset({S.REFUSED, S.WITHDRAWN, S.ABANDONED, S.DEPROGRAMMED, S.LAPSED, S.RECOVERED})
OVER = OUT | {S.CLOSED}
REASONED = frozenset({S.POSTPONED, S.SUSPENDED}) | OUT
NUMBERED = frozenset({S.VOTED})
REPEATED = frozenset({S.POSTPONED, S.SUSPENDED, S.OPINIONS, S.OPENED, S.COMMITTED, S.DECLARED, S.VERIFIED, S.CERTIFIED, S.PAID,
                      S.INSTALMENT})  # fmt: skip
# At which stage the money of a step stands; a step that is not here states no money
STAGE_OF: Mapping[StepKind, Stage] = {
    S.SUBMITTED: Stage.REQUESTED,
    S.COMPLETE: Stage.REQUESTED,
    S.APPRAISED: Stage.REQUESTED,
    S.PROGRAMMED: Stage.PROGRAMMED,
    S.VOTED: Stage.VOTED,
    S.CONTRACTUALISED: Stage.CONTRACTUALISED,
    S.AGREED: Stage.AGREED,
    S.COMMITTED: Stage.AGREED,
    S.CERTIFIED: Stage.CERTIFIED,
    S.PAID: Stage.PAID,
    S.ADVANCE: Stage.PAID,
    S.INSTALMENT: Stage.PAID,
    S.BALANCE: Stage.PAID,
    S.RECOVERED: Stage.RECOVERED,
}
RANK: Mapping[StepKind, int] = {kind: rank for rank, kind in enumerate(StepKind)}


@dataclass(frozen=True)
class Dated:
    """A step of a file. `on` is None when nobody says its date; `stated_on`: when the source said that it had been reached."""

    kind: StepKind
    on: date | None
    stated_on: date | None = None
    id: int = 0

    @property
    def order(self) -> tuple[date, int, int]:
        return self.on or self.stated_on or date.min, RANK[self.kind], self.id


def in_order(steps: Iterable[Dated]) -> list[Dated]:
    return sorted(steps, key=lambda step: step.order)


def following(cycle: Cycle, step: StepKind | None) -> list[StepKind]:
    """What may come next, in the order of the screen. A file that is taken up on its way may begin anywhere."""
    allowed: Set[StepKind] = set(NEXT[cycle]) if step is None else NEXT[cycle].get(step, set())
    return [kind for kind in StepKind if kind in allowed]


def can_lead(cycle: Cycle, before: StepKind, after: StepKind) -> bool:
    """Whether a file can come from one step to another, through any number of others."""
    seen: set[StepKind] = set()
    fresh = set(NEXT[cycle].get(before, set()))
    while fresh - seen:
        seen |= fresh
        fresh = {further for step in fresh for further in NEXT[cycle].get(step, set())}
    return after in seen


def blockers_to_step(
    kind: StepKind, *, on: date, cycle: Cycle, steps: Iterable[Dated], today: date, reason: str = "", number: str = ""
) -> list[StepBlocker]:
    """A step that was forgotten takes its place among the others; any other one comes after them all."""
    ordered = in_order(steps)
    current = ordered[-1] if ordered else None
    found: list[StepBlocker] = []
    if kind not in NEXT[cycle]:
        found.append(StepBlocker.NOT_IN_CYCLE)
    elif kind in following(cycle, current.kind if current else None):
        found += _too_early(on, current)
    elif not is_forgotten(kind, on=on, cycle=cycle, ordered=ordered):
        found.append(StepBlocker.NOT_NEXT)
    if on > today:
        found.append(StepBlocker.IN_THE_FUTURE)
    return found + _missing(kind, reason, number)


def _too_early(on: date, previous: Dated | None) -> list[StepBlocker]:
    return [StepBlocker.BEFORE_PREVIOUS] if previous is not None and previous.on is not None and on < previous.on else []


def is_forgotten(kind: StepKind, *, on: date, cycle: Cycle, ordered: Sequence[Dated]) -> bool:
    """Whether a step fits between those that are already there, on its day."""
    if kind not in REPEATED and any(step.kind == kind for step in ordered):
        return False
    earlier = [step for step in ordered if step.order[0] <= on]
    later = [step for step in ordered if step.order[0] > on]
    follows = not earlier or can_lead(cycle, earlier[-1].kind, kind)
    return bool(later) and follows and can_lead(cycle, kind, later[0].kind)


def blockers_to_correction(
    step: Dated, *, on: date, steps: Iterable[Dated], today: date, reason: str = "", number: str = ""
) -> list[StepBlocker]:
    """A corrected step stays between the step before it and the step after it."""
    ordered = in_order(steps)
    place = next(place for place, one in enumerate(ordered) if one.id == step.id)
    before, after = ordered[:place], ordered[place + 1 :]
    found = _too_early(on, before[-1] if before else None)
    if after and after[0].on is not None and on > after[0].on:
        found.append(StepBlocker.AFTER_NEXT)
    if on > today:
        found.append(StepBlocker.IN_THE_FUTURE)
    return found + _missing(step.kind, reason, number)


def _missing(kind: StepKind, reason: str, number: str) -> list[StepBlocker]:
    wanted = ((kind in REASONED, reason, StepBlocker.NO_REASON), (kind in NUMBERED, number, StepBlocker.NO_NUMBER))
    return [blocker for is_due, text, blocker in wanted if is_due and not text.strip()]


def oddities(steps: Sequence[Dated], cycle: Cycle) -> dict[int, str]:
    """What a person should look at in the steps of a file, by step: none is refused, each stays as its source writes it."""
    found: dict[int, str] = {}
    dates: dict[StepKind, set[date]] = {}
    for step in steps:
        if step.on is not None:
            dates.setdefault(step.kind, set()).add(step.on)
    ordered = in_order(steps)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.kind != after.kind and not can_lead(cycle, before.kind, after.kind):
            found[after.id] = _out_of_order(before.kind, after.kind, can_lead(cycle, after.kind, before.kind))
    for step in steps:
        if step.kind not in NEXT[cycle]:
            found[step.id] = "Cette étape n’existe pas dans le cycle de vie du dossier."
        elif step.kind not in REPEATED and len(dates.get(step.kind, ())) > 1:
            found[step.id] = "Deux sources datent cette étape autrement."
    return found


def _out_of_order(before: StepKind, after: StepKind, is_reversed: bool) -> str:
    if is_reversed:
        return f"« {after.label} » est daté après « {before.label} », qu’il devrait précéder."
    return f"« {after.label} » ne peut pas suivre « {before.label} »."


def blockers_to_submission(*, on: date, opens: date | None, closes: date | None, has_applicant: bool) -> list[FileBlocker]:
    found = []
    if not has_applicant:
        found.append(FileBlocker.NO_APPLICANT)
    if opens is not None and on < opens:
        found.append(FileBlocker.CALL_NOT_OPEN)
    if closes is not None and on > closes:
        found.append(FileBlocker.CALL_CLOSED)
    return found


def blockers_to_operation(
    *, cycle: Cycle, steps: Iterable[StepKind], current: StepKind | None, has_operation: bool
) -> list[FileBlocker]:
    found = []
    if has_operation:
        found.append(FileBlocker.HAS_OPERATION)
    path = PATHS[cycle]
    decided = set(path[path.index(DECISION[cycle]) :]) | ({S.CONTRACTUALISED} if cycle is Cycle.CPER else set())
    if not decided & set(steps):
        found.append(FileBlocker.NOT_DECIDED)
    if current in OUT:
        found.append(FileBlocker.IS_OUT)
    return found


def seen_at_stage(stage: str, asked: int) -> int:
    """What is requested is for its owner and the bodies; from « planned » on, partners at least see the money."""
    if stage == Stage.REQUESTED:
        return max(asked, Visibility.BODIES)
    return asked if stage == Stage.UNSTATED else min(asked, Visibility.PARTNERS)
