"""Prospecting lists: who answers, frozen at their date, shared and followed."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import campaigns as actions
from beffroi.interactions.actions.campaigns import Change
from beffroi.interactions.enums import TargetState
from beffroi.interactions.models import Campaign, ManagerAge, Segmentation, SegmentationRun, Target
from beffroi.interactions.queries import campaigns
from beffroi.interactions.queries.candidates import candidates, preview
from beffroi.interactions.rules.criteria import Criteria
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Rejection
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden, organisation, relation
from tests.interactions.event_factories import place, planned_event
from tests.interactions.factories import company, visit
from tests.queries import QueryCounts
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
SIRENS = ("552100554", "542051180")


def names(criteria: Criteria, viewer: User | None = None) -> list[str]:
    return [row.name for row in candidates(criteria, viewer=viewer or person(f"v{User.objects.count()}@lille.example"), on=ON)]


def frozen(*companies: str, by: User | None = None, **fields: Any) -> Campaign:
    for name in companies:
        company(name, activity="13.20Z")
    told = {"title": "Textile", "visibility": Visibility.OWNER} | fields
    who = by or person("auteur@lille.example")
    return actions.freeze_campaign(Criteria(activities=("13",)), owner=partner(), by=who, on=ON, **told)


def state_of(name: str) -> str:
    return Target.objects.get(organisation__name=name).state


# Who answers


def test_companies_answer_by_activity_headcount_and_place() -> None:
    metropole = place("Métropole", "epci")
    company("Tissu", activity="13.20Z", headcount="12", place=place(inside=metropole))
    company("Pain", activity="10.71A", headcount="11")
    company("Fermée", activity="13.20Z", state="C")
    organisation("Pôle", "cluster", activity="13.20Z")
    hidden("Cachée", at="amiens", activity="13.20Z")
    assert names(Criteria(activities=("13.2", "99"))) == ["Tissu"]
    assert names(Criteria(headcounts=("11",))) == ["Pain"]
    assert names(Criteria(places=(metropole.pk,))) == ["Tissu"]
    assert names(Criteria()) == ["Pain", "Tissu"]


def test_an_unknown_age_is_not_young() -> None:
    for name, year in (("Ancienne", 1960), ("Jeune", 1990), ("Limite", 1971), ("Muette", None)):
        one = company(name)
        if year:
            ManagerAge.objects.create(organisation=one, birth_year=year, told_on=ON, owner=partner(), visibility=1)
    found = preview(Criteria(older_than=55), viewer=person(), on=ON)
    assert ([row.name for row in found.sample], found.count, found.age_unknown) == (["Ancienne"], 1, 1)
    assert preview(Criteria(headcounts=("11",)), viewer=person("b@lille.example"), on=ON).age_unknown is None


def test_an_age_that_an_operator_keeps_is_nobody_elses() -> None:
    ManagerAge.objects.create(organisation=company(), birth_year=1950, told_on=ON, owner=partner(), visibility=Visibility.OWNER)
    assert names(Criteria(older_than=55), person("paul@amiens.example", at="amiens")) == []
    assert names(Criteria(older_than=55)) == ["Filature du Nord"]


def test_companies_answer_by_what_visits_say() -> None:
    old, new, other = company("Vue jadis"), company("Vue hier"), company("Jamais vue")
    visit(old, on=date(2025, 1, 1), potential="low", detail_visibility=1)
    visit(old, on=date(2025, 6, 1), potential="high", detail_visibility=1)
    visit(new, on=date(2026, 11, 19), potential="high", detail_visibility=3)
    assert names(Criteria(not_seen_since=date(2026, 1, 1))) == [other.name, old.name]
    assert names(Criteria(potential="high")) == ["Vue hier", "Vue jadis"]
    assert names(Criteria(potential="low")) == []
    assert names(Criteria(potential="high"), person("paul@amiens.example", at="amiens")) == ["Vue jadis"]


def test_companies_answer_by_cluster_and_by_class() -> None:
    cluster, member = organisation("Up-tex"), company("Membre")
    relation(member, "member_of", cluster)
    run = SegmentationRun.objects.create(method="innoscope", version="1", on=ON, year=2025, visibility=1)
    Segmentation.objects.create(run=run, organisation=member, segment="type-1")
    company("Autre")
    assert names(Criteria(cluster=cluster.pk)) == ["Membre"]
    assert names(Criteria(method="innoscope", segments=("type-1",))) == ["Membre"]
    assert names(Criteria(method="profils-cci", segments=("p1",))) == []


# Frozen


def test_a_frozen_list_keeps_who_was_there_and_why() -> None:
    by = person()
    one = company("Acier", activity="13.20Z", headcount="12", siren=SIRENS[0], place=place())
    visit(one, on=date(2026, 1, 5), potential="high", detail_visibility=1)
    ManagerAge.objects.create(organisation=one, birth_year=1950, told_on=ON, owner=partner(), visibility=1)
    run = SegmentationRun.objects.create(method="innoscope", version="1", on=ON, year=2025, visibility=1)
    Segmentation.objects.create(run=run, organisation=one, segment="type-1")
    criteria = Criteria(activities=("13",), older_than=50, method="innoscope", segments=("type-1",), words={"NAF": "13"})
    made = actions.freeze_campaign(
        criteria, owner=partner(), by=by, on=ON, title="Aînés", partners=[partner(), partner("amiens")]
    )
    one.activity = "62.01Z"
    one.save()
    assert made.targets.get().facts == {
        "siren": SIRENS[0], "activity": "13.20Z", "headcount": "12", "place": "Lille", "last_visit": "2026-01-05",
        "last_by": "Lille", "potential": "high", "birth_year": 1950, "segments": {"innoscope": "type-1"},
    }  # fmt: skip
    assert (made.frozen_on, made.criteria["words"], [one.code for one in made.partners.all()]) == (
        ON,
        {"NAF": "13"},
        ["amiens"],
    )


def test_nobody_answers_and_nothing_is_made() -> None:
    with pytest.raises(Refused, match="Aucune entreprise ne répond"):
        actions.freeze_campaign(Criteria(activities=("99",)), owner=partner(), by=person(), on=ON, title="Vide")
    assert not Campaign.objects.exists()


def test_an_operators_own_list() -> None:
    company("Acier")
    listed = actions.campaign_from_list("Acier\nACIER ; x\nPerdue", owner=partner(), by=person(), on=ON, title="À nous")
    assert listed.campaign and listed.campaign.targets.count() == 1
    assert list(listed.unknown) == ["Perdue"]
    assert (
        actions.campaign_from_list("Perdue", owner=partner(), by=person("b@lille.example"), on=ON, title="x").campaign is None
    )


# Shared and followed


def test_a_list_is_its_owners_and_theirs_whom_it_is_shared_with() -> None:
    made, other = frozen("Acier"), person("paul@amiens.example", at="amiens")
    assert not Campaign.objects.visible_to(other).exists() and not Target.objects.visible_to(other).exists()
    assert not actions.workable(made, other).exists()
    actions.share_campaign(made, partners=[partner("amiens"), partner()], by=made.by, title="Textile 2")
    assert list(Campaign.objects.visible_to(other)) == [made] and Target.objects.visible_to(other).count() == 1
    made.refresh_from_db()
    assert (made.title, list(made.partners.all())) == ("Textile 2", [partner("amiens")])


def test_each_operator_acts_on_its_targets_and_on_those_that_nobody_has() -> None:
    made, other = frozen("Acier", "Bois", "Chanvre", partners=[partner("amiens")]), person("paul@amiens.example", at="amiens")
    Target.objects.filter(organisation__name="Acier").update(partner=partner())
    Target.objects.filter(organisation__name="Bois").update(partner=partner("amiens"))
    assert [row.organisation.name for row in actions.workable(made, other)] == ["Bois", "Chanvre"]
    assert actions.workable(made, made.by).count() == 3


def test_targets_change_together_and_what_may_not_is_left() -> None:
    made = frozen("Acier", "Bois", "Chanvre")
    Target.objects.filter(organisation__name="Bois").update(state="seen")
    change = Change(partner=partner(), caller=made.by, due_on=date(2026, 12, 1), state=TargetState.CALLED)
    assert actions.change_targets(made.targets.all(), change, by=made.by) == (2, 1)
    assert [state_of(name) for name in ("Acier", "Bois", "Chanvre")] == ["called", "seen", "called"]
    assert actions.change_targets(made.targets.all(), change, by=made.by) == (0, 1)
    assert actions.change_targets(made.targets.all(), Change(state=TargetState.DROPPED), by=made.by) == (2, 1)
    assert Target.history.filter(state="called").count() == 2


def test_targets_are_dealt_in_turn() -> None:
    made = frozen("Acier", "Bois", "Chanvre")
    assert actions.deal_targets(made.targets.all(), [partner(), partner("amiens")], by=made.by) == 3
    assert [row.partner.code for row in made.targets.order_by("organisation__sort_key")] == ["lille", "amiens", "lille"]
    assert actions.deal_targets(made.targets.all(), [partner()], by=made.by) == 0


def test_a_visit_noted_by_anybody_makes_a_target_seen() -> None:
    made = frozen("Acier", "Bois", "Chanvre", "Dentelle", visibility=Visibility.PARTNERS)
    by_name = {row.organisation.name: row for row in made.targets.all()}
    visit(by_name["Acier"].organisation, at="amiens", on=ON)
    visit(by_name["Bois"].organisation, on=date(2026, 11, 1))
    visit(by_name["Chanvre"].organisation, at="amiens", on=ON, reserved_until=date(2026, 12, 1))
    by_name["Dentelle"].state = "refused"
    by_name["Dentelle"].save()
    visit(by_name["Dentelle"].organisation, on=ON)

    def seen_by(viewer: User) -> list[str]:
        rows = campaigns.targets_asked(made, {}, viewer=viewer, on=ON)
        return [str(row.shown_state) for row in rows]

    assert seen_by(made.by) == ["seen", "to_see", "to_see", "refused"]
    assert seen_by(person("paul@amiens.example", at="amiens")) == ["seen", "to_see", "seen", "refused"]


def test_progress_counts_what_no_longer_waits() -> None:
    made = frozen("Acier", "Bois", "Chanvre")
    visit(made.targets.get(organisation__name="Acier").organisation, on=ON)
    actions.change_targets(made.targets.filter(organisation__name="Bois"), Change(partner=partner()), by=made.by)
    found = campaigns.progress_of([made], viewer=made.by, on=ON)[made.pk]
    assert (found.total, found.waiting, found.percent) == (3, 2, 33)
    operators = campaigns.by_operator(made, viewer=made.by, on=ON)
    assert [(str(one.partner), one.total) for one in operators] == [("Lille", 1), ("None", 2)]
    assert operators[1].cells == [1, 0, 0, 1, 0, 0]
    assert campaigns.Progress(None, {}).percent == 0


# On screen


def test_preparing_and_freezing_on_screen(client: Client) -> None:
    for name in ("Acier", "Bois"):
        company(name, activity="13.20Z", headcount="12", place=place())
    cluster = organisation("Up-tex")
    client.force_login(person())
    home = client.get(reverse("interactions:campaigns")).text
    assert "Les dirigeants de plus de 55 ans" in home
    where = reverse("interactions:add_campaign")
    assert "Qui y répond" not in client.get(where).text
    asked = "?activities=1320Z&headcounts=12&places=Lille&older_than="
    page = client.get(where + asked).text
    assert "Qui y répond aujourd’hui" in page and "Arrêter la liste (2 entreprises)" in page and "20 à 49 salariés" in page
    assert "inconnu n’est pas jeune" in client.get(where + "?older_than=55").text
    assert "Aucune entreprise connue" in client.get(where + "?activities=99").text
    for wrong, said in (
        ("activities=X", "débuts de codes NAF"),
        ("cluster=Rien", "Aucun pôle"),
        ("segments=innoscope:type-1&segments=profils-cci:p1", "une seule méthode"),
    ):  # noqa: E501
        assert said in client.get(f"{where}?{wrong}").text
    assert (
        "Up-tex"
        in client.get(f"{where}?cluster={cluster.name}&potential=high&segments=innoscope:type-1&not_seen_since=2026-01-01").text
    )
    answer = client.post(where + asked, {"title": "Textile", "visibility": "3", "partners": ""})
    made = Campaign.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert made.criteria["words"]["Effectifs"] == "20 à 49 salariés"
    assert client.post(where + asked, {"title": "", "visibility": "3"}).status_code == 422
    dates = {"title": "x", "visibility": "3", "since": "2026-02-01", "until": "2026-01-01"}
    assert "La fin ne précède pas" in client.post(where + asked, dates).text
    assert "la liste n’est pas arrêtée" in client.post(where + "?activities=99", {"title": "x", "visibility": "3"}).text


def test_a_list_is_pasted_on_screen(client: Client) -> None:
    company("Acier")
    client.force_login(person())
    where = reverse("interactions:add_campaign_list")
    answer = client.post(where, {"title": "À nous", "visibility": "3", "text": "Perdue"})
    assert answer.status_code == 422 and "rien n’est enregistré" in answer.text and "« Perdue »" in answer.text
    page = client.post(where, {"title": "À nous", "visibility": "3", "text": "Acier\nPerdue"}, follow=True).text
    assert "1 ligne ne nomme personne de connu : Perdue" in page and "Acier" in page


def test_following_a_list_on_screen(client: Client, queries: QueryCounts) -> None:
    made = frozen("Acier", "Bois", "Chanvre", partners=[partner("amiens")])
    client.force_login(made.by)
    page = made.get_absolute_url()
    with queries("a campaign"):
        assert "Où on en est" in client.get(page).text
    with queries("campaigns"):
        client.get(reverse("interactions:campaigns"))
    where = reverse("interactions:change_targets", args=[made.pk])
    first = made.targets.get(organisation__name="Acier")
    assert "1 cible changée" in client.post(where, {"target": first.pk, "partner": partner("amiens").pk}, follow=True).text
    assert "Rien n’est demandé" in client.post(where, {"target": first.pk}).text
    wrong = {"target": first.pk, "partner": partner("amiens").pk, "caller": made.by.pk}
    assert "n’est pas de cet opérateur" in client.post(where, wrong).text
    assert "2 cibles changées" in client.post(f"{where}?partner=0&q=", {"every": "1", "state": "called"}, follow=True).text
    assert "1 laissée telle quelle" in _after_seen(client, where, first)
    for asked, expected in (
        ("state=called", 2),
        ("partner=0", 2),
        ("caller=0", 3),
        ("q=aci", 1),
        (f"partner={partner().pk}", 0),
    ):
        lines = b"".join(client.get(f"{page}?{asked}&format=csv")).decode().splitlines()
        assert len(lines) - 1 == expected, asked
    assert f"caller={made.by.pk}" in client.get(f"{page}?caller={made.by.pk}").request["QUERY_STRING"]


def _after_seen(client: Client, where: str, target: Target) -> str:
    Target.objects.filter(pk=target.pk).update(state="seen")
    return client.post(where, {"target": target.pk, "state": "called"}, follow=True).text


def test_dealing_and_sharing_are_the_owners(client: Client) -> None:
    made = frozen("Acier", "Bois", partners=[partner("amiens")])
    other = person("paul@amiens.example", at="amiens")
    client.force_login(other)
    change = reverse("interactions:change_targets", args=[made.pk])
    first = made.targets.earliest("pk")
    assert client.post(change, {"target": first.pk, "partner": partner().pk}).status_code == 403
    assert client.post(reverse("interactions:deal_targets", args=[made.pk])).status_code == 403
    assert client.get(reverse("interactions:share_campaign", args=[made.pk])).status_code == 403
    client.force_login(person("zoe@lens.example", at="lens"))
    assert client.get(made.get_absolute_url()).status_code == 404
    client.force_login(made.by)
    assert "2 cibles réparties" in client.post(reverse("interactions:deal_targets", args=[made.pk]), follow=True).text
    told = {"title": "Textile", "visibility": "1", "partners": "Lens"}
    assert client.get(reverse("interactions:share_campaign", args=[made.pk])).status_code == 200
    assert client.post(reverse("interactions:share_campaign", args=[made.pk]), told).status_code == 302
    client.force_login(User.objects.get(email="paul@amiens.example"))
    assert "Pour les entreprises choisies" not in client.get(made.get_absolute_url()).text
    assert client.post(change, {"target": first.pk, "state": "called"}).status_code == 403


def test_an_event_invites_from_a_campaign(client: Client) -> None:
    made, held = frozen("Acier", "Bois"), planned_event()
    client.force_login(made.by)
    assert "Textile" in client.get(reverse("interactions:invite", args=[held.pk])).text
    where = reverse("interactions:invite_campaign", args=[held.pk])
    assert "2 lignes ajoutées à la liste" in client.post(where, {"campaign": made.pk}, follow=True).text
    assert client.post(where, {"campaign": ""}).status_code == 404


# Loads


def given(*rows: str, head: str = "SIREN;Nom;Opérateur;Âge du dirigeant;Échéance", **fields: Any) -> Any:
    told = {"source": "transmission", "as_of": date(2026, 1, 1), "extent": Extent.FULL} | fields
    return loaded("\n".join([head, *rows]), "liste-prospection", **told)


def test_an_operators_file_is_a_campaign_frozen_at_its_date() -> None:
    partner("amiens")
    rows = (f"{SIRENS[0]};Acier;Amiens;61;2026-03-01", f"{SIRENS[1]};Bois;;;", f"{SIRENS[0]};Acier;Perdue;;", "12;Faux;;;")
    load = given(*rows, owner=partner())
    assert counts(load) == "4 read, 2 added, 0 changed, 0 same, 0 closed, 2 rejected"
    assert "Aucun opérateur ne s’appelle ainsi" in " ".join(
        Rejection.objects.filter(load=load).values_list("sentence", flat=True)
    )
    made = Campaign.objects.get()
    assert (made.frozen_on, made.owner, made.targets.count()) == (date(2026, 1, 1), partner(), 2)
    first = made.targets.get(organisation__siren=SIRENS[0])
    assert (first.partner, first.due_on, first.facts["birth_year"]) == (partner("amiens"), date(2026, 3, 1), 1965)
    assert list(ManagerAge.objects.values_list("birth_year", "visibility")) == [(1965, Visibility.OWNER)]
    assert counts(given(*rows[:2], owner=partner())).startswith("2 read, 0 added, 0 changed, 2 same")
    assert counts(given(f"{SIRENS[0]};Acier;Amiens;60;2026-03-01", rows[1], owner=partner())).startswith(
        "2 read, 0 added, 1 changed"
    )
    assert ManagerAge.objects.get().birth_year == 1966 and made.targets.count() == 2


def test_a_list_without_owner_and_an_age_of_nobody_are_refused() -> None:
    assert "1 rejected" in counts(given(f"{SIRENS[0]};Acier;;61;"))
    head = "SIREN;Nom;Année de naissance du dirigeant"
    assert "1 rejected" in counts(given(f"{SIRENS[0]};Acier;2020", head=head, owner=partner(), source="autre"))
    assert not Target.objects.exists()


def test_only_those_who_note_activity_prepare_lists(client: Client) -> None:
    client.force_login(person(role=Role.ELECTED))
    assert client.get(reverse("interactions:add_campaign")).status_code == 403
    assert "Préparer une liste" not in client.get(reverse("interactions:campaigns")).text


# What its author alone knows


def test_a_list_that_others_read_is_made_of_what_they_know() -> None:
    one, by = company("Tissu", activity="13.20Z"), person()
    visit(one, on=date(2026, 1, 5), potential="high", detail_visibility=Visibility.OWNER)
    visit(one, on=date(2026, 2, 5), visibility=Visibility.OWNER)
    asked = {"owner": partner(), "by": by, "on": ON}
    mine = actions.freeze_campaign(Criteria(potential="high"), title="À moi", visibility=Visibility.OWNER, **asked)
    assert mine.targets.get().facts == {
        "activity": "13.20Z",
        "last_visit": "2026-02-05",
        "last_by": "Lille",
        "potential": "high",
    }
    for shared in ({"visibility": Visibility.PARTNERS}, {"visibility": Visibility.OWNER, "partners": [partner("amiens")]}):
        with pytest.raises(Refused, match="Aucune entreprise ne répond"):
            actions.freeze_campaign(Criteria(potential="high"), title="À tous", **shared, **asked)
    with pytest.raises(Refused, match="reste à votre institution"):
        actions.share_campaign(mine, partners=[partner("amiens")], by=by)


def test_what_its_author_alone_knew_does_not_leave_with_a_list() -> None:
    one, by = company("Tissu", activity="13.20Z"), person()
    visit(one, on=date(2026, 1, 5))
    visit(one, on=date(2026, 2, 5), visibility=Visibility.OWNER, potential="high")
    criteria = Criteria(activities=("13",))
    mine = actions.freeze_campaign(criteria, title="À moi", visibility=Visibility.OWNER, owner=partner(), by=by, on=ON)
    assert mine.targets.get().facts["last_visit"] == "2026-02-05"
    actions.share_campaign(mine, partners=[partner("amiens")], by=by)
    assert mine.targets.get().facts == {"activity": "13.20Z", "last_visit": "2026-01-05", "last_by": "Lille"}
    assert {str(row.facts) for row in mine.targets.get().history.all()} == {"{}"}


def test_a_list_made_of_what_one_alone_knows_says_why_it_is_not_shared(client: Client) -> None:
    visit(company("Tissu"), potential="high")
    by = person(role=Role.DEVELOPER)
    mine = actions.freeze_campaign(
        Criteria(potential="high"), title="À moi", visibility=Visibility.OWNER, owner=partner(), by=by, on=ON
    )
    client.force_login(by)
    answer = client.post(reverse("interactions:share_campaign", args=[mine.pk]), {"title": "À moi", "visibility": "1"})
    assert answer.status_code == 422 and "Cette liste reste à votre institution" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.visibility == Visibility.OWNER
