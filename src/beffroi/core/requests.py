"""The request as every view receives it, after the middleware: who asks, and from which date they look."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    user: Any
    as_of: date
    known_on: datetime
    is_past_view: bool
    htmx: HtmxDetails
