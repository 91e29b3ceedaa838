"""What a column of a published table is: its name in files, its words on screen, its type and where its value comes from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.core.figures import Figure

BATCH = 2_000
Value: TypeAlias = str | int | Decimal | float | bool | date | datetime | None


class Type(StrEnum):
    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    EUROS = "euros"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"


TYPE_LABELS = {
    Type.TEXT: _("texte"),
    Type.CODE: _("code (texte)"),
    Type.INTEGER: _("entier"),
    Type.NUMBER: _("nombre"),
    Type.EUROS: _("euros"),
    Type.DATE: _("date"),
    Type.MOMENT: _("instant"),
    Type.BOOLEAN: _("oui ou non"),
}
TEXTS = {Type.TEXT, Type.CODE}


@dataclass(frozen=True)
class Column:
    """`value` reads a row; without it the row's own key or attribute of that name is read."""

    name: str
    label: Any
    type: Type = Type.TEXT
    meaning: Any = ""
    value: Callable[[Any], Any] | None = None

    @property
    def type_label(self) -> Any:
        return TYPE_LABELS[self.type]

    def of(self, row: Any) -> Value:
        if self.value is not None:
            found = self.value(row)
        else:
            found = row[self.name] if isinstance(row, Mapping) else getattr(row, self.name)
        return plain(found, self.type)


def plain(value: Any, kind: Type) -> Value:
    """A text column holds texts and never a null; in any other, unknown stays unknown."""
    if kind in TEXTS:
        return "" if value is None else str(value)
    if isinstance(value, Figure):
        value = value.value
    if isinstance(value, Model):
        return str(value)
    return None if value == "" else value


def figure_columns(name: str, label: Any, figure: Callable[[Any], Figure | None], meaning: Any = "") -> tuple[Column, ...]:
    """A figure as a file says it: the value when sources agree, otherwise the lowest and the highest."""

    def part(attribute: str) -> Callable[[Any], Any]:
        return lambda row: getattr(figure(row), attribute, None)

    return (
        Column(name, label, Type.NUMBER, meaning, part("value")),
        Column(
            f"{name}_low",
            _("%(label)s, au moins") % {"label": label},
            Type.NUMBER,
            _("Si les sources se contredisent."),
            part("low"),
        ),
        Column(
            f"{name}_high",
            _("%(label)s, au plus") % {"label": label},
            Type.NUMBER,
            _("Si les sources se contredisent."),
            part("high"),
        ),
    )


def read_rows(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[list[Value]]:
    """A query is read in batches: memory does not grow with the table."""
    found = rows.iterator(chunk_size=BATCH) if isinstance(rows, QuerySet) else rows
    for row in found:
        yield [column.of(row) for column in columns]
