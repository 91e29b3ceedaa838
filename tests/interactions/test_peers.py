"""A company beside those of its sector and size, in the secrecy of each."""

from typing import Any

import pytest

from beffroi.accounts.enums import Visibility
from beffroi.actors.models import Organisation
from beffroi.interactions.models import Accounts
from beffroi.interactions.queries.peers import comparison
from tests.accounts.factories import partner, person
from tests.actors.factories import pair
from tests.interactions.factories import company
from tests.interactions.test_need_pages import page, signed_in

pytestmark = pytest.mark.django_db


def accounts(who: Organisation, *, turnover: int | None = 100, value_added: int | None = 30, **fields: Any) -> Accounts:
    cents = {"turnover": turnover and turnover * 100, "value_added": value_added and value_added * 100}
    usual = {"year": 2024, "sector": "25", "headcount": 20, "visibility": Visibility.PARTNERS}
    return Accounts.objects.create(organisation=who, **cents, **(usual | fields))


def peers(count: int, **fields: Any) -> None:
    for number in range(1, count + 1):
        accounts(company(f"Pair {number}"), value_added=10 * number, **fields)


def row(found: Any, code: str) -> Any:
    return next(one for one in found.rows if one.ratio.code == code)


def test_median_and_quartiles_leave_the_company_itself_out(queries) -> None:
    own = company("Alpha")
    accounts(own, value_added=55)
    peers(13)
    found = comparison(own, viewer=person())
    rate = row(found, "va_rate")
    assert (found.peers, rate.own, rate.spread.first, rate.spread.median, rate.spread.third) == (13, 0.55, 0.4, 0.7, 1.0)
    assert str(rate.words) == "dans la moitié du milieu"
    assert row(found, "productivity").own_figure.value == 3
    assert row(found, "equity_ratio").own is None
    client = signed_in()
    with queries("a company and its peers"):
        text = page(client, f"/entreprises/{own.pk}/pairs")
    assert "13 autres entreprises du secteur 25, 10 à 49 personnes, exercice 2024." in text


@pytest.mark.parametrize(("count", "shown"), [(5, [None, None, None]), (6, [None, 0.35, None]), (11, [None, 0.6, None])])
def test_below_the_threshold_nothing_of_the_peers_is_shown(count: int, shown: list[float | None]) -> None:
    own = company("Alpha")
    accounts(own)
    peers(count)
    found = row(comparison(own, viewer=person()), "va_rate")
    assert [figure and figure.value for figure in found.quartiles] == shown
    assert found.words == ""
    assert "secret" in page(signed_in(), f"/entreprises/{own.pk}/pairs")


def test_peers_are_of_the_same_sector_size_year_and_within_the_readers_sight() -> None:
    own = company("Alpha")
    accounts(own)
    peers(2)
    peers(1, sector="", year=2024)  # the register says no sector either
    peers(1, sector="26")
    peers(1, headcount=60)
    peers(1, headcount=None)
    peers(1, year=2023)
    peers(1, owner=partner("amiens"), visibility=Visibility.OWNER)
    accounts(company("De la division", activity="25.62B"), sector="")
    twice = Accounts.objects.filter(organisation__name="Pair 2").first()
    accounts(twice.organisation, months=6, kind="")
    assert comparison(own, viewer=person()).peers == 3


def test_flows_are_brought_to_twelve_months() -> None:
    own = company("Alpha")
    accounts(own, months=6, value_added=30)
    assert row(comparison(own, viewer=person()), "productivity").own == 3


def test_without_accounts_sector_or_size_the_page_says_why() -> None:
    own = company("Alpha")
    assert "Aucun compte de cette entreprise" in page(signed_in(), f"/entreprises/{own.pk}/pairs")
    accounts(own, headcount=None)
    text = page(signed_in(), f"/entreprises/{own.pk}/pairs")
    assert "Son secteur ou son effectif n’est pas connu" in text
    assert comparison(own, viewer=person("b@lille.example")).size == ""


def test_two_records_of_one_body_are_one_peer() -> None:
    own = company("Alpha")
    accounts(own)
    peers(5)
    twin = company("Pair 1 bis")
    accounts(twin)
    pair(Organisation.objects.get(name="Pair 1"), twin, "accepted")
    assert comparison(own, viewer=person()).peers == 5
