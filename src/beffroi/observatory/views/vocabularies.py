from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request
from beffroi.observatory.forms.portfolios import TermForm
from beffroi.observatory.queries import portfolios
from beffroi.reference import actions
from beffroi.reference.actions import NewTerm
from beffroi.reference.models import Vocabulary
from beffroi.reference.queries import vocabularies

PAGE = 100
COLUMNS = (
    Column("label", "label", Type.CODE, gettext_lazy("Code du domaine ; vide : le terme parle contre tous.")),
    Column("term", "term", Type.TEXT, gettext_lazy("Mots ; * finit un début de mot."), lambda row: row.text),
    Column("language", "language", Type.TEXT),
    Column("weight", "weight", Type.NUMBER, gettext_lazy("3 décisif, 2 ordinaire, 1 faible.")),
    Column("since", "since", Type.INTEGER, gettext_lazy("Édition depuis laquelle le terme compte.")),
)


@open_to_all
def vocabulary(request: Request, code: str) -> HttpResponseBase:
    found = get_object_or_404(Vocabulary, code=code)
    editions = list(found.editions.select_related("by"))
    asked = request.GET.get("edition", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else editions[0].number
    terms = vocabularies.terms_of(found, number).order_by("label", "text")
    names = portfolios.names_of([found], request.user)
    label, q = request.GET.get("label", ""), request.GET.get("q", "").strip()
    terms = terms.filter(label="" if label == "-" else label) if label else terms
    terms = terms.filter(text__icontains=q) if q else terms
    if answer := exports.asked(request, terms, COLUMNS, f"{found.code}-{number}", title=found.label):
        return answer
    may_edit = may(request.user, Permission.EDIT_REFERENCE)
    context: dict[str, Any] = {
        "vocabulary": found, "editions": editions, "number": number, "names": names, "label": label, "q": q,
        "page": Paginator(terms, PAGE).get_page(request.GET.get("page")), "may_edit": may_edit,
        "form": TermForm(names=names, initial={"label": label}), "is_last": number == editions[0].number,
        "suggestions": portfolios.named_suggestions(found, request.user, names) if may_edit else [],
    }  # fmt: skip
    return render(request, "observatory/vocabulary.html", context)


@require_POST
@requires(Permission.EDIT_REFERENCE)
def change(request: SignedInRequest, code: str) -> HttpResponse:
    """Adds one term, or takes away those that are ticked: one more edition."""
    found = get_object_or_404(Vocabulary, code=code)
    removed = [int(pk) for pk in request.POST.getlist("term") if pk.isdecimal()]
    form = TermForm(request.POST, names=portfolios.names_of([found], request.user))
    said: dict[str, Any] = {"removed": removed, "note": request.POST.get("note", "")}
    if not removed and not form.is_valid():
        messages.error(request, form.complaint)
        return redirect(found)
    if not removed:
        given = form.cleaned_data
        new = NewTerm(given["label"], given["text"], Decimal(given["weight"]), given["language"] or "fr")
        said = {"added": [new], "note": given["note"]}
    with told_to(request):
        edition = actions.change_vocabulary(found, by=request.user, **said)
        messages.success(request, _("Édition %(n)d : les listes se classent de nouveau avec elle.") % {"n": edition.number})
    return redirect(found)
