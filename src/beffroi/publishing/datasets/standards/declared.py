"""A list that a standard or a regulation describes: its columns as the standard writes them, what it asks of each, and what
cannot be said. Nothing is invented: what the standard makes mandatory and nobody knows leaves the row out, with the reason."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.core.exports import Column, Type
from beffroi.core.exports.columns import Value
from beffroi.provenance.queries import Moment

FRENCH, ENGLISH = "fr", "en"
SUBJECT = "subventions"  # idAttribuant_subventions_AAAAMMJJ.csv, as the standard names its files


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`publisher`: the SIREN or SIRET of the body whose grants are published; `prefix`: what its identifiers begin with."""

    moment: Moment
    programme: str = ""
    publisher: str = ""
    prefix: str = ""
    language: str = FRENCH


@dataclass(frozen=True, kw_only=True)
class Field:
    """`required`: without it, or against `pattern`, `choices`, `most`, `low` and `high`, the row is left out. `due`: a rule
    asks for it, and what lacks it is counted. A value of another field that the standard refuses is left empty, and counted."""

    name: str
    value: Callable[[Any], Value]
    english: str = ""
    meaning: Any = ""
    type: Type = Type.TEXT
    required: bool = False
    due: bool = False
    pattern: str = ""
    choices: Sequence[str] = ()
    most: int = 0
    low: Decimal | None = None
    high: Decimal | None = None

    def named(self, language: str) -> str:
        return self.english if language == ENGLISH and self.english else self.name

    def is_right(self, value: Value) -> bool:
        if isinstance(value, str):
            return (
                (not self.pattern or re.fullmatch(self.pattern, value) is not None)
                and (not self.choices or value in self.choices)
                and (not self.most or len(value) <= self.most)
            )
        if isinstance(value, Decimal | int):
            return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return True


@dataclass(frozen=True)
class LeftOut:
    """A row that is not published. Nobody's name is said: the report of a list is as public as the list."""

    code: str
    title: str
    reason: str
    publisher: str = ""


@dataclass
class Built:
    """`gaps`: for each field, how many rows of the list have it empty though it is asked for."""

    fields: Sequence[Field]
    rows: list[list[Value]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    gaps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    operations: list[int] = field(default_factory=list)
    publisher: str = ""

    @property
    def reasons(self) -> list[tuple[str, int]]:
        return Counter(row.reason for row in self.left_out).most_common()

    def columns(self, language: str) -> list[Column]:
        return [Column(one.named(language), one.name, one.type, one.meaning) for one in self.fields]


@dataclass(frozen=True, kw_only=True)
class Publication:
    """`records(asked)` gives what each row is made from, or why there is none. `check(record)` says what is wrong between
    the fields of a row. Each record names its operation: `operation`, with `code`, `title` and `pk`."""

    name: str
    title: Any
    description: Any
    standard: str
    fields: Sequence[Field]
    records: Callable[[Asked], Iterable[Any]]
    check: Callable[[Any], str] = lambda record: ""
    day: str = "%Y-%m-%d"
    languages: Sequence[str] = (FRENCH,)
    formats: Sequence[str] = ("csv",)
    options: Sequence[str] = ("programme",)
    one_file_for_each: str = ""
    names_persons: bool = False

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("publishing:publication", args=[self.name])

    def files(self, built: Built, asked: Asked) -> dict[str, Built]:
        """The name of each file, without the suffix, and what is in it."""
        if not self.one_file_for_each:
            return {f"{self.name}-{asked.moment.as_of:%Y%m%d}": built}
        at = next(at for at, one in enumerate(self.fields) if one.name == self.one_file_for_each)
        found: dict[str, Built] = {}
        for row in built.rows:
            name = f"{row[at]}_{SUBJECT}_{asked.moment.as_of:%Y%m%d}"
            found.setdefault(name, Built(built.fields, publisher=str(row[at]))).rows.append(row)
        return dict(sorted(found.items()))

    def build(self, asked: Asked) -> Built:
        built = Built(self.fields)
        for record in self.records(asked):
            if isinstance(record, LeftOut):
                built.left_out.append(record)
                continue
            if row := self._row(record, built):
                built.rows.append(row)
                built.operations.append(record.operation.pk)
        return built

    def _row(self, record: Any, built: Built) -> list[Value] | None:
        values = [one.value(record) for one in self.fields]
        wrong = next(self._wrong(values), "") or self.check(record)
        if wrong:
            built.left_out.append(LeftOut(record.operation.code, record.operation.title, wrong))
            return None
        for at, one in enumerate(self.fields):
            if _is_empty(values[at]):
                built.gaps[one.name] += one.due
            elif not one.is_right(values[at]):
                values[at] = None
                built.refused[one.name] += 1
        return values

    def _wrong(self, values: Sequence[Value]) -> Iterator[str]:
        for one, value in zip(self.fields, values, strict=True):
            if one.required and _is_empty(value):
                yield _("« %(field)s » n’est pas connu, le standard l’exige.") % {"field": one.name}
            elif one.required and not one.is_right(value):
                yield _("« %(field)s » n’a pas la forme que le standard exige.") % {"field": one.name}


def _is_empty(value: Value) -> bool:
    return value is None or value == ""


SIRET = r"[0-9]{14}"
DAYS = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?"
RIVALS = gettext_lazy("Les sources se contredisent sur le montant : il est publié une fois réglé.")
DOUBLE = gettext_lazy(
    "Ce montant est peut-être déjà dit par une autre ligne : il est publié une fois le rapprochement tranché."
)
UNKNOWN_AMOUNT = gettext_lazy("Le montant n’est pas connu avec certitude.")


def shortened(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def written_day(day: date | None, form: str) -> str | None:
    return None if day is None else day.strftime(form)
