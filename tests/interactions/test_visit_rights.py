"""An operator never learns, by any page, what another wrote of a visit, nor a prospect that it reserved."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.interactions import actions
from beffroi.interactions.actions import Heard, Newcomer, Note
from beffroi.interactions.models import Need, Visit, VisitNote
from tests.accounts.factories import partner, person
from tests.interactions.factories import company, visit, word

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TODAY = date(2026, 11, 20)
KEPT = ("Un second atelier secret", "300 000 € de machines", "Alix Dubois", "fort", "plan d’action", "recontactée")
PAGES = (
    "/activite/",
    "/activite/visites/?whose=all",
    "/activite/visites/?whose=all&format=csv",
    "/activite/visites/?whose=all&format=json",
    "/activite/visites/vues?about=organisation:{company}",
    "/activite/visites/qui?q=filature",
    "/activite/visites/nouvelle?about=organisation:{company}",
    "/activite/visites/{visit}",
    "/organisations/{company}",
    "/search?q=atelier+secret",
    "/search?q=filature&fragment=1",
    "/",
)


def other() -> User:
    return person("paul@amiens.example", at="amiens", role=Role.DEVELOPER)


def told(by: User, **fields: object) -> Visit:
    heard = Heard(
        notes=[Note(word("projets"), "Un second atelier secret")],
        needs=[(word("financement"), "300 000 € de machines")],
        consents=["call_back"],
        met=("Alix Dubois", "direction"),
    )
    values = {"potential": "high", "green": 3, "minutes": 47, "heard": heard, "on": TODAY, "client_id": "t1", **fields}
    values.setdefault("organisation", None if "newcomer" in values else company("Filature du Nord"))
    return actions.note_visit(owner=partner("lille"), by=by, at=NOW, **values)


@pytest.mark.parametrize("address", PAGES)
def test_partners_learn_that_a_visit_took_place_and_nothing_of_what_was_said(client: Client, address: str) -> None:
    made = told(person())
    client.force_login(other())
    answer = client.get(address.format(company=made.organisation_id, visit=made.pk))
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 200
    offered_to_all = 3 if "nouvelle" in address else len(KEPT)  # the form names every answer that one may give
    assert [word for word in KEPT[:offered_to_all] if word in text] == []


def test_a_field_that_may_not_be_read_says_so(client: Client) -> None:
    made = told(person())
    client.force_login(other())
    page = client.get(made.get_absolute_url()).content.decode()
    assert "une note que vous ne pouvez pas lire" in page
    assert "gardés par Lille" in page
    assert "une note que vous ne pouvez pas lire" in client.get(f"/organisations/{made.organisation_id}").content.decode()


def test_what_its_author_opens_to_partners_is_read_except_what_stays_kept(client: Client) -> None:
    heard = Heard(notes=[Note(word("projets"), "Un atelier", Visibility.PARTNERS), Note(word("marches"), "Le prix secret")])
    made = told(person(), heard=heard, detail_visibility=Visibility.PARTNERS)
    client.force_login(other())
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Un atelier" in page and "fort" in page
    assert "Le prix secret" not in page and "une note que vous ne pouvez pas lire" in page


@pytest.mark.parametrize("address", PAGES)
def test_a_reserved_prospect_that_nobody_knew_is_nowhere_for_others(client: Client, address: str) -> None:
    made = told(person(), newcomer=Newcomer("Filature du Nord"), reserved_until=date(2026, 12, 1))
    client.force_login(other())
    answer = client.get(address.format(company=made.organisation_id, visit=made.pk))
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]
    assert "Filature du Nord" not in text
    names_it = "{" in address.partition("?")[0]
    assert (answer.status_code == 404) is names_it


def test_an_other_operator_changes_nothing(client: Client) -> None:
    made = told(person())
    client.force_login(other())
    assert client.get(f"/activite/visites/{made.pk}/modifier").status_code == 403
    assert client.post(f"/activite/visites/{made.pk}/deplacer", {"state": "cancelled"}).status_code == 403
    made.refresh_from_db()
    assert made.state == "done"


def test_an_other_operator_does_not_fulfil_a_visit_of_the_diary(client: Client) -> None:
    plan = actions.plan_visit(company("Filature"), owner=partner("lille"), by=person(), at=NOW, on=TODAY)
    client.force_login(other())
    form = client.get("/activite/visites/nouvelle", {"visit": plan.pk}).context["form"]
    assert not form["visit"].value()
    sent = {"client_id": "x", "visit": str(plan.pk), "who": "Filature", "on": "2026-11-20", "state": "done", "means": "call",
            "detail_visibility": "3"}  # fmt: skip
    assert client.post("/activite/visites/envoi", sent, content_type="application/json").status_code == 422


@pytest.mark.parametrize("page", ["/activite/", "/activite/visites/", "/activite/visites/nouvelle", "/activite/secteur"])
def test_the_public_is_asked_to_sign_in(client: Client, page: str) -> None:
    visit()
    assert client.get(page).status_code == 302


def test_the_public_sees_no_activity_on_the_sheet_of_a_company(client: Client) -> None:
    made = told(person())
    page = client.get(f"/organisations/{made.organisation_id}").content.decode()
    assert "visites" not in page and "chronologie" not in page
    assert client.get(made.get_absolute_url()).status_code == 302


def test_whoever_only_reads_is_not_offered_to_write(client: Client) -> None:
    client.force_login(person("marie@lille.example", role=Role.ELECTED))
    made = visit(company("Filature"))
    assert client.get("/activite/visites/nouvelle").status_code == 403
    assert "Noter une visite" not in client.get("/activite/").content.decode()
    assert "Corriger" not in client.get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize("day", ["2026-12-15", "2027-03-01"])
def test_a_later_day_in_the_address_opens_no_reserved_prospect(client: Client, day: str) -> None:
    made = told(person(), organisation=company("Réservée"), reserved_until=date(2026, 12, 10))
    reader = other()
    assert not Visit.objects.visible_to(reader, date.fromisoformat(day)).exists()
    client.force_login(reader)
    pages = [
        f"/activite/booster/liste?mesure=visits&mois=2026-11&as_of={day}",
        f"/activite/note?sujet=organisation:{made.organisation_id}&le={day}",
    ]
    said = [client.get(page) for page in pages]
    assert "Réservée" not in said[0].content.decode()
    assert [answer.status_code for answer in said] == [200, 200]
    assert "Lille a" not in said[1].content.decode() and ", Lille" not in said[1].content.decode()


def test_ones_own_later_plan_does_not_show_the_reserved_visit_of_another(client: Client) -> None:
    seen = company("Filature du Nord")
    told(person(), organisation=seen, reserved_until=date(2026, 12, 1))
    mine = visit(seen, at="amiens", on=date(2026, 12, 5), state="planned")
    client.force_login(other())
    assert "Vue aussi par" not in client.get(mine.get_absolute_url()).content.decode()


def test_correcting_a_date_publishes_no_note_and_each_keeps_its_readers(client: Client) -> None:
    heard = Heard(
        notes=[
            Note(None, "Ouverte", Visibility.PARTNERS),
            Note(word("projets"), "Projet ouvert", Visibility.PARTNERS),
            Note(word("projets"), "Projet gardé", Visibility.OWNER),
        ]
    )
    author = person(role=Role.DEVELOPER)
    made = told(author, heard=heard, detail_visibility=Visibility.PARTNERS)
    VisitNote.objects.create(visit=made, owner=made.owner, text="Réponse au courriel", visibility=Visibility.OWNER)
    before = set(made.notes.values_list("pk", "text", "visibility"))
    client.force_login(author)
    address = f"/activite/visites/{made.pk}/modifier"
    form = client.get(address).context["form"]
    sent = {field.html_name: value for field in form if (value := field.value()) not in (None, False, "")}
    VisitNote.objects.create(visit=made, owner=made.owner, text="Venue entre-temps", visibility=Visibility.OWNER)
    assert client.post(address, sent | {"on": "2026-11-19"}).status_code == 302
    made.refresh_from_db()
    assert made.on == date(2026, 11, 19)
    assert before < set(made.notes.values_list("pk", "text", "visibility")) and made.notes.count() == 5
    assert client.post(address, sent | {"detail_visibility": "3"}).status_code == 302
    assert set(made.notes.values_list("visibility", flat=True)) == {Visibility.OWNER}


def test_two_notes_on_a_theme_for_the_same_readers_are_one() -> None:
    made = told(person(), heard=Heard(notes=[Note(word("projets"), "Un"), Note(word("projets"), "Deux")]))
    assert [note.text for note in made.notes.all()] == ["Un\n\nDeux"]


def test_a_reserved_prospect_does_not_show_by_its_needs() -> None:
    seen, author, reader = company("Filature du Nord"), person(), other()
    said = {"heard": Heard(needs=[(word("financement"), "")]), "detail_visibility": Visibility.PARTNERS}
    made = told(author, organisation=seen, reserved_until=date(2026, 12, 1), **said)
    assert not Need.objects.visible_to(reader).exists() and not Need.objects.visible_to(AnonymousUser()).exists()
    assert Need.objects.visible_to(author).count() == 1
    Visit.objects.filter(pk=made.pk).update(reserved_until=date(2026, 11, 19))
    assert Need.objects.visible_to(reader).count() == 1
