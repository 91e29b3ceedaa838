"""Pages for what went wrong: what happened, what was kept, what to do."""

from http.client import responses

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from beffroi.accounts.roles import open_to_all
from beffroi.core.problems import problem

FOR_PROGRAMS = "/api/v1/"


def error_page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    if request.path.startswith(FOR_PROGRAMS):
        return problem(status, responses[status], context.get("sentence") or "")
    return render(request, f"errors/{status}.html", context, status=status)


@open_to_all
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    sentence = str(exception) if type(exception) in {ValueError, BadRequest} else ""  # ours; Django's own are for developers
    return error_page(request, 400, sentence=sentence)


@open_to_all
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403, permission=str(exception or ""))


@open_to_all
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token does not match: another tab signed out, or the page is older than the session."""
    return error_page(request, 403, is_stale_form=True)


@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


@open_to_all
def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 413, limit=settings.MAX_UPLOAD_BYTES // 1024**2)


@open_to_all
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    answer = error_page(request, 429)
    answer.headers["Retry-After"] = "300"
    return answer


@open_to_all
def broken(request: HttpRequest) -> HttpResponse:
    """Without base.html, which asks the database: it may be what is broken."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)
