"""Why this figure: every figure leads to rows of sources."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.indicators.models import Cell, Indicator, Observation
from tests.accounts.factories import partner, person
from tests.web.factories import frameworks, indicators, items, observations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def definitions() -> None:
    frameworks("plan")
    items("plan,axe-1,,axis,Premier axe")
    indicators("jobs,Emplois créés,plan,axe-1,result,emplois")


def why(client: Client, **asked: str) -> str:
    return client.get(f"/why/cell:{Cell.objects.get().pk}", asked).content.decode()


def test_it_shows_the_claim_its_source_its_place_and_its_row(client: Client) -> None:
    observations("jobs,2009,actual,10,emplois,approx=oui")
    page = why(client)
    for words in ("Emplois créés", "Document", "page 4", "ligne 2", "approx : oui", "tient"):
        assert words in page, words


def test_rivals_face_each_other(client: Client) -> None:
    observations("jobs,2009,actual,10,emplois,")
    observations("jobs,2009,actual,12,emplois,", source="etude")
    assert why(client).count("en désaccord avec une autre") == 2


def test_a_correction_shows_what_was_known_before_it(client: Client, clock: object) -> None:
    observations("jobs,2009,actual,10,emplois,")
    clock.shift(86_400)  # type: ignore[attr-defined]
    observations("jobs,2009,actual,12,emplois,")
    assert "corrigée depuis" in why(client)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "pas encore connue à cette date" in why(client, known_on=yesterday)


def test_a_source_that_speaks_later_does_not_stand_at_an_earlier_date(client: Client) -> None:
    observations("jobs,2009,actual,10,emplois,")
    page = why(client, as_of="2009-12-31")
    assert "dite après cette date" in page and "inconnu" in page


def test_the_panel_is_a_fragment_and_a_page_without_javascript(client: Client) -> None:
    observations("jobs,2009,actual,10,emplois,")
    address = f"/why/cell:{Cell.objects.get().pk}"
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in fragment, "<html" in client.get(address).content.decode()) == (False, True)


def test_a_figure_that_the_reader_may_not_see_has_no_evidence_for_them(client: Client) -> None:
    observations("jobs,2009,actual,10,emplois,")
    Cell.objects.update(visibility=Visibility.OWNER, owner=partner())
    address = f"/why/cell:{Cell.objects.get().pk}"
    assert client.get(address).status_code == 404
    client.force_login(person())
    assert client.get(address).status_code == 200


def test_a_private_claim_about_a_public_cell_is_left_out_for_others(client: Client) -> None:
    observations("jobs,2009,actual,10,emplois,")
    observations("jobs,2009,actual,99,emplois,", source="interne")
    Observation.objects.filter(value=99).update(visibility=Visibility.OWNER, owner=partner())
    assert "99" not in why(client)
    client.force_login(person())
    assert "99" in why(client)


@pytest.mark.parametrize(
    "key", ["cell:0", "cell:abc", "nothing:1", "cell", "items:inconnu/axis", "line:1", "sum:2", "expenditure:3"]
)
def test_an_unknown_key_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/why/{key}").status_code == 404


def test_the_share_of_a_target_opens_its_result_and_its_target(client: Client) -> None:
    observations("jobs,2009,target,20,emplois,", "jobs,2009,actual,10,emplois,")
    Indicator.objects.update(direction="up")
    page = client.get(f"/why/progress:{Cell.objects.get(status='target').pk}").content.decode()
    assert "50" in page and page.index("Résultat") < page.index("Objectif")
    assert client.get(f"/why/progress:{Cell.objects.get(status='actual').pk}").status_code == 404
