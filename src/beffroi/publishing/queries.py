"""Texts and editions, as they were at a moment; operations told as texts to class, and what was decided of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner
from beffroi.funding.actions import NewLabel
from beffroi.funding.models import Operation, Programme
from beffroi.observatory.models import Portfolio, TextLabel
from beffroi.observatory.queries.portfolios import accepted_labels, vocabularies_of
from beffroi.observatory.rules.portfolios import MOST_TEXTS, ListedText
from beffroi.publishing.models import Edition, EditionQuerySet, PublishedName, TextBlock
from beffroi.publishing.rules import last_first_day
from beffroi.reference.models import Framework
from beffroi.reference.queries.vocabularies import items_of


def texts_known(framework: Framework, *, as_of: date, known_on: datetime, viewer: AnyUser) -> dict[str, list[dict[str, Any]]]:
    """By section, what each partner had written for this date of the report, at this moment."""
    visible = set(TextBlock.objects.visible_to(viewer).filter(framework=framework, as_of=as_of).values_list("pk", flat=True))
    rows = TextBlock.history.as_of(known_on).filter(framework=framework, as_of=as_of, id__in=visible)
    partners = Partner.objects.in_bulk()
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows.select_related("by"), key=lambda row: (row.section, partners[row.owner_id].name)):
        owner = partners[row.owner_id]
        told = {"owner": owner.name, "code": owner.code, "text": row.text, "by": row.by.name, "at": row.at.isoformat()}
        found[row.section].append(told)
    return dict(found)


def editions() -> EditionQuerySet:
    """Without their contents, which weigh as much as the report."""
    return Edition.objects.defer("content").select_related("framework", "frozen_by").prefetch_related("signatures__partner")


def text_of(framework: Framework, *, section: str, as_of: date, partners: QuerySet[Partner]) -> TextBlock | None:
    rows = TextBlock.objects.filter(framework=framework, section=section, as_of=as_of, owner__in=partners)
    return rows.select_related("owner").first()


def named_operations(publication: str, *, on: date) -> set[int]:
    """The operations whose beneficiary, a natural person, a list names on a day."""
    rows = PublishedName.objects.filter(publication=publication, withdrawn_on=None, first_published__gt=last_first_day(on))
    return set(rows.filter(first_published__lte=on).values_list("operation_id", flat=True))


def texts_of_operations(programme: Programme | None, viewer: AnyUser) -> tuple[list[ListedText], Visibility]:
    """Titles and descriptions of the operations that the reader may see, and the narrowest of their levels, partners at
    least."""
    rows = Operation.objects.visible_to(viewer).order_by("sort_key", "pk")
    rows = rows.filter(programme=programme) if programme else rows
    found = list(rows.values_list("pk", "namespace", "code", "title", "description", "visibility")[:MOST_TEXTS])
    times = Counter(row[2] for row in found)
    texts = [
        ListedText((code if times[code] == 1 else f"{code} ({namespace})")[-120:], title, description, operation=pk)
        for pk, namespace, code, title, description, _visibility in found
    ]
    return texts, Visibility(max([Visibility.PARTNERS, *(row[5] for row in found)]))


@dataclass(frozen=True)
class ToReport:
    """Labels to write beside operations. `operations`: those of the list; `items`: the areas that they could have."""

    labels: Sequence[NewLabel]
    operations: Sequence[int]
    items: Sequence[int]


def labels_to_report(portfolio: Portfolio, viewer: AnyUser) -> ToReport:
    items = {
        (vocabulary.pk, item.code): item.pk
        for vocabulary in vocabularies_of(portfolio.framework_code)
        for item in items_of(vocabulary, viewer)
    }
    told = portfolio.texts.filter(operation__isnull=False).values_list("pk", "operation")
    seen = set(Operation.objects.visible_to(viewer).filter(pk__in=[key for _text, key in told]).values_list("pk", flat=True))
    operations = {text: key for text, key in told if key is not None and key in seen}
    labels = [
        NewLabel(operations[row.text_id], items[row.vocabulary_id, row.label], row.confidence, basis_of(row))
        for row in accepted_labels(portfolio)
        if row.text_id in operations and (row.vocabulary_id, row.label) in items
    ]
    return ToReport(labels, sorted(seen), sorted(items.values()))


def basis_of(row: TextLabel) -> str:
    terms = f" : « {row.terms} »" if row.terms else ""
    return f"{row.vocabulary.label}, {row.edition} · {row.get_source_display()}{terms}"
