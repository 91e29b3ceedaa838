"""Log-in by the institution's OpenID Connect provider, from the button to the session, against a small real one."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from beffroi.accounts.models import AuditEvent
from beffroi.web.settings import providers
from tests.accounts.factories import person
from tests.fakes.identity_provider import CLIENT, SECRET, IdentityProvider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: object) -> Iterator[IdentityProvider]:
    one = IdentityProvider()
    configured = providers(one.url)
    configured["openid_connect"]["APPS"][0] |= {"client_id": CLIENT, "secret": SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = configured
    yield one
    one.close()


def walk(client: Client) -> HttpResponse:
    """Press the button, let the provider answer, come back."""
    leaving = client.post("/comptes/fournisseur/openid/")
    assert leaving.status_code == 302, leaving
    back = requests.get(leaving["Location"], allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("signs_user_info", [False, True], ids=["plain answer", "signed answer, as ProConnect"])
def test_a_known_person_enters_by_the_provider(client, provider, signs_user_info):
    jeanne = person("jeanne@lille.example")
    provider.person = {"sub": "s-1", "email": "Jeanne@lille.example", "given_name": "Jeanne", "siret": "12345678900011"}
    provider.signs_user_info = signs_user_info
    assert "S’identifier avec ProConnect" in client.get("/comptes/connexion/").text
    answer = walk(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(jeanne.pk)
    assert set(provider.asked["scope"].split()) == {"openid", "email"}
    assert len(provider.asked["nonce"]) >= 32
    assert AuditEvent.objects.get(act="signed_in").detail == {"method": "socialaccount"}
    assert "given_name" not in str(SocialAccount.objects.get().extra_data), "only what is needed is kept"


def test_the_second_time_the_identifier_decides(client, provider):
    jeanne = person("jeanne@lille.example")
    provider.person = {"sub": "s-1", "email": "jeanne@lille.example"}
    walk(client)
    client.post("/comptes/deconnexion/")
    provider.person = {"sub": "s-1", "email": "jeanne.roux@lille.example"}
    walk(client)
    assert client.session["_auth_user_id"] == str(jeanne.pk)


@pytest.mark.parametrize(
    ("known", "fields"),
    [("autre@lille.example", {}), ("jeanne@lille.example", {"is_active": False}), ("jeanne@lille.example", {"is_demo": True})],
    ids=["unknown", "closed account", "demo account"],
)
def test_a_person_without_an_open_account_is_refused_with_a_sentence(client, provider, known, fields):
    person(known, **fields)
    provider.person = {"sub": "s-1", "email": "jeanne@lille.example"}
    answer = walk(client)
    assert answer.status_code == 403
    assert "aucun compte ouvert de Beffroi ne porte votre adresse" in answer.text
    assert not is_in(client)


def test_an_address_that_the_provider_did_not_verify_is_refused(client, provider):
    person("jeanne@lille.example")
    provider.person = {"sub": "s-1", "email": "jeanne@lille.example", "email_verified": False}
    assert "Identification impossible" in walk(client).text
    assert not is_in(client)


def test_an_answer_to_another_request_is_refused(client, provider):
    person("jeanne@lille.example")
    provider.person = {"sub": "s-1", "email": "jeanne@lille.example"}
    provider.replays_nonce = "n" * 32
    assert "Identification impossible" in walk(client).text
    assert not is_in(client)


def test_a_key_that_the_provider_does_not_publish_is_refused(client, provider, monkeypatch):
    person("jeanne@lille.example")
    provider.person = {"sub": "s-1", "email": "jeanne@lille.example"}
    other = IdentityProvider()
    monkeypatch.setattr(provider, "signed", lambda content: other.signed(content | {"iss": provider.url}))
    assert "Identification impossible" in walk(client).text
    other.close()


def test_without_a_provider_there_is_no_button_and_no_page(client):
    assert "ProConnect" not in client.get("/comptes/connexion/").text
    assert client.post("/comptes/fournisseur/openid/").status_code == 404
