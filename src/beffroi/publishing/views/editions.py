from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core.refusals import told_to
from beffroi.core.requests import Request
from beffroi.publishing import actions
from beffroi.publishing.actions.editions import edition_file
from beffroi.publishing.forms import SignatureForm
from beffroi.publishing.models import Edition
from beffroi.publishing.queries import editions as known_editions
from beffroi.publishing.reports.document import document
from beffroi.publishing.reports.files import CONTENT_TYPES
from beffroi.publishing.views.reports import file_answer


@open_to_all
def editions(request: Request) -> HttpResponse:
    return render(request, "publishing/editions.html", {"editions": known_editions()})


@open_to_all
def edition(request: Request, pk: int) -> HttpResponse:
    """Always looked at from its own two dates, so that the explanations of its figures are those of its day."""
    found = get_object_or_404(Edition, pk=pk)
    if not request.GET.get("known_on"):
        return redirect(found)
    is_complete = "complete" in request.GET
    shown = {
        "edition": found,
        "framework": found.framework,
        "document": document(found.content, brief=not is_complete),
        "is_complete": is_complete,
        "signatures": list(found.signatures.select_related("partner", "user")),
        "form": signature_form(request, found) if may(request.user, Permission.FREEZE_REPORT) else None,
    }
    return render(request, "publishing/edition.html", shown)


def signature_form(request: Request, found: Edition) -> SignatureForm:
    form = SignatureForm(request.POST or None)
    form.fields["partner"].queryset = Partner.objects.filter(pk__in=request.user.partner_ids)  # type: ignore[attr-defined]
    sections = [(row["code"], row["title"]) for row in found.content["sections"]]
    form.fields["section"].choices = [("", _("toute l’édition")), *sections]  # type: ignore[attr-defined]
    return form


@open_to_all
def edition_download(request: Request, pk: int, extension: str) -> HttpResponse:
    """The file as it was written on the day of the edition."""
    found = get_object_or_404(Edition, pk=pk)
    path = edition_file(found, extension)
    if extension not in CONTENT_TYPES or not path.is_file():
        raise Http404
    return file_answer(
        path.read_bytes(), extension=extension, name=f"{found.framework.code}-{found.as_of.isoformat()}-{found.hash[:8]}"
    )


@requires(Permission.FREEZE_REPORT)
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Edition, pk=pk)
    form = signature_form(request, found)
    if request.method == "POST" and form.is_valid():
        with told_to(request):
            actions.sign_edition(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Votre signature est enregistrée."))
    elif request.method == "POST":
        messages.error(request, _("La signature n’est pas complète."))
    return redirect(found)
