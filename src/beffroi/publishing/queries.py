"""Texts and editions, as they were at a moment."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from beffroi.accounts.models import AnyUser, Partner
from beffroi.publishing.models import Edition, EditionQuerySet, PublishedName, TextBlock
from beffroi.publishing.rules import last_first_day
from beffroi.reference.models import Framework


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
