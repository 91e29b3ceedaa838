"""What operators did with a company or a project holder, each fact as far as its reader may know it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.models import believed_at
from beffroi.funding.models import Application, Step
from beffroi.interactions.enums import NeedResult, ParticipationState, SupportState, VisitState
from beffroi.interactions.models import Event, Need, Participation, Support, Visit
from beffroi.interactions.queries.visits import RELATED, with_unread_notes
from beffroi.provenance.queries import Moment

MOST = 40
SENSES = {VisitState.DONE: "good", VisitState.PLANNED: "watch", VisitState.CANCELLED: "bad"}


@dataclass(frozen=True)
class Whom:
    """The records of one body, and the project holder that it was."""

    organisations: Sequence[int] = ()
    holders: Sequence[int] = ()

    @property
    def about(self) -> Q:
        return Q(organisation__in=self.organisations) | Q(holder__in=self.holders)


def timeline(whom: Whom, *, viewer: AnyUser, moment: Moment) -> list[dict[str, Any]]:
    """The last of each kind, the latest first; `day` may be to come."""
    found = [
        *_visits(whom, viewer, moment),
        *_needs(whom, viewer, moment),
        *_supports(whom, viewer, moment),
        *_participations(whom, viewer, moment),
        *_files(whom, viewer, moment),
    ]
    return sorted(found, key=lambda event: event["day"], reverse=True)


def event(day: date, kind: Any, title: str, **more: Any) -> dict[str, Any]:
    return {"day": day, "kind": str(kind or ""), "title": title, "address": "", "detail": "", "sense": "", **more}


def seen_visits(whom: Whom, viewer: AnyUser, moment: Moment) -> QuerySet[Visit]:
    rows = Visit.objects.visible_to(viewer, timezone.localdate()).filter(whom.about, recorded_at__lte=moment.known_on)
    shown: QuerySet[Visit] = with_unread_notes(rows, viewer).select_related(*RELATED).order_by("-on", "-pk")
    return shown


def _visits(whom: Whom, viewer: AnyUser, moment: Moment) -> Iterable[dict[str, Any]]:
    for visit in seen_visits(whom, viewer, moment)[:MOST]:
        state = VisitState(visit.state)
        title = _("Visite") if state == VisitState.DONE else _("Visite %(state)s") % {"state": state.label}
        told = {"detail": visit_detail(visit, viewer), "address": visit.get_absolute_url(), "sense": SENSES[state]}
        yield event(visit.on, visit.owner, title, **told)


def visit_detail(visit: Visit, viewer: AnyUser) -> str:
    """`has_unread` comes with the query."""
    parts = []
    if visit.potential and visit.shows_detail_to(viewer):
        parts.append(_("potentiel %(potential)s") % {"potential": visit.get_potential_display()})
    if visit.has_unread:  # type: ignore[attr-defined]
        parts.append(_("une note que vous ne pouvez pas lire"))
    return " · ".join(parts)


def _needs(whom: Whom, viewer: AnyUser, moment: Moment) -> Iterable[dict[str, Any]]:
    rows = Need.objects.visible_to(viewer).filter(whom.about, opened_on__lte=moment.as_of, recorded_at__lte=moment.known_on)
    for need in rows.select_related("subject_item", "owner")[:MOST]:
        if not need.shows_detail_to(viewer):  # that a need was expressed is for partners, what is needed is not
            yield event(need.opened_on, need.owner, _("Un besoin"), address=need.get_absolute_url())
            continue
        closed = need.closed_on is not None and need.closed_on <= moment.as_of
        result = str(NeedResult(need.result).label) if closed else _("en attente")
        detail = f"{result} · {need.text}" if need.text else result
        title = _("Besoin : %(subject)s") % {"subject": need.subject_item}
        yield event(need.opened_on, need.owner, title, detail=detail, sense="good" if need.result == "solved" else "")


def _supports(whom: Whom, viewer: AnyUser, moment: Moment) -> Iterable[dict[str, Any]]:
    rows = Support.objects.visible_to(viewer).filter(whom.about, since__lte=moment.as_of, recorded_at__lte=moment.known_on)
    for support in rows.select_related("kind", "owner")[:MOST]:
        title = _("Accompagnement : %(kind)s") % {"kind": support.kind}
        said = str(SupportState(support.state).label)
        detail = f"{said} · {support.title}" if support.shows_detail_to(viewer) else said
        yield event(support.since, support.owner, title, detail=detail)


def _participations(whom: Whom, viewer: AnyUser, moment: Moment) -> Iterable[dict[str, Any]]:
    shown = Event.objects.visible_to(viewer).filter(recorded_at__lte=moment.known_on).order_by().values("pk")
    rows = Participation.objects.visible_to(viewer).filter(whom.about, event__in=shown)
    for row in rows.select_related("event__owner").order_by("-event__starts", "-pk")[:MOST]:
        title = _("Événement : %(title)s") % {"title": row.event}
        day = timezone.localdate(row.event.starts)
        yield event(day, row.event.owner, title, detail=str(ParticipationState(row.state).label))


def _files(whom: Whom, viewer: AnyUser, moment: Moment) -> Iterable[dict[str, Any]]:
    mine = Q(applicant__in=whom.organisations) | Q(holder__in=whom.holders)
    files = Application.objects.visible_to(viewer).filter(mine).order_by().values("pk")
    steps = Step.objects.filter(believed_at(moment.known_on), application__in=files, on__isnull=False, on__lte=moment.as_of)
    for step in steps.select_related("application").order_by("-on", "-pk")[:MOST]:
        title = _("Dossier : %(title)s") % {"title": step.application}
        address = step.application.get_absolute_url()
        yield event(step.on or moment.as_of, step.who, title, detail=step.get_kind_display(), address=address)
