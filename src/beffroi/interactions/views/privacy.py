"""Personal data: what is kept and why, for all to read; a person's rows found, handed over and erased by who is in charge."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.actions import record_reading
from beffroi.accounts.enums import Permission, Reading
from beffroi.accounts.queries import administered
from beffroi.accounts.roles import SignedInRequest, open_to_all, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request
from beffroi.interactions.actions import privacy as actions
from beffroi.interactions.forms.privacy import ErasureForm, PersonSearch
from beffroi.interactions.queries import privacy as queries
from beffroi.interactions.rules.privacy import NOTICE_DAYS, personal_kinds

COLUMNS = (
    Column("kind", _("Ce que c’est"), value=lambda row: row.kind.label),
    Column("id", _("Ligne"), Type.INTEGER, value=lambda row: row.row.pk),
    Column("about", _("À propos de"), value=lambda row: _about(row)),
    Column("name", _("Nom"), value=lambda row: row.values.get("name") or row.values.get("person")),
    Column("role", _("Fonction"), value=lambda row: row.values.get("role")),
    Column("email", _("Courriel"), value=lambda row: row.values.get("email")),
    Column("phone", _("Téléphone"), value=lambda row: row.values.get("phone")),
)


def _about(row: queries.Found) -> str:
    for name in ("organisation", "event", "project"):
        if found := getattr(row.row, name, None):
            return str(found)
    return ""


@open_to_all
def register(request: Request) -> HttpResponse:
    return render(request, "interactions/personal_data.html", {"kinds": personal_kinds()})


@requires(Permission.KEEP_PRIVACY)
def person(request: SignedInRequest) -> HttpResponseBase:
    """The rows of the institutions that this administrator answers for; those of others are for others to answer."""
    return _searched(request, ErasureForm())


def _searched(request: SignedInRequest, erasure: ErasureForm, status: int = 200) -> HttpResponseBase:
    partners = administered(request.user)
    form = PersonSearch(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = queries.people_found(text, partners=partners)
    if text:
        is_file = bool(request.GET.get("format"))
        record_reading(Reading.PERSON_EXPORTED if is_file else Reading.PERSON_SEARCHED, by=request.user, found=len(found))
    if answer := exports.asked(request, found, COLUMNS, "personne", title=_("Données d’une personne")):
        return answer
    context: dict[str, Any] = {"form": form, "text": text, "found": found, "erasure": erasure}
    context |= {"mentions": queries.mentions_found(text, partners=partners), "is_in_charge": bool(partners)}
    return render(request, "interactions/person.html", context, status=status)


@requires(Permission.KEEP_PRIVACY)
@require_POST
def erase(request: SignedInRequest) -> HttpResponseBase:
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _searched(request, form, status=422)
    found = queries.chosen(request.POST.getlist("row"), partners=administered(request.user))
    with told_on(form):
        count = actions.erase_person(found, reason=form.cleaned_data["reason"], by=request.user)
        said = ngettext(
            "%(count)s ligne effacée, son historique aussi.", "%(count)s lignes effacées, leur historique aussi.", count
        )
        messages.success(request, said % {"count": count})
        return redirect("interactions:person")
    return _searched(request, form, status=422)


@requires(Permission.KEEP_PRIVACY)
def ending(request: SignedInRequest) -> HttpResponse:
    """Who will be forgotten in the coming weeks, before it happens."""
    by = timezone.localdate() + timedelta(days=NOTICE_DAYS)
    rows = queries.endings(on=by, partners=administered(request.user))
    return render(request, "interactions/endings.html", {"rows": rows, "by": by})
