"""What every request goes through that Django does not bring: headers, size, moment, one line in the log."""

import logging
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_reading
from beffroi.accounts.enums import Reading
from beffroi.accounts.models import User
from beffroi.core.days import is_within
from beffroi.web import errors

Answer = Callable[[HttpRequest], HttpResponse]
REQUESTS = logging.getLogger("beffroi.requests")
PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
ROOM_FOR_THE_FORM = 1024 * 1024  # the other fields and the separators of a form that carries a file of the largest size


def content_policy() -> str:
    """Nothing comes from elsewhere. A form may lead to the OpenID Connect provider because browsers follow its redirection."""
    forms = " ".join(["'self'", *settings.FORM_ORIGINS])
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action {forms}"
    )


def security_headers(ask: Answer) -> Answer:
    headers = {
        "Content-Security-Policy": content_policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
        "X-Content-Type-Options": "nosniff",
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = ask(request)
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        return answer

    return middleware


def request_log(ask: Answer) -> Answer:
    """Method, path without its query, status and time: nothing that says who asked or what they typed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        answer = ask(request)
        spent = round((time.perf_counter() - start) * 1000)
        REQUESTS.info("%s %s %s %s ms", request.method, loggable_path(request), answer.status_code, spent)
        return answer

    return middleware


def loggable_path(request: HttpRequest) -> str:
    """Paths that carry a secret (password reset keys) are logged as their route."""
    match = request.resolver_match
    return f"/{match.route}" if match and "key" in match.kwargs else request.path


def export_log(ask: Answer) -> Answer:
    """Who took which list away as a file. Only the page is noted: neither its filters nor its rows."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = ask(request)
        is_file = "attachment" in answer.headers.get("Content-Disposition", "")
        if is_file and request.method == "GET" and isinstance(request.user, User):
            page = request.resolver_match.view_name if request.resolver_match else ""
            record_reading(Reading.EXPORTED, by=request.user, page=page)
        return answer

    return middleware


def upload_limit(ask: Answer) -> Answer:
    """Too large a body is refused on its announced length, before one byte of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > settings.MAX_UPLOAD_BYTES + ROOM_FOR_THE_FORM:
            return errors.too_large(request)
        return ask(request)

    return middleware


def moment(ask: Answer) -> Answer:
    """The two clocks of a page: the day that facts are true of (`as_of`) and what was known (`known_on`)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        today, now = timezone.localdate(), timezone.now()
        try:
            request.as_of = read_day(request.GET.get("as_of", "")) or today  # type: ignore[attr-defined]
            request.known_on = read_instant(request.GET.get("known_on", "")) or now  # type: ignore[attr-defined]
        except ValueError as error:
            request.as_of, request.known_on, request.is_past_view = today, now, False  # type: ignore[attr-defined]
            return errors.bad_request(request, error)
        request.is_past_view = request.as_of < today or request.known_on < now  # type: ignore[attr-defined]
        return ask(request)

    return middleware


def read_day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(_("« %(text)s » n’est pas une date : attendu 2010-03-31.") % {"text": text[:40]}) from error
    if not is_within(day):
        raise ValueError(_("« %(text)s » : les dates vont de 1900 à 2200.") % {"text": text[:40]})
    return day


def read_instant(text: str) -> datetime | None:
    """A day alone means all that was known when that day ended in France."""
    text = text.strip()
    if len(text) <= len("2010-03-31"):
        day = read_day(text)
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), clock.min)) if day else None
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise ValueError(
            _("« %(text)s » n’est pas un instant : attendu 2010-03-31 ou 2010-03-31T18:00.") % {"text": text[:40]}
        ) from error
    read_day(text[:10])
    return timezone.make_aware(instant) if timezone.is_naive(instant) else instant
