"""Crisis cells. Whoever is not a named member gets the page of what does not exist."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from beffroi.accounts import actions as accounts
from beffroi.accounts.enums import Reading
from beffroi.accounts.models import User
from beffroi.accounts.queries import administered
from beffroi.accounts.roles import SignedInRequest, open_to_all, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on, told_to
from beffroi.core.requests import Request
from beffroi.interactions.actions import crisis as actions
from beffroi.interactions.enums import WayOut
from beffroi.interactions.forms.crisis import (
    CaseForm,
    CellForm,
    EndForm,
    LeaveForm,
    MemberForm,
    MoveForm,
    TreatmentForm,
)
from beffroi.interactions.models import CrisisCase, CrisisCell
from beffroi.interactions.queries import crisis as queries
from beffroi.interactions.queries.crisis_record import record as published
from beffroi.provenance.queries import Moment

COLUMNS = (
    Column("company", _("Entreprise"), value=lambda row: str(row.case)),
    Column("siren", _("SIREN"), Type.CODE, value=lambda row: row.case.organisation.siren if row.case.organisation else ""),
    Column("since", _("Suivie depuis"), Type.DATE, value=lambda row: row.case.since),
    Column("cause", _("Nature de la difficulté"), value=lambda row: row.case.get_cause_display()),
    Column("need", _("Besoin de financement"), Type.EUROS, value=lambda row: row.case.need),
    Column("jobs", _("Emplois concernés"), Type.INTEGER, value=lambda row: row.case.jobs),
    Column("headcount", _("Effectif"), Type.INTEGER, value=lambda row: row.case.headcount),
    Column("sector", _("Secteur"), value=lambda row: row.case.sector),
    Column("treatments", _("Traitements"), value=lambda row: " ; ".join(row.treatments)),
    Column("way_out", _("Sortie"), value=lambda row: row.case.get_way_out_display()),
    Column("out_on", _("Sortie le"), Type.DATE, value=lambda row: row.case.out_on),
)

MOVES = {"treatment": "interactions:crisis_treatment", "way_out": "interactions:crisis_leave"}  # what is dated has its form


def _cell(request: SignedInRequest, pk: int, *, leads: bool = False) -> CrisisCell:
    found = get_object_or_404(CrisisCell.objects.visible_to(request.user).select_related("owner"), pk=pk)
    if leads and not queries.leads_cell(found, request.user):
        raise PermissionDenied(_("Seules les personnes qui animent la cellule nomment et retirent ses membres."))
    return found


def _case(request: SignedInRequest, pk: int) -> CrisisCase:
    rows = CrisisCase.objects.visible_to(request.user).select_related("cell__owner", "organisation", "by")
    return get_object_or_404(rows, pk=pk)


def _form(request: SignedInRequest, form: Any, title: object, verb: object, **context: Any) -> HttpResponse:
    shown = {"form": form, "title": title, "verb": verb, "cell": None, "case": None, "lead": "", **context}
    shown["suggested"] = getattr(form, "suggested", {})
    return render(request, "interactions/crisis_form.html", shown, status=422 if form.errors else 200)


@signed_in
def cells(request: SignedInRequest) -> HttpResponse:
    context = {
        "cells": queries.cells_seen(request.user),
        "orphans": queries.cells_without_lead(request.user),
        "may_open": bool(administered(request.user)),
    }
    return render(request, "interactions/crisis_cells.html", context)


@signed_in
def add_cell(request: SignedInRequest) -> HttpResponse:
    partners = administered(request.user)
    if not partners:
        raise PermissionDenied(_("Un administrateur de l’institution responsable ouvre la cellule."))
    form = CellForm(request.POST or None, partners=partners, initial={"since": timezone.localdate(), "owner": min(partners)})
    if request.method == "POST" and form.is_valid():
        return redirect(actions.open_cell(by=request.user, **form.cleaned_data))
    lead = _("Vous l’animez dès son ouverture. Personne d’autre ne la voit avant que vous ne l’ayez nommé.")
    return _form(request, form, _("Ouvrir une cellule de crise"), _("Ouvrir la cellule"), lead=lead)


@signed_in
def cell(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The board, or the same as a list; the file is for its members like the page."""
    found = _cell(request, pk)
    rows = queries.cases_of(found, request.user)
    cards = queries.cards(rows, on=timezone.localdate())
    is_file = bool(request.GET.get("format"))
    accounts.record_reading(Reading.CRISIS_EXPORTED if is_file else Reading.CRISIS_READ, ("crisis_cell", pk), by=request.user)
    if answer := exports.asked(request, cards, COLUMNS, "cellule", title=_("Entreprises suivies par la cellule")):
        return answer
    context = {"cell": found, "leads": queries.leads_cell(found, request.user), "figures": queries.key_figures(cards)}
    return render(request, "interactions/crisis_cell.html", context | _board(request, cards))


def _board(request: SignedInRequest, cards: list[queries.Card]) -> dict[str, Any]:
    """Who has left stands only in the columns of the ways out."""
    asked = request.GET.get("by", "")
    by = asked if asked in queries.BOARDS else queries.BOARDS[0]
    shown = [card for card in cards if by == "way_out" or card.case.out_on is None]
    return {
        "by": by,
        "readings": [(name, queries.READINGS[name].label) for name in queries.BOARDS],
        "columns": queries.groups(shown, by),
        "cards": cards,
        "is_list": request.GET.get("view") == "list",
    }


