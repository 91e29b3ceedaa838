import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.actors.models import ExternalId, Organisation, Relation
from tests.accounts.factories import person
from tests.actors.factories import document, hidden, organisation, pair, relation, stated
from tests.queries import counted

pytestmark = pytest.mark.django_db


def of_code(code: str) -> Organisation:
    return ExternalId.objects.filter(value=code).order_by("pk")[0].organisation


def sections(page: str) -> list[str]:
    return re.findall(r'<section class="section" id="([a-z-]+)"', page)


def test_a_cluster_is_told_in_the_order_of_every_sheet(demo: None, client: Client) -> None:
    page = client.get(f"/organisations/{of_code('up-tex').pk}").content.decode()
    order = [
        "description",
        "chiffres",
        "recu",
        "verse",
        "relations",
        "operations",
        "visites",
        "profil",
        "chronologie",
        "instances",
        "reunions",
        "anomalies",
        "sources",
    ]
    shown = sections(page)
    assert shown == [name for name in order if name in shown]
    assert {"description", "chiffres", "recu", "relations", "sources"} <= set(shown)
    assert "non donné par la source" in page
    assert "Membres communs à deux clusters" in page
    assert "cotisation collective" in page


def test_every_key_figure_opens_its_evidence(demo: None, client: Client) -> None:
    page = client.get(f"/organisations/{of_code('region-npdc').pk}").content.decode()
    keys = re.findall(r'href="(/why/organisation:[^"]+)"', page)
    assert len(keys) >= 4
    for address in keys:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "De quoi il est fait" in answer.content.decode()


def test_the_drawing_shows_what_the_list_says(demo: None, client: Client) -> None:
    page = client.get(f"/organisations/{of_code('up-tex').pk}").content.decode()
    start = page.index('<svg class="network"')
    drawing, table = page[start : page.index("</svg>", start)], page[page.index("Relations, par nature") :]
    names = set(re.findall(r"<circle[^>]*><title>([^<]+)</title>", drawing))
    assert len(names) == 13
    assert [name for name in names if name not in table] == []
    assert "style=" not in drawing


def test_more_than_forty_neighbours_are_said_to_be_left_out(client: Client) -> None:
    body = organisation("Pôle")
    for rank in range(43):
        relation(organisation(f"Adhérent {rank:02}", "company"), "member_of", body)
    page = client.get(f"/organisations/{body.pk}").content.decode()
    assert page.count("<circle") == 41
    assert "3 sur 43 n’y sont pas et figurent dans la liste" in page
    assert page.count("membre de</td>") == 43


def test_relations_follow_both_clocks(client: Client) -> None:
    body = organisation("Pôle")
    begun = relation(organisation("Adhérent de 2010"), "member_of", body, since=date(2010, 1, 1), until=date(2015, 12, 31))
    Relation.objects.create(
        subject=organisation("Adhérent oublié"),
        kind="member_of",
        organisation=body,
        recorded_from=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_to=datetime(2026, 6, 1, tzinfo=UTC),
    )
    said = relation(organisation("Adhérent dit en 2012"), "member_of", body)
    stated(begun, "relation", document("srde", as_of=date(2010, 3, 31)))
    stated(said, "relation", document("clusters", as_of=date(2012, 3, 31)))

    def named(**clocks: str) -> list[str]:
        page = client.get(f"/organisations/{body.pk}", clocks).content.decode()
        return sorted(set(re.findall(r"Adhérent (?:de|dit|oublié)[^<]*", page)))

    assert named() == ["Adhérent de 2010", "Adhérent dit en 2012"]
    assert named(known_on="2026-03-01") == ["Adhérent de 2010", "Adhérent dit en 2012", "Adhérent oublié"]
    assert named(as_of="2011-01-01") == ["Adhérent de 2010"]
    assert named(as_of="2009-01-01") == []
    assert "terminée" in client.get(f"/organisations/{body.pk}").content.decode()


def test_what_only_its_owner_sees_is_absent_for_the_others(client: Client) -> None:
    secret, body = hidden("Prospect réservé", at="lille"), organisation("Pôle")
    relation(secret, "member_of", body)
    pair(secret, body)
    for reader, status in (
        (None, 404),
        (person("p@arras.example", at="arras"), 404),
        (person("j@lille.example", at="lille"), 200),
    ):
        client.logout()
        if reader:
            client.force_login(reader)
        assert client.get(f"/organisations/{secret.pk}").status_code == status
        assert client.get(f"/why/organisation:{secret.pk}/relations").status_code == status
        assert ("Prospect réservé" in client.get(f"/organisations/{body.pk}").content.decode()) is (status == 200)


def test_a_row_from_a_load_that_one_may_not_see_is_no_source(client: Client) -> None:
    body, load = organisation("Pôle"), document("fichier-interne")
    load.visibility = Visibility.OWNER
    load.save()
    stated(body, "organisation", load)
    assert "FICHIER-INTERNE" not in client.get(f"/organisations/{body.pk}").content.decode()


def test_an_unknown_key_figure_is_not_found(client: Client) -> None:
    body = organisation("Pôle")
    assert client.get(f"/why/organisation:{body.pk}/contacts").status_code == 404


def test_as_many_queries_whatever_the_number_of_relations(client: Client) -> None:
    body, load = organisation("Pôle"), document()

    def more(start: int, number: int) -> None:
        for rank in range(start, start + number):
            stated(relation(organisation(f"Adhérent {rank}"), "member_of", body), "relation", load, row=rank)

    more(0, 3)
    client.get(f"/organisations/{body.pk}")
    with counted() as before:
        client.get(f"/organisations/{body.pk}")
    more(3, 6)
    with counted() as after:
        client.get(f"/organisations/{body.pk}")
    assert before == after
