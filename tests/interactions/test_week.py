"""What a person's Monday page proposes, and why."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from beffroi.accounts.models import User
from beffroi.actors.models import Organisation, Relation
from beffroi.interactions import actions
from beffroi.interactions.models import Campaign, Participation, Target
from beffroi.interactions.queries.areas import area_of, in_area, priority_areas
from beffroi.interactions.queries.week import week_of
from beffroi.reference.models import Framework, Item, PlaceMembership, Version
from tests.accounts.factories import partner, person
from tests.actors.factories import LONG_AGO, hidden, organisation, pair, relation
from tests.interactions.factories import company, event, need, referral, visit
from tests.queries import counted

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def campaign(title: str = "Les 10 000", *, at: str = "lille", **fields: object) -> Campaign:
    return Campaign.objects.create(title=title, owner=partner(at), **{"visibility": 1, **fields})


def target(who: Organisation, lists: Campaign, **fields: object) -> Target:
    return Target.objects.create(organisation=who, campaign=lists, **{"partner": partner("lille"), **fields})


def node(framework: str, code: str, level: str, kind: str = "geography", label: str = "") -> Item:
    held, _ = Framework.objects.get_or_create(code=framework, defaults={"label": framework, "kind": kind})
    version, _ = Version.objects.get_or_create(framework=held, code="2026")
    return Item.objects.create(version=version, code=code, level=level, label=label or code, sort_key=(label or code).lower())


def named(user: User) -> list[tuple[str, str]]:
    return [(str(row.thing), str(row.why)) for row in week_of(user, today=TODAY).to_see]


def test_targets_come_by_their_day_then_flagged_companies_then_those_not_seen_for_long() -> None:
    me, lists = person(), campaign()
    target(company("Brasserie"), lists, due_on=date(2026, 12, 1))
    target(company("Filature"), lists, due_on=date(2026, 11, 25))
    target(company("Scierie"), lists, partner=partner("amiens"))
    target(company("Verrerie"), lists, state="seen")
    fair = event("Rencontre textile")
    Participation.objects.create(event=fair, organisation=company("Teinturerie"), flagged=True, owner=fair.owner, visibility=1)
    visit(company("Tannerie"), on=date(2025, 1, 1))
    visit(company("Papeterie"), on=date(2026, 3, 1))
    assert named(me) == [
        ("Filature", "Les 10 000"),
        ("Brasserie", "Les 10 000"),
        ("Teinturerie", "Rencontre textile"),
        ("Tannerie", "pas vue depuis plus d’un an"),
    ]


def test_a_company_is_proposed_once_and_no_more_once_it_is_planned_or_seen() -> None:
    me, lists, twice = person(), campaign(), company("Filature")
    target(twice, lists)
    visit(twice, on=date(2025, 1, 1))
    assert named(me) == [("Filature", "Les 10 000")]
    actions.plan_visit(twice, owner=partner("lille"), by=me, at=datetime(2026, 11, 20, tzinfo=UTC), on=TODAY)
    week = week_of(me, today=TODAY)
    assert (week.to_see, [str(one.subject) for one in week.planned]) == ([], ["Filature"])


def test_a_flagged_company_seen_since_the_event_is_done() -> None:
    me, fair, seen = person(), event("Rencontre textile"), company("Teinturerie")
    Participation.objects.create(event=fair, organisation=seen, flagged=True, owner=fair.owner, visibility=1)
    visit(seen, on=date(2026, 7, 1))
    assert named(me) == []


def test_who_else_saw_it_and_when_even_under_another_record() -> None:
    me, lists, one, other = person(), campaign(), company("Filature"), company("Filature SA")
    target(one, lists)
    pair(one, other, state="accepted")
    visit(other, at="amiens", on=date(2026, 10, 1))
    visit(one, at="amiens", on=date(2026, 9, 1))
    visit(one, at="lens", on=date(2026, 8, 1))
    visit(one, at="arras", on=date(2026, 11, 2), reserved_until=date(2026, 12, 1))
    [row] = week_of(me, today=TODAY).to_see
    assert [(seen.operator, seen.on) for seen in row.seen] == [("Amiens", date(2026, 10, 1)), ("Lens", date(2026, 8, 1))]


def test_the_campaigns_of_others_and_hidden_companies_are_not_proposed() -> None:
    me = person()
    target(company("Filature"), campaign(at="amiens"))
    target(hidden(at="amiens"), campaign("La nôtre"))
    shared = campaign("Partagée", at="amiens")
    shared.partners.add(partner("lille"))
    target(company("Brasserie"), shared)
    assert named(me) == [("Brasserie", "Partagée")]


def test_ones_own_area_comes_first() -> None:
    me, lists = person(), campaign()
    commune, epci = node("geo-communes", "59350", "commune", label="Lille"), node("geo-epci", "200093201", "epci")
    PlaceMembership.objects.create(part=commune, whole=epci)
    textile = node("s3", "textile", "priority_area", kind="strategy", label="Textile")
    near, far, elsewhere = company("Tissage", place=commune), company("Atelier", place=commune), company("Aciérie")
    for one in (near, far, elsewhere):
        target(one, lists)
    club = organisation("Pôle Textile")
    relation(near, "member_of", club)
    Relation.objects.create(subject=club, kind="partner_of", item=textile, recorded_from=LONG_AGO)
    actions.choose_area(me, items=[textile], places=[epci])
    assert list(priority_areas(me)) == [textile]
    assert [(str(row.thing), row.is_near) for row in week_of(me, today=TODAY).to_see] == [
        ("Tissage", True),
        ("Aciérie", False),
        ("Atelier", False),
    ]
    everywhere = Organisation.objects.filter(in_area(area_of(person("lou@lille.example")), viewer=me), kind="company")
    assert everywhere.count() == 3


def test_what_is_due_and_what_came_back() -> None:
    me, mine = person(), person("paul@amiens.example", at="amiens")
    asked = need(company("Filature"), at="amiens", by=mine, on=date(2026, 11, 1))
    referral(asked, "lille", on=date(2026, 11, 10))
    answered = need(company("Brasserie"), "export", at="amiens", by=mine)
    referral(answered, "lille", state="refused", reason="out_of_zone", answered_on=date(2026, 11, 12))
    need(company("Scierie"), "emploi", at="amiens", by=mine)
    assert [row.need for row in week_of(me, today=TODAY).due] == [asked]
    theirs = week_of(mine, today=TODAY)
    assert [(row.state, row.reason) for row in theirs.came_back] == [("refused", "out_of_zone")]
    assert [str(one.subject) for one in theirs.unsent] == ["Brasserie", "Scierie"], "refused: in nobody's hands again"


def test_the_page_tells_it_in_a_constant_number_of_queries(client: Client) -> None:
    me, lists = person(), campaign()
    client.force_login(me)
    client.get("/activite/")

    def asked(rows: range) -> int:
        for rank in rows:
            seen = company(f"Société {rank}")
            target(seen, lists)
            visit(seen, at="amiens", on=date(2026, 10, 1))
            visit(company(f"Plan {rank}"), by=me, state="planned", on=TODAY)
            referral(need(seen, at="amiens"), "lille")
            referral(need(seen, by=me), "amiens", state="taken_up", answered_on=TODAY)
            need(seen, "emploi", by=me)
        with counted() as made:
            page = client.get("/activite/").content.decode()
        assert "Amiens : 1er octobre 2026" in page and "prise en charge" in page
        return made.total()

    assert asked(range(2)) == asked(range(2, 8))


def test_the_area_is_chosen_on_a_page_that_explains_what_it_could_not_read(client: Client) -> None:
    me = person()
    client.force_login(me)
    node("geo-communes", "59350", "commune", label="Lille")
    textile = node("s3", "textile", "priority_area", kind="strategy", label="Textile")
    refused = client.post("/activite/secteur", {"places": "Atlantide\nLille"})
    assert refused.status_code == 422
    assert "Aucun territoire officiel ne s’appelle « Atlantide »" in refused.content.decode()
    assert client.post("/activite/secteur", {"items": [textile.pk], "places": "Lille (59350)\n"}).status_code == 302
    page = client.get("/activite/secteur").content.decode()
    assert "Lille (59350)" in page and "Textile · domaine" in page
    assert "Mon secteur :" in client.get("/activite/").content.decode()
