"""Accompaniments: the list, the sheet, and the forms by which they are opened, walked and ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, requires, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.text import row_number
from beffroi.interactions import actions
from beffroi.interactions.enums import ReferralState, SupportState
from beffroi.interactions.forms.support import EndSupportForm, ResultForm, StepForm, SupportFilter, SupportForm
from beffroi.interactions.models import Referral, Support
from beffroi.interactions.queries import subjects
from beffroi.interactions.queries import supports as queries
from beffroi.interactions.queries.needs import receives
from beffroi.interactions.rules.support import following
from beffroi.interactions.views.acting import form_page, own
from beffroi.interactions.views.own import own_partner

COLUMNS = (
    Column("about", _("Entreprise ou projet"), value=lambda row: str(row.support.subject)),
    Column("kind", _("Nature"), value=lambda row: row.support.kind.label),
    Column("owner", _("Opérateur"), value=lambda row: str(row.support.owner)),
    Column(
        "title", _("Objet"), Type.TEXT, _("Vide : gardé par son opérateur."), lambda row: row.support.title if row.tells else ""
    ),
    Column("since", _("Depuis le"), Type.DATE, "", lambda row: row.support.since),
    Column("until", _("Jusqu’au"), Type.DATE, "", lambda row: row.support.until),
    Column("state", _("État"), value=lambda row: row.support.get_state_display()),
    Column("hours", _("Heures"), Type.NUMBER, _("Vide : inconnu ou gardé."), lambda row: row.hours and row.hours.value),
)
CRUMBS = ((_("Accompagnements"), "interactions:supports"),)


@signed_in
def supports(request: SignedInRequest) -> HttpResponseBase:
    form = SupportFilter(request.GET)
    form.full_clean()
    rows = queries.supports_asked(form.cleaned_data, viewer=request.user)
    if answer := exports.asked(
        request, queries.cards(rows, request.user), COLUMNS, "accompagnements", title=_("Accompagnements")
    ):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    cards = queries.cards(page.object_list, request.user)
    context = {"form": form, "page": page, "cards": cards, "may_note": may(request.user, Permission.NOTE_ACTIVITY)}
    return render(request, "interactions/support_list.html", context)


@signed_in
def support(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Support.objects.visible_to(request.user).select_related(*queries.RELATED, "referral__need__subject_item")
    found = get_object_or_404(rows.prefetch_related("steps__by", "results"), pk=pk)
    tells = found.shows_detail_to(request.user)
    path = queries.path_of(found, on=timezone.localdate())
    owns = may(request.user, Permission.NOTE_ACTIVITY) and found.owner_id in request.user.partner_ids
    context = {
        "thing": found,
        "tells": tells,
        "path": path if tells else None,
        "asked": found.referral.need if tells and found.referral and found.referral.need.tells(request.user) else None,
        "stages": queries.stages(found) if tells and queries.is_starter(found) else [],
        "may_act": owns and found.state == SupportState.OPEN,
        "owns": owns,
    }
    return render(request, "interactions/support.html", context)


@requires(Permission.NOTE_ACTIVITY)
def open_support(request: SignedInRequest) -> HttpResponse:
    """About a company or a project holder, or about that of a need which one took up."""
    owner, taken = own_partner(request.user), _taken(request)
    if taken and (opened := Support.objects.filter(referral=taken).first()):
        return redirect(opened)
    known: dict[str, Any] = {"since": timezone.localdate()}
    known |= {"about": subjects.of_key(request.GET.get("about", ""), viewer=request.user)}
    known |= {"kind": queries.support_kinds().filter(code=request.GET.get("kind", "")).first(), **_of_need(taken)}
    form = SupportForm(request.POST or None, viewer=request.user, is_known=taken is not None, initial=known)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            said = form.said | _about_of(taken)
            made = actions.open_support(owner=owner, by=request.user, at=timezone.now(), **said)
            messages.success(request, _("L’accompagnement est ouvert : notez-en les heures, les étapes et les résultats."))
            return redirect(made)
    thing = taken.need if taken else None
    return form_page(request, form, title=_("Ouvrir un accompagnement"), verb=_("Ouvrir"), crumbs=CRUMBS, thing=thing)


def _taken(request: SignedInRequest) -> Referral | None:
    asked = row_number(request.GET.get("referral"))
    if asked is None:
        return None
    rows = Referral.objects.visible_to(request.user).select_related(
        "need__subject_item", "need__organisation", "need__holder", "partner"
    )
    found: Referral = get_object_or_404(rows, pk=asked, state=ReferralState.TAKEN_UP)
    if not receives(found, request.user):
        raise PermissionDenied(_("L’opérateur qui a pris ce besoin en charge ouvre l’accompagnement."))
    if subjects.of_key(subjects.key_of(found.need.subject), viewer=request.user) is None:
        raise PermissionDenied(
            _("Cette entreprise est réservée par l’émetteur du besoin : demandez-lui de la partager d’abord.")
        )
    return found


def _of_need(taken: Referral | None) -> dict[str, Any]:
    return {"title": str(taken.need.subject_item), "service": taken.service_id} if taken else {}


def _about_of(taken: Referral | None) -> dict[str, Any]:
    if taken is None:
        return {}
    return {"referral": taken, "organisation": taken.need.organisation, "holder": taken.need.holder}


def _own(request: SignedInRequest, pk: int) -> Support:
    rows = Support.objects.visible_to(request.user).select_related(*queries.RELATED).prefetch_related("steps")
    found: Support = own(request, get_object_or_404(rows, pk=pk))
    return found


@requires(Permission.NOTE_ACTIVITY)
def note_step(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    kinds = following(queries.as_steps(found.steps.all()), is_starter=queries.is_starter(found))
    initial = {"on": timezone.localdate(), "kind": request.GET.get("kind", "")}
    form = StepForm(request.POST or None, kinds=kinds, has_holder=found.holder is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.note_step(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("L’étape est notée."))
            return redirect(found)
    return form_page(request, form, title=_("Noter une étape"), verb=_("Noter"), crumbs=CRUMBS, thing=found)


@requires(Permission.NOTE_ACTIVITY)
def note_result(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = ResultForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        actions.note_result(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le résultat est noté ; il comptera une fois, chez tous ceux qui vous financent."))
        return redirect(found)
    return form_page(request, form, title=_("Noter un résultat"), verb=_("Noter"), crumbs=CRUMBS, thing=found)


@requires(Permission.NOTE_ACTIVITY)
def end_support(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = EndSupportForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.end_support(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("L’accompagnement est terminé ; il reste dans l’histoire de l’entreprise."))
            return redirect(found)
    return form_page(request, form, title=_("Terminer un accompagnement"), verb=_("Terminer"), crumbs=CRUMBS, thing=found)
