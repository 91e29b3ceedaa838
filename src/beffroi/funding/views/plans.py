"""The financing plan of a programme: its versions, one beside another, typed, adopted or withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, own_partner, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on, told_to
from beffroi.core.requests import Request
from beffroi.funding import actions
from beffroi.funding.forms.desk import AdoptForm, CellForm, ReasonForm, SandboxForm, VersionForm
from beffroi.funding.models import PlanCell, PlanVersion, Sandbox
from beffroi.funding.queries.desk import compared_versions, plan_page
from beffroi.funding.queries.desk.plans import versions_of, with_base
from beffroi.funding.views.typed import form_page, programme_of, refuse_others, reread
from beffroi.provenance.queries import moment_of

CELLS = (
    Column("item_code", gettext_lazy("Code de l’élément"), Type.CODE, value=lambda row: row.item.code if row.item else ""),
    Column("item", gettext_lazy("Élément"), value=lambda row: row.item.label if row.item else ""),
    Column("funder", gettext_lazy("Financeur"), value=lambda row: row.funder.name if row.funder else ""),
    Column("origin", gettext_lazy("Origine"), value=lambda row: row.get_origin_display()),
    Column("year", gettext_lazy("Année"), Type.INTEGER),
    Column("status", gettext_lazy("Statut au contrat"), value=lambda row: row.get_contract_status_display()),
    Column("amount", gettext_lazy("Montant en euros"), Type.EUROS),
)
DIFFERENCES = (
    Column("item_code", gettext_lazy("Code de l’élément"), Type.CODE, value=lambda row: row.item.code if row.item else ""),
    Column("item", gettext_lazy("Élément"), value=lambda row: row.item.label if row.item else ""),
    Column("funder", gettext_lazy("Financeur")),
    Column("origin", gettext_lazy("Origine")),
    Column("year", gettext_lazy("Année"), Type.INTEGER),
    Column("status", gettext_lazy("Statut au contrat")),
    Column("before", gettext_lazy("Avant, en euros"), Type.EUROS, value=lambda row: row.before and row.before.value),
    Column("after", gettext_lazy("Après, en euros"), Type.EUROS, value=lambda row: row.after and row.after.value),
    Column("change", gettext_lazy("Écart en euros"), Type.EUROS, value=lambda row: row.change.value),
)


@open_to_all
def plan(request: Request, code: str) -> HttpResponseBase:
    """The versions, and the differences between two of them."""
    programme = programme_of(request, code)
    versions = versions_of(programme, viewer=request.user)
    pair = _pair(request, versions)
    found = compared_versions(*pair, viewer=request.user, moment=moment_of(request)) if pair else None
    if found and (answer := exports.asked(request, found.rows, DIFFERENCES, "ecarts-maquette", title=_("Écarts de maquette"))):
        return answer
    context = {"programme": programme, "versions": versions, "compared": found, "pair": pair or ()}
    return render(request, "funding/plan.html", context)


def _pair(request: Request, versions: list[PlanVersion]) -> tuple[PlanVersion, PlanVersion] | None:
    """Those that the address asks; else the first and the last."""
    by_pk = {str(row.pk): row for row in versions}
    asked = [by_pk.get(request.GET.get(name, "")) for name in ("un", "autre")]
    if asked[0] is not None and asked[1] is not None:
        return asked[0], asked[1]
    return (versions[-2], versions[-1]) if len(versions) > 1 else None


def _version(request: Request, pk: int) -> PlanVersion:
    rows = with_base(PlanVersion.objects.visible_to(request.user), request.user)
    found: PlanVersion = get_object_or_404(rows, pk=pk)
    return found


@open_to_all
def version(request: Request, pk: int) -> HttpResponseBase:
    found = _version(request, pk)
    cells = found.cells.select_related("item", "funder")
    if answer := exports.asked(request, cells, CELLS, f"maquette-{pk}", title=str(found)):
        return answer
    may_write = may(request.user, Permission.KEEP_PROGRAMME)
    context: dict[str, Any] = {
        "version": found,
        "programme": found.plan.programme,
        "page": plan_page(found, viewer=request.user, moment=moment_of(request)),
        "cells": cells,
        "may_write": may_write,
        "adopt": AdoptForm(),
        "withdraw": ReasonForm(),
        "sandbox": SandboxForm(),
        "blockers": actions.adoption_blockers(found) if may_write and found.is_open else [],
        "may_adopt": may_write and actions.keeper_of(found) in (None, *request.user.partner_ids),
        "sandboxes": Sandbox.objects.visible_to(request.user).filter(base=found),
    }
    return render(request, "funding/version.html", context)


@requires(Permission.KEEP_PROGRAMME)
def add_version(request: SignedInRequest, code: str) -> HttpResponse:
    programme = programme_of(request, code)
    rows = PlanVersion.objects.visible_to(request.user).filter(plan__programme=programme)
    form = VersionForm(request.POST or None, versions=rows)
    if request.method == "POST" and form.is_valid():
        owner = own_partner(request)
        made = actions.open_version(programme, by=request.user, owner=owner, **form.cleaned_data)
        messages.success(request, _("La version est ouverte, proposée : écrivez ses montants, puis mettez-la en vigueur."))
        return redirect(made)
    return form_page(request, form, programme=programme, title=_("Nouvelle version de la maquette"), verb=_("Ouvrir"))


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    found, form = _version(request, pk), AdoptForm(request.POST)
    with told_to(request):
        if form.is_valid():
            actions.adopt_version(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Cette version est en vigueur ; celle d’avant reste à lire."))
        else:
            messages.error(request, _("Donnez la date de la décision : rien n’a changé."))
    return redirect(found)


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found, form = _version(request, pk), ReasonForm(request.POST)
    refuse_others(found, request)
    with told_to(request):
        if form.is_valid():
            actions.withdraw_version(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Cette version est retirée ; ses montants restent à lire."))
        else:
            messages.error(request, _("Dites pourquoi : rien n’a changé."))
    return redirect(found)


@requires(Permission.KEEP_PROGRAMME)
def add_cell(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _version(request, pk)
    refuse_others(found, request)
    form = CellForm(request.POST or None, programme=found.plan.programme, viewer=request.user)
    if request.method == "POST" and form.is_valid() and _written(request, form, PlanCell(version=found)):
        return redirect(found)
    return form_page(request, form, programme=found.plan.programme, title=_("Nouveau montant"), verb=_("Écrire"), lead=found)


@requires(Permission.KEEP_PROGRAMME)
def cell(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = PlanVersion.objects.visible_to(request.user)
    row = get_object_or_404(
        PlanCell.objects.filter(version__in=seen).select_related("version__plan__programme__framework"), pk=pk
    )
    refuse_others(row.version, request)
    programme = row.version.plan.programme
    form = CellForm(request.POST or None, initial=_initial(row), programme=programme, viewer=request.user)
    if request.method == "POST" and form.is_valid() and _written(request, form, row):
        return redirect(row.version)
    said = {"row": row, "remove": "funding:remove_cell", "seen": actions.seen_mark(row), "lead": row.version}
    said["now"] = reread(form, row)
    return form_page(request, form, programme=programme, title=_("Montant de la maquette"), verb=_("Corriger"), **said)


def _initial(row: PlanCell) -> dict[str, Any]:
    said = {"item": row.item_id, "funder": row.funder_id, "seen": actions.seen_mark(row)}
    return said | {name: getattr(row, name) for name in ("origin", "year", "contract_status", "cents")}


def _written(request: SignedInRequest, form: CellForm, row: PlanCell) -> bool:
    with told_on(form):
        actions.save_cell(row, by=request.user, seen=form.cleaned_data["seen"], **form.values)
        messages.success(request, _("Le montant est écrit."))
        return True
    return False


@requires(Permission.KEEP_PROGRAMME)
@require_POST
def remove_cell(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = PlanVersion.objects.visible_to(request.user)
    row = get_object_or_404(PlanCell.objects.filter(version__in=seen).select_related("version"), pk=pk)
    refuse_others(row.version, request)
    version_of_row = row.version
    with told_to(request):
        actions.remove_cell(row, by=request.user, seen=request.POST.get("seen", ""))
        messages.success(request, _("Le montant est retiré."))
    return redirect(version_of_row)
