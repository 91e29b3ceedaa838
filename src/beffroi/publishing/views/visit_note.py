from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.roles import SignedInRequest, signed_in
from beffroi.core.days import within
from beffroi.provenance.queries import Moment
from beffroi.publishing.dashboards.note_paper import note_document
from beffroi.publishing.sheets.visit_note import Note, choices, steps_shown, subject_of
from beffroi.publishing.views.booster import paper_answer


@signed_in
def visit_note(request: SignedInRequest) -> HttpResponse:
    """A commune, a company or an operator, and a day: one page to read before the visit."""
    words, key = request.GET.get("q", "").strip(), request.GET.get("sujet", "")
    try:
        on = within(date.fromisoformat(request.GET["le"])) if request.GET.get("le") else timezone.localdate()
    except ValueError as error:
        raise BadRequest(_("La date de la visite s’écrit 2026-11-24.")) from error
    found = [] if key or not words else choices(words, viewer=request.user)
    key = key or (found[0].key if len(found) == 1 else "")
    context = {"words": words, "on": on, "choices": found, "note": None}
    if key:
        subject = subject_of(key, viewer=request.user)
        if subject is None:
            raise Http404
        note = Note(subject, request.user, on, Moment(request.as_of, request.known_on))
        if extension := request.GET.get("format", ""):
            return paper_answer(note_document(note, at=request.known_on), extension, f"note-{on.isoformat()}")
        context |= {"note": note, "files": steps_shown(note.files), "words": str(subject)}
    return render(request, "publishing/visit_note.html", context)
