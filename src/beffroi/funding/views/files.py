from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, own_partner, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.funding import actions
from beffroi.funding.enums import Cycle, StepKind
from beffroi.funding.forms import ApplicationForm, FileFilter, StepForm, SubmissionForm
from beffroi.funding.models import Application
from beffroi.funding.queries import file_sheets
from beffroi.funding.queries import files as queries
from beffroi.funding.queries.lines import money_of_file
from beffroi.funding.views.keeping import form_page, kept, may_keep
from beffroi.provenance.queries import moment_of

COLUMNS = (
    Column("code", _("Numéro"), Type.CODE),
    Column("title", _("Intitulé")),
    Column("applicant", _("Demandeur"), value=lambda row: row.applicant_name),
    Column("siren", _("SIREN"), Type.CODE, value=lambda row: row.applicant.siren if row.applicant else ""),
    Column("programme", _("Programme"), value=lambda row: row.programme.framework.label),
    Column("call", _("Appel"), value=lambda row: row.call.title if row.call else ""),
    Column("cycle", _("Cycle de vie"), value=lambda row: row.get_cycle_display()),
    Column("step", _("Étape présente"), value=lambda row: StepKind(row.current).label if row.current else ""),
    Column("since", _("Depuis le"), Type.DATE),
    Column("operation", _("Code de l’opération"), Type.CODE, value=lambda row: row.operation.code if row.operation else ""),
)


@open_to_all
def files(request: Request) -> HttpResponseBase:
    """The board of one life cycle, or the list of all."""
    form = FileFilter(request.GET, viewer=request.user)
    form.full_clean()
    asked, moment = form.cleaned_data, moment_of(request)
    is_list = request.GET.get("view") == "list"
    rows = queries.files_asked(asked, viewer=request.user, moment=moment)
    if answer := exports.asked(request, queries.with_calls(rows, request.user), COLUMNS, "dossiers", title=_("Dossiers")):
        return answer
    context = {"form": form, "is_list": is_list, "on": request.as_of, "may_edit": may(request.user, Permission.EDIT_FILES)}
    shown = _listed(rows, request) if is_list else _board(rows, asked, request)
    return render(request, "funding/files.html", context | shown)


def _listed(rows: QuerySet[Any], request: Request) -> dict[str, Any]:
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return {"page": page, "count": page.paginator.count, "rows": file_sheets.cards(page.object_list, on=request.as_of)}


def _board(rows: QuerySet[Any], asked: dict[str, Any], request: Request) -> dict[str, Any]:
    cycle = Cycle(asked.get("cycle") or queries.usual_cycle(rows))
    columns = queries.board(cycle, rows)
    return {
        "cycle": cycle,
        "columns": [file_sheets.shown_column(column, cycle, on=request.as_of, user=request.user) for column in columns],
        "count": sum(column.count for column in columns),
        "today": timezone.localdate(),
    }


@open_to_all
def application(request: Request, pk: int) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).select_related(*queries.RELATED, "place")
    found, moment = get_object_or_404(queries.with_calls(rows, request.user), pk=pk), moment_of(request)
    steps = queries.steps_of(found, moment=moment)
    keeps = may_keep(request.user, found)
    context = {
        "thing": found,
        "may_keep": keeps,
        "may_edit": may(request.user, Permission.EDIT_FILES),
        "steps": file_sheets.path(found, steps),
        "events": file_sheets.events(found, steps, can_correct=keeps),
        "step_form": StepForm(kinds=file_sheets.possible_steps(found), initial={"on": timezone.localdate()}),
        "section": money_of_file(found, moment=moment, viewer=request.user),
        "history": file_sheets.history(found, viewer=request.user) if keeps else [],
    }
    return render(request, "funding/application.html", context)


@requires(Permission.EDIT_FILES)
def submit_application(request: SignedInRequest) -> HttpResponse:
    owner, operation = own_partner(request), file_sheets.asked_operation(request.GET, request.user)
    initial = file_sheets.prefilled(request.GET, request.user, on=timezone.localdate())
    form = SubmissionForm(request.POST or None, viewer=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            said = {**form.said, "on": form.cleaned_data["on"], "requested": form.requested, "operation": operation}
            made = actions.submit_application(owner=owner, by=request.user, at=timezone.now(), **said)
            messages.success(request, _("Le dossier est enregistré ; ses étapes suivantes se notent sur sa fiche."))
            return redirect(made)
    gains = file_sheets.gains(initial, request.user, moment_of(request))
    title = _("Suivre une opération connue") if operation else _("Recevoir un dossier")
    return form_page(request, form, title=title, verb=_("Enregistrer le dossier"), back="funding:files", **gains)


@requires(Permission.EDIT_FILES)
def change_application(request: SignedInRequest, pk: int) -> HttpResponse:
    found = kept(request, Application.objects.select_related(*queries.RELATED, "place"), pk)
    form = ApplicationForm(request.POST or None, viewer=request.user, instance=found)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.change_application(found, by=request.user, **form.said)
            messages.success(request, _("Le dossier est modifié ; l’état d’avant reste dans son historique."))
            return redirect(found)
    return form_page(request, form, thing=found, title=_("Modifier un dossier"), verb=_("Enregistrer"), back="funding:files")
