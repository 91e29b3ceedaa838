from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, requires, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on, told_to
from beffroi.interactions import actions
from beffroi.interactions.enums import VisitState
from beffroi.interactions.forms.visits import PlanForm, VisitFilter
from beffroi.interactions.models import Visit
from beffroi.interactions.queries import subjects
from beffroi.interactions.queries import visits as queries
from beffroi.interactions.queries.week import week_of
from beffroi.interactions.views import visit_forms
from beffroi.interactions.views.own import own_partner

COLUMNS = (
    Column("on", _("Date"), Type.DATE),
    Column("company", _("Entreprise ou projet"), value=lambda row: str(row.subject)),
    Column("siren", _("SIREN"), Type.CODE, value=lambda row: row.organisation.siren if row.organisation else ""),
    Column("operator", _("Opérateur"), value=lambda row: row.owner.name if row.owner else ""),
    Column("state", _("État"), value=lambda row: row.get_state_display()),
    Column("means", _("Où et comment"), value=lambda row: row.get_means_display()),
)


@signed_in
def visits(request: SignedInRequest) -> HttpResponseBase:
    form = VisitFilter(request.GET)
    form.full_clean()
    rows = queries.asked_visits(form.cleaned_data, viewer=request.user, on=timezone.localdate())
    if answer := exports.asked(request, rows, COLUMNS, "visites", title=_("Visites")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "interactions/visits.html", {"form": form, "page": page, "partner_ids": request.user.partner_ids})


@signed_in
def visit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    rows = queries.with_unread_notes(Visit.objects.visible_to(request.user, today), request.user)
    found = get_object_or_404(rows.select_related(*queries.RELATED), pk=pk)
    context = queries.report(found, viewer=request.user, today=today)
    return render(request, "interactions/visit.html", {**context, "may_change": _may_change(request, found), "today": today})


def _may_change(request: SignedInRequest, found: Visit) -> bool:
    return found.owner_id in request.user.partner_ids


def _owned(request: SignedInRequest, pk: int) -> Visit:
    found: Visit = get_object_or_404(Visit.objects.visible_to(request.user).select_related(*queries.RELATED), pk=pk)
    if not _may_change(request, found):
        raise PermissionDenied(_("Seule l’institution qui a noté cette visite la modifie."))
    return found


@requires(Permission.NOTE_ACTIVITY)
def add_visit(request: SignedInRequest) -> HttpResponse:
    form = visit_forms.new(request)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.note_visit(owner=own_partner(request.user), by=request.user, at=timezone.now(), **form.said)
            messages.success(request, visit_forms.thanks(made))
            return redirect(made)
    today = timezone.localdate()
    context = {"form": form, "week": week_of(request.user, today=today), **visit_forms.beside(form, request.user, today)}
    return render(request, "interactions/visit_form.html", context, status=422 if form.errors else 200)


@requires(Permission.NOTE_ACTIVITY)
def change_visit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _owned(request, pk)
    form = visit_forms.correction(request, found)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.change_visit(found, by=request.user, at=timezone.now(), **form.changes)
            messages.success(request, _("La visite est corrigée ; l’état d’avant reste dans son historique."))
            return redirect(found)
    return render(request, "interactions/visit_change.html", {"form": form, "visit": found}, status=422 if form.errors else 200)


@requires(Permission.NOTE_ACTIVITY)
@require_POST
def plan_visit(request: SignedInRequest) -> HttpResponse:
    form = PlanForm(request.POST)
    subject = subjects.of_key(request.POST.get("about", ""), viewer=request.user)
    if subject is None or not form.is_valid():
        messages.error(request, _("La visite n’est pas prévue : choisissez l’entreprise et le jour."))
        return redirect("interactions:week")
    made = actions.plan_visit(
        subject, owner=own_partner(request.user), by=request.user, at=timezone.now(), on=form.cleaned_data["on"]
    )
    messages.success(request, visit_forms.planned(made, viewer=request.user, today=timezone.localdate()))
    return redirect(made)


@requires(Permission.NOTE_ACTIVITY)
@require_POST
def move_visit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another day, cancelled, or planned again."""
    found, fields = _owned(request, pk), visit_forms.moved(request)
    with told_to(request):
        moved = actions.change_visit(found, by=request.user, at=timezone.now(), **fields)
        messages.success(request, _("La visite est à présent : %(state)s.") % {"state": VisitState(moved.state).label})
    return redirect(found)
