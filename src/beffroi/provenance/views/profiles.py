import csv
import io

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import may, open_to_all, requires
from beffroi.connectors.files.delimited import neutralised
from beffroi.connectors.profile import load_profile
from beffroi.core.requests import Request
from beffroi.provenance.forms.editing import Editing
from beffroi.provenance.models import Profile
from beffroi.provenance.queries import profiles as questions
from beffroi.provenance.queries.desk import profile_rows


@open_to_all
def profiles(request: Request) -> HttpResponse:
    return render(request, "provenance/profiles.html", {"profiles": profile_rows()})


@open_to_all
def profile(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(Profile.objects.select_related("cloned_from", "created_by"), code=code)
    reading = load_profile(found.definition)
    context = {
        "profile": found,
        "reading": reading,
        "columns": questions.column_rows(reading),
        "checks": questions.sentences_of_checks(reading),
        "versions": questions.versions_of(found),
        "clones": found.clones.all(),
        "can_import": may(request.user, Permission.IMPORT_DATA),
    }
    return render(request, "provenance/profile.html", context)


@open_to_all
def profile_model(request: Request, code: str) -> HttpResponse:
    """An empty file to fill: the headers, and one line that shows how each column is written."""
    found = get_object_or_404(Profile, code=code)
    rows = questions.column_rows(load_profile(found.definition))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(neutralised(row.column.name) for row in rows)
    writer.writerow(neutralised(row.example) for row in rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="modele-{found.code}.csv"'
    return answer


@requires(Permission.IMPORT_DATA)
def clone_profile(request: Request, code: str) -> HttpResponse:
    return edit(request, get_object_or_404(Profile, code=code), is_new=True)


@requires(Permission.IMPORT_DATA)
def change_profile(request: Request, code: str) -> HttpResponse:
    return edit(request, get_object_or_404(Profile, code=code, cloned_from__isnull=False), is_new=False)


def edit(request: Request, origin: Profile, *, is_new: bool) -> HttpResponse:
    """One page for the three buttons: propose headers from a sample, try on it, save."""
    is_sent = request.method == "POST"
    given = (request.POST, request.FILES) if is_sent else (None, None)
    page = Editing(*given, origin=origin, user=request.user, is_new=is_new)
    if is_sent and page.is_valid():
        if "propose" in request.POST:
            page.propose()
        elif page.tries() and "save" in request.POST:
            return redirect(page.save())
    status = 422 if is_sent and page.has_errors else 200
    return render(request, "provenance/edit_profile.html", page.context, status=status)
