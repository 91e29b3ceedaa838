"""Who keeps a file, and what an officer's pages share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import SignedInRequest, may
from beffroi.funding.models import Application, Call


def may_keep(user: AnyUser, thing: Application | Call) -> bool:
    """The institution that keeps a file notes its steps; what has no owner is anybody's who may."""
    if not user.is_authenticated or not may(user, Permission.EDIT_FILES):
        return False
    return thing.owner_id is None or thing.owner_id in user.partner_ids


def kept(request: SignedInRequest, rows: Any, pk: int) -> Any:
    found = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if not may_keep(request.user, found):
        raise PermissionDenied(_("Seule l’institution qui tient ce dossier ou cet appel le modifie."))
    return found


# What a form's page may show beside it; `gain` and what follows: what the person gets back
NOTHING = {
    "thing": None, "lead": "", "back": "", "back_to": "", "missing": (), "gain": "", "call": None, "criteria": (),
    "known_files": (), "names": (), "typed": (), "own": (), "step": None,
}  # fmt: skip


def form_page(request: SignedInRequest, form: Any, **context: Any) -> HttpResponse:
    shown = {**NOTHING, "form": form, **context}
    return render(request, "funding/file_form.html", shown, status=422 if form.errors else 200)
