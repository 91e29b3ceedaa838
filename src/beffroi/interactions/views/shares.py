"""The parts of the agreements in an operator's activity: keys, one activity's own shares, exclusions, cost of an hour."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, requires
from beffroi.core.refusals import told_on, told_to
from beffroi.funding.models import CENTS, Agreement
from beffroi.interactions.actions import shares as actions
from beffroi.interactions.forms.shares import CostForm, ExclusionForm, KeyForm, PartsForm
from beffroi.interactions.models import ActivityCost, ActivityExclusion
from beffroi.interactions.queries import shares as queries
from beffroi.interactions.views.own import own_partner
from beffroi.reference.models import Item


def _agreements(request: SignedInRequest, partner: Partner) -> list[Agreement]:
    return list(queries.agreements_of(partner, viewer=request.user))


def _key_form(request: SignedInRequest, agreements: list[Agreement], data: Any = None) -> KeyForm:
    kinds = Item.objects.of_framework(queries.ACTIVITIES).order_by("parent__position", "position", "pk")
    return KeyForm(data, agreements=agreements, kinds=kinds, initial={"since": timezone.localdate()})


@requires(Permission.NOTE_ACTIVITY)
def shares(request: SignedInRequest) -> HttpResponse:
    """The keys of the reader's institution, and the form of a new one."""
    partner = own_partner(request.user)
    agreements = _agreements(request, partner)
    form = _key_form(request, agreements, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with told_on(form):
            actions.set_key(partner, kind=told["kind"], since=told["since"], parts=form.parts(), by=request.user)
            messages.success(
                request, _("La clé est enregistrée : elle vaut pour les activités de cette nature à partir de ce jour.")
            )
            return redirect("interactions:shares")
    context = {"form": form, "partner": partner, "agreements": agreements, **_known(request, partner, agreements)}
    return render(request, "interactions/shares.html", context, status=422 if form.errors else 200)


def _known(request: SignedInRequest, partner: Partner, agreements: list[Agreement]) -> dict[str, Any]:
    """What is already said, and the forms of what may be added."""
    return {
        "keys": queries.keys_of(partner),
        "costs": ActivityCost.objects.filter(owner=partner),
        "cost_form": CostForm(initial={"since": timezone.localdate()}),
        "exclusions": ActivityExclusion.objects.filter(agreement__in=agreements).select_related("agreement", "other"),
        "exclusion_form": ExclusionForm(agreements=queries.agreements_of(partner, viewer=request.user)),
    }


@requires(Permission.NOTE_ACTIVITY)
def activity_shares(request: SignedInRequest, link: str, pk: int) -> HttpResponse:
    """The shares of one activity of the reader's institution, instead of the key of its kind."""
    partner = own_partner(request.user)
    if link not in queries.MODELS:
        raise Http404
    thing = get_object_or_404(queries.MODELS[link][0], pk=pk, owner=partner)
    on = getattr(thing, "on", None) or getattr(thing, "since", None) or timezone.localtime(thing.starts).date()
    said = request.POST if request.method == "POST" else None
    form = PartsForm(said, agreements=_agreements(request, partner), parts=queries.own_shares(link, pk))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.share_activity(partner, link=link, thing=thing, on=on, parts=form.parts(), by=request.user)
            messages.success(request, _("Les parts de cette activité sont enregistrées."))
            return redirect("interactions:shares")
    context = {"form": form, "thing": thing, "on": on}
    return render(request, "interactions/activity_shares.html", context, status=422 if form.errors else 200)


@requires(Permission.NOTE_ACTIVITY)
@require_POST
def add_cost(request: SignedInRequest) -> HttpResponse:
    form = CostForm(request.POST)
    if form.is_valid():
        cents = int(form.cleaned_data["euros"] * CENTS)
        actions.set_cost(own_partner(request.user), since=form.cleaned_data["since"], cents=cents, by=request.user)
        messages.success(request, _("Le coût d’une heure est enregistré."))
    else:
        messages.error(request, _("Rien n’est enregistré : donnez une date, et un coût en euros plus grand que zéro."))
    return redirect("interactions:shares")


@requires(Permission.NOTE_ACTIVITY)
@require_POST
def add_exclusion(request: SignedInRequest) -> HttpResponse:
    form = ExclusionForm(request.POST, agreements=queries.agreements_of(own_partner(request.user), viewer=request.user))
    with told_to(request):
        if not form.is_valid():
            raise ValidationError(_("Rien n’est enregistré : choisissez deux conventions de votre institution."))
        actions.exclude(form.cleaned_data["agreement"], other=form.cleaned_data["other"], by=request.user)
        messages.success(request, _("L’exclusion est enregistrée : ces deux conventions ne paient plus une même activité."))
    return redirect("interactions:shares")


@requires(Permission.NOTE_ACTIVITY)
@require_POST
def lift_exclusion(request: SignedInRequest, pk: int) -> HttpResponse:
    own = queries.agreements_of(own_partner(request.user), viewer=request.user)
    row = get_object_or_404(ActivityExclusion.objects.filter(agreement__in=own), pk=pk)
    actions.lift_exclusion(row, by=request.user)
    messages.success(request, _("L’exclusion est levée."))
    return redirect("interactions:shares")
