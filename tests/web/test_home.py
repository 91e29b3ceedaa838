"""The first page, by role."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from beffroi.accounts.actions import record_sign_in
from beffroi.accounts.enums import Role
from beffroi.accounts.models import Membership, Partner, User
from beffroi.indicators.actions import follow_indicator, unfollow_indicator
from beffroi.indicators.models import Indicator
from beffroi.web import home

pytestmark = pytest.mark.django_db


def person(role: Role) -> User:
    partner = Partner.objects.create(code="home", name="Une institution")
    user = User.objects.create_user("home@example.org", name="Une personne")
    Membership.objects.create(user=user, partner=partner, role=role, since=timezone.localdate())
    return user


def test_an_empty_installation_opens(client: Client) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_role_has_three_figures_to_start_with(role: Role) -> None:
    assert len(home.BY_ROLE[role]) == home.SHOWN
    assert set(home.BY_ROLE[role]) <= home.FIGURES.keys()


@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_a_visitor_sees_three_figures_and_the_documents(self, client: Client) -> None:
        answer = client.get("/")
        figures = {row.figure.why: row.figure.value for row in answer.context["figures"]}
        assert figures["items:s3-hdf-2021-2027/specialisation"] == 8
        assert figures["contract:cper-hdf-2021-2027"] == 2_759_563_000
        assert figures["behind:"] > 0
        assert len([row for row in answer.context["documents"] if row.last]) >= 5

    @pytest.mark.parametrize("key", home.FIGURES)
    def test_every_figure_of_the_home_has_its_evidence(self, client: Client, key: str) -> None:
        assert client.get(f"/why/{key}").status_code == 200

    def test_the_contract_total_lists_its_nine_commitments_and_its_caveat(self, client: Client) -> None:
        evidence = client.get("/why/contract:cper-hdf-2021-2027").context["evidence"]
        assert len(evidence.parts) == 9
        assert sum(part.figure.value for part in evidence.parts) == evidence.figure.value
        assert "avenant" in evidence.figure.note

    @pytest.mark.parametrize(("role", "waits"), [(Role.ANALYST, True), (Role.DEVELOPER, False)])
    def test_what_waits_follows_what_one_may_settle(self, client: Client, role: Role, waits: bool) -> None:
        client.force_login(person(role))
        assert bool(client.get("/").context["waiting"]) is waits

    def test_what_changed_counts_from_the_visit_before(self, client: Client, clock) -> None:
        user = person(Role.ANALYST)
        client.force_login(user)
        assert client.get("/").context["changes"]["loads_figure"].value > 0
        clock.shift(timedelta(days=1))
        record_sign_in(user, method="test")
        clock.shift(timedelta(days=1))
        record_sign_in(user, method="test")
        client.force_login(user)
        changes = client.get("/").context["changes"]
        assert (changes["loads_figure"].value, changes["anomalies_figure"].value) == (0, 0)

    def test_what_one_follows_comes_first(self, client: Client) -> None:
        user, indicator = person(Role.ELECTED), Indicator.objects.filter(cells__status="actual").first()
        client.force_login(user)
        client.post(f"/indicateurs/{indicator.pk}/suivre")
        shown = client.get("/").context["figures"]
        assert (shown[0].thing, len(shown)) == (indicator, 3)
        unfollow_indicator(indicator, by=user)
        assert client.get("/").context["figures"][0].thing != indicator

    def test_following_twice_changes_nothing(self) -> None:
        user, indicator = person(Role.ELECTED), Indicator.objects.first()
        assert follow_indicator(indicator, by=user) == follow_indicator(indicator, by=user)

    def test_a_visitor_cannot_follow(self, client: Client) -> None:
        assert client.post(f"/indicateurs/{Indicator.objects.first().pk}/suivre").status_code == 302

    def test_a_home_asks_a_constant_number_of_questions(self, client: Client, queries) -> None:
        with queries("home, visitor"):
            client.get("/")
        client.force_login(person(Role.ANALYST))
        with queries("home, analyst"):
            client.get("/")
