"""The directory: each body once, however many records it has."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Name, Organisation, Relation
from beffroi.core.text import search_key
from beffroi.provenance.models import Load, Source, Statement
from beffroi.provenance.queries import Moment

Groups: TypeAlias = Sequence[tuple[int, ...]]  # the records of each body that has several
SORTS = {"name": "sort_key", "kind": "kind", "place": "place__sort_key", "acronym": "acronym"}


@dataclass(frozen=True)
class DirectoryRow:
    """A body as the directory shows it. `records`: how many records it has; `documents`: how many sources name it."""

    organisation: Organisation
    other_names: tuple[str, ...]
    records: int
    documents: int
    relations: int


def naming_sources(viewer: AnyUser) -> QuerySet[Source]:
    """The sources that name organisations."""
    loads = Load.objects.visible_to(viewer).applied().filter(profile__target="organisations")
    return Source.objects.filter(snapshots__loads__in=loads).distinct()


def directory(asked: Mapping[str, Any], *, groups: Groups, moment: Moment, viewer: AnyUser) -> QuerySet[Organisation]:
    """The bodies that answer: a body answers when one of its records does, and is listed under the record that stands
    for it."""
    seen = Organisation.objects.visible_to(viewer)
    found: QuerySet[Organisation] = _answering(seen, asked, moment, viewer)
    leads_of = {pk: group[0] for group in groups for pk in group}
    hidden = {pk for pk, lead in leads_of.items() if pk != lead}
    if hidden:
        leads = {leads_of[pk] for pk in found.filter(pk__in=hidden).values_list("pk", flat=True)}
        found = seen.filter(Q(pk__in=found.values("pk")) | Q(pk__in=leads)).exclude(pk__in=hidden)
    return found.select_related("place", "owner").order_by(*_order(str(asked.get("sort") or "")))


def _order(sort: str) -> tuple[str, ...]:
    field = SORTS.get(sort.lstrip("-"), "sort_key")
    return (f"-{field}" if sort.startswith("-") else field, "sort_key", "pk")


def _answering(rows: Any, asked: Mapping[str, Any], moment: Moment, viewer: AnyUser) -> Any:
    rows = _with_words(rows, asked.get("q") or "")
    if kinds := asked.get("kinds"):
        rows = rows.filter(kind__in=kinds)
    if place := asked.get("place"):
        rows = rows.filter(place=place)
    if source := asked.get("source"):
        rows = rows.filter(pk__in=_stated_by(source, viewer))
    if words := asked.get("other"):
        rows = rows.filter(_tied_to(words, moment, viewer))
    return rows


def _with_words(rows: Any, words: str) -> Any:
    """Every word is in the name, the acronym or another name, accents and case apart."""
    for word in search_key(words).split():
        named = Name.objects.filter(key__contains=word).values("organisation")
        rows = rows.filter(Q(sort_key__contains=word) | Q(acronym__icontains=word) | Q(pk__in=named))
    return rows


def _stated_by(source: Source, viewer: AnyUser) -> QuerySet[Any]:
    loads = Load.objects.visible_to(viewer).filter(snapshot__source=source).values("pk")
    rows = Statement.objects.filter(subject_kind="organisation", load__in=loads, recorded_to__isnull=True)
    return rows.values("subject_id")


def _tied_to(words: str, moment: Moment, viewer: AnyUser) -> Q:
    ends = _with_words(Organisation.objects.visible_to(viewer).order_by(), words).values("pk")
    edges = Relation.objects.seen_at(moment, viewer).order_by()
    outward, inward = edges.filter(organisation__in=ends), edges.filter(subject__in=ends, organisation__isnull=False)
    return Q(pk__in=outward.values("subject")) | Q(pk__in=inward.values("organisation"))


def directory_rows(
    organisations: Sequence[Organisation], *, groups: Groups, moment: Moment, viewer: AnyUser
) -> list[DirectoryRow]:
    """What the directory says of these bodies, in a fixed number of queries."""
    records = {group[0]: group for group in groups}
    members = {row.pk: records.get(row.pk, (row.pk,)) for row in organisations}
    every = [pk for group in members.values() for pk in group]
    names, documents, relations = _names(every), _documents(every, viewer), _relations(every, moment, viewer)
    return [
        DirectoryRow(
            organisation=row,
            other_names=tuple(dict.fromkeys(text for pk in members[row.pk] for text in names[pk] if text != row.name)),
            records=len(members[row.pk]),
            documents=len(set().union(*(documents[pk] for pk in members[row.pk]))),
            relations=sum(relations[pk] for pk in members[row.pk]),
        )
        for row in organisations
    ]


def _names(ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    wanted = list(ids)
    for pk, text in Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"):
        found[pk].append(text)
    for pk, text in Name.objects.filter(organisation__in=wanted).values_list("organisation_id", "text"):
        found[pk].append(text)
    return found


def _documents(ids: Iterable[int], viewer: AnyUser) -> dict[int, set[int]]:
    loads = Load.objects.visible_to(viewer).values("pk")
    rows = Statement.objects.filter(
        subject_kind="organisation", subject_id__in=list(ids), recorded_to__isnull=True, load__in=loads
    )
    found: dict[int, set[int]] = defaultdict(set)
    for pk, source in rows.values_list("subject_id", "load__snapshot__source").distinct():
        found[pk].add(source)
    return found


def _relations(ids: Iterable[int], moment: Moment, viewer: AnyUser) -> Counter[int]:
    wanted, edges = list(ids), Relation.objects.seen_at(moment, viewer).order_by()
    found: Counter[int] = Counter()
    for end in ("subject", "organisation"):
        rows = edges.filter(**{f"{end}__in": wanted}).values_list(end).annotate(n=Count("pk"))
        found.update(dict(rows.values_list(end, "n")))
    return found
