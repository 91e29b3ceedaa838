"""The catalogue of operators' services, and the directory of what companies offer each other."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.actors.models import Organisation
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.interactions import actions
from beffroi.interactions.forms.catalogue import EndForm, OfferFilter, OfferForm, ServiceFilter, ServiceForm
from beffroi.interactions.models import Offer, Service
from beffroi.interactions.queries import catalogue as queries
from beffroi.interactions.queries import subjects
from beffroi.interactions.views.acting import form_page, own
from beffroi.interactions.views.own import own_partner

SERVICES = (
    Column("title", _("Service")),
    Column("owner", _("Opérateur"), value=lambda row: str(row.owner or "")),
    Column("subjects", _("Sujets"), value=lambda row: " ; ".join(item.label for item in row.subjects.all())),
    Column("places", _("Territoires"), value=lambda row: " ; ".join(item.label for item in row.places.all())),
    Column("audience", _("Pour qui")),
    Column("terms", _("Conditions")),
    Column("reply_days", _("Répond sous (jours)"), Type.INTEGER),
    Column("description", _("Description")),
    Column("ended_on", _("N’est plus offert depuis"), Type.DATE),
)
OFFERS = (
    Column("company", _("Entreprise"), value=lambda row: row.organisation.name),
    Column("siren", _("SIREN"), Type.CODE, "", lambda row: row.organisation.siren or ""),
    Column("kind", _("Nature"), value=lambda row: row.get_kind_display()),
    Column("text", _("Offre")),
    Column("detail", _("Précisions")),
    Column("item", _("Domaine prioritaire"), value=lambda row: row.item.label if row.item else ""),
    Column("place", _("Lieu"), value=lambda row: row.place.label if row.place else ""),
    Column("declared_on", _("Déclarée le"), Type.DATE),
    Column("owner", _("Notée par"), value=lambda row: str(row.owner or "")),
)
SERVICE_CRUMBS = ((_("Services des opérateurs"), "interactions:services"),)
OFFER_CRUMBS = ((_("Savoir-faire des entreprises"), "interactions:offers"),)


@open_to_all
def services(request: Request) -> HttpResponseBase:
    form = ServiceFilter(request.GET, owners=queries.owners_of_services(request.user))
    form.full_clean()
    rows = queries.services_asked(form.cleaned_data, viewer=request.user, on=timezone.localdate())
    if answer := exports.asked(request, rows, SERVICES, "services", title=_("Services des opérateurs")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "interactions/service_list.html", {"form": form, "page": page, "may_note": _may(request)})


def _may(request: Request) -> bool:
    return may(request.user, Permission.NOTE_ACTIVITY)


@open_to_all
def service(request: Request, pk: int) -> HttpResponse:
    rows = Service.objects.visible_to(request.user).select_related("owner").prefetch_related("subjects", "places")
    found = get_object_or_404(rows, pk=pk)
    owns = _may(request) and found.owner_id in request.user.partner_ids
    return render(request, "interactions/service.html", {"thing": found, "owns": owns})


@requires(Permission.NOTE_ACTIVITY)
def save_service(request: SignedInRequest, pk: int = 0) -> HttpResponse:
    found = own(request, get_object_or_404(Service, pk=pk)) if pk else Service(owner=own_partner(request.user))
    form = ServiceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.save_service(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Le service est au catalogue ; il sera proposé pour ses sujets et ses territoires."))
            return redirect(made)
    title = _("Modifier un service") if pk else _("Décrire un service")
    lead = _("Un service par offre : c’est d’après lui que l’on vous transmet des besoins.")
    return form_page(
        request, form, title=title, verb=_("Enregistrer"), crumbs=SERVICE_CRUMBS, lead=lead, thing=found if pk else None
    )


@requires(Permission.NOTE_ACTIVITY)
def end_service(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own(request, get_object_or_404(Service, pk=pk))
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        actions.end_service(found, on=form.cleaned_data["on"], by=request.user)
        messages.success(request, _("Le service n’est plus proposé ; ce qui est passé par lui reste."))
        return redirect(found)
    return form_page(
        request, form, title=_("Ne plus offrir un service"), verb=_("Enregistrer"), crumbs=SERVICE_CRUMBS, thing=found
    )


@open_to_all
def offers(request: Request) -> HttpResponseBase:
    form = OfferFilter(request.GET, viewer=request.user)
    form.full_clean()
    rows = queries.offers_asked(form.cleaned_data, viewer=request.user)
    if answer := exports.asked(request, rows, OFFERS, "savoir-faire", title=_("Savoir-faire des entreprises")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    own_partners = request.user.partner_ids if request.user.is_authenticated else set()
    context = {"form": form, "page": page, "may_note": _may(request), "own_partners": own_partners}
    return render(request, "interactions/offer_list.html", context)


@open_to_all
def offer(request: Request, pk: int) -> HttpResponse:
    rows = Offer.objects.visible_to(request.user).select_related("organisation", "place", "item", "owner")
    found = get_object_or_404(rows, pk=pk)
    owns = _may(request) and found.owner_id in request.user.partner_ids
    return render(request, "interactions/offer.html", {"thing": found, "owns": owns})


@requires(Permission.NOTE_ACTIVITY)
def save_offer(request: SignedInRequest, pk: int = 0) -> HttpResponse:
    found = own(request, get_object_or_404(Offer, pk=pk)) if pk else Offer(owner=own_partner(request.user))
    form = OfferForm(request.POST or None, instance=found, viewer=request.user, initial=None if pk else _known(request))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.save_offer(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("L’offre est dans l’annuaire, à sa date, avec l’accord de l’entreprise."))
            return redirect(made)
    title = _("Modifier une offre") if pk else _("Déclarer un savoir-faire ou une offre")
    lead = _("Ce que l’entreprise sait faire, vend ou cherche, en une phrase : d’autres la trouveront près de chez eux.")
    return form_page(
        request, form, title=title, verb=_("Enregistrer"), crumbs=OFFER_CRUMBS, lead=lead, thing=found if pk else None
    )


def _known(request: SignedInRequest) -> dict[str, Any]:
    about = subjects.of_key(request.GET.get("about", ""), viewer=request.user)
    return {"declared_on": timezone.localdate(), "organisation": about if isinstance(about, Organisation) else None}


@requires(Permission.NOTE_ACTIVITY)
def end_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own(request, get_object_or_404(Offer, pk=pk))
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        actions.end_offer(found, on=form.cleaned_data["on"], by=request.user)
        messages.success(request, _("L’offre est retirée de l’annuaire."))
        return redirect("interactions:offers")
    return form_page(request, form, title=_("Retirer une offre"), verb=_("Retirer"), crumbs=OFFER_CRUMBS, thing=found)
