"""Who acts on the pages of needs, support and catalogues, and the page of their forms."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from beffroi.accounts.roles import SignedInRequest
from beffroi.interactions.actions.numbers import NumberTaken
from beffroi.provenance.queries import Moment

NOTHING = {"thing": None, "lead": "", "crumbs": (), "aside": "", "note": ""}


def own(request: SignedInRequest, row: Any) -> Any:
    if row.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seule l’institution qui a écrit cette ligne la modifie."))
    return row


def moment_of(request: Any) -> Moment:
    return Moment(request.as_of, request.known_on)


def refused(form: Any, error: Exception) -> None:
    """What the database or a rule refuses, beside the field when it has one."""
    if isinstance(error, NumberTaken):
        form.data = form.data.copy()
        form.data["client_id"] = str(uuid4())
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, getattr(error, "messages", None) or str(error))


def form_page(request: SignedInRequest, form: Any, *, title: object, verb: object, **more: Any) -> HttpResponse:
    """`crumbs`: pairs of a text and a page's name or address."""
    shown = {**NOTHING, "form": form, "title": title, "verb": verb, **more}
    return render(request, "interactions/act_form.html", shown, status=422 if form.errors else 200)
