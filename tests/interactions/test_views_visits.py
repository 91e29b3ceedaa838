"""The pages of visits and of one's own week."""

from datetime import date

import pytest
from django.test import Client

from beffroi.interactions.models import Visit
from tests.accounts.factories import person
from tests.interactions.factories import company, visit

pytestmark = pytest.mark.django_db


def entered(client: Client, email: str = "jeanne@lille.example", at: str = "lille") -> Client:
    client.force_login(person(email, at=at))
    return client


def test_an_empty_week_says_what_would_come(client: Client) -> None:
    page = entered(client).get("/activite/").content.decode()
    assert "Rien ne vous attend cette semaine" in page
    assert "choisissez vos domaines" in page


def test_a_form_with_a_name_and_a_date_is_a_visit(client: Client) -> None:
    seen = company("Filature du Nord")
    entered(client)
    form = client.get("/activite/visites/nouvelle", {"about": f"organisation:{seen.pk}"}).context["form"]
    data = {name: form[name].value() or "" for name in ("client_id", "about", "who", "guide")}
    data |= {"on": "2026-11-19", "state": "done", "means": "on_site", "detail_visibility": "3"}
    answer = client.post("/activite/visites/nouvelle", data)
    made = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert (made.organisation, made.owner.code, made.state) == (seen, "lille", "done")
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Compte rendu de visite" in page


def test_the_list_shows_ones_own_institution_first(client: Client) -> None:
    visit(company("Filature du Nord"))
    visit(company("Brasserie"), at="amiens")
    visit(company("Tannerie"), at="amiens", on=date(2025, 1, 1))
    page = entered(client).get("/activite/visites/").content.decode()
    assert "Filature du Nord" in page and "Brasserie" not in page
    every = client.get("/activite/visites/", {"whose": "all"}).content.decode()
    assert "Brasserie" in every and "Tannerie" not in every
    asked = {"whose": "all", "since": "2024-01-01", "until": "2025-12-31", "state": "done", "q": "tannerie"}
    assert "Tannerie" in client.get("/activite/visites/", asked).content.decode()
    assert "Aucune visite ne répond" in client.get("/activite/visites/", {"whose": "me"}).content.decode()
