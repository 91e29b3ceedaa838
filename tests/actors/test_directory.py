import csv
import io
import re

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.actors.models import Relation
from tests.accounts.factories import person
from tests.actors.factories import coded, document, hidden, named, organisation, pair, relation, stated
from tests.queries import counted

pytestmark = pytest.mark.django_db


def rows(client: Client, **asked: str) -> list[dict[str, str]]:
    text = client.get("/acteurs/", asked | {"format": "csv"}).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def listed(client: Client, **asked: str) -> list[str]:
    return [row["name"] for row in rows(client, **asked)]


def test_words_are_looked_for_in_every_name_whatever_the_accents(client: Client) -> None:
    named(organisation("Centre de développement des éco-entreprises", acronym="CD2E"), "Pôle éco-activités")
    organisation("Eurasanté")
    assert listed(client, q="developpement eco") == ["Centre de développement des éco-entreprises"]
    assert listed(client, q="éco-activites") == ["Centre de développement des éco-entreprises"]
    assert listed(client, q="cd2e") == ["Centre de développement des éco-entreprises"]
    assert listed(client, q="rien de tel") == []


def test_filters_are_in_the_address(client: Client) -> None:
    textile, sante = organisation("Clubtex", "business_cluster"), organisation("Eurasanté", "agency")
    stated(textile, "organisation", document("srde"))
    stated(sante, "organisation", document("s3"))
    relation(textile, "member_of", organisation("UP-tex", "competitiveness_cluster"))
    source = document("srde").snapshot.source_id
    assert listed(client, kind="agency") == ["Eurasanté"]
    assert listed(client, kind="clusters") == ["Clubtex", "UP-tex"]
    assert listed(client, source=str(source)) == ["Clubtex"]
    assert listed(client, other="up tex") == ["Clubtex"]
    assert listed(client, other="clubtex") == ["UP-tex"]
    assert listed(client, sort="-name") == ["UP-tex", "Eurasanté", "Clubtex"]


def test_a_value_that_does_not_exist_is_left_out(client: Client) -> None:
    organisation("Eurasanté")
    assert listed(client, kind="n’existe pas", place="x") == ["Eurasanté"]


def test_records_of_one_body_count_once_and_it_is_said(client: Client) -> None:
    one, other = organisation("Eurasanté"), organisation("GIE Eurasanté")
    pair(one, other, "accepted")
    page = client.get("/acteurs/").content.decode()
    assert re.search(r"<h1>Acteurs <span class=\"count\">1<", page)
    assert "2 fiches réunies comptent pour un seul acteur" in page
    assert listed(client, q="gie") == ["Eurasanté"]


def test_what_only_its_owner_sees_is_nowhere_for_the_others(client: Client) -> None:
    secret, public = hidden("Prospect", at="lille"), organisation("Eurasanté")
    relation(secret, "member_of", public)
    pair(secret, public, "accepted")
    stranger = person("paul@arras.example", at="arras")
    owner = person("jeanne@lille.example", at="lille")
    for reader, names in ((None, ["Eurasanté"]), (stranger, ["Eurasanté"]), (owner, ["Prospect"])):
        client.logout()
        if reader:
            client.force_login(reader)
        assert listed(client) == names
        assert listed(client, q="prospect") == (["Prospect"] if reader == owner else [])
        assert listed(client, other="prospect") == (["Prospect"] if reader == owner else [])


def test_relations_of_the_partners_are_counted_for_partners_only(client: Client) -> None:
    one, other = organisation("Eurasanté"), organisation("Clubster")
    relation(one, "partner_of", other)
    Relation.objects.create(
        subject=one, kind="funds", organisation=other, recorded_from="2026-01-01T00:00Z", visibility=Visibility.PARTNERS
    )
    before = rows(client, q="eurasante")
    client.force_login(person())
    assert [row["relations"] for row in before + rows(client, q="eurasante")] == ["1", "2"]


def test_an_empty_list_says_what_to_do(client: Client) -> None:
    assert "Retirez un filtre" in client.get("/acteurs/").content.decode()


def test_as_many_queries_whatever_the_number_of_rows(client: Client) -> None:
    def more(start: int, number: int) -> None:
        for rank in range(start, start + number):
            body = organisation(f"Acteur {rank}")
            coded(named(body, f"Alias {rank}").organisation, f"code-{rank}")
            stated(body, "organisation", document(), row=rank)
            relation(body, "member_of", organisation(f"Tête {rank}"))

    more(0, 4)
    pair(organisation("Double"), organisation("Double bis"), "accepted")
    client.get("/acteurs/")
    with counted() as before:
        client.get("/acteurs/")
    more(4, 8)
    pair(organisation("Triple"), organisation("Triple bis"), "accepted")
    with counted() as after:
        client.get("/acteurs/")
    assert before == after
