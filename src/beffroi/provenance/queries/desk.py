"""The import desk: sources, how fresh they are, what each states."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.models import believed_at
from beffroi.provenance.models import Load, Profile, Snapshot, Source, Statement
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.loads import known_loads, visible_snapshots

SUBJECTS = {
    "framework": _("cadres"),
    "item": _("éléments de cadres"),
    "correspondence": _("correspondances"),
    "rule": _("règles"),
    "system": _("outils et registres"),
    "organisation": _("organisations"),
    "relation": _("relations"),
    "mandate": _("mandats"),
    "operation": _("opérations"),
    "agreement": _("conventions"),
    "operation_partner": _("partenaires d’opérations"),
    "call": _("appels"),
    "step": _("étapes de dossiers"),
    "indicator": _("indicateurs"),
    "body": _("instances"),
    "meeting": _("réunions et étapes"),
    "accounts": _("comptes d’entreprises"),
    "target": _("cibles de campagnes"),
    "segmentation": _("classes d’entreprises"),
    "cell": _("valeurs d’indicateurs"),
    "line": _("montants"),
    "sum": _("totaux imprimés"),
    "expenditure": _("dépenses"),
}
# What the rows of a destination state when they state values: they are claims, not statements
VALUES = {"observations": _("valeurs d’indicateurs"), "funding": _("montants")}


@dataclass(frozen=True)
class SourceRow:
    source: Source
    last: date | None
    files: Figure
    rows: Figure


def visible_sources(viewer: AnyUser) -> QuerySet[Source]:
    """A source of which every file is hidden from this reader is hidden too."""
    loads = Load.objects.filter(snapshot__source=OuterRef("pk"))
    return Source.objects.filter(Exists(loads.visible_to(viewer)) | ~Exists(loads))


def source_rows(viewer: AnyUser, moment: Moment) -> list[SourceRow]:
    loads = known_loads(viewer, moment).filter(snapshot__source=OuterRef("pk")).order_by().values("snapshot__source")
    dated = loads.filter(snapshot__as_of__lte=moment.as_of)
    sources = visible_sources(viewer).annotate(
        last=Subquery(dated.annotate(one=Max("snapshot__as_of")).values("one")),
        files=Subquery(loads.annotate(one=Count("snapshot", distinct=True)).values("one")),
    )
    rows = _rows_by_source(viewer, moment)
    return [
        SourceRow(source, source.last, _files(source), Figure(value=rows.get(source.pk, 0), why=f"source:{source.code}"))
        for source in sources
    ]


def _files(source: Any) -> Figure:
    return Figure(value=source.files or 0, why=f"files:{source.code}")


def _rows_by_source(viewer: AnyUser, moment: Moment) -> dict[int, int]:
    counts: dict[int, int] = {}
    found = known_loads(viewer, moment).values_list("snapshot__source", "added", "changed", "unchanged")
    for source, *loaded in found.order_by("pk"):
        counts[source] = counts.get(source, 0) + sum(loaded)
    return counts


def last_of(source: Source, viewer: AnyUser, moment: Moment) -> date | None:
    """The date of the latest state that this source gave."""
    loads = known_loads(viewer, moment).filter(snapshot__source=source, snapshot__as_of__lte=moment.as_of)
    found: date | None = loads.aggregate(one=Max("snapshot__as_of"))["one"]
    return found


def snapshots_of(source: Source, viewer: AnyUser) -> QuerySet[Snapshot]:
    return visible_snapshots(viewer).filter(source=source)


@dataclass(frozen=True)
class Stated:
    kind: str
    title: Any
    figure: Figure


def known_statements(source: Source, viewer: AnyUser, moment: Moment) -> QuerySet[Statement]:
    known = believed_at(moment.known_on)
    loads = Load.objects.visible_to(viewer).filter(snapshot__source=source)
    return Statement.objects.filter(known, load__in=loads)


def stated_by(source: Source, viewer: AnyUser, moment: Moment) -> list[Stated]:
    """How many things of each kind the source names, and how many rows of it carry values."""
    things = (
        known_statements(source, viewer, moment)
        .order_by()
        .values("subject_kind")
        .annotate(times=Count("subject_id", distinct=True))
    )
    counted = {row["subject_kind"]: row["times"] for row in things.order_by("subject_kind")}
    found = [_stated(source, kind, SUBJECTS.get(kind, kind), times) for kind, times in counted.items()]
    found += [_stated(source, kind, VALUES[kind], rows) for kind, rows in _value_rows(source, viewer, moment).items()]
    return sorted(found, key=lambda row: str(row.title))


def _value_rows(source: Source, viewer: AnyUser, moment: Moment) -> dict[str, int]:
    loads = known_loads(viewer, moment).filter(snapshot__source=source, profile__target__in=VALUES)
    sums = loads.order_by().values("profile__target").annotate(rows=Sum("added") + Sum("changed") + Sum("unchanged"))
    return {row["profile__target"]: row["rows"] for row in sums.order_by("profile__target") if row["rows"]}


def _stated(source: Source, kind: str, title: Any, times: int) -> Stated:
    return Stated(kind, title, Figure(value=times, label=str(title), why=f"stated:{source.code}/{kind}"))


def profile_rows() -> QuerySet[Profile]:
    return Profile.objects.select_related("cloned_from", "created_by").annotate(files=Count("loads"))
