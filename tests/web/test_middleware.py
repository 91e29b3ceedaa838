from datetime import UTC, date, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from beffroi.web.middleware import moment, security_headers

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "as_of", "known_on", "is_past_view"),
    [
        ("", TODAY, NOW, False),
        ("as_of=2010-03-31", date(2010, 3, 31), NOW, True),
        ("as_of=2030-01-01", date(2030, 1, 1), NOW, False),
        ("known_on=2010-03-31", TODAY, datetime(2010, 3, 31, 22, tzinfo=UTC), True),
        ("known_on=2010-12-31", TODAY, datetime(2010, 12, 31, 23, tzinfo=UTC), True),
        ("known_on=2010-03-31T18:00", TODAY, datetime(2010, 3, 31, 16, tzinfo=UTC), True),
        ("known_on=2010-03-31T18:00:00%2B00:00", TODAY, datetime(2010, 3, 31, 18, tzinfo=UTC), True),
        ("known_on=2010-03-31T18:00:00+00:00", TODAY, datetime(2010, 3, 31, 18, tzinfo=UTC), True),
    ],
)
def test_a_page_is_seen_as_of_a_day_and_as_known_on_an_instant(query, as_of, known_on, is_past_view):
    request = RequestFactory().get(f"/?{query}")
    moment(lambda request: HttpResponse())(request)
    assert (request.as_of, request.known_on, request.is_past_view) == (as_of, known_on, is_past_view)


def test_a_form_may_lead_to_the_provider_and_nowhere_else(settings):
    settings.FORM_ORIGINS = ["https://fca.example"]
    answer = security_headers(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert answer.headers["Content-Security-Policy"].endswith("form-action 'self' https://fca.example")
