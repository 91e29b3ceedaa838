"""Aid regimes, the regime of an operation, and the de minimis counter of an undertaking."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires, signed_in
from beffroi.actors.models import Organisation
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.funding import actions
from beffroi.funding.enums import Family
from beffroi.funding.forms import AidRegimeForm, GiveRegimeForm, NewAidForm
from beffroi.funding.models import CENTS, AidRegime, Operation
from beffroi.funding.queries import counters, may_count, undertaking
from beffroi.funding.queries.de_minimis import FamilyCounter, Undertaking
from beffroi.funding.rules.de_minimis import with_new_aid
from beffroi.funding.views.typed import refuse_others
from beffroi.provenance.queries import moment_of


@open_to_all
def regimes(request: Request) -> HttpResponse:
    may_edit = may(request.user, Permission.EDIT_AGREEMENTS)
    return render(request, "funding/regimes.html", {"regimes": AidRegime.objects.all(), "may_edit": may_edit})


@requires(Permission.EDIT_AGREEMENTS)
def save_regime(request: SignedInRequest, pk: int = 0) -> HttpResponse:
    found = get_object_or_404(AidRegime, pk=pk) if pk else AidRegime()
    form = AidRegimeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.save_regime(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Le régime d’aide est enregistré ; l’état d’avant reste dans l’historique."))
            return redirect("funding:regimes")
    title = _("Modifier un régime d’aide") if pk else _("Saisir un régime d’aide")
    context = {"form": form, "title": title, "thing": None}
    return render(request, "funding/regime_form.html", context, status=422 if form.errors else 200)


@requires(Permission.EDIT_AGREEMENTS)
def give_regime(request: SignedInRequest, pk: int) -> HttpResponse:
    operation = get_object_or_404(Operation.objects.visible_to(request.user), pk=pk)
    refuse_others(operation, request)
    said = {"regime": operation.aid_regime, "decided_on": operation.decided_on}
    form = GiveRegimeForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        actions.give_regime(operation, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le régime d’aide est noté."))
        return redirect(operation)
    context = {"form": form, "title": _("Dire le régime d’aide"), "thing": operation}
    return render(request, "funding/regime_form.html", context, status=422 if form.errors else 200)


def _answered(request: SignedInRequest, who: Undertaking, asked: dict[str, Any]) -> tuple[list[FamilyCounter], dict[str, Any]]:
    """The counters on the day asked about, and what they say of the aid asked about."""
    moment, on = moment_of(request), asked.get("on", request.as_of)
    found = counters(who, on=on, moment=moment, viewer=request.user, always=asked.get("family", Family.GENERAL))
    own = next((one for one in found if one.family == asked.get("family")), None)
    outcome = with_new_aid(own.counter, asked["amount"]) if own else None
    sums = {"total": outcome and outcome.at_most / CENTS, "above": outcome and outcome.above / CENTS}
    return found, {"outcome": outcome, **sums}


@signed_in
def de_minimis(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is known here of one undertaking, and what a new aid would give."""
    rows = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(rows if may_count(request.user) else rows.none(), pk=pk)
    form = NewAidForm(request.GET if "amount" in request.GET else None, initial={"on": request.as_of})
    asked = form.cleaned_data if form.is_valid() else {}
    who = undertaking(organisation, moment=moment_of(request), viewer=request.user)
    found, answer = _answered(request, who, asked)
    context = {"who": who, "thing": organisation, "form": form, "asked": asked, **answer}
    context["counters"] = [(one, one.figures(pk)) for one in found]
    return render(request, "funding/de_minimis.html", context)
