"""What went wrong is said in a page: what happened, what was kept, what to do."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from beffroi.web import errors
from beffroi.web.logs import LineWithoutAddresses
from tests.accounts.factories import person

pytestmark = pytest.mark.django_db


def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("no row for jeanne.roux+test@lille.example")


urlpatterns = [path("panne", failing), path("", include("beffroi.web.urls"))]
handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.broken


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nulle-part", 404, "Page introuvable"),
        ("/?as_of=2010-13-01", 400, "« 2010-13-01 » n’est pas une date"),
        ("/?as_of=0001-01-01", 400, "les dates vont de 1900 à 2200"),
        ("/?known_on=hier", 400, "« hier » n’est pas une date"),
        ("/?known_on=2010-03-31Tmidi", 400, "n’est pas un instant"),
        ("/?as_of=%3Cscript%3E", 400, "&lt;script&gt;"),
    ],
)
def test_a_wrong_address_is_answered_with_a_sentence(client, address, status, sentence):
    answer = client.get(address)
    assert answer.status_code == status
    assert sentence in answer.text


def test_a_failure_is_a_page_that_asks_nothing_of_the_database(client, settings, django_assert_num_queries):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        answer = client.get("/panne")
    assert answer.status_code == 500
    assert "Panne de notre côté" in answer.text
    assert "jeanne" not in answer.text


def test_a_body_announced_too_large_is_refused_before_it_is_read(client, settings):
    settings.MAX_UPLOAD_BYTES = 1024**2
    answer = client.generic("POST", "/comptes/connexion/", b"", CONTENT_LENGTH=str(3 * 1024**2))
    assert answer.status_code == 413
    assert "dépasse 1 Mo" in answer.text
    assert client.generic("POST", "/comptes/connexion/", b"", CONTENT_LENGTH="1000").status_code == 200


def test_a_form_too_large_is_refused_with_the_same_page(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/comptes/connexion/", {"login": "x" * 1000})
    assert answer.status_code == 413


def test_a_form_of_a_session_that_ended_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/comptes/connexion/", {"login": "a@b.example", "password": "x"})
    assert answer.status_code == 403
    assert "date d’une session terminée" in answer.text


def test_every_answer_carries_the_headers(client):
    policy = client.get("/nulle-part").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for name in (
        "Cross-Origin-Opener-Policy",
        "Permissions-Policy",
        "X-Frame-Options",
        "X-Content-Type-Options",
        "Referrer-Policy",
    ):
        assert client.get("/healthz").headers[name]


@pytest.fixture
def log() -> list[str]:
    """Every line that the root handler would write, as it would write it."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(LineWithoutAddresses("%(message)s").format(record))
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in ("django", "django.request", "beffroi"))]
    for one in loggers:
        one.addHandler(handler)
    yield lines
    for one in loggers:
        one.removeHandler(handler)


def test_an_address_typed_in_a_form_never_reaches_the_log(client, settings, log):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    person("jeanne.roux@lille.example")
    for password in ("faux", "une phrase assez longue"):
        client.post("/comptes/connexion/", {"login": "jeanne.roux@lille.example", "password": password})
    client.post("/comptes/mot-de-passe/oublie/", {"email": "jeanne.roux@lille.example"})
    client.get("/search?q=jeanne.roux@lille.example")
    client.get("/jeanne.roux@lille.example")
    client.get("/jeanne.roux%40lille.example")
    client.get("/panne")
    written = "\n".join(log)
    assert "Traceback" in written, "the failure is there"
    assert "POST /comptes/connexion/ 302" in written
    assert "jeanne" not in written
    assert "q=" not in written


def test_a_key_that_opens_an_account_never_reaches_the_log(client, log):
    client.get("/comptes/mot-de-passe/nouveau/1-secretkey/")
    assert "secretkey" not in "\n".join(log)
    assert "mot-de-passe/nouveau" in "\n".join(log)


@pytest.mark.django_db
def test_an_unknown_format_says_which_ones_there_are(client):
    answer = client.get("/strategies/", {"format": "docx"})
    assert answer.status_code == 400
    assert "Formats proposés : csv, xlsx, json, parquet." in answer.content.decode()
