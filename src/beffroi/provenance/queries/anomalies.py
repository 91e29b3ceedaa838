"""The anomalies that one may see, by check, and the things that each is about."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.provenance.enums import AnomalyState, check_label
from beffroi.provenance.models import Anomaly, AnomalySubject, Load, Source, Statement
from beffroi.provenance.queries.desk import SUBJECTS

VALUE_KINDS = {"cell", "line", "sum", "expenditure"}  # they have no sheet of their own: their panel says who claims what


@dataclass(frozen=True)
class Subject:
    kind: str
    pk: int
    title: Any
    label: str

    @property
    def why(self) -> str:
        return f"{self.kind}:{self.pk}" if self.kind in VALUE_KINDS else ""


@dataclass(frozen=True)
class CheckCount:
    name: str
    open: Figure
    settled: Figure


def shown_anomalies(viewer: AnyUser) -> QuerySet[Anomaly]:
    return Anomaly.objects.visible_to(viewer).select_related("settled_by", "owner")


def chosen_anomalies(viewer: AnyUser, *, check: str, state: str, source: Source | None, words: str) -> QuerySet[Anomaly]:
    found = shown_anomalies(viewer)
    if state in AnomalyState.values:
        found = found.filter(state=state)
    if check:
        found = found.filter(check_name=check)
    if source:
        found = stated_in(found, source.pk, viewer)
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(written__icontains=word) | Q(expected__icontains=word))
    return found


def stated_in(anomalies: QuerySet[Anomaly], source: int, viewer: AnyUser) -> QuerySet[Anomaly]:
    """Those about a thing that this document names."""
    loads = Load.objects.visible_to(viewer).filter(snapshot__source=source)
    named = Statement.objects.filter(load__in=loads, subject_kind=OuterRef("kind"), subject_id=OuterRef("subject_id"))
    about = AnomalySubject.objects.filter(Exists(named), anomaly=OuterRef("pk"))
    return anomalies.filter(Exists(about))


def counts_by_check(viewer: AnyUser) -> list[CheckCount]:
    is_open, is_settled = Q(state=AnomalyState.OPEN), Q(state=AnomalyState.SETTLED)
    rows = Anomaly.objects.visible_to(viewer).order_by().values("check_name")
    rows = rows.annotate(open=Count("pk", filter=is_open), settled=Count("pk", filter=is_settled)).order_by("check_name")
    return [
        CheckCount(row["check_name"], *(_count(row, state) for state in ("open", "settled")))
        for row in rows
        if row["open"] or row["settled"]
    ]


def _count(row: dict[str, Any], state: str) -> Figure:
    return Figure(value=row[state], label=check_label(row["check_name"]), why=f"anomalies:{row['check_name']}/{state}")


def subjects_of(anomaly: Anomaly, viewer: AnyUser) -> list[Subject]:
    """Each thing under the words of a source that names it; two queries, however many there are."""
    about = list(anomaly.about.order_by("kind", "subject_id"))
    named = Q(pk__in=[])
    for one in about:
        named |= Q(subject_kind=one.kind, subject_id=one.subject_id)
    loads = Load.objects.visible_to(viewer)
    rows = Statement.objects.filter(named, load__in=loads, recorded_to__isnull=True).order_by("-pk")
    labels = {(row.subject_kind, row.subject_id): row.label for row in rows}
    return [
        Subject(
            one.kind, one.subject_id, SUBJECTS.get(one.kind, one.kind), labels.get((one.kind, one.subject_id)) or anomaly.title
        )
        for one in about
    ]
