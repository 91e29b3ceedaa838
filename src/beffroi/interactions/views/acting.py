"""Who acts on the pages of needs, support and catalogues, and the page of their forms."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from beffroi.accounts.roles import SignedInRequest
from beffroi.provenance.queries import Moment

NOTHING = {"thing": None, "lead": "", "crumbs": (), "aside": "", "note": ""}


def own(request: SignedInRequest, row: Any) -> Any:
    if row.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seule l’institution qui a écrit cette ligne la modifie."))
    return row


def moment_of(request: Any) -> Moment:
    return Moment(request.as_of, request.known_on)


def form_page(request: SignedInRequest, form: Any, *, title: object, verb: object, **more: Any) -> HttpResponse:
    """`crumbs`: pairs of a text and a page's name or address."""
    shown = {**NOTHING, "form": form, "title": title, "verb": verb, **more}
    return render(request, "interactions/act_form.html", shown, status=422 if form.errors else 200)
