from django.http import HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core.requests import Request
from beffroi.observatory.queries import cells, sources


@open_to_all
def home(request: Request) -> HttpResponse:
    """What the observatory can answer today, and which files would let it answer more."""
    known = cells.offered(request.user, most=12)
    context = {"indicators": known, "files": sources.files_to_load(request.user), "questions": sources.QUESTIONS}
    return render(request, "observatory/home.html", context)
