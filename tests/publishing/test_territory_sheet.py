"""The list of territories and the sheet of one: official codes and the names that documents give them, told together."""

import json
from datetime import date

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.reference.models import Correspondence, Crosswalk, Framework, Item, Place, PlaceMembership, Version
from tests.accounts.factories import partner
from tests.indicators.factories import LONG_AGO, framework, indicator, item, tell
from tests.queries import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def lens() -> Item:
    """The commune 62498, that documents write « Lens (ville) »."""
    made = Framework.objects.create(code="geo-communes", label="Communes", kind="geography")
    version = Version.objects.create(framework=made, code="2026", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    commune = Item.objects.create(version=version, code="62498", label="Lens", level="commune", sort_key="lens")
    Place.objects.create(item=commune, population=32663)
    framework("lens-ville", code="lieux-cites", level="commune", kind="geography")
    named = item("lens-ville")
    crosswalk = Crosswalk.objects.create(source=named.version, target=version)
    Correspondence.objects.create(crosswalk=crosswalk, source=named, target=commune, strength="full", recorded_from=LONG_AGO)
    return commune


def sections(answer) -> dict[str, dict]:
    return {part.id: part.context for part in answer.context["sections"]}


def rows(client: Client, query: str = "") -> list[tuple[str, int]]:
    return [(row.item.label, row.values) for row in client.get(f"/territoires/?{query}").context["rows"]]


def test_a_territory_tells_what_is_said_under_all_its_names(client: Client, lens: Item) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "target | 2009 | | 350", "actual | 2009 | | 121", territory=item("lens-ville"))
    tell(visits, "actual | 2010 | | 130", territory=lens)
    for place in (lens, item("lens-ville")):
        answer = client.get(f"/elements/{place.pk}")
        figures = {figure.label: figure.value for figure in answer.context["figures"]}
        assert figures == {"Population municipale": 32663, "Valeurs connues": 3, "Objectifs en retard": 1}
        [group] = sections(answer)["chiffres"]["frameworks"]
        assert [(row.figure.value, size) for row, size, _ in group["rows"]] == [(130, 2)]
        assert "62498" in answer.content.decode()


@pytest.mark.parametrize("name", ["population", "chiffres", "retards", "operations", "acteurs"])
def test_every_key_figure_of_a_territory_says_why(client: Client, lens: Item, name: str) -> None:
    assert client.get(f"/why/territory:{lens.pk}/{name}").status_code == 200
    assert client.get(f"/why/territory:{lens.pk}/rien").status_code == 404
    assert client.get(f"/why/territory:999999/{name}").status_code == 404


def test_a_territory_says_what_it_contains_and_what_contains_it(client: Client, lens: Item) -> None:
    framework("calais", code="zones", level="employment_zone", kind="geography")
    PlaceMembership.objects.create(part=lens, whole=item("calais"))
    assert "Calais" in client.get(f"/elements/{lens.pk}").content.decode()
    assert sections(client.get(f"/elements/{item('calais').pk}"))["description"]["contains"] == [("commune", 1)]
    assert rows(client, f"inside={item('calais').pk}") == [("Lens", 0)]


def test_the_list_counts_facts_on_the_official_code(client: Client, lens: Item) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "actual | 2009 | | 121", territory=item("lens-ville"))
    tell(visits, "actual | 2010 | | 130", territory=lens)
    assert rows(client) == [("Lens", 2)]
    assert "«&nbsp;Lens-Ville&nbsp;»" in client.get("/territoires/").content.decode()
    assert rows(client, "q=62498") == [("Lens", 2)]
    assert rows(client, "framework=geo-communes&sort=-population") == [("Lens", 2)]
    assert rows(client, "level=commune&q=paris") == []
    assert rows(client, "as_of=1999-01-01") == [("Lens", 2)]


def test_before_it_is_stated_a_territory_has_no_fact(client: Client, lens: Item) -> None:
    tell(indicator(framework("a"), "Visites"), "actual | 2009 | | 121", territory=lens, stated_on=date(2010, 3, 31))
    assert rows(client, "as_of=2010-03-30") == []
    assert "chiffres" not in sections(client.get(f"/elements/{lens.pk}?as_of=2010-03-30"))


def test_a_code_leaves_with_its_vintage(client: Client, lens: Item) -> None:
    answer = client.get("/territoires/?framework=geo-communes&format=json")
    [row] = json.loads(b"".join(answer.streaming_content))["rows"]
    assert (row["framework"], row["vintage"], row["code"], row["population"]) == ("geo-communes", "2026", "62498", 32663)


def test_values_that_one_may_not_see_are_not_counted(client: Client, lens: Item) -> None:
    hidden = indicator(framework("a"), "Secret", visibility=Visibility.OWNER, owner=partner("lens"))
    tell(hidden, "actual | 2009 | | 121", territory=lens)
    assert rows(client) == []
    assert "Secret" not in client.get(f"/elements/{lens.pk}").content.decode()


def test_the_queries_of_a_territory_do_not_follow_its_facts(client: Client, lens: Item) -> None:
    plan = framework("a")
    tell(indicator(plan, "Visites"), "target | 2009 | | 350", "actual | 2009 | | 121", territory=lens)
    addresses = (f"/elements/{lens.pk}", "/territoires/")
    for address in addresses:
        client.get(address)
    with counted() as few:
        [client.get(address) for address in addresses]
    for number in range(12):
        tell(indicator(plan, f"Visites {number}"), "target | 2009 | | 350", "actual | 2009 | | 121", territory=lens)
    with counted() as many:
        [client.get(address) for address in addresses]
    assert few == many


@pytest.mark.usefixtures("demo")
def test_the_former_region_shows_what_is_late_and_a_few_figures_of_each_framework(client: Client) -> None:
    place = Item.objects.get(version__framework__code="lieux-cites", code="npdc")
    answer = client.get(f"/elements/{place.pk}")
    shown = sections(answer)
    assert shown["chiffres"]["count"] == 1006
    assert sum(len(group["rows"]) for group in shown["chiffres"]["frameworks"]) <= 48
    late = {row.target.cell.indicator.code for row in shown["retards"]["late"]}
    assert {"creations-artisanales", "epci-boutic", "dla"} <= late
