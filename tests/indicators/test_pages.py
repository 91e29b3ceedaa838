"""The lists of indicators, of values, of what is late and of how old results are: on small stories."""

import csv
import json
from datetime import date

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.indicators.models import Indicator
from tests.accounts.factories import partner, person
from tests.indicators.factories import framework, indicator, item, tell
from tests.provenance.factories import signed_in
from tests.queries import counted

pytestmark = pytest.mark.django_db
PAGES = ("/indicateurs/", "/indicateurs/valeurs", "/indicateurs/retards", "/indicateurs/fraicheur")


def text(answer) -> str:
    return answer.content.decode()


def shown(client: Client, query: str = "") -> list[str]:
    return [row.indicator.label for row in client.get(f"/indicateurs/?{query}").context["rows"]]


@pytest.fixture
def three() -> None:
    """Creations reach their target, visits do not, jobs have a target and no result."""
    plan = framework("accueil", code="plan")
    tell(indicator(plan, "Créations"), "target | 2009 | | 15000", "actual | 2009 | | 24085")
    tell(indicator(plan, "Visites", kind="result"), "target | 2009 | | 350", "actual | 2009 | | 121")
    tell(indicator(plan, "Emplois", unit="emplois"), "target | 2013 | | 500")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_without_rows_opens(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("", ["Créations", "Emplois", "Visites"]),
        ("sort=-label", ["Visites", "Emplois", "Créations"]),
        ("q=crea", ["Créations"]),
        ("kind=result", ["Visites"]),
        ("unit=emplois", ["Emplois"]),
        ("framework=plan&q=visites", ["Visites"]),
        ("progress=reached", ["Créations"]),
        ("progress=behind", ["Visites"]),
        ("progress=no_result", ["Emplois"]),
        ("age=old", ["Créations", "Visites"]),
        ("age=never", ["Emplois"]),
        ("age=recent", []),
        ("territory=99999", []),
        ("kind=nonsense", ["Créations", "Emplois", "Visites"]),
    ],
)
def test_filters_are_in_the_address(client: Client, query: str, labels: list[str]) -> None:
    assert shown(client, query) == labels


@pytest.mark.usefixtures("three")
def test_a_row_says_the_last_value_and_where_its_target_stands(client: Client) -> None:
    first = client.get("/indicateurs/?q=creations").context["rows"][0]
    assert (first.last.value.figure.value, first.target.target.figure.value, first.targets) == (24085, 15000, 1)
    assert f"{first.target.share.value:.3f}" == "1.606"


def test_one_part_among_many_does_not_speak_for_all(client: Client) -> None:
    projects = indicator(framework("maud", "nsl"))
    tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7")
    [row] = client.get("/indicateurs/").context["rows"]
    assert row.last.is_part
    assert "2 valeurs" in text(client.get("/indicateurs/"))


@pytest.mark.usefixtures("three")
def test_late_targets_come_furthest_first_then_those_without_result(client: Client) -> None:
    tell(Indicator.objects.get(label="Emplois"), "target | 2009 | | 10", "actual | 2009 | | 9")
    context = client.get("/indicateurs/retards").context
    assert [row.target.cell.indicator.label for row in context["late"]] == ["Visites", "Emplois"]
    assert [row.target.cell.written_period for row in context["page"]] == ["2013"]
    assert (context["reached"], context["unsaid"]) == (1, 0)


def test_where_lower_is_better_more_is_late(client: Client) -> None:
    delay = indicator(framework("a"), "Délai de paiement", direction="down", unit="jours")
    tell(delay, "target | 2008 | | 30", "actual | 2008 | | 60", "target | 2009 | | 30", "actual | 2009 | | 25")
    [late] = client.get("/indicateurs/retards").context["late"]
    assert (late.target.cell.written_period, late.share.value) == ("2008", 0.5)


