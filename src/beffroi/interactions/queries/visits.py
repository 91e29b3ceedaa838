"""Visits as their readers may know them, and the guides they follow."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Contact, ProjectHolder
from beffroi.actors.queries import groups_of
from beffroi.core.text import search_key
from beffroi.interactions.enums import GUIDE_THEME, VisitState
from beffroi.interactions.models import Need, Visit, VisitNote
from beffroi.interactions.queries.subjects import Subject
from beffroi.interactions.rules.visits import JUST_SEEN
from beffroi.reference.models import Item, Version

RELATED = (
    "organisation__place", "holder__place", "owner", "by", "contact", "place", "item__version__framework", "guide__framework",
)  # fmt: skip


LAST_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Seen:
    """The last time that an operator saw somebody."""

    operator: str
    on: date
    is_own: bool


def records(organisations: Iterable[int], viewer: AnyUser) -> dict[int, int]:
    """Every record of these bodies -> the one that was asked for."""
    asked = set(organisations)
    found = {pk: pk for pk in asked}
    for group in groups_of(asked, viewer):
        for wanted in asked.intersection(group):
            found |= {pk: wanted for pk in group if pk not in asked}
    return found


def last_seen(organisations: Iterable[int], *, viewer: AnyUser, on: date) -> dict[int, list[Seen]]:
    """Of each company, the last visit of each operator, the latest first."""
    asked = records(organisations, viewer)
    rows = Visit.objects.visible_to(viewer, on).filter(organisation__in=asked, state=VisitState.DONE, on__lte=on)
    mine = viewer.partner_ids if viewer.is_authenticated else set()
    found: dict[int, dict[int, Seen]] = defaultdict(dict)
    for record, operator, name, day in rows.values_list("organisation_id", "owner_id", "owner__name", "on"):
        found[asked[record]].setdefault(operator, Seen(name, day, operator in mine))
    return {pk: list(operators.values()) for pk, operators in found.items()}


def just_seen(subject: Subject, *, viewer: AnyUser, today: date, around: date | None = None) -> list[Visit]:
    """Who saw them lately, or is about to; `around`: another day to look around, still read today."""
    day = around or today
    rows = visits_of(subject, viewer=viewer, on=today).exclude(state=VisitState.CANCELLED)
    return list(rows.filter(on__gte=day - JUST_SEEN, on__lte=day + JUST_SEEN).select_related("owner"))


def visits_of(subject: Subject, *, viewer: AnyUser, on: date) -> QuerySet[Visit]:
    if isinstance(subject, ProjectHolder):
        return Visit.objects.visible_to(viewer, on).filter(holder=subject)
    return Visit.objects.visible_to(viewer, on).filter(organisation__in=records([subject.pk], viewer))


def asked_visits(asked: dict[str, Any], *, viewer: AnyUser, on: date) -> QuerySet[Visit]:
    """The list as its address asks for it; of all operators, those of a year unless another day is chosen."""
    rows = Visit.objects.visible_to(viewer, on).select_related("organisation", "holder", "owner", "by")
    if asked.get("whose") == "me":
        rows = rows.filter(by=viewer.pk)
    elif asked.get("whose") != "all":
        rows = rows.of(viewer)
    elif not asked.get("since"):
        rows = rows.filter(on__gte=on - LAST_YEAR)
    if state := asked.get("state"):
        rows = rows.filter(state=state)
    if since := asked.get("since"):
        rows = rows.filter(on__gte=since)
    if until := asked.get("until"):
        rows = rows.filter(on__lte=until)
    for word in search_key(asked.get("q", "")).split():
        rows = rows.filter(Q(organisation__sort_key__contains=word) | Q(holder__project__icontains=word))
    return rows


def with_unread_notes(rows: QuerySet[Visit], viewer: AnyUser) -> QuerySet[Visit]:
    """`has_unread`: something was written that this reader may not read."""
    unread = VisitNote.objects.filter(visit=OuterRef("pk")).exclude(_readable(viewer))
    return rows.annotate(has_unread=Exists(unread))


def _readable(viewer: AnyUser) -> Q:
    """The opposite of what `visible_to` leaves out, asked note by note: the notes of everybody are never listed."""
    if not viewer.is_authenticated or not viewer.partner_ids:
        return Q(visibility=Visibility.PUBLIC)
    return Q(visibility__lte=Visibility.PARTNERS) | Q(owner__in=viewer.partner_ids)


def guides(viewer: AnyUser) -> list[Version]:
    """The interview guides, the latest version of each: any framework that has themes is one."""
    themes = Item.objects.visible_to(viewer).filter(level=GUIDE_THEME).order_by().values("version")
    found: dict[int, Version] = {}
    for version in Version.objects.filter(pk__in=themes).select_related("framework").order_by("framework__sort_key", "-code"):
        found.setdefault(version.framework_id, version)
    return list(found.values())


def guide(pk: int, viewer: AnyUser) -> Version | None:
    themes = Item.objects.visible_to(viewer).filter(level=GUIDE_THEME, version=pk)
    return Version.objects.filter(pk=pk).first() if themes.exists() else None


def themes_of(guide: Version | None, viewer: AnyUser) -> list[Item]:
    if guide is None:
        return []
    return list(Item.objects.visible_to(viewer).filter(version=guide, level=GUIDE_THEME).order_by("position", "pk"))


def need_subjects(viewer: AnyUser) -> list[Item]:
    return list(Item.objects.visible_to(viewer).of_framework("besoins").order_by("-version__code", "position", "pk"))


def report(visit: Visit, *, viewer: AnyUser, today: date) -> dict[str, Any]:
    """The visit as this reader may read it: what is not for them is said to be there, never what it says."""
    shows = visit.shows_detail_to(viewer)
    notes = VisitNote.objects.visible_to(viewer).filter(visit=visit).select_related("theme", "owner")
    others = [one for one in just_seen(visit.subject, viewer=viewer, today=today, around=visit.on) if one.pk != visit.pk]
    return {
        "visit": visit,
        "shows_detail": shows,
        "notes": list(notes),
        "has_unread": getattr(visit, "has_unread", False),
        "needs": list(Need.objects.told_to(viewer).filter(visit=visit).select_related("subject_item")),
        "consents": list(visit.consents.all()) if shows else [],
        "contact": visit.contact if shows and may_read(visit.contact, viewer) else None,
        "others": others,
    }


def may_read(contact: Contact | None, viewer: AnyUser) -> bool:
    partners = viewer.partner_ids if viewer.is_authenticated else set()
    return contact is not None and (contact.visibility <= Visibility.PARTNERS or contact.owner_id in partners)
