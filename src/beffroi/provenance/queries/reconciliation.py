"""Every row of every file is loaded or rejected with a reason: the proof, file by file."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure, Sense
from beffroi.provenance.models import Load, Source
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.loads import COUNTS, known_loads, load_figure, shown_loads

NAMES = tuple(COUNTS)


@dataclass(frozen=True)
class FileRow:
    load: Load

    @property
    def figures(self) -> list[Figure]:
        return [load_figure(self.load, name) for name in NAMES]

    @property
    def difference(self) -> Figure:
        return difference_figure(self.load.difference, f"load:{self.load.pk}/read")


@dataclass(frozen=True)
class Document:
    source: Source
    files: list[FileRow] = field(default_factory=list)

    @property
    def figures(self) -> list[Figure]:
        return [sum_figure([row.load for row in self.files], name, f"files:{self.source.code}") for name in NAMES]

    @property
    def difference(self) -> Figure:
        return difference_figure(sum(row.load.difference for row in self.files), f"files:{self.source.code}")


def difference_figure(rows: int, why: str) -> Figure:
    return Figure(value=rows, label=_("écart"), sense=Sense.BAD if rows else Sense.NEUTRAL, why=why)


def sum_figure(loads: list[Load], name: str, why: str) -> Figure:
    return Figure(value=sum(getattr(load, name) for load in loads), label=str(COUNTS[name]), why=why)


@dataclass(frozen=True)
class Reconciliation:
    documents: list[Document]

    @property
    def loads(self) -> list[Load]:
        return [row.load for document in self.documents for row in document.files]

    @property
    def figures(self) -> list[Figure]:
        return [sum_figure(self.loads, name, "files:") for name in NAMES]

    @property
    def difference(self) -> Figure:
        return difference_figure(sum(load.difference for load in self.loads), "files:")


def reconciliation(viewer: AnyUser, moment: Moment) -> Reconciliation:
    loads = shown_loads(known_loads(viewer, moment)).order_by("snapshot__source__title", "snapshot__source", "pk")
    groups: Any = groupby(loads, key=lambda load: load.snapshot.source)
    return Reconciliation([Document(source, [FileRow(load) for load in found]) for source, found in groups])
