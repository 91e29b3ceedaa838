from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, own_partner, requires
from beffroi.core.refusals import told_on, told_to
from beffroi.funding import actions
from beffroi.funding.enums import StepKind
from beffroi.funding.forms import BecomeForm, CorrectionForm, StepForm
from beffroi.funding.models import Application, Step
from beffroi.funding.queries import file_sheets
from beffroi.funding.queries.files import operations_for
from beffroi.funding.views.keeping import form_page, kept


def _back(request: SignedInRequest, application: Application) -> HttpResponse:
    """To the board from which the file was moved, else to its sheet."""
    place = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(place) if place and is_ours else redirect(application)


@requires(Permission.EDIT_FILES)
def record_step(request: SignedInRequest, pk: int) -> HttpResponse:
    found = kept(request, Application.objects, pk)
    kinds = file_sheets.possible_steps(found)
    initial = {"on": timezone.localdate(), "kind": request.GET.get("kind", "")}
    form = StepForm(request.POST or None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "kind": StepKind(form.cleaned_data["kind"])}
        with told_on(form):
            step = actions.record_step(found, by=request.user, at=timezone.now(), **said)
            messages.success(request, _("« %(file)s » : étape « %(step)s » notée.") % {"file": found, "step": step})
            return _back(request, found)
    context = {"lead": FORGOTTEN, "back_to": request.POST.get("back") or request.GET.get("back", "")}
    return form_page(request, form, thing=found, title=_("Noter une étape"), verb=_("Noter l’étape"), **context)


FORGOTTEN = _("Une étape oubliée prend sa place entre les autres ; une date avant l’étape d’avant est refusée.")


def _kept_step(request: SignedInRequest, pk: int) -> Step:
    step = get_object_or_404(Step.objects.current().select_related("application"), pk=pk)
    step.application = kept(request, Application.objects, step.application_id)
    return step


@requires(Permission.EDIT_FILES)
def correct_step(request: SignedInRequest, pk: int) -> HttpResponse:
    step = _kept_step(request, pk)
    initial = {name: getattr(step, name) for name in ("on", "who", "number", "reason", "comment")}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.correct_step(step, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("L’étape est corrigée ; ce qui était écrit reste dans l’historique."))
            return redirect(step.application)
    title = _("Corriger l’étape « %(step)s »") % {"step": step}
    return form_page(request, form, thing=step.application, title=title, verb=_("Corriger"), step=step)


@require_POST
@requires(Permission.EDIT_FILES)
def remove_step(request: SignedInRequest, pk: int) -> HttpResponse:
    step = _kept_step(request, pk)
    with told_to(request):
        actions.remove_step(step, by=request.user, at=timezone.now())
        messages.success(request, _("L’étape est retirée ; ce qui était écrit reste dans l’historique."))
    return redirect(step.application)


@requires(Permission.EDIT_FILES)
def become_operation(request: SignedInRequest, pk: int) -> HttpResponse:
    found = kept(request, Application.objects.select_related("programme", "owner", "applicant", "holder"), pk)
    form = BecomeForm(request.POST if request.method == "POST" else None, operations=operations_for(found, viewer=request.user))
    if request.method == "POST" and form.is_valid():
        said = {"owner": own_partner(request), "by": request.user, "at": timezone.now(), **form.cleaned_data}
        with told_on(form):
            made = actions.turn_into_operation(found, **said)
            messages.success(request, _("Le dossier est devenu une opération ; ses montants l’ont suivi."))
            return redirect(made)
    context = {"title": _("Le dossier devient une opération"), "verb": _("En faire une opération")}
    return form_page(request, form, thing=found, missing=file_sheets.missing_to_operation(found), **context)
