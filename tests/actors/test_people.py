import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.actors import actions
from beffroi.actors.models import Contact, Establishment, Organisation, ProjectHolder
from beffroi.core.refusals import Refused
from tests.accounts.factories import person
from tests.actors.factories import contact, hidden, holder, organisation, settler

pytestmark = pytest.mark.django_db
SIREN, SIRET = "552032534", "55203253400646"
CONTACT = {"name": "Alix Dubois", "role": "direction", "visibility": "1"}


def test_project_holders_are_for_partners_and_the_empty_page_says_why(client: Client) -> None:
    assert client.get("/acteurs/porteurs/").status_code == 302
    client.force_login(person())
    assert "avant qu’elle ait un SIREN" in client.get("/acteurs/porteurs/").content.decode()
    holder()
    assert "Atelier de recyclage" in client.get("/acteurs/porteurs/").content.decode()


def test_a_holder_kept_by_its_owner_shows_to_nobody_else(client: Client) -> None:
    found = holder(at="lille", visibility=Visibility.OWNER)
    client.force_login(person("paul@arras.example", at="arras"))
    assert "Atelier" not in client.get("/acteurs/porteurs/").content.decode()
    assert client.get(f"/acteurs/porteurs/{found.pk}").status_code == 404


def test_a_partner_reads_and_only_the_owner_writes(client: Client) -> None:
    found = holder(at="lille")
    client.force_login(person("paul@arras.example", at="arras"))
    assert "Modifier" not in client.get("/acteurs/porteurs/").content.decode()
    assert client.get(f"/acteurs/porteurs/{found.pk}").status_code == 403


def test_a_holder_is_typed_changed_and_becomes_an_organisation(client: Client) -> None:
    client.force_login(person())
    said = {"name": "Sam Petit", "project": "Atelier de recyclage", "since": "2026-10-01", "visibility": "1"}
    assert client.post("/acteurs/porteurs/nouveau", said).status_code == 302
    found = ProjectHolder.objects.get()
    client.post(f"/acteurs/porteurs/{found.pk}", said | {"project": "Atelier du réemploi"})
    assert [row.project for row in found.history.order_by("history_id")] == ["Atelier de recyclage", "Atelier du réemploi"]
    born = {"name": "Atelier du réemploi", "kind": "company", "created": "2026-11-01"}
    assert client.post(f"/acteurs/porteurs/{found.pk}/organisation", born).status_code == 302
    made = Organisation.objects.get()
    assert (made.name, made.created, made.visibility, made.project_holder) == ("Atelier du réemploi", "2026-11-01", 1, found)
    actions.become_organisation(
        ProjectHolder.objects.get(), name="Encore", kind="company", created="", by=person("b@lille.example")
    )
    assert Organisation.objects.count() == 1


def test_a_form_filled_in_wrongly_keeps_what_was_typed(client: Client) -> None:
    client.force_login(person())
    answer = client.post("/acteurs/porteurs/nouveau", {"name": "Sam Petit", "since": "demain"})
    assert answer.status_code == 422
    assert "Sam Petit" in answer.content.decode()
    assert ProjectHolder.objects.count() == 0


def test_whoever_has_no_partner_writes_nothing(client: Client) -> None:
    client.force_login(person("seul@lille.example", role=None))
    assert client.get("/acteurs/porteurs/nouveau").status_code == 403


def test_a_contact_follows_its_visibility(client: Client) -> None:
    body = organisation("Eurasanté")
    contact(body, at="lille", visibility=Visibility.OWNER)
    assert "Contacts" not in client.get(f"/organisations/{body.pk}").content.decode()
    client.force_login(person("paul@arras.example", at="arras"))
    assert "Alix" not in client.get(f"/organisations/{body.pk}").content.decode()
    client.force_login(person("jeanne@lille.example", at="lille"))
    assert "Alix Dubois" in client.get(f"/organisations/{body.pk}").content.decode()


def test_a_contact_is_typed_and_changed_with_its_history(client: Client) -> None:
    body = organisation("Eurasanté")
    client.force_login(person())
    assert client.post(f"/acteurs/{body.pk}/contacts/nouveau", CONTACT).status_code == 302
    found = Contact.objects.get()
    assert client.post(f"/acteurs/contacts/{found.pk}", CONTACT | {"role": "présidence"}).status_code == 302
    assert [row.role for row in found.history.order_by("history_id")] == ["direction", "présidence"]
    assert list(AuditEvent.objects.values_list("act", flat=True).order_by("pk"))[-2:] == ["contact_added", "contact_changed"]


def test_a_siren_is_given_with_its_reason(client: Client) -> None:
    body = organisation("Danone", "company")
    address = f"/acteurs/{body.pk}/siren"
    client.force_login(person())
    assert client.get(address).status_code == 403
    client.force_login(settler())
    refused = client.post(address, {"siren": "552032535", "reason": "répertoire"})
    assert (refused.status_code, "ne tombe pas juste" in refused.content.decode()) == (422, True)
    assert client.post(address, {"siren": SIREN, "reason": "répertoire Sirene"}).status_code == 302
    body.refresh_from_db()
    assert (body.siren, body.no_siren) == (SIREN, "")
    act = AuditEvent.objects.get(act="siren_set")
    assert (act.subject_id, act.detail["after"], act.detail["reason"]) == (body.pk, SIREN, "répertoire Sirene")


def test_a_siren_already_taken_names_its_holder_unless_it_may_not_be_seen() -> None:
    organisation("Danone", "company", siren=SIREN)
    other, who = organisation("Danone France", "company"), settler()
    with pytest.raises(Refused, match="« Danone »"):
        actions.set_siren(other, siren=SIREN, reason="vu", by=who)
    hidden("Prospect", at="arras", siren="356000000")
    with pytest.raises(Refused, match="une organisation que vous ne voyez pas"):
        actions.set_siren(other, siren="356000000", reason="vu", by=who)


def test_an_establishment_is_added_once_and_shows_on_the_sheet(client: Client) -> None:
    body = organisation("Danone", "company", siren=SIREN)
    client.force_login(settler())
    address = f"/acteurs/{body.pk}/etablissements/nouveau"
    said = {"siret": SIRET, "name": "Siège", "reason": "répertoire Sirene"}
    assert client.post(address, said | {"siret": "35600000000048"}).status_code == 422
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 422
    assert Establishment.objects.count() == 1
    assert SIRET in client.get(f"/organisations/{body.pk}").content.decode()
