"""What the levels of a pair say, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beffroi.analytics.matching.comparisons import COMPARISONS


@dataclass(frozen=True)
class Argument:
    """One thing that speaks for (`is_for`) or against two records being one."""

    text: str
    is_for: bool


def arguments(levels: Mapping[str, int | None]) -> list[Argument]:
    """By comparison, the level that Splink found: -1 or None unknown (nothing is said), 0 its rest, then upwards."""
    found = []
    for comparison in COMPARISONS:
        level = levels.get(comparison.name)
        if level is None or level < 0:
            continue
        said = comparison.rest if level == 0 else comparison.levels[len(comparison.levels) - level]
        found.append(Argument(said.text, said.is_for))
    return found


SURE = {"identifier": "Même numéro SIREN ou SIRET.", "exact": "Même nom et même lieu ; c’est la seule de ce nom à cet endroit."}


def reasons(row: Mapping[str, Any]) -> list[Argument]:
    """Of a link or candidate: by its step where that says all, else by its levels."""
    return [Argument(SURE[step], True)] if (step := row.get("step")) in SURE else arguments(row)
