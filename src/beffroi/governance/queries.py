"""Bodies, what they owe and what they held; a meeting is held or planned as seen from a date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.core.models import believed_at
from beffroi.core.search import SearchRow, address_of
from beffroi.governance.enums import kind_label
from beffroi.governance.models import Body, Mandate, Meeting
from beffroi.governance.rules import Duty, duty_of
from beffroi.provenance.queries import Moment


def body_ids(namespace: str) -> dict[str, int]:
    return dict(Body.objects.filter(namespace=namespace).values_list("code", "pk"))


@dataclass(frozen=True)
class SeenMeeting:
    """A meeting as it looked on a day: planned when its date was still to come, unknown without a date."""

    meeting: Meeting
    is_planned: bool
    is_dated: bool

    @property
    def kind(self) -> str:
        return kind_label(self.meeting.kind)


def seen_meetings(about: Q, *, moment: Moment, viewer: AnyUser) -> list[SeenMeeting]:
    rows = Meeting.objects.visible_to(viewer).filter(about).distinct()
    rows = rows.select_related("body", "organiser", "about_item", "about_framework", "about_organisation")
    return [_seen(row, moment.as_of) for row in rows]


def _seen(meeting: Meeting, as_of: date) -> SeenMeeting:
    is_future = meeting.start is not None and meeting.start > as_of
    return SeenMeeting(meeting, is_future or meeting.kind == "planned", meeting.start is not None)


def meetings_about(about: Q, *, moment: Moment, viewer: AnyUser) -> dict[str, Any] | None:
    rows = seen_meetings(about, moment=moment, viewer=viewer)
    return {"meetings": rows, "count": len(rows)} if rows else None


def bodies_about(about: Q, *, viewer: AnyUser) -> QuerySet[Body]:
    rows: QuerySet[Body] = Body.objects.visible_to(viewer).filter(about).distinct()
    return rows.select_related("framework").order_by("sort_key")


def mandates_at(body: Body, moment: Moment) -> QuerySet[Mandate]:
    known = believed_at(moment.known_on)
    return body.mandates.filter(known).select_related("organisation")


def body_duty(body: Body, *, moment: Moment, viewer: AnyUser) -> Duty:
    """Meetings held in the twelve months before the date, against what the body owes in a year."""
    held = [
        row.meeting.start
        for row in seen_meetings(Q(body=body), moment=moment, viewer=viewer)
        if row.meeting.start is not None and not row.is_planned
    ]
    return duty_of(held, owed_a_year=body.meetings_a_year, on=moment.as_of)


def body_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Body.objects.all() if ids is None else Body.objects.filter(pk__in=list(ids))
    for row in rows.select_related("framework").iterator():
        yield SearchRow(
            kind="body",
            id=row.pk,
            title=row.label,
            detail=str(row.framework or ""),
            address=address_of(row),
            texts=(row.code, row.purpose),
            rank=2,
            owner_id=row.owner_id,
            visibility=row.visibility,
        )
