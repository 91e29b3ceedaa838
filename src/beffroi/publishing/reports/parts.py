"""What a document is made of, whatever it is printed on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beffroi.core import formats
from beffroi.core.figures import Figure, Sense

Entry = dict[str, Any]
# What a section shows at once on screen; the rest is one press away, and always in the files.
FIRST = frozenset({"progress", "sums", "totals", "stages", "meetings", "bodies"})
SHEETS = {
    "organisation": "publishing:organisation",
    "item": "publishing:item",
    "indicator": "publishing:indicator",
    "body": "publishing:body",
    "operation": "publishing:operation",
    "system": "reference:system",
}


@dataclass(frozen=True)
class Linked:
    """A name that leads to the sheet of what it names."""

    text: str
    kind: str
    pk: int

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse(SHEETS[self.kind], args=[self.pk])


Cell = str | Figure | Linked


@dataclass(frozen=True)
class Column:
    """`weight`: its share of a page's width; a number takes what it needs."""

    title: str
    is_numeric: bool = False
    weight: float = 1
    is_exact: bool = False


@dataclass(frozen=True)
class Block:
    """One table of a section; `tab` says on which sheet of a workbook it goes."""

    id: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    tab: str
    lead: str = ""

    @property
    def is_first(self) -> bool:
        return self.id in FIRST or self.id.startswith("amounts")

    @property
    def lines(self) -> list[list[tuple[Cell, Column]]]:
        return [list(zip(row, self.columns, strict=True)) for row in self.rows]

    @property
    def said(self) -> str:
        return ngettext("%(n)s ligne", "%(n)s lignes", len(self.rows)) % {"n": formats.number_text(len(self.rows))}


@dataclass(frozen=True)
class Text:
    owner: str
    by: str
    at: datetime
    text: str
    code: str = ""


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    heading: str
    blocks: Sequence[Block]
    texts: Sequence[Text]
    count: int

    @property
    def first_blocks(self) -> list[Block]:
        return [block for block in self.blocks if block.is_first]


@dataclass(frozen=True)
class Chapter:
    """A challenge and its sections; sections of no challenge stand alone."""

    code: str
    title: str
    sections: Sequence[Section]


@dataclass(frozen=True)
class Message:
    """`sense` and `figures` in the order they are read: what is done, of what was aimed at."""

    label: str
    detail: str
    sense: Sense
    actual: Figure
    target: Figure | None
    aim: str
    remark: str
    notes: Sequence[int]
    section: str

    @property
    def sentence(self) -> str:
        said = f"{self.label} ({self.detail})" if self.detail else self.label
        return ", ".join(filter(None, [f"{said}{formats.NO_BREAK}: {self.words}", self.aim, self.remark]))

    @property
    def words(self) -> str:
        """The unit once when it is the same: 121 sur 350 structures."""
        if self.target is None:
            return formats.figure_text(self.actual)
        (done, unit), (aim, aimed) = formats.figure_parts(self.actual), formats.figure_parts(self.target)
        start = done if unit == aimed else formats.figure_text(self.actual)
        return _("%(done)s sur %(aim)s") % {"done": start, "aim": f"{aim}{formats.NO_BREAK}{aimed}" if aimed else aim}


@dataclass(frozen=True)
class Group:
    id: str
    title: str
    sense: Sense
    messages: Sequence[Message]


@dataclass(frozen=True)
class Note:
    number: int
    text: str


@dataclass(frozen=True)
class Document:
    title: str
    framework: str
    as_of: date
    known_on: datetime
    groups: Sequence[Group]
    notes: Sequence[Note]
    challenges: str
    caveats: Sequence[str]
    chapters: Sequence[Chapter]
    sources: Sequence[Entry]
    reconciliation: Block
    not_shown: Block
    method: Sequence[str] = field(default_factory=list)
    kind: str = ""

    @property
    def sections(self) -> list[Section]:
        return [section for chapter in self.chapters for section in chapter.sections]
