"""The rows of sources that a report has to show: those of its document, and those about its frameworks, at its moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet, prefetch_related_objects

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Relation
from beffroi.core.models import believed_at
from beffroi.funding.models import Agreement, Operation, OperationPartner
from beffroi.governance.models import Body, Mandate, Meeting
from beffroi.indicators.models import Indicator
from beffroi.provenance.models import Load, Statement
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.raw import raw_fields
from beffroi.publishing.reports.layouts import Layout
from beffroi.reference.models import Correspondence, Framework, Item, Rule

Raw = dict[str, str]
ITEM = "item__version__framework__code__in"
# Where the framework of each kind of thing is; organisations and systems have none, they come with their document.
ABOUT: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "framework": (Framework, ("code__in",)),
    "item": (Item, ("version__framework__code__in",)),
    "correspondence": (Correspondence, ("source__version__framework__code__in",)),
    "rule": (Rule, ("framework__code__in",)),
    "indicator": (Indicator, ("framework__code__in",)),
    "body": (Body, ("framework__code__in",)),
    "operation": (Operation, ("programme__framework__code__in",)),
    "operation_partner": (OperationPartner, ("operation__programme__framework__code__in",)),
    "agreement": (Agreement, ("programme__framework__code__in",)),
    "mandate": (Mandate, ("body__framework__code__in",)),
    "meeting": (Meeting, ("about_framework__code__in", f"about_{ITEM}", "body__framework__code__in")),
    "relation": (Relation, ("framework__code__in", ITEM)),
    "organisation": (Framework, ()),
    "system": (Framework, ()),
}


@dataclass(frozen=True)
class Fact:
    """A row that states a thing: what it says is read back from the file it came in."""

    kind: str
    subject_kind: str
    subject: int
    source: str
    document: str
    load: Load
    row: int
    key: str
    occurrence: int
    label: str
    place: str
    raw: Raw = field(default_factory=dict)

    @property
    def ref(self) -> str:
        return f"{self.source}/{self.kind}/{self.row}"


def _any_of(paths: Iterable[str], frameworks: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{path: list(frameworks)})
    return found


def known_statements(moment: Moment, viewer: AnyUser) -> QuerySet[Statement]:
    """What was recorded at this moment, from files that speak of this day or before."""
    known = believed_at(moment.known_on)
    stated = Q(load__snapshot__as_of__isnull=True) | Q(load__snapshot__as_of__lte=moment.as_of)
    return Statement.objects.filter(known, stated, load__in=Load.objects.visible_to(viewer).values("pk"))


def facts(layout: Layout, *, moment: Moment, viewer: AnyUser) -> list[Fact]:
    known = known_statements(moment, viewer)
    from_document = Q(load__snapshot__source__code=layout.source) if layout.source else Q(pk__in=[])
    found: list[Statement] = []
    for kind, (model, paths) in ABOUT.items():
        things: Any = model._default_manager.filter(_any_of(paths, layout.frameworks)).values("pk")
        is_ours = from_document | Q(subject_id__in=things) if paths else from_document
        found += known.filter(is_ours, subject_kind=kind).order_by("load_id", "row", "pk")
    prefetch_related_objects(found, "load__snapshot__source", "load__profile")
    written = raw_fields((row.load_id, row.row) for row in found)
    return [_fact(row, written.get((row.load_id, row.row), {})) for row in found]


def _fact(row: Statement, raw: Raw) -> Fact:
    load = row.load
    return Fact(
        kind=load.profile.target,
        subject_kind=row.subject_kind,
        subject=row.subject_id,
        source=load.snapshot.source.code,
        document=load.snapshot.source.title,
        load=load,
        row=row.row,
        key=row.key,
        occurrence=row.occurrence,
        label=row.label,
        place=row.place,
        raw=raw,
    )
