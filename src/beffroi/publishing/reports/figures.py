"""Figures as an edition keeps them, and back: numbers are written as text, so that a hash of them means something."""

from decimal import Decimal
from typing import Any

from beffroi.core.figures import Figure, Number, Sense

Kept = dict[str, Any]
NUMBERS = ("value", "low", "high")
TEXTS = ("unit", "period", "note", "why")


def kept(figure: Figure) -> Kept:
    """Only what says something: an edition is read by people too."""
    found: Kept = {name: _written(number) for name in NUMBERS if (number := getattr(figure, name)) is not None}
    found |= {name: text for name in TEXTS if (text := getattr(figure, name))}
    if figure.sense != Sense.NEUTRAL:
        found["sense"] = figure.sense.value
    return found | ({"rivals": figure.rivals} if figure.rivals else {})


def _written(number: Number) -> str:
    return f"{Decimal(str(number)):f}"


def figure(stored: Kept, *, label: str = "", sense: Sense | None = None) -> Figure:
    known: dict[str, Any] = {name: Decimal(stored[name]) for name in NUMBERS if name in stored}
    known |= {name: stored[name] for name in TEXTS if name in stored}
    meaning = sense or Sense(stored.get("sense", "neutral"))
    return Figure(**known, label=label, sense=meaning, rivals=stored.get("rivals", 0))
