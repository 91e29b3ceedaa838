"""Contacts and project holders: what a partner types, shown to those whom it allows."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.actions import record_reading
from beffroi.accounts.enums import Reading
from beffroi.accounts.roles import SignedInRequest, own_partner, signed_in
from beffroi.actors import actions
from beffroi.actors.forms import BecomeForm, ContactForm, ProjectHolderForm
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Item

COLUMNS = (
    Column("project", _("Projet")),
    Column("name", _("Porteur")),
    Column("place", _("Lieu"), value=lambda row: row.place.label if row.place else ""),
    Column("since", _("Suivi depuis"), Type.DATE),
    Column("organisation", _("Devenu"), value=lambda row: row.organisation.name if row.organisation else ""),
    Column("owner", _("Suivi par"), value=lambda row: row.owner.name if row.owner else ""),
)


def _owned(rows: Any, request: SignedInRequest, pk: int) -> Any:
    """Only those who own a row change it; for the others who may read it, that is refused and said."""
    found = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if found.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seule l’institution qui a saisi cette ligne la modifie."))
    return found


def _page(
    request: SignedInRequest, form: Any, title: object, verb: object, thing: object = None, lead: object = ""
) -> HttpResponse:
    context = {"form": form, "thing": thing, "title": title, "lead": lead, "verb": verb}
    return render(request, "actors/form.html", context, status=422 if form.errors else 200)


def _places(request: SignedInRequest) -> Any:
    rows = Item.objects.visible_to(request.user).filter(version__framework__kind=FrameworkKind.GEOGRAPHY)
    return rows.filter(organisations__isnull=False).distinct().order_by("sort_key")


@signed_in
def holders(request: SignedInRequest) -> HttpResponseBase:
    rows = ProjectHolder.objects.visible_to(request.user).select_related("place", "organisation", "owner")
    if answer := exports.asked(request, rows, COLUMNS, "porteurs-de-projet", title=_("Porteurs de projet")):
        return answer
    record_reading(Reading.HOLDERS_READ, by=request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "actors/holders.html", {"page": page, "partner_ids": request.user.partner_ids})


@signed_in
def add_holder(request: SignedInRequest) -> HttpResponse:
    owner = own_partner(request)
    form = ProjectHolderForm(request.POST or None, places=_places(request), initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        actions.add_project_holder(owner=owner, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le porteur de projet est enregistré."))
        return redirect("actors:holders")
    return _page(request, form, _("Suivre un porteur de projet"), _("Enregistrer"))


@signed_in
def change_holder(request: SignedInRequest, pk: int) -> HttpResponse:
    holder = _owned(ProjectHolder.objects, request, pk)
    form = ProjectHolderForm(request.POST or None, instance=holder, places=_places(request))
    if request.method == "POST" and form.is_valid():
        actions.change_project_holder(holder, by=request.user, **form.cleaned_data)
        messages.success(request, _("Les changements sont enregistrés ; l’état d’avant reste dans l’historique."))
        return redirect("actors:holders")
    return _page(request, form, _("Modifier un porteur de projet"), _("Enregistrer"))


@signed_in
def become(request: SignedInRequest, pk: int) -> HttpResponse:
    holder = _owned(ProjectHolder.objects, request, pk)
    form = BecomeForm(request.POST or None, initial={"name": holder.project, "kind": "company"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.become_organisation(
            holder, name=said["name"], kind=said["kind"], created=said["created"].isoformat(), by=request.user
        )
        messages.success(request, _("Le projet est devenu une organisation ; son suivi d’avant reste lisible."))
        return redirect(made)
    lead = _("L’organisation reprend le lieu et la visibilité du projet ; son SIREN se donne ensuite, sur sa fiche.")
    return _page(request, form, _("Le projet devient une organisation"), _("Créer l’organisation"), lead=lead)


@signed_in
def add_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    owner = own_partner(request)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_contact(found, owner=owner, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le contact est enregistré."))
        return redirect(found)
    lead = _("Le moins possible : de quoi joindre la personne, rien de plus.")
    return _page(request, form, _("Ajouter un contact"), _("Enregistrer"), found, lead)


@signed_in
def change_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    contact = _owned(Contact.objects.select_related("organisation"), request, pk)
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        actions.change_contact(contact, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le contact est modifié ; l’état d’avant reste dans l’historique."))
        return redirect(contact.organisation)
    return _page(request, form, _("Modifier un contact"), _("Enregistrer"), contact.organisation)
