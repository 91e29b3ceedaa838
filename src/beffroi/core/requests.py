"""The request as every view receives it, after the middleware: who asks, and from which date they look."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    user: Any
    as_of: date
    known_on: datetime
    is_past_view: bool
    htmx: HtmxDetails


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page that a form says it comes from (`next`), when it is one of ours."""
    place = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return place if is_ours else otherwise