def test_a_later_result_is_said_to_be_later(client: Client) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "target | 2009 | | 350", "actual | 2010 | | 121")
    assert "résultat au 2010 pour un objectif 2009" in text(client.get("/indicateurs/retards"))


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_known_before_it_is_stated(client: Client, address: str) -> None:
    tell(indicator(framework("a"), "Visites"), "actual | 2009 | | 121", stated_on=date(2010, 3, 31))
    assert "121" not in text(client.get(f"{address}?as_of=2010-03-30"))
    assert client.get("/indicateurs/valeurs?as_of=2010-03-30").context["page"].paginator.count == 0
    assert client.get("/indicateurs/valeurs?as_of=2010-03-31").context["page"].paginator.count == 1


@pytest.mark.parametrize("address", PAGES)
def test_what_a_partner_keeps_to_itself_is_shown_to_nobody_else(client: Client, address: str) -> None:
    """Even when the values are public: a name is a fact too."""
    hidden = indicator(framework("a"), "Secret bien gardé", visibility=Visibility.OWNER, owner=partner("lens"))
    tell(hidden, "target | 2009 | | 350", "actual | 2009 | | 121")
    others = (client, signed_in(person("paul@lille.example", at="lille")))
    assert [answer for answer in others if "Secret" in text(answer.get(address))] == []
    assert "Secret" in text(signed_in(person("luc@lens.example", at="lens")).get(address))


def test_values_are_found_by_territory_year_status_and_breakdown(client: Client) -> None:
    framework("lens", "lille", code="zones", level="employment_zone", kind="geography")
    projects = indicator(framework("maud", "nsl"))
    tell(projects, "actual | 2008 | pole=maud | 1", "target | 2009 | pole=maud | 2", territory=item("lens"))
    tell(projects, "actual | 2009 | pole=nsl | 3", "actual | | | 4", territory=item("lille"))

    def found(query: str) -> list[int]:
        return [int(row.figure.value) for row in client.get(f"/indicateurs/valeurs?{query}").context["rows"]]

    assert found("") == [2, 3, 1, 4]
    assert found(f"territory={item('lens').pk}") == [2, 1]
    assert found("place=lille") == [3, 4]
    assert found("year=2009") == [2, 3]
    assert found("status=target") == [2]
    assert found("breakdown=Maud") == [2, 1]
    assert "période inconnue" in text(client.get("/indicateurs/valeurs"))


def test_a_file_of_values_has_one_row_a_claim(client: Client) -> None:
    visits = indicator(framework("a"), "Visites")
    tell(visits, "actual | 2009 | | 26", "actual | 2010 | | 30")
    answer = client.get("/indicateurs/valeurs?format=csv&year=2009")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert [(row["indicator_label"], row["value"], row["as_written"], row["stands"]) for row in rows] == [
        ("Visites", "26", "26", "oui")
    ]
    assert "qualifiers" in rows[0]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_every_list_can_be_taken_away(client: Client, address: str, form: str) -> None:
    answer = client.get(f"{address}?format={form}")
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, content[:2] == b"PK") == (200, form == "xlsx")
    if form == "json":
        assert json.loads(content)["rows"]


@pytest.mark.usefixtures("three")
def test_the_oldest_result_comes_first_after_those_that_have_none(client: Client) -> None:
    plan = Indicator.objects.get(label="Visites").framework
    tell(indicator(plan, "Taux", periodicity="annuelle"), "actual | 2024 | | 12")
    rows = client.get("/indicateurs/fraicheur").context["rows"]
    assert [(row.indicator.label, row.late) for row in rows] == [
        ("Emplois", None),
        ("Créations", None),
        ("Visites", None),
        ("Taux", 10),
    ]


@pytest.mark.parametrize("address", [*PAGES, "/indicateurs/?progress=behind"])
def test_the_queries_of_a_page_do_not_follow_its_rows(client: Client, address: str) -> None:
    plan = framework("a", "b")
    tell(indicator(plan, "Visites"), "target | 2009 | | 350", "actual | 2009 | | 121")
    client.get(address)
    with counted() as few:
        client.get(address)
    for number in range(12):
        tell(indicator(plan, f"Visites {number}"), "target | 2009 | | 350", "actual | 2009 | | 121", "target | 2013 | | 9")
    with counted() as many:
        client.get(address)
    assert few == many
