"""Companies by the chamber's profiles: conditions as data, the first profile that applies, and unknown kept unknown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NO_PROFILE = "aucun"  # everything needed is known, and no profile applies

Limits = Mapping[str, tuple[float | None, float | None]]  # criterion -> lower and upper third of the company's sector
Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Condition:
    """`test`: above or below a value, or high, low, not_high among the companies of the sector."""

    of: str
    test: str
    value: float | None = None


@dataclass(frozen=True)
class Profile:
    code: str
    label: str
    sentence: str
    when: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True)
class Profiles:
    version: str
    source: str
    profiles: tuple[Profile, ...]


@dataclass(frozen=True)
class Classed:
    """`doubts`: the profiles that come before and could apply, if what is unknown were known."""

    code: str
    doubts: tuple[str, ...] = ()


def profiles_of(data: Mapping[str, Any]) -> Profiles:
    """From the data file."""
    read = [
        Profile(
            row["code"],
            row["label"],
            row["sentence"],
            tuple(tuple(Condition(one["of"], one["is"], one.get("value")) for one in group) for group in row["when"]),
        )
        for row in data["profiles"]
    ]
    return Profiles(data["version"], data["source"], tuple(read))


COMPARE: dict[str, Callable[[float, float], bool]] = {
    "above": lambda value, limit: value > limit,
    "below": lambda value, limit: value < limit,
    "high": lambda value, upper: value > upper,
    "not_high": lambda value, upper: value <= upper,
    "low": lambda value, lower: value <= lower,
}


def holds(condition: Condition, values: Values, limits: Limits) -> bool | None:
    """None: the value, or the threshold of the sector, is unknown."""
    value = values.get(condition.of)
    lower, upper = limits.get(condition.of, (None, None))
    limit = {"low": lower, "high": upper, "not_high": upper}.get(condition.test, condition.value)
    return None if value is None or limit is None else COMPARE[condition.test](value, limit)


def applies(profile: Profile, values: Values, limits: Limits) -> bool | None:
    """Whether one list of conditions holds in full; None when only what is unknown would tell."""
    answers = [_every([holds(condition, values, limits) for condition in group]) for group in profile.when]
    return True if True in answers else None if None in answers else False


def _every(answers: Sequence[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def profile_of(values: Values, limits: Limits, *, among: Sequence[Profile]) -> Classed:
    """The first that applies; no class when none does and something needed is unknown."""
    doubts: list[str] = []
    for profile in among:
        found = applies(profile, values, limits)
        if found:
            return Classed(profile.code, tuple(doubts))
        if found is None:
            doubts.append(profile.code)
    return Classed("", tuple(doubts)) if doubts else Classed(NO_PROFILE)
