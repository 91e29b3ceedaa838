"""Invitations to an event, the door, and what became of the companies flagged there."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, open_to_all, requires, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request
from beffroi.core.text import row_number, row_numbers
from beffroi.interactions.actions import attendance as actions
from beffroi.interactions.enums import ParticipationState
from beffroi.interactions.forms.events import ArrivalForm, FollowFilter, InviteForm, SignInForm
from beffroi.interactions.models import Event, Participation
from beffroi.interactions.queries import attendance, doors
from beffroi.interactions.queries.campaigns import invitable_campaigns, targets_of
from beffroi.interactions.queries.companies import companies_named
from beffroi.interactions.views.events import run

LISTED = 200
PARTICIPANTS = (
    Column("company", gettext_lazy("Entreprise ou projet"), value=lambda row: str(row.subject)),
    Column("siren", gettext_lazy("SIREN"), Type.CODE, value=lambda row: row.organisation.siren if row.organisation else None),
    Column("person", gettext_lazy("Personne")),
    Column("email", gettext_lazy("Courriel")),
    Column("state", gettext_lazy("État"), value=lambda row: row.get_state_display()),
    Column("flagged", gettext_lazy("À visiter ensuite"), Type.BOOLEAN),
    Column("attended_at", gettext_lazy("Arrivée"), Type.MOMENT),
)
FLAGGED = (
    Column("company", gettext_lazy("Entreprise"), value=lambda one: str(one.row.organisation)),
    Column("event", gettext_lazy("Événement"), value=lambda one: str(one.row.event)),
    Column("ended", gettext_lazy("Date"), Type.DATE),
    Column("state", gettext_lazy("Suite"), value=lambda one: str(one.state.label)),
    Column("visited", gettext_lazy("Visitée le"), Type.DATE, value=lambda one: one.visit.on if one.visit else None),
    Column("by", gettext_lazy("Par"), value=lambda one: str(one.visit.owner) if one.visit else ""),
)


@requires(Permission.NOTE_ACTIVITY)
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    event = run(request, pk)
    form = InviteForm(request.POST or None)
    unknown: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        invited = actions.invite_written(event, form.cleaned_data["text"], by=request.user)
        messages.success(request, invited_text(invited))
        if not invited.unknown:
            return redirect(event)
        unknown = invited.unknown
        form = InviteForm(initial={"text": "\n".join(unknown)})
    campaigns = invitable_campaigns(request.user)
    context = {"form": form, "thing": event, "unknown": unknown, "campaigns": campaigns}
    return render(request, "interactions/invite.html", context, status=422 if form.errors or unknown else 200)


def invited_text(invited: actions.Invited) -> str:
    added = ngettext("%(n)s ligne ajoutée à la liste.", "%(n)s lignes ajoutées à la liste.", len(invited.added))
    known = ngettext("%(n)s y était déjà.", "%(n)s y étaient déjà.", invited.known)
    return (
        f"{added % {'n': len(invited.added)}} {known % {'n': invited.known}}"
        if invited.known
        else added % {"n": len(invited.added)}
    )


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def invite_campaign(request: SignedInRequest, pk: int) -> HttpResponse:
    event = run(request, pk)
    campaign = get_object_or_404(invitable_campaigns(request.user), pk=row_number(request.POST.get("campaign")) or 0)
    companies = [target.organisation for target in targets_of(campaign, viewer=request.user).select_related("organisation")]
    messages.success(request, invited_text(actions.invite_companies(event, companies, by=request.user)))
    return redirect(event)


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    event = run(request, pk)
    sent = actions.send_invitations(event, by=request.user, at=timezone.now())
    leaves = ngettext(
        "%(n)s invitation part ; personne n’en reçoit deux.", "%(n)s invitations partent ; personne n’en reçoit deux.", sent
    )
    messages.success(
        request,
        leaves % {"n": sent} if sent else _("Personne n’attend d’invitation : chacun l’a reçue, ou n’a pas de courriel."),
    )
    return redirect(event)


@requires(Permission.NOTE_ACTIVITY)
def attendance_list(request: SignedInRequest, pk: int) -> HttpResponseBase:
    event = run(request, pk)
    rows = attendance.participants(event, viewer=request.user)
    if answer := exports.asked(request, rows, PARTICIPANTS, f"presences-{pk}", title=str(event)):
        return answer
    if request.method == "POST":
        _note(request, event)
        return redirect(request.get_full_path())
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    beside = {"arrivals": attendance.waiting_arrivals(event), "hidden": attendance.hidden_count(event, viewer=request.user)}
    context = {"thing": event, "page": page, "came": ParticipationState.ATTENDED, **beside}
    return render(request, "interactions/attendance.html", context)


def _note(request: SignedInRequest, event: Event) -> None:
    keys = {name: row_numbers(request.POST.getlist(name)) for name in ("row", "was", "marked", "came", "flagged")}
    shown = actions.Ticks(keys["row"], keys["was"], keys["marked"])
    changed = actions.note_attendance(
        event, shown=shown, present=keys["came"], flagged=keys["flagged"], by=request.user, at=timezone.now()
    )
    told = ngettext("Présences notées : %(n)s ligne changée.", "Présences notées : %(n)s lignes changées.", changed)
    messages.success(request, told % {"n": changed})


@requires(Permission.NOTE_ACTIVITY)
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """To print: one line a guest with room for a signature, and the code to scan at the door."""
    event = run(request, pk)
    rows = attendance.participants(event, viewer=request.user).exclude(state=ParticipationState.DECLINED)
    address = request.build_absolute_uri(doors.door_path(event))
    return render(request, "interactions/attendance_sheet.html", {"thing": event, "rows": rows, "address": address})


@requires(Permission.NOTE_ACTIVITY)
def code(request: SignedInRequest, pk: int) -> HttpResponse:
    event = run(request, pk)
    picture = doors.code_svg(request.build_absolute_uri(doors.door_path(event)))
    return HttpResponse(picture, content_type="image/svg+xml")


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def settle_arrival(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    event = run(request, pk)
    arrival = get_object_or_404(attendance.waiting_arrivals(event), pk=row)
    if "refuse" in request.POST:
        actions.settle_arrival(arrival, None, by=request.user)
        return redirect("interactions:attendance", pk)
    form = ArrivalForm(request.POST)
    text = form.cleaned_data["company"].strip() if form.is_valid() else ""
    found = companies_named([text], viewer=request.user)
    if text in found.by_text:
        actions.settle_arrival(arrival, found.by_text[text], by=request.user)
    else:
        messages.error(request, found.unknown.get(text) or _("Écrivez le SIREN ou le nom de l’entreprise."))
    return redirect("interactions:attendance", pk)


@open_to_all
def door(request: Request, token: str) -> HttpResponse:
    """What the code at the door opens. An organiser marks companies present; a guest signs in, without an account."""
    event = get_object_or_404(Event.objects.select_related("owner"), token=token)
    now = timezone.now()
    form = SignInForm(request.POST or None)
    is_open = doors.is_open(event, now)
    if request.method == "POST" and is_open and form.is_valid():
        actions.sign_in(event, at=now, viewer=request.user, **form.cleaned_data)
        messages.success(request, _("C’est noté, bienvenue."))
        return redirect("interactions:door", token)
    context = {"thing": event, "form": form, "is_open": is_open, "runs": doors.runs(event, request.user)}
    return render(request, "interactions/door.html", context, status=422 if form.errors else 200)


@open_to_all
def answer(request: Request, token: str) -> HttpResponse:
    """The page of an invitation: the guest says whether they come."""
    row = get_object_or_404(Participation.objects.select_related("event__owner", "organisation", "holder"), token=token)
    if request.method == "POST":
        with told_to(request):
            actions.answer_invitation(row, comes="comes" in request.POST, at=timezone.now())
            messages.success(request, _("Votre réponse est notée. Vous pouvez en changer à cette adresse."))
        return redirect("interactions:answer", token)
    is_past = row.event.ends < timezone.now()
    return render(request, "interactions/answer.html", {"row": row, "thing": row.event, "is_past": is_past})


@signed_in
def follow_up(request: SignedInRequest) -> HttpResponseBase:
    if not request.user.partner_ids:
        raise Http404
    form = FollowFilter(request.GET, viewer=request.user)
    asked = form.asked(request.as_of)
    found = attendance.followed_up(asked, on=request.as_of, viewer=request.user)
    if answer := exports.asked(request, found.rows, FLAGGED, "suites-evenements", title=_("Suites des événements")):
        return answer
    page = Paginator(found.flags, LISTED).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"form": form, "found": found, "page": page, "asked": asked}
    context["rows"] = attendance.read_flags(list(page.object_list))
    return render(request, "interactions/follow_up.html", context)
