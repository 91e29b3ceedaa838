from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, requires
from beffroi.actors import actions
from beffroi.actors.forms import EstablishmentForm, SirenForm
from beffroi.actors.models import Organisation
from beffroi.core.refusals import told_on


def _found(request: SignedInRequest, pk: int) -> Organisation:
    found: Organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    return found


def _page(request: SignedInRequest, form: Any, thing: object, title: object, lead: object, verb: object) -> HttpResponse:
    context = {"form": form, "thing": thing, "title": title, "lead": lead, "verb": verb}
    return render(request, "actors/form.html", context, status=422 if form.errors else 200)


@requires(Permission.SETTLE)
def siren(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = SirenForm(request.POST or None, initial={"siren": found.siren})
    if request.method == "POST" and form.is_valid():
        with told_on(form, "siren"):
            actions.set_siren(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Le SIREN est enregistré, avec sa raison."))
            return redirect(found)
    lead = _("Le numéro est contrôlé, jamais corrigé : s’il ne tombe pas juste, il n’est pas enregistré.")
    return _page(request, form, found, _("Donner ou corriger le SIREN"), lead, _("Enregistrer le SIREN"))


@requires(Permission.SETTLE)
def establishment(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = EstablishmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form, "siret"):
            actions.add_establishment(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("L’établissement est ajouté."))
            return redirect(found)
    lead = _("Un lieu où l’organisation exerce ; son SIRET commence par le SIREN de l’organisation.")
    return _page(request, form, found, _("Ajouter un établissement"), lead, _("Ajouter l’établissement"))
