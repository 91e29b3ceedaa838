import pytest
from django.test import Client

from beffroi.accounts.models import AuditEvent
from beffroi.actors import actions, queries
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import Organisation, SameAs
from beffroi.core.refusals import Refused
from tests.accounts.factories import person
from tests.actors.factories import document, hidden, named, organisation, pair, relation, settler, stated

pytestmark = pytest.mark.django_db


def test_proposing_twice_changes_nothing_and_decisions_stay() -> None:
    for code, name in (("srde", "Eurasanté"), ("s3", "EURASANTE")):
        stated(organisation(name, "agency"), "organisation", document(code))
    assert actions.propose_same_as() == 1
    found = SameAs.objects.get()
    actions.settle_same_as(found, state=SameAsState.REFUSED, reason="Le parc et le groupement.", by=settler())
    assert actions.propose_same_as() == 0
    assert SameAs.objects.get().state == SameAsState.REFUSED


def test_the_documents_leave_pairs_to_decide(demo: None) -> None:
    SameAs.objects.all().delete()
    actions.propose_same_as()
    rules = set(SameAs.objects.values_list("rule", flat=True))
    assert {"même nom", "même sigle"} <= rules
    assert SameAs.objects.filter(one__name="Université de Lille", other__name="Université de Lille").exists()


def test_a_decision_has_an_author_a_reason_and_can_be_undone() -> None:
    found, who = pair(organisation("A"), organisation("B")), settler()
    with pytest.raises(Refused, match="raison"):
        actions.settle_same_as(found, state=SameAsState.ACCEPTED, reason=" ", by=who)
    actions.settle_same_as(found, state=SameAsState.ACCEPTED, reason="Même adresse.", by=who)
    with pytest.raises(Refused, match="déjà"):
        actions.settle_same_as(found, state=SameAsState.REFUSED, reason="Non.", by=who)
    actions.settle_same_as(found, state=SameAsState.PROPOSED, reason="À revoir.", by=who)
    acts = AuditEvent.objects.filter(subject_id=found.one_id).values_list("act", "detail__reason").order_by("pk")
    assert list(acts) == [("same_as_accepted", "Même adresse."), ("same_as_proposed", "À revoir.")]
    assert Organisation.objects.count() == 2


def test_a_group_is_what_accepted_pairs_join_as_far_as_one_sees() -> None:
    one, other, third = organisation("A"), organisation("B"), hidden("C")
    pair(one, other, "accepted")
    pair(other, third, "accepted")
    pair(one, organisation("D"), "refused")
    assert [row.name for row in queries.same_as_group(one, person("x@arras.example", at="arras"))] == ["A", "B"]
    assert [row.name for row in queries.same_as_group(one, person("y@lille.example", at="lille"))] == ["A", "B", "C"]


def test_the_desk_shows_what_speaks_for_and_against(client: Client) -> None:
    one, other, friend = organisation("Eurasanté"), organisation("Eurasanté", "region"), organisation("Clubster")
    relation(one, "member_of", friend)
    relation(other, "partner_of", friend)
    pair(one, other)
    page = client.get("/acteurs/doublons/").content.decode()
    assert "Même nom, aux accents et à la casse près." in page
    assert "Leurs natures ne vont pas ensemble." in page
    assert "Liés aux mêmes : Clubster." in page
    assert "Réunir" not in page


def test_a_pair_shows_only_to_who_sees_both_records(client: Client) -> None:
    pair(organisation("Eurasanté"), hidden("Prospect"))
    assert "Prospect" not in client.get("/acteurs/doublons/").content.decode()
    client.force_login(settler("autre@arras.example"))
    found = SameAs.objects.get()
    client.force_login(person("z@arras.example", at="arras"))
    assert client.get(f"/acteurs/doublons/{found.pk}").status_code == 403


def test_settling_from_the_desk(client: Client) -> None:
    found = pair(organisation("Eurasanté"), organisation("GIE Eurasanté"))
    address = f"/acteurs/doublons/{found.pk}"
    assert client.get(address).status_code == 302
    client.force_login(settler())
    assert "Réunir ces deux fiches" in client.get(address, {"state": "accepted"}).content.decode()
    assert client.post(address, {"state": "accepted", "reason": ""}).status_code == 422
    assert client.post(address, {"state": "accepted", "reason": "Même adresse."}).status_code == 302
    assert "Annuler cette décision" in client.get("/acteurs/doublons/", {"state": "accepted"}).content.decode()
    assert client.post(address, {"state": "refused", "reason": "Non."}).status_code == 422


def test_one_sheet_unites_the_records(client: Client) -> None:
    one, other = organisation("Eurasanté"), organisation("GIE Eurasanté")
    named(other, "Groupement Eurasanté")
    relation(other, "member_of", organisation("Clubster"))
    found = pair(one, other, "accepted")
    for pk in (one.pk, other.pk):
        page = client.get(f"/organisations/{pk}").content.decode()
        assert "Cette fiche en réunit plusieurs" in page
        assert "Groupement Eurasanté" in page
        assert "Clubster" in page
    found.state = SameAsState.PROPOSED
    found.save()
    assert "Clubster" not in client.get(f"/organisations/{one.pk}").content.decode()
