"""Envelopes and tranches typed by hand; each page shows the states that the row had."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, own_partner, requires
from beffroi.core.refusals import told_on, told_to
from beffroi.funding import actions
from beffroi.funding.forms.desk import DeskForm, EnvelopeForm, TrancheForm
from beffroi.funding.models import CENTS, Envelope, Programme, Tranche
from beffroi.funding.views.typed import form_page, programme_of, refuse_others, reread

FIELDS = {
    Envelope: ("item", "fund", "manager", "year", "stage", "cents", "note", "visibility"),
    Tranche: ("item", "fund", "year", "cents", "prefinancing_cents", "rule", "note", "visibility"),
}


def _initial(row: Any) -> dict[str, Any]:
    said = {
        name: getattr(row, f"{name}_id" if name in ("item", "fund", "manager", "rule") else name) for name in FIELDS[type(row)]
    }
    return {**said, "seen": actions.seen_mark(row)}


def _history(row: Any) -> list[dict[str, Any]]:
    states = row.history.select_related("history_user").order_by("-history_id")
    return [{"at": state.history_date, "by": state.history_user, "amount": state.cents / CENTS} for state in states]


def _saved(request: SignedInRequest, form: DeskForm, row: Any, save: Callable[..., Any]) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    with told_on(form):
        save(row, by=request.user, seen=form.cleaned_data["seen"], **form.values)
        messages.success(request, _("C’est écrit ; l’état d’avant reste dans l’historique."))
        return True
    return False


def _row(request: SignedInRequest, rows: Any, pk: int) -> Any:
    found = get_object_or_404(rows.visible_to(request.user).select_related("programme__framework"), pk=pk)
    refuse_others(found, request)
    return found


def _new(request: SignedInRequest, form: DeskForm, row: Any, save: Callable[..., Any], title: str) -> HttpResponse:
    if _saved(request, form, row, save):
        return redirect("publishing:programme", row.programme.framework.code)
    return form_page(request, form, programme=row.programme, title=title, verb=_("Écrire"))


def _change(
    request: SignedInRequest, form: DeskForm, row: Any, save: Callable[..., Any], title: str, remove: str
) -> HttpResponse:
    if _saved(request, form, row, save):
        return redirect(row)
    said = {"row": row, "history": _history(row), "remove": remove, "seen": actions.seen_mark(row), "now": reread(form, row)}
    return form_page(request, form, programme=row.programme, title=title, verb=_("Corriger"), **said)


@requires(Permission.KEEP_PROGRAMME)
def add_envelope(request: SignedInRequest, code: str) -> HttpResponse:
    programme = programme_of(request, code)
    form = EnvelopeForm(request.POST or None, programme=programme, viewer=request.user)
    row = Envelope(programme=programme, owner=own_partner(request))
    return _new(request, form, row, actions.save_envelope, _("Nouvelle enveloppe"))


@requires(Permission.KEEP_PROGRAMME)
def envelope(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, Envelope.objects, pk)
    form = EnvelopeForm(request.POST or None, initial=_initial(row), programme=row.programme, viewer=request.user)
    return _change(request, form, row, actions.save_envelope, _("Enveloppe"), "funding:remove_envelope")


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def remove_envelope(request: SignedInRequest, pk: int) -> HttpResponse:
    return _removed(request, _row(request, Envelope.objects, pk), actions.remove_envelope)


@requires(Permission.KEEP_PROGRAMME)
def add_tranche(request: SignedInRequest, code: str) -> HttpResponse:
    programme = programme_of(request, code)
    form = TrancheForm(request.POST or None, programme=programme, viewer=request.user)
    row = Tranche(programme=programme, owner=own_partner(request))
    return _new(request, form, row, actions.save_tranche, _("Nouvelle tranche"))


@requires(Permission.KEEP_PROGRAMME)
def tranche(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, Tranche.objects, pk)
    form = TrancheForm(request.POST or None, initial=_initial(row), programme=row.programme, viewer=request.user)
    return _change(request, form, row, actions.save_tranche, _("Tranche"), "funding:remove_tranche")


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def remove_tranche(request: SignedInRequest, pk: int) -> HttpResponse:
    return _removed(request, _row(request, Tranche.objects, pk), actions.remove_tranche)


def _removed(request: SignedInRequest, row: Any, remove: Callable[..., None]) -> HttpResponse:
    programme: Programme = row.programme
    with told_to(request):
        remove(row, by=request.user, seen=request.POST.get("seen", ""))
        messages.success(request, _("La ligne est retirée ; l’historique en garde chaque état."))
        return redirect("publishing:programme", programme.framework.code)
    return redirect(row)
