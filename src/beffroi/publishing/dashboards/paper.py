"""Dashboards and reports of activity on paper: what each shows, as a document that every format prints."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core import formats, simulation
from beffroi.core.figures import Figure
from beffroi.publishing.reports.parts import Block, Cell, Chapter, Column, Document, Section

NOTHING = Block("", "", [], [], "method")


def block(title: Any, columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, lead: Any = "") -> Block:
    """The first column is what the row is about; columns given as (title, True) hold numbers."""
    made = [Column(str(one[0]), True) if isinstance(one, tuple) else Column(str(one), weight=1.6) for one in columns]
    return Block("amounts", str(title), made, [[cell(value) for value in row] for row in rows], "indicators", str(lead))


def cell(value: Any) -> Cell:
    if isinstance(value, Figure):
        return value
    if value is None:
        return _("inconnu")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, int | float):
        return Figure(value=value)
    return formats.day_text(value) if isinstance(value, date) else str(value)


def paper(
    title: str,
    kind: Any,
    parts: Sequence[tuple[Any, Sequence[Block]]],
    *,
    on: date,
    at: datetime,
    lead: Any,
    method: Iterable[Any],
) -> Document:
    sections = [Section(f"s{place}", str(name), "", blocks, (), 0) for place, (name, blocks) in enumerate(parts)]
    return Document(
        title=title,
        framework="",
        as_of=on,
        known_on=at,
        groups=(),
        notes=(),
        challenges=str(lead),
        caveats=[str(simulation.SAID)] if simulation.is_simulated() else [],
        chapters=[Chapter("", "", sections)],
        sources=(),
        reconciliation=NOTHING,
        not_shown=NOTHING,
        method=[str(line) for line in method],
        kind=str(kind),
    )
