"""The figures that a page computes, each kept with what it is made of: the page and its « why » say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from beffroi.core.figures import Figure
from beffroi.provenance.queries.evidence import Counted

Part = tuple[Any, Any, Figure | None]
LISTED = 300


@dataclass
class Ledger:
    """`address`: what comes before the name of a figure in its key."""

    address: str
    title: Any
    subject: Any = None
    found: dict[str, Counted] = field(default_factory=dict)

    def figure(
        self,
        name: str,
        value: Decimal | int | None,
        *,
        formula: Any,
        parts: Sequence[Part] = (),
        out_of: int | None = None,
        **said: Any,
    ) -> Figure:
        """`out_of`: of how many parts the value is made, where some are unknown."""
        key = f"{self.address}{name}"
        figure = Figure(value=value, why=key, parts=out_of, **{"unit": "€"} | said)
        self.found[key] = Counted(self.title, formula, figure, parts[:LISTED], self.subject)
        return figure

    def sum(self, name: str, parts: Iterable[Part], *, formula: Any, unit: str = "€", **said: Any) -> Figure:
        """Of figures: unknown ones are counted apart, a range gives its bounds; nothing at all is unknown."""
        rows = list(parts)
        figures = [figure for _, _, figure in rows if figure is not None]
        known = [figure for figure in figures if figure.is_known]
        low, high = (sum((bound(figure, side) for figure in known), Decimal(0)) for side in ("low", "high"))
        counts = {"known": len(known), "out_of": len(figures)} if len(known) < len(figures) else {}
        if known and low != high:
            figure = self.figure(name, None, formula=formula, parts=rows, unit=unit, low=low, high=high, **counts, **said)
        else:
            figure = self.figure(name, low if known else None, formula=formula, parts=rows, unit=unit, **counts, **said)
        return figure


def bound(figure: Figure, side: str) -> Decimal:
    """The value, else the bound of that side, else the other bound."""
    for found in (figure.value, getattr(figure, side), figure.low, figure.high):
        if found is not None:
            return Decimal(str(found))
    return Decimal(0)


def lowest(figure: Figure | None) -> Decimal | None:
    """What is sure of it."""
    return bound(figure, "low") if figure is not None and figure.is_known else None