@signed_in
def totals(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _cell(request, pk)
    cards = queries.cards(queries.cases_of(found, request.user), on=timezone.localdate())
    accounts.record_reading(Reading.CRISIS_READ, ("crisis_cell", pk), by=request.user)
    context = {"cell": found, "totals": queries.totals(cards), "figures": queries.key_figures(cards), "is_empty": not cards}
    return render(request, "interactions/crisis_totals.html", context)


@signed_in
def members(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _cell(request, pk)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and _cell(request, pk, leads=True) and form.is_valid():
        said = form.cleaned_data
        with told_on(form, "email"):
            actions.add_member(found, said["email"], leads=said["leads"], since=timezone.localdate(), by=request.user)
            return redirect("interactions:crisis_members", pk)
    context = {
        "cell": found,
        "form": form,
        "members": found.members.select_related("user").order_by("until", "-leads", "since", "pk"),
        "leads": queries.leads_cell(found, request.user),
        "end_form": EndForm(initial={"until": timezone.localdate()}),
    }
    return render(request, "interactions/crisis_members.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def remove_member(request: SignedInRequest, pk: int, user: int) -> HttpResponse:
    found = _cell(request, pk, leads=True)
    with told_to(request):
        actions.remove_member(found, get_object_or_404(User, pk=user), until=timezone.localdate(), by=request.user)
    still_sees = CrisisCell.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("interactions:crisis_members", pk) if still_sees else redirect("interactions:crisis_cells")


@signed_in
def name_lead(request: SignedInRequest, pk: int) -> HttpResponse:
    """For a cell that nobody can open any more: its administrator names who leads it, and sees nothing else of it."""
    found = get_object_or_404(queries.cells_without_lead(request.user), pk=pk)
    form = MemberForm(request.POST or None, initial={"leads": True})
    if request.method == "POST" and form.is_valid():
        with told_on(form, "email"):
            actions.name_a_lead(found, form.cleaned_data["email"], since=timezone.localdate(), by=request.user)
            messages.success(request, _("La cellule a de nouveau quelqu’un qui l’anime."))
            return redirect("interactions:crisis_cells")
    return _form(request, form, _("Confier une cellule"), _("Confier l’animation"))


@signed_in
@require_POST
def close_cell(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _cell(request, pk, leads=True)
    with told_to(request):
        actions.close_cell(found, until=timezone.localdate(), by=request.user)
        messages.success(request, _("La cellule est close : elle se lit encore, on n’y écrit plus."))
    return redirect(found)


def _case_form(request: SignedInRequest, found: CrisisCell, case: CrisisCase | None = None) -> CaseForm:
    sectors = sorted({row.sector for row in queries.cases_of(found, request.user) if row.sector})
    first = {} if case else {"since": timezone.localdate()}
    return CaseForm(request.POST or None, instance=case, viewer=request.user, sectors=sectors, initial=first)


@signed_in
def add_case(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _cell(request, pk)
    form = _case_form(request, found)
    if request.method == "POST" and form.is_valid():
        with told_on(form, "company"):
            return redirect(actions.open_case(found, by=request.user, **form.answers))
    lead = _(
        "Ce qui est écrit ici n’est lu que des membres de la cellule : ni la fiche de l’entreprise, ni la recherche, "
        "ni aucun total ne le montrent."
    )
    return _form(request, form, _("Suivre une entreprise"), _("Suivre l’entreprise"), cell=found, lead=lead)


@signed_in
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    accounts.record_reading(Reading.CRISIS_READ, ("crisis_case", pk), by=request.user)
    context = {
        "case": found,
        "cell": found.cell,
        "card": queries.cards([found], on=timezone.localdate())[0],
        "treatments": found.treatments.select_related("partner"),
        "history": queries.history_of(found),
    }
    return render(request, "interactions/crisis_case.html", context)


@signed_in
def change_case(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    form = _case_form(request, found.cell, found)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            return redirect(actions.change_case(found, by=request.user, **form.answers))
    return _form(request, form, _("Modifier le dossier"), _("Enregistrer"), cell=found.cell, case=found)


@signed_in
def add_treatment(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    first = {"on": timezone.localdate(), "label": request.GET.get("to", "")}
    labels = queries.labels_of(found.cell, request.user)
    form = TreatmentForm(request.POST or None, labels=labels, initial=first)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.note_treatment(found, by=request.user, **form.cleaned_data)
            return redirect(found)
    return _form(request, form, _("Noter un traitement"), _("Enregistrer"), cell=found.cell, case=found)


@signed_in
def leave(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    form = LeaveForm(request.POST or None, initial={"on": timezone.localdate(), "way_out": request.GET.get("to", "")})
    if request.method == "POST" and form.is_valid():
        with told_on(form, "on"):
            said = form.cleaned_data
            return redirect(actions.leave_cell(found, way_out=WayOut(said["way_out"]), on=said["on"], by=request.user).cell)
    return _form(request, form, _("Sortie de la cellule"), _("Enregistrer la sortie"), cell=found.cell, case=found)


@signed_in
@require_POST
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """From one column of the board to another: what must be dated or said opens its form, filled in."""
    found, form = _case(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Rien n’a changé : choisissez une colonne du tableau."))
        return redirect(found.cell)
    by, to = form.cleaned_data["by"], form.cleaned_data["to"]
    if page := MOVES.get(by):
        return redirect(f"{reverse(page, args=[pk])}?{urlencode({'to': to})}")
    with told_to(request):
        actions.change_case(found, by=request.user, cause=queries.cause_called(to))
    return redirect(f"{found.cell.get_absolute_url()}?by={by}")


@open_to_all
def record(request: Request) -> HttpResponse:
    """What documents published of such a cell: open to all, and apart from those opened here."""
    told = published(viewer=request.user, moment=Moment(request.as_of, request.known_on))
    return render(request, "interactions/crisis_record.html", {"record": told})
