"""Agreements: the list, the sheet, and the forms typed by those who keep them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, own_partner, requires
from beffroi.actors.models import Organisation
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on, told_to
from beffroi.core.requests import Request
from beffroi.funding import actions
from beffroi.funding.enums import PaymentBlocker
from beffroi.funding.forms import AgreementFilter, AgreementForm, PaymentForm, ReceiveForm
from beffroi.funding.forms.agreements import PARTS, PartKind
from beffroi.funding.models import CENTS, Agreement, DocumentDue, Instalment
from beffroi.funding.queries import (
    agreement_sheet,
    agreements_asked,
    blockers_to_paying,
    held_by_institutions_of,
    previous_of,
    proposed_payment,
    worked_for,
)
from beffroi.provenance.queries import moment_of


def _parties(row: Agreement) -> str:
    return " ; ".join(f"{party.organisation.name} ({party.get_role_display()})" for party in row.parties.all())


COLUMNS = (
    Column("code", _("Numéro"), Type.CODE),
    Column("kind", _("Nature"), value=lambda row: row.get_kind_display()),
    Column("title", _("Intitulé")),
    Column("parties", _("Parties"), value=_parties),
    Column("parent", _("Sous la convention"), value=lambda row: str(row.parent or "")),
    Column("signed_on", _("Signée le"), Type.DATE),
    Column("start", _("Du"), Type.DATE),
    Column("end", _("Au"), Type.DATE),
    Column("ceiling", _("Plafond"), Type.EUROS, _("Un plafond : seuls les votes sont de l’argent."), lambda row: _euros(row)),
)


def _euros(row: Agreement) -> Any:
    return None if row.ceiling_cents is None else row.ceiling_cents / CENTS


def _owned(request: SignedInRequest, pk: int) -> Agreement:
    found: Agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    if found.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seule l’institution qui a saisi cette convention la modifie."))
    return found


def _part(agreement: Agreement, part: str, row: int) -> tuple[PartKind, Any]:
    """The row of this agreement, or a new one."""
    if part not in PARTS:
        raise Http404
    kind = PARTS[part]
    found = get_object_or_404(kind.model, agreement=agreement, pk=row) if row else kind.model(agreement=agreement)  # type: ignore[misc]
    return kind, found


def _form(request: SignedInRequest, form: Any, title: object, thing: object = None, **more: Any) -> HttpResponse:
    about = {"lead": "", "instalment": None, "blockers": (), "part": "", "row": 0}
    context = {"form": form, "title": title, "thing": thing, "verb": _("Enregistrer"), **about, **more}
    return render(request, "funding/agreement_form.html", context, status=422 if form.errors else 200)


@open_to_all
def agreements(request: Request) -> HttpResponseBase:
    form = AgreementFilter(request.GET)
    form.full_clean()
    rows = agreements_asked(form.cleaned_data, viewer=request.user, on=request.as_of)
    if answer := exports.asked(request, rows, COLUMNS, "conventions", title=_("Conventions")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_edit": may(request.user, Permission.EDIT_AGREEMENTS)}
    return render(request, "funding/agreements.html", context)


@open_to_all
def agreement(request: Request, pk: int) -> HttpResponse:
    sheet = agreement_sheet(pk, moment=moment_of(request), viewer=request.user)
    if sheet is None:
        raise Http404
    owns = request.user.is_authenticated and sheet.agreement.owner_id in request.user.partner_ids
    may_edit = owns and may(request.user, Permission.EDIT_AGREEMENTS)
    has_report = held_by_institutions_of(request.user).filter(Exists(worked_for()), pk=pk).exists()
    context = {"sheet": sheet, "thing": sheet.agreement, "may_edit": may_edit, "has_report": has_report}
    return render(request, "funding/agreement.html", context)


@open_to_all
def dialogue(request: Request, pk: int) -> HttpResponse:
    """This agreement and the one before it: what was agreed, and what became of it."""
    moment = moment_of(request)
    sheet = agreement_sheet(pk, moment=moment, viewer=request.user)
    if sheet is None:
        raise Http404
    before = previous_of(sheet.agreement, viewer=request.user)
    others = [agreement_sheet(before.pk, moment=moment, viewer=request.user)] if before else []
    return render(request, "funding/dialogue.html", {"sheets": [sheet, *others], "thing": sheet.agreement})


@requires(Permission.EDIT_AGREEMENTS)
def add_agreement(request: SignedInRequest) -> HttpResponse:
    owner = own_partner(request)
    own = Organisation.objects.filter(partner=owner).first()
    form = AgreementForm(request.POST or None, viewer=request.user, initial={"funder": own.name if own else ""})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.add_agreement(owner=owner, by=request.user, **form.cleaned_data)
            messages.success(request, _("La convention est enregistrée. Ajoutez ses votes, son échéancier et ses documents."))
            return redirect(made)
    return _form(request, form, _("Saisir une convention"))


@requires(Permission.EDIT_AGREEMENTS)
def change_agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _owned(request, pk)
    form = AgreementForm(request.POST or None, instance=found, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.change_agreement(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("La convention est modifiée ; l’état d’avant reste dans l’historique."))
            return redirect(found)
    return _form(request, form, _("Modifier la convention"), found)


@requires(Permission.EDIT_AGREEMENTS)
def save_part(request: SignedInRequest, pk: int, part: str, row: int = 0) -> HttpResponse:
    found = _owned(request, pk)
    kind, part_row = _part(found, part, row)
    form = kind.form(request.POST or None, instance=part_row, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.save_part(part_row, by=request.user, **form.cleaned_data)
            messages.success(request, _("C’est enregistré."))
            return redirect(f"{found.get_absolute_url()}#{part}")
    return _form(request, form, kind.title, found, part=part, row=row)


@requires(Permission.EDIT_AGREEMENTS)
def remove_part(request: SignedInRequest, pk: int, part: str, row: int) -> HttpResponse:
    found = _owned(request, pk)
    _kind, part_row = _part(found, part, row)
    if request.method == "POST":
        with told_to(request):
            actions.remove_part(part_row, by=request.user)
            messages.success(request, _("C’est retiré ; l’historique le garde."))
    return redirect(f"{found.get_absolute_url()}#{part}")


@requires(Permission.EDIT_AGREEMENTS)
def pay(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """The payment proposal of an instalment: what can be paid, what holds it back, and the payment itself."""
    found = _owned(request, pk)
    instalment = get_object_or_404(Instalment, agreement=found, pk=row)
    proposed = proposed_payment(instalment, on=request.as_of)
    form = PaymentForm(request.POST or None, initial={"cents": proposed, "on": request.as_of})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.record_payment(instalment, by=request.user, **form.cleaned_data)
            messages.success(request, _("Le paiement est enregistré."))
            return redirect(f"{found.get_absolute_url()}#echeances")
    blockers: list[PaymentBlocker] = blockers_to_paying(instalment, cents=proposed, on=request.as_of)
    more = {"blockers": blockers, "instalment": instalment, "proposed": proposed / CENTS, "lead": instalment.label}
    return _form(request, form, _("Proposer un paiement"), found, **more)


@requires(Permission.EDIT_AGREEMENTS)
def receive(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    found = _owned(request, pk)
    document = get_object_or_404(DocumentDue, agreement=found, pk=row)
    form = ReceiveForm(request.POST or None, initial={"on": request.as_of})
    if request.method == "POST" and form.is_valid():
        actions.receive_document(document, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le document est noté comme reçu."))
        return redirect(f"{found.get_absolute_url()}#documents")
    return _form(request, form, _("Noter un document reçu"), found, lead=document.label)
