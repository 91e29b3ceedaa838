"""What may follow what in an accompaniment, and in the path of project holders (STARTER). Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from beffroi.interactions.enums import SupportBlocker, SupportState, SupportStepKind

K = SupportStepKind

NEXT: Mapping[SupportState, Set[SupportState]] = {
    SupportState.OPEN: {SupportState.CLOSED, SupportState.STOPPED},
    SupportState.CLOSED: set(),
    SupportState.STOPPED: set(),
}
AFTER_CREATION = frozenset({K.FOLLOW_UP, K.SURVIVAL_1, K.SURVIVAL_3, K.ENDED, K.TRANSMITTED})
# Reception, hours, creation, follow-up, survival with its bonus, transmission (plan STARTER, S3 2021-2027, 3.3)
STARTER: Mapping[SupportStepKind, Set[SupportStepKind]] = {
    K.RECEPTION: {K.HOURS, K.CREATED, K.ENDED},
    K.HOURS: {K.HOURS, K.CREATED, K.ENDED},
    K.CREATED: AFTER_CREATION,
    K.FOLLOW_UP: AFTER_CREATION,
    K.SURVIVAL_1: {K.FOLLOW_UP, K.SURVIVAL_3, K.ENDED, K.TRANSMITTED},
    K.SURVIVAL_3: {K.FOLLOW_UP, K.ENDED, K.TRANSMITTED},
    K.TRANSMITTED: {K.FOLLOW_UP, K.SURVIVAL_1, K.SURVIVAL_3, K.ENDED},
    K.ENDED: set(),
}
ORDINARY: Mapping[SupportStepKind, Set[SupportStepKind]] = {
    K.RECEPTION: {K.HOURS, K.FOLLOW_UP},
    K.HOURS: {K.HOURS, K.FOLLOW_UP},
    K.FOLLOW_UP: {K.HOURS, K.FOLLOW_UP},
}
REPEATED = frozenset({K.HOURS, K.FOLLOW_UP})
AGES = {K.SURVIVAL_1: 1, K.SURVIVAL_3: 3}  # years after the creation


@dataclass(frozen=True)
class Step:
    kind: SupportStepKind
    on: date


@dataclass(frozen=True)
class Due:
    """The step to come, and the day from which it can be noted, when there is one."""

    kind: SupportStepKind
    on: date | None = None


@dataclass(frozen=True)
class Survival:
    """Of those created long enough ago: how many are known alive at that age, how many known to have ceased before."""

    created: int
    alive: int
    ceased: int
    too_young: int = 0

    @property
    def unknown(self) -> int:
        return self.created - self.alive - self.ceased

    @property
    def low(self) -> float | None:
        return self.alive / self.created if self.created else None

    @property
    def high(self) -> float | None:
        return (self.alive + self.unknown) / self.created if self.created else None


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def following(steps: Sequence[Step], *, is_starter: bool) -> list[SupportStepKind]:
    """`steps` in the order of their days. What happens once is not proposed twice, nor one year after three."""
    table = STARTER if is_starter else ORDINARY
    done = {step.kind for step in steps}
    after = table[steps[-1].kind] if steps else {K.RECEPTION} if is_starter else set(table)
    past = {K.SURVIVAL_1} if K.SURVIVAL_3 in done else set()
    return [kind for kind in K if kind in after and (kind in REPEATED or kind not in done) and kind not in past]


def created_on(steps: Iterable[Step]) -> date | None:
    return next((step.on for step in steps if step.kind == K.CREATED), None)


def blockers_to_step(
    steps: Sequence[Step],
    step: Step,
    *,
    is_starter: bool,
    is_over: bool,
    since: date,
    minutes: int | None = None,
    cents: int | None = None,
) -> list[SupportBlocker]:
    last = max((one.on for one in steps), default=since)
    is_done = step.kind not in REPEATED and any(one.kind == step.kind for one in steps)
    said = {
        SupportBlocker.IS_OVER: is_over,
        SupportBlocker.ALREADY_DONE: is_done,
        SupportBlocker.NOT_NEXT: not is_done and step.kind not in following(steps, is_starter=is_starter),
        SupportBlocker.BEFORE_LAST: step.on < max(last, since),
        SupportBlocker.TOO_SOON: _is_too_young(steps, step),
        SupportBlocker.NO_MINUTES: step.kind == K.HOURS and not minutes,
        SupportBlocker.NO_BONUS_HERE: cents is not None and step.kind not in AGES,
    }
    return [blocker for blocker, holds in said.items() if holds]


def _is_too_young(steps: Iterable[Step], step: Step) -> bool:
    born, age = created_on(steps), AGES.get(step.kind)
    return born is not None and age is not None and step.on < years_after(born, age)


def blockers_to_ending(state: SupportState, to: SupportState, *, on: date, last: date) -> list[SupportBlocker]:
    said = {SupportBlocker.IS_OVER: to not in NEXT[state], SupportBlocker.ENDS_BEFORE: on < last}
    return [blocker for blocker, holds in said.items() if holds]


def next_due(steps: Sequence[Step]) -> Due | None:
    """Of the path of project holders: what is expected next."""
    done, born = {step.kind for step in steps}, created_on(steps)
    if K.ENDED in done:
        return None
    if not steps:
        return Due(K.RECEPTION)
    if born is None:
        return Due(K.CREATED if K.HOURS in done else K.HOURS)
    left = [kind for kind in AGES if kind not in done and K.SURVIVAL_3 not in done]
    return Due(left[0], years_after(born, AGES[left[0]])) if left else None


def survival(paths: Iterable[Sequence[Step]], years: int, *, on: date) -> Survival:
    """A company is known alive at an age when a step that shows it is dated from that age on, ceased when it ended before;
    otherwise nobody knows."""
    alive = ceased = created = young = 0
    for steps in paths:
        born = created_on(steps)
        if born is None:
            continue
        if years_after(born, years) > on:
            young += 1
            continue
        created += 1
        is_alive = _is_alive(steps, years_after(born, years), on)
        alive += is_alive is True
        ceased += is_alive is False
    return Survival(created, alive, ceased, young)


def _is_alive(steps: Iterable[Step], age: date, on: date) -> bool | None:
    known = [step for step in steps if step.on <= on]
    if any(step.on >= age for step in known):
        return True  # a step of that day or later, even its end, was lived
    return False if any(step.kind == K.ENDED for step in known) else None
