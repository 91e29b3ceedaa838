from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission, Visibility
from beffroi.accounts.roles import SignedInRequest, open_to_all, own_partner, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.funding import actions
from beffroi.funding.forms import CallFilter, CallForm
from beffroi.funding.models import Application, Call
from beffroi.funding.queries.calls import RELATED, calls_asked, state_of
from beffroi.funding.views.keeping import form_page, kept, may_keep

COLUMNS = (
    Column("code", _("Code"), Type.CODE),
    Column("title", _("Intitulé")),
    Column("kind", _("Nature"), value=lambda row: row.get_kind_display()),
    Column("programme", _("Programme"), value=lambda row: row.programme.framework.label),
    Column("item", _("Objectif"), value=lambda row: row.item.label if row.item else row.written_item),
    Column("area_code", _("Code de la zone"), Type.CODE, value=lambda row: row.area.code if row.area else ""),
    Column("area", _("Zone géographique"), value=lambda row: row.area.label if row.area else row.written_area),
    Column("eligible_applicants", _("Demandeurs éligibles")),
    Column("total_support", _("Montant total de l’aide"), Type.EUROS),
    Column("currency", _("Monnaie"), Type.CODE),
    Column("opens", _("Ouverture"), Type.DATE),
    Column("closes", _("Clôture"), Type.DATE),
    Column("address", _("Adresse")),
)


@open_to_all
def calls(request: Request) -> HttpResponseBase:
    form = CallFilter({"state": "open", **request.GET.dict()}, viewer=request.user)
    form.full_clean()
    rows = calls_asked(form.cleaned_data, viewer=request.user, on=request.as_of)
    if answer := exports.asked(request, rows, COLUMNS, "appels", title=_("Appels")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "funding/calls.html", {"form": form, "page": page})


@open_to_all
def call(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Call.objects.visible_to(request.user).select_related(*RELATED), pk=pk)
    files = Application.objects.visible_to(request.user).filter(call=found)
    criteria = list(found.criteria.all())
    context = {
        "thing": found,
        "state": state_of(found, request.as_of),
        "criteria": criteria,
        "files": files.count(),
        "may_keep": may_keep(request.user, found),
        "history": found.history.select_related("history_user") if may_keep(request.user, found) else [],
    }
    return render(request, "funding/call.html", context)


@requires(Permission.EDIT_FILES)
def open_call(request: SignedInRequest) -> HttpResponse:
    owner = own_partner(request)
    initial = {"visibility": Visibility.PUBLIC, "opens": timezone.localdate()}
    form = CallForm(request.POST or None, viewer=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.open_call(owner=owner, by=request.user, **form.said)
            messages.success(request, _("L’appel est ouvert : on le trouve dans la liste et par la recherche."))
            return redirect(made)
    gain = _("L’appel paraît au calendrier public que demande le règlement, et les dossiers qui y répondent se préremplissent.")
    return form_page(request, form, title=_("Ouvrir un appel"), verb=_("Ouvrir l’appel"), gain=gain, back="funding:calls")


@requires(Permission.EDIT_FILES)
def change_call(request: SignedInRequest, pk: int) -> HttpResponse:
    found = kept(request, Call.objects.select_related(*RELATED), pk)
    form = CallForm(request.POST or None, viewer=request.user, instance=found)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.change_call(found, by=request.user, **form.said)
            messages.success(request, _("L’appel est modifié ; l’état d’avant reste dans son historique."))
            return redirect(found)
    return form_page(request, form, thing=found, title=_("Modifier un appel"), verb=_("Enregistrer"), back="funding:calls")
