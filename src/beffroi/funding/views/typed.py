"""What the pages of typed rows share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from beffroi.accounts.roles import SignedInRequest
from beffroi.core.formats import euros_text
from beffroi.core.requests import Request
from beffroi.funding import actions
from beffroi.funding.models import CENTS, Programme


def programme_of(request: Request, code: str) -> Programme:
    rows = Programme.objects.visible_to(request.user).select_related("framework")
    found: Programme = get_object_or_404(rows, framework__code=code)
    return found


def refuse_others(row: Any, request: SignedInRequest) -> None:
    """A row of nobody is everybody's who may keep programmes; that of an institution is its own."""
    if row.owner_id is not None and row.owner_id not in request.user.partner_ids:
        raise PermissionDenied(_("Seule l’institution qui tient cette ligne la modifie."))


def reread(form: Any, row: Any) -> list[tuple[Any, Any]]:
    """After a refusal, what the row says now where the person wrote otherwise; what was typed stays, and the next try acts on
    the state that is now shown."""
    if not form.is_bound or form.cleaned_data.get("seen") == actions.seen_mark(row):
        return []
    now = type(row)._default_manager.filter(pk=row.pk).first()
    if now is None:
        return [(_("Cette ligne"), _("elle a été retirée ; son historique la garde"))]
    form.data = {**form.data.dict(), "seen": actions.seen_mark(row)}
    names = [name for name in form.changed_data if name != "seen"]
    return [(form.fields[name].label, _shown(now, name)) for name in names]


def _shown(row: Any, name: str) -> Any:
    if name.endswith("cents"):
        cents = getattr(row, name)
        return _("rien") if cents is None else euros_text(cents / CENTS, exact=True)
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else getattr(row, name) or _("rien")


def form_page(request: Request, form: Any, *, programme: Programme, title: Any, verb: Any, **said: Any) -> HttpResponse:
    nothing: dict[str, Any] = {"lead": "", "row": None, "history": [], "now": []}
    context = {"form": form, "programme": programme, "title": title, "verb": verb, **nothing}
    return render(request, "funding/form.html", context | said, status=422 if form.errors else 200)
