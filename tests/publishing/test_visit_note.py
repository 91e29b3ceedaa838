"""What one reads before a visit: facts, three sentences that come from them, and what is not to be said."""

import re
from datetime import date

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.actors.models import Organisation
from beffroi.funding.models import Agreement, AgreementParty, DocumentDue, Instalment
from beffroi.interactions.models import VisitNote
from beffroi.web import search_index
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden
from tests.interactions.factories import company, need, referral, visit
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
BEFORE = date(2026, 10, 6)


@pytest.fixture
def jeanne(client: Client) -> User:
    user = person()
    client.force_login(user)
    return user


def note(client: Client, who: Organisation, day: str = "2026-11-24") -> str:
    answer = client.get(f"/activite/note?sujet=organisation:{who.pk}&le={day}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def granted(who: Organisation, **instalment: object) -> Agreement:
    made = Agreement.objects.create(
        title="Aide à l’investissement",
        owner=partner("lille"),
        visibility=Visibility.PARTNERS,
        namespace="n",
        code="1",
        kind="grant",
    )
    AgreementParty.objects.create(agreement=made, organisation=who, role="beneficiary")
    Instalment.objects.create(agreement=made, label="Acompte", cents=10_000_00, **{"due_on": date(2026, 12, 15)} | instalment)
    return made


def test_nothing_known_says_nothing(client: Client, jeanne: User) -> None:
    page = note(client, company())
    assert "Aucun fait connu ne donne de phrase" in page
    assert "Personne, à ce que l’on sait ici" in page
    assert "Aucun montant connu ici" in page


def test_who_saw_them_their_needs_and_what_is_promised(client: Client, jeanne: User) -> None:
    who = company()
    visit(who, at="amiens", on=BEFORE)
    referral(need(who, on=BEFORE), "lens", state="taken_up", answered_on=BEFORE)
    referral(need(who, "export", on=BEFORE), "lens")
    need(who, "emploi", on=BEFORE)
    made = granted(who)
    DocumentDue.objects.create(agreement=made, label="Bilan", due_on=date(2026, 9, 30))
    page = note(client, who)
    assert "Le prochain versement de « Aide à l’investissement » est prévu le 15 décembre 2026" in page
    assert "Votre besoin « Financement » est pris en charge par Lens." in page
    assert "Amiens vous a rencontrés le 6 octobre 2026." in page
    assert "en attente : Lens" in page
    assert "à personne" in page
    assert "ne promettez pas de paiement avant de l’avoir reçu" in page


def test_what_is_kept_is_neither_shown_nor_said(client: Client, jeanne: User) -> None:
    who = company()
    visit(who, at="amiens", on=BEFORE, visibility=Visibility.OWNER)
    need(who, at="amiens", on=BEFORE, visibility=Visibility.OWNER)
    page = note(client, who)
    assert "Amiens" not in page
    assert client.get(f"/activite/note?sujet=organisation:{hidden(at='amiens').pk}").status_code == 404


def test_notes_that_one_may_read_are_not_to_be_repeated(client: Client, jeanne: User) -> None:
    seen = visit(on=BEFORE)
    VisitNote.objects.create(visit=seen, text="Vend dans deux ans.", owner=seen.owner, visibility=Visibility.OWNER)
    page = note(client, seen.organisation)
    assert "ne répétez pas ce que l’entreprise a confié" in page
    assert "Vend dans deux ans" not in page


def test_a_company_that_insee_does_not_publish_is_not_named_in_public(client: Client, jeanne: User) -> None:
    assert "ne citez ni son nom ni son adresse" in note(client, company("Menuiserie", diffusion="P"))
    assert "n’est pas public" in note(client, hidden(at="lille"))


def test_a_visit_after_the_day_of_the_note_is_not_known_yet(client: Client, jeanne: User) -> None:
    who = company()
    visit(who, on=BEFORE)
    assert "Lille vous a rencontrés" not in note(client, who, "2026-10-01")


def test_words_lead_to_the_note_or_to_a_choice(client: Client, jeanne: User) -> None:
    one = company("Filature du Nord")
    search_index.reindex()
    assert client.get("/activite/note?q=filature").context["note"].subject == one
    company("Filature de la Lys")
    search_index.reindex()
    assert len(client.get("/activite/note?q=filature").context["choices"]) == 2
    assert "Rien de ce nom" in client.get("/activite/note?q=zzzz").content.decode()
    assert client.get("/activite/note").status_code == 200
    assert client.get("/activite/note?le=demain").status_code == 400
    assert client.get("/activite/note?sujet=nothing:1").status_code == 404


def test_a_place_gathers_those_who_are_in_it(client: Client, jeanne: User) -> None:
    from beffroi.reference.models import Framework, Item, Version

    version = Version.objects.create(
        framework=Framework.objects.create(code="geo-communes", label="C", kind="geography"), code="2026"
    )
    lens = Item.objects.create(version=version, code="62498", label="Lens", level="commune", sort_key="lens")
    who = company("Verrerie de Lens", place=lens)
    visit(who, on=BEFORE)
    need(who, on=BEFORE)
    granted(who)
    answer = client.get(f"/activite/note?sujet=territory:{lens.pk}&le=2026-11-24")
    page = answer.content.decode()
    assert "Verrerie de Lens" in page
    assert answer.context["note"].need_count == 1
    assert len(client.get(f"/activite/note?sujet=territory:{lens.pk}&format=pdf").content) > 4_000


def test_the_note_is_one_printed_page(client: Client, jeanne: User) -> None:
    who = company()
    for subject in ("financement", "export", "emploi", "numerique", "ecologie", "achats", "strategie"):
        need(who, subject, on=BEFORE)
    for number in range(5):
        visit(who, at=f"operateur-{number}", on=BEFORE)
    granted(who)
    body = client.get(f"/activite/note?sujet=organisation:{who.pk}&format=pdf").content
    assert len(re.findall(rb"/Type\s*/Page[^s]", body)) <= 1


def test_the_note_asks_the_same_however_many_facts(client: Client, jeanne: User, queries: QueryCounts) -> None:
    who = company()
    for subject in ("financement", "export"):
        referral(need(who, subject, on=BEFORE), "lens")
        visit(who, on=BEFORE)
    note(client, who)
    with queries("the visit note"):
        note(client, who)


def test_a_need_that_another_keeps_says_neither_its_subject_nor_who_took_it(client: Client, jeanne: User) -> None:
    who = company()
    referral(need(who, "emploi", at="amiens", on=BEFORE), "lens", state="taken_up", answered_on=BEFORE)
    page = note(client, who)
    assert "Emploi" not in page and "Lens" not in page
    assert client.get(f"/activite/note?sujet=organisation:{who.pk}&le=2026-11-24&format=pdf").status_code == 200
