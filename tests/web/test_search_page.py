"""What the search page and the command palette show, to whom."""

import pytest
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import Membership, Partner, User
from beffroi.actors.models import Organisation
from beffroi.core.models import SearchEntry, SearchWord
from beffroi.web import search_index
from beffroi.web.palette import ACTIONS
from beffroi.web.search_page import marked

pytestmark = pytest.mark.django_db


def signed_in(role: Role, partner: Partner) -> Client:
    user = User.objects.create_user(f"{role}.{partner.code}@example.org", name="Une personne")
    Membership.objects.create(user=user, partner=partner, role=role, since=timezone.localdate())
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner(db: None) -> Partner:
    partner = Partner.objects.create(code="owner", name="Propriétaire")
    for name, visibility in (
        ("Zorglub public", 0),
        ("Zorglub partagé", Visibility.PARTNERS),
        ("Zorglub secret", Visibility.OWNER),
    ):
        Organisation.objects.create(
            name=name, sort_key=name, kind="company", no_siren="not_stated", visibility=visibility, owner=partner
        )
    search_index.reindex()
    return partner


def counted(client: Client, text: str) -> dict[str, int]:
    return {group.kind: group.figure.value for group in client.get("/search", {"q": text}).context["tabs"]}


def test_rights_come_before_counts(client: Client, owner: Partner) -> None:
    other = Partner.objects.create(code="other", name="Autre")
    assert counted(client, "zorglub") == {"organisation": 1}
    assert counted(signed_in(Role.ANALYST, other), "zorglub") == {"organisation": 2}
    assert counted(signed_in(Role.ANALYST, owner), "zorglub") == {"organisation": 3}


def test_an_owner_only_row_is_in_no_text_of_the_page(client: Client, owner: Partner) -> None:
    for address in (
        "/search?q=zorglub",
        "/search?q=secret",
        "/search?q=zorglub&fragment=1",
        "/search?q=zorglub&kind=organisation",
    ):
        assert "Zorglub secret" not in client.get(address).content.decode()


def test_the_index_follows_what_a_load_touched(client: Client, owner: Partner) -> None:
    kind = next(kind for kind in search_index.KINDS if kind.code == "organisation")
    thing = Organisation.objects.get(name="Zorglub public")
    Organisation.objects.filter(pk=thing.pk).update(name="Bulgroz public")
    search_index.follow(kind, [thing.pk])
    assert (counted(client, "bulgroz"), counted(client, "zorglub")) == ({"organisation": 1}, {})
    Organisation.objects.filter(pk=thing.pk).delete()
    search_index.follow(kind, [thing.pk])
    assert counted(client, "bulgroz") == {}


@pytest.mark.parametrize(
    ("typed", "role", "offered"),
    [
        ("déconn", Role.ANALYST, True),
        ("charger un fichier", Role.ANALYST, True),
        ("charger un fichier", Role.DEVELOPER, False),
        ("gérer comptes", Role.ADMINISTRATOR, True),
        ("gérer comptes", Role.ANALYST, False),
    ],
)
def test_the_palette_offers_what_a_role_may_do(typed: str, role: Role, offered: bool) -> None:
    client = signed_in(role, Partner.objects.create(code="p", name="P"))
    assert bool(client.get("/search", {"q": typed, "fragment": "1"}).context["actions"]) is offered


def test_the_palette_offers_signing_in_to_visitors_only(client: Client) -> None:
    answer = client.get("/search", {"q": "se connecter", "fragment": "1"})
    assert [action.page for action in answer.context["actions"]] == ["account_login"]


def test_every_action_of_the_palette_leads_somewhere() -> None:
    assert [action.page for action in ACTIONS if not action.address] == []


def test_nothing_found_says_what_to_do(client: Client) -> None:
    assert "Rien à ce nom" in client.get("/search?q=xqzwk").content.decode()
    assert "Que cherchez-vous" in client.get("/search").content.decode()


def test_what_matched_is_marked() -> None:
    assert marked("Créations d’entreprises", ["creation"]) == [("Créations", True), (" d’entreprises", False)]
    assert marked("Lille & <b>", ["lil"]) == [("Lille", True), (" & <b>", False)]


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "'\"", "{{ 7 }}", "x" * 3000])
def test_what_is_typed_is_never_run(client: Client, typed: str) -> None:
    answer = client.get("/search", {"q": typed})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


MADE_BY_PEOPLE = {"call", "application", "service", "offer"}  # no document of the demonstration has any


@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_the_index_says_what_the_rows_say(self) -> None:
        before = set(SearchEntry.objects.values_list("kind", "subject_id", "title", "words", "address", "visibility"))
        words = dict(SearchWord.objects.values_list("word", "count"))
        search_index.reindex()
        assert set(SearchEntry.objects.values_list("kind", "subject_id", "title", "words", "address", "visibility")) == before
        assert dict(SearchWord.objects.values_list("word", "count")) == words

    def test_every_kind_is_found(self) -> None:
        kinds = set(SearchEntry.objects.values_list("kind", flat=True).distinct())
        assert kinds == {kind.code for kind in search_index.KINDS} - MADE_BY_PEOPLE

    def test_every_result_leads_to_its_page(self) -> None:
        assert list(SearchEntry.objects.filter(address="").values_list("kind", "title")[:5]) == []

    @pytest.mark.parametrize(
        ("typed", "kind", "title"),
        [
            ("CPER", "framework", "Contrat de plan État-Région Hauts-de-France 2021-2027"),
            ("S.R.D.E.", "framework", "Schéma régional de développement économique (SRDE)"),
            ("lile", "territory", "Lille"),
            ("creation dentreprises", "indicator", "Créations d’entreprises pour 1 000 habitants"),
        ],
    )
    def test_people_find_what_they_mean(self, client: Client, typed: str, kind: str, title: str) -> None:
        groups = {group.kind: group for group in client.get("/search", {"q": typed, "kind": kind}).context["groups"]}
        assert title.lower() in [result.entry.title.lower().replace("'", "’") for result in groups[kind].results]

    def test_a_page_asks_a_constant_number_of_questions(self, client: Client, queries) -> None:
        with queries("search"):
            client.get("/search?q=entreprises")
