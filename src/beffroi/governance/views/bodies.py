from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.requests import Request
from beffroi.core.text import search_key
from beffroi.governance.forms import BodyFilter, MeetingFilter
from beffroi.governance.queries import bodies_about, seen_meetings
from beffroi.provenance.queries import Moment

BODIES = (
    Column("label", _("Instance")),
    Column("framework", _("Cadre"), value=lambda row: row.framework.label if row.framework else ""),
    Column("purpose", _("Rôle")),
    Column("composition", _("Composition, comme écrite")),
    Column("duty", _("Réunions par an, comme écrit"), value=lambda row: row.written_duty),
    Column("chair", _("Présidence")),
    Column("meetings", _("Réunions et actes connus"), value=lambda row: row.known_meetings),
)
MEETINGS = (
    Column("date", _("Date, comme écrite"), value=lambda row: row.meeting.written_date),
    Column("body", _("Instance ou auteur"), value=lambda row: str(row.meeting.body or row.meeting.organiser or "")),
    Column("kind", _("Nature"), value=lambda row: row.kind),
    Column("planned", _("Prévue"), value=lambda row: row.is_planned),
    Column("detail", _("Objet"), value=lambda row: row.meeting.detail),
)


@open_to_all
def bodies(request: Request) -> HttpResponseBase:
    form = BodyFilter(request.GET)
    form.full_clean()
    rows = bodies_about(Q(sort_key__contains=search_key(form.cleaned_data["q"])), viewer=request.user)
    rows = rows.annotate(known_meetings=Count("meetings", distinct=True))
    if answer := exports.asked(request, rows, BODIES, "instances", title=_("Instances")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "governance/bodies.html", {"form": form, "page": page})


@open_to_all
def meetings(request: Request) -> HttpResponseBase:
    form = MeetingFilter(request.GET)
    form.full_clean()
    moment = Moment(request.as_of, request.known_on)
    rows = seen_meetings(Q(detail__icontains=form.cleaned_data["q"]), moment=moment, viewer=request.user)
    if state := form.cleaned_data.get("state"):
        rows = [row for row in rows if row.is_planned == (state == "planned")]
    if answer := exports.asked(request, rows, MEETINGS, "reunions", title=_("Réunions et actes")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "governance/meetings.html", {"form": form, "page": page, "section": {"meetings": page.object_list}})
