"""What the pages of typed rows share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest
from beffroi.core.requests import Request
from beffroi.funding.models import Programme


def programme_of(request: Request, code: str) -> Programme:
    rows = Programme.objects.visible_to(request.user).select_related("framework")
    found: Programme = get_object_or_404(rows, framework__code=code)
    return found


def own_partner(request: SignedInRequest) -> Partner:
    """What a person types belongs to the institution for which they type it."""
    memberships = request.user.current_memberships
    if not memberships:
        raise PermissionDenied(_("Seul un membre d’une institution partenaire écrit ici."))
    partner: Partner = memberships[0].partner
    return partner


def refuse_others(row: Any, request: SignedInRequest) -> None:
    """A row of nobody is everybody's who may keep programmes; that of an institution is its own."""
    if row.owner_id is not None and row.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seule l’institution qui tient cette ligne la modifie."))


def form_page(request: Request, form: Any, *, programme: Programme, title: Any, verb: Any, **said: Any) -> HttpResponse:
    context = {"form": form, "programme": programme, "title": title, "verb": verb, "lead": "", "row": None, "history": []}
    return render(request, "funding/form.html", context | said, status=422 if form.errors else 200)
