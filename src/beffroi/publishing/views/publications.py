"""Lists in the form of a standard: what is in them, what is left out and why, their files."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import may, open_to_all, requires
from beffroi.core.exports import FORMATS
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing import actions
from beffroi.publishing.datasets.standards import BY_NAME, writing
from beffroi.publishing.datasets.standards.declared import Asked, Built, Publication
from beffroi.publishing.forms import PublicationFilter, PublishedOnForm

SHOWN = 10
REPORT = "ecarts"


def found_publication(name: str) -> Publication:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def asked_of(request: Request, publication: Publication) -> tuple[PublicationFilter, Asked]:
    form = PublicationFilter(request.GET, options=publication.options, viewer=request.user)
    form.full_clean()
    return form, form.asked(Moment(request.as_of, request.known_on))


@open_to_all
def publication(request: Request, name: str) -> HttpResponse:
    found = found_publication(name)
    form, asked = asked_of(request, found)
    built = found.build(asked)
    return render(
        request, "publishing/publication.html", {"publication": found, "form": form} | _shown(found, built, asked, request)
    )


def _shown(found: Publication, built: Built, asked: Asked, request: Request) -> dict[str, Any]:
    missing = [(field, built.gaps[field.name], built.refused[field.name]) for field in found.fields]
    return {
        "built": built,
        "columns": built.columns(asked.language),
        "first": built.rows[:SHOWN],
        "missing": [row for row in missing if row[1] or row[2]],
        "files": [(file, part.publisher, len(part.rows)) for file, part in found.files(built, asked).items()],
        "published_form": PublishedOnForm(initial={"on": timezone.localdate()}) if _may_note(found, request) else None,
    }


def _may_note(found: Publication, request: Request) -> bool:
    return found.names_persons and may(request.user, Permission.FREEZE_REPORT)


@open_to_all
def publication_file(request: Request, name: str, form: str) -> HttpResponseBase:
    found = found_publication(name)
    _form, asked = asked_of(request, found)
    built = found.build(asked)
    if form == REPORT:
        return _attached(writing.report_text(built.left_out), f"{name}-{asked.moment.as_of:%Y%m%d}.ecarts.csv")
    if form not in found.formats:
        raise Http404
    files = found.files(built, asked)
    if len(files) > 1:
        raise BadRequest(_("Il faut un fichier par financeur : choisissez-en un sur la page de la liste."))
    file, part = next(iter(files.items()), (name, built))
    if form == "csv":
        return _attached(writing.csv_text(part, found, asked.language), f"{file}.csv")
    answer = FileResponse(writing.workbook_file(built, found, asked))
    answer.headers["Content-Type"] = FORMATS[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}.{form}"'
    return answer


def _attached(lines: Iterable[str], filename: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(lines, content_type=FORMATS["csv"])
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


@requires(Permission.FREEZE_REPORT)
@require_POST
def note_published(request: Request, name: str) -> HttpResponse:
    found = found_publication(name)
    form = PublishedOnForm(request.POST)
    if not found.names_persons:
        raise Http404
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(found)
    _filter, asked = asked_of(request, found)
    operations = found.build(asked).operations
    added = actions.record_publication(name, operations=operations, on=form.cleaned_data["on"], by=request.user)
    text = _("La publication est notée : %(count)d personnes de plus y sont nommées, pour deux ans.")
    messages.success(request, text % {"count": added})
    return redirect(found)
