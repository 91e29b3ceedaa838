"""The three cases of the cluster study come out of its rows: nothing in the product names them."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.actors.enums import CLUSTERS, OverlapKind
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.overlaps import ShownIndustry, Study, chosen_kinds, study
from tests.actors.factories import document, hidden, organisation, pair, relation, stated
from tests.queries import counted

pytestmark = pytest.mark.django_db
ADDRESS = "/acteurs/recouvrements/"


def seen(**clocks: object) -> Study:
    moment = Moment(clocks.get("as_of", timezone.localdate()), timezone.now())  # type: ignore[arg-type]
    return study([kind.value for kind in CLUSTERS], moment=moment, viewer=AnonymousUser())


def around(name: str, found: Study) -> ShownIndustry:
    return next(row for row in found.industries if any(name in str(member) for member in row.members))


CASES = [
    ("UP-tex", ["CLUBTEX", "T2M", "PromoTex", "textiles innovants"], "filière textile"),
    ("Nutrition Santé", ["Eurasanté", "Clubster Santé", "Pôle d'excellence Santé"], "filière santé"),
    ("Team2", ["cd2e", "Éco-activités"], "filière éco-activités"),
]


@pytest.mark.parametrize(("name", "others", "industry"), CASES, ids=[row[2] for row in CASES])
def test_the_three_cases_come_out_of_the_rows(demo: None, name: str, others: list[str], industry: str) -> None:
    found = around(name, seen())
    members = " | ".join(str(row) for row in found.members)
    assert [other for other in others if other not in members] == []
    assert industry in found.title


def test_the_textile_case_has_its_director_members_staff_fee_and_figures(demo: None) -> None:
    found = around("UP-tex", seen())
    shown = {(str(row.one), str(row.other)): row for row in found.pairs}
    clubtex = next(row for names, row in shown.items() if "CLUBTEX" in " ".join(names) and "UP-tex" in " ".join(names))
    assert set(clubtex.overlap.kinds) == {
        OverlapKind.STAFF,
        OverlapKind.GOVERNANCE,
        OverlapKind.ROLES,
        OverlapKind.MEMBERS,
        OverlapKind.FEES,
        OverlapKind.FIGURES,
        OverlapKind.THEME,
    }
    figures = {(row.tie.kind, int(row.figure.value)) for row in clubtex.rows if row.figure and row.figure.value}
    assert {(OverlapKind.FEES, 5000), (OverlapKind.FIGURES, 33)} <= figures


def test_the_page_says_who_says_so_and_each_count_opens(demo: None, client: Client) -> None:
    page = client.get(ADDRESS).content.decode()
    assert page.count('<svg class="network"') == len(seen().industries)
    assert "Les interfaces avec UP-tex" in page
    addresses = re.findall(r'href="(/why/overlaps:[^"]+)"', page)
    assert addresses
    answer = client.get(addresses[0])
    assert "chacune comptée une fois" in answer.content.decode()
    assert client.get("/why/overlaps:0/cluster/theme").status_code == 404


def test_before_the_study_nothing_of_it_is_known(demo: None, client: Client) -> None:
    page = client.get(ADDRESS, {"as_of": "2010-04-01"}).content.decode()
    assert "Partage des rôles dans la filière textile" not in page


def test_the_rows_can_be_taken_away(demo: None, client: Client) -> None:
    text = client.get(ADDRESS, {"format": "csv"}).getvalue().decode("utf-8-sig")
    assert "dirigeant commun" in text
    assert "Montrer ces paires" in client.get(ADDRESS).content.decode()
    assert "Paires sans lien fort" in client.get(ADDRESS, {"across": "1"}).content.decode()


def test_kinds_are_chosen_in_the_address(demo: None, client: Client) -> None:
    page = client.get(ADDRESS, {"kind": ["competitiveness_cluster", "business_cluster"]}).content.decode()
    assert "UP-tex" in page
    assert chosen_kinds(["nothing"]) == [kind.value for kind in CLUSTERS]


def test_clusters_that_only_share_a_theme_make_no_group(client: Client) -> None:
    relation(organisation("Un"), "partner_of", organisation("Deux"))
    assert "Aucun groupe de pôles" in client.get(ADDRESS).content.decode()


def test_records_that_are_one_body_stand_once(client: Client) -> None:
    one, twin, other = organisation("Pôle Textile"), organisation("Textile (pôle)"), organisation("Grappe")
    relation(twin, "shares_director_with", other)
    pair(one, twin, "accepted")
    (found,) = seen().industries
    assert sorted(map(str, found.members)) == ["Grappe", "Pôle Textile"]


def test_restricted_rows_bring_nothing_to_the_others(client: Client) -> None:
    one, other = organisation("Un"), organisation("Deux")
    relation(one, "shares_director_with", other, visibility=Visibility.PARTNERS)
    relation(one, "shares_director_with", hidden("Trois"))
    page = client.get(ADDRESS).content.decode()
    assert "Trois" not in page
    assert "Aucun groupe" in page


def test_as_many_queries_whatever_the_number_of_clusters(client: Client) -> None:
    load = document()

    def more(start: int, number: int) -> None:
        for rank in range(start, start + number):
            one, other = organisation(f"Pôle {rank}"), organisation(f"Grappe {rank}", "business_cluster")
            stated(relation(one, "shares_director_with", other), "relation", load, row=rank)
            relation(organisation(f"Adhérent {rank}", "company"), "member_of", one)

    more(0, 2)
    client.get(ADDRESS)
    with counted() as before:
        client.get(ADDRESS)
    more(2, 4)
    with counted() as after:
        client.get(ADDRESS)
    assert before == after
