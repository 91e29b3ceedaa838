from django.http import HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.why import evidence


@open_to_all
def why(request: Request, key: str) -> HttpResponse:
    """The panel of a figure, or its page when it is opened as one."""
    found = evidence(key, viewer=request.user, moment=Moment(request.as_of, request.known_on))
    template = "publishing/_why.html" if request.htmx else "publishing/why.html"
    return render(request, template, {"evidence": found})
