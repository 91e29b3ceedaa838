"""What an address or a form may say without the page breaking: days too far, numbers that are none."""

import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from beffroi.core.refusals import Refused
from beffroi.interactions.actions import plan_visit
from beffroi.interactions.forms.needs import NeedForm
from beffroi.interactions.forms.push import NeedPush
from beffroi.interactions.models import Visit
from tests.accounts.factories import partner, person
from tests.interactions.event_factories import planned_event
from tests.interactions.factories import company

pytestmark = pytest.mark.django_db


@pytest.fixture
def entered(client: Client) -> Client:
    client.force_login(person("jeanne@lille.example", at="lille"))
    return client


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/activite/visites/nouvelle?visit=²", 200),
        ("/activite/visites/nouvelle?guide=²", 200),
        ("/activite/visites/?since=9999-12-31", 200),
        ("/activite/accompagnements/nouveau?referral=²", 200),
        ("/activite/evenements/?month=9999-12", 200),
        ("/activite/evenements/?month=0001-01", 200),
        ("/activite/evenements/suites?since=0001-01-01&until=9999-12-31", 200),
        ("/activite/booster?mois=0001-05", 400),
        ("/activite/booster/semestre/0000-S1", 404),
        ("/activite/booster/semestre/2026-S3", 404),
        ("/activite/note?sujet=organisation:²", 404),
        ("/activite/note?le=9999-12-31", 400),
    ],
)
def test_an_address_that_names_nothing_is_answered(entered: Client, address: str, status: int) -> None:
    assert entered.get(address).status_code == status


@pytest.mark.parametrize("on", [date(9999, 12, 31), date(1, 1, 1)])
def test_a_visit_of_a_far_day_is_refused_with_a_sentence(entered: Client, on: date) -> None:
    who, by = company(), person("autre@lille.example", at="lille")
    with pytest.raises(Refused, match="Les dates vont de 1900 à 2200"):
        plan_visit(who, owner=partner("lille"), by=by, at=timezone.now(), on=on)
    entered.post("/activite/visites/prevoir", {"about": f"organisation:{who.pk}", "on": on.isoformat()})
    assert not Visit.objects.exists()


def test_what_took_place_is_not_dated_to_come(entered: Client) -> None:
    form = NeedForm({"opened_on": "2026-11-21"}, viewer=person("autre@lille.example", at="lille"))
    assert form.errors["opened_on"] == ["Ce jour est à venir : donnez celui où cela a eu lieu."]
    with pytest.raises(ValueError, match="à venir"):
        NeedPush(client_id="B-1", company={"name": "X"}, subject="export", opened_on=date(2026, 11, 21))
    with pytest.raises(ValueError, match="ceux que Beffroi donne"):
        NeedPush(client_id="web-1", company={"name": "X"}, subject="export", opened_on=date(2026, 11, 20))


def test_numbers_that_are_none_are_left_out(entered: Client) -> None:
    made = planned_event()
    assert entered.post(f"/activite/evenements/{made.pk}/invitations/campagne", {"campaign": "abc"}).status_code == 404
    assert entered.post(f"/activite/evenements/{made.pk}/presences", {"row": "²", "came": "9" * 40}).status_code == 302


def test_a_sending_nested_too_deep_is_refused(entered: Client) -> None:
    nested = json.dumps("x").join(["[" * 200_000, "]" * 200_000])
    answer = entered.post("/activite/visites/envoi", nested, content_type="application/json")
    assert (answer.status_code, Visit.objects.count()) == (422, 0)
