"""Persons: found, handed over, erased and forgotten; who read them is known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent, User
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.core.models import Mail
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import privacy as actions
from beffroi.interactions.jobs import forget_people
from beffroi.interactions.models import Arrival, Offer, Participation, VisitNote
from beffroi.interactions.queries import privacy as queries
from beffroi.interactions.rules import privacy as rules
from tests.accounts.factories import administrator, partner, person
from tests.actors.factories import contact, holder
from tests.interactions.factories import NOON, company, event, need, referral, visit

TODAY = date(2026, 11, 20)
LONG_AGO = date(2023, 11, 19)


@pytest.mark.parametrize(
    ("last", "on", "is_old"),
    [
        (date(2023, 11, 19), TODAY, True),
        (date(2023, 11, 20), TODAY, False),
        (date(2025, 2, 28), date(2028, 2, 29), False),
        (date(2025, 2, 27), date(2028, 2, 29), True),
        (date(2021, 2, 28), date(2024, 2, 29), False),
    ],
)
def test_three_whole_years_without_contact(last: date, on: date, is_old: bool) -> None:
    assert rules.is_old(last, on=on) is is_old


def test_every_kind_says_why_and_how_long() -> None:
    kinds = rules.personal_kinds()
    assert {kind.code for kind in queries.KINDS} <= {kind.code for kind in kinds}
    assert all(kind.purpose and kind.ground and kind.length and kind.after for kind in kinds)


pytestmark = pytest.mark.django_db


def past(row: Contact | ProjectHolder, day: date = LONG_AGO) -> None:
    """As if it had been typed that day."""
    row.history.update(history_date=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))  # type: ignore[union-attr]


def old_contact(*, met: date | None = LONG_AGO, at: str = "lille") -> Contact:
    made = contact(company(), at=at)
    Contact.objects.filter(pk=made.pk).update(last_contact=met, email="alix@filature.example", phone="03 20 00 00 01")
    past(made)
    return Contact.objects.get(pk=made.pk)


def participation(**fields: Any) -> Participation:
    told = event(starts=fields.pop("starts", NOON), at=fields.pop("at", "lille"))
    values = {"organisation": company(), "owner": told.owner, "person": "Alix Dubois", "email": "alix@filature.example"}
    return Participation.objects.create(event=told, **values | fields)


def names() -> list[str]:
    return [row.name for row in Contact.objects.order_by("pk")]


def test_a_contact_whom_nobody_met_for_three_years_is_forgotten_with_its_past() -> None:
    old, recent = old_contact(), old_contact(met=date(2023, 11, 20))
    assert actions.forget_old_people(on=TODAY) == 1
    assert names() == [queries.ERASED, "Alix Dubois"]
    old.refresh_from_db()
    assert (old.email, old.phone, old.role) == ("", "", "")
    assert set(old.history.values_list("name", "email")) == {(queries.ERASED, "")}
    assert set(recent.history.values_list("name", flat=True)) == {"Alix Dubois"}
    assert actions.forget_old_people(on=TODAY) == 0
    event = AuditEvent.objects.get(act="people_forgotten")
    assert event.detail == {"contact": 1}


def test_a_visit_keeps_its_contact_and_one_never_met_counts_from_its_typing() -> None:
    seen, typed = old_contact(), old_contact(met=None)
    visit(seen.organisation, contact=seen, on=date(2024, 1, 1))
    past(typed, date(2024, 5, 1))
    assert queries.endings(on=TODAY) == []
    assert [one.found.row for one in queries.endings(on=date(2027, 1, 2))] == [seen]


def test_a_holder_is_forgotten_three_years_after_the_last_need_unless_it_became_a_company() -> None:
    gone, asking, grown = (holder() for _one in range(3))
    ProjectHolder.objects.update(since=LONG_AGO)
    need(holder=asking, on=date(2025, 1, 1))
    ProjectHolder.objects.filter(pk=grown.pk).update(organisation=company())
    actions.forget_old_people(on=TODAY)
    assert list(ProjectHolder.objects.order_by("pk").values_list("name", flat=True)) == [
        queries.ERASED,
        "Sam Petit",
        "Sam Petit",
    ]
    assert ProjectHolder.objects.get(pk=gone.pk).project == "Atelier de recyclage"


def test_who_came_to_an_event_is_forgotten_and_that_the_company_came_is_not() -> None:
    came = participation(starts=datetime(2023, 11, 1, 12, tzinfo=UTC))
    told = {"event": came.event, "company": "Filature", "company_key": "filature", "person": "Alix", "person_key": "alix"}
    Arrival.objects.create(**told, at=NOON, email="alix@filature.example")
    recent = participation()
    assert actions.forget_old_people(on=TODAY) == 2
    came.refresh_from_db()
    arrival = Arrival.objects.get()
    assert (came.person, came.email, came.organisation_id is None) == ("", "", False)
    assert (arrival.person, arrival.email, arrival.company) == (queries.ERASED, "", "Filature")
    assert Participation.objects.get(pk=recent.pk).person == "Alix Dubois"
    assert actions.forget_old_people(on=TODAY) == 0


def test_a_person_is_found_by_name_address_or_number_in_ones_own_institution_alone() -> None:
    mine, others = old_contact(), old_contact(at="amiens")
    came, account = participation(), person("alix@lille.example", name="Alix Dubois")
    own = {partner().pk}
    for text, expected in (
        ("dubois ALIX", {("contact", mine.pk), ("participation", came.pk), ("account", account.pk)}),
        ("Alix@Filature.example", {("contact", mine.pk), ("participation", came.pk)}),
        ("+33 3 20 00 00 01", {("contact", mine.pk)}),
        ("zzz", set()),
        ("  ", set()),
    ):
        assert {(one.kind.code, one.row.pk) for one in queries.people_found(text, partners=own)} == expected, text
    assert queries.people_found("Alix", partners=()) == []
    assert others.pk not in {
        one.row.pk for one in queries.chosen([f"contact:{others.pk}", "moon:1", "contact:x"], partners=own)
    }


def test_texts_that_name_a_person_are_shown_to_be_corrected() -> None:
    noted, others = visit(), visit(at="amiens")
    for one in (noted, others):
        VisitNote.objects.create(visit=one, owner=one.owner, text="Vu Alix Dubois, gérante", visibility=Visibility.OWNER)
    need(text="Alix Dubois cherche un prêt")
    found = queries.mentions_found("Alix Dubois", partners={partner().pk})
    assert [str(one.label) for one in found] == ["note de visite", "besoin"]
    assert found[0].address == noted.get_absolute_url()
    assert queries.mentions_found(" ", partners={partner().pk}) == []


def test_erasing_takes_the_person_out_of_the_chosen_rows_and_says_how_many() -> None:
    anne, kept = administrator(), old_contact(met=TODAY)
    closed = person("alix@lille.example", name="Alix Dubois")
    own = {partner().pk}
    chosen = queries.chosen([f"contact:{kept.pk}", f"account:{closed.pk}"], partners=own)
    with pytest.raises(Refused, match="se ferme d’abord"):
        actions.erase_person(chosen, reason="Demande", by=anne)
    with pytest.raises(Refused, match="cochez"):
        actions.erase_person([], reason="Demande", by=anne)
    assert names() == ["Alix Dubois"]
    User.objects.filter(pk=closed.pk).update(is_active=False)
    chosen = queries.chosen([f"contact:{kept.pk}", f"account:{closed.pk}"], partners=own)
    assert actions.erase_person(chosen, reason="Demande du 3", by=anne) == 2
    account = User.objects.get(pk=closed.pk)
    assert (names(), account.name.startswith(queries.ERASED_ACCOUNT), account.has_usable_password()) == (
        [queries.ERASED],
        True,
        False,
    )
    act = AuditEvent.objects.get(act="person_erased")
    assert (act.detail, act.by) == ({"reason": "Demande du 3", "contact": 1, "account": 1}, anne)


def test_who_read_what_is_kept_for_a_year() -> None:
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for days in (364, 366):
        AuditEvent.objects.filter(pk=AuditEvent.objects.create(act="contacts_read").pk).update(at=now - timedelta(days=days))
    AuditEvent.objects.filter(pk=AuditEvent.objects.create(act="signed_in").pk).update(at=now - timedelta(days=900))
    old_contact()
    forget_people(now)
    assert sorted(AuditEvent.objects.values_list("act", flat=True)) == ["contacts_read", "people_forgotten", "signed_in"]


# The pages


def test_everybody_reads_what_is_kept_and_why(client: Client) -> None:
    text = client.get("/activite/donnees-personnelles/").content.decode()
    assert "trois ans après le dernier échange" in text and "Répondre à une personne" not in text
    assert "/activite/donnees-personnelles/" in client.get("/").content.decode(), "found from the foot of every page"


def test_a_request_is_answered_from_search_to_erasure(client: Client) -> None:
    old = old_contact(met=TODAY)
    client.force_login(administrator())
    page = "/activite/donnees-personnelles/personne"
    assert "alix@filature.example" in client.get(f"{page}?q=dubois").content.decode()
    assert "ne garde rien sous ce nom" in client.get(f"{page}?q=nobody").content.decode()
    file = b"".join(client.get(f"{page}?q=dubois&format=json")).decode()
    assert "Alix Dubois" in file and "alix@filature.example" in file
    key = f"contact:{old.pk}"
    assert client.post(f"{page}/effacer?q=dubois", {"row": key}).status_code == 422
    assert "cochez" in client.post(f"{page}/effacer?q=dubois", {"reason": "Demande"}).content.decode()
    done = client.post(f"{page}/effacer?q=dubois", {"row": key, "reason": "Demande"}, follow=True)
    assert "1 ligne effacée" in done.content.decode()
    log = client.get("/comptes/journal/consultations").content.decode()
    assert "personne recherchée" in log and "données d’une personne remises" in log
    assert "dubois" not in log.lower()


def test_whoever_administers_no_institution_finds_nobody(client: Client) -> None:
    old_contact()
    client.force_login(person())
    for path in ("personne?q=dubois", "echeances"):
        assert client.get(f"/activite/donnees-personnelles/{path}").status_code == 403
    client.force_login(administrator("bruno@amiens.example"))
    User.objects.get(email="bruno@amiens.example").memberships.update(partner=partner("amiens"))
    assert "filature.example" not in client.get("/activite/donnees-personnelles/personne?q=dubois").content.decode()


def test_the_list_of_those_about_to_be_forgotten_comes_two_months_before(client: Client) -> None:
    old_contact(met=date(2024, 1, 10))
    old_contact(met=date(2024, 1, 30))
    client.force_login(administrator())
    text = client.get("/activite/donnees-personnelles/echeances").content.decode()
    assert ("10 janvier 2024" in text, "30 janvier 2024" in text) == (True, False)


def test_reading_contacts_and_taking_a_list_away_is_noted(client: Client) -> None:
    jeanne, firm = person(), Organisation.objects.get(pk=contact(company()).organisation_id)
    client.force_login(jeanne)
    client.get(firm.get_absolute_url())
    client.get("/acteurs/porteurs/")
    list(client.get("/acteurs/?format=csv"))
    acts = AuditEvent.objects.filter(by=jeanne).order_by("pk").values_list("act", "subject_id", "detail")
    assert list(acts) == [
        ("contacts_read", firm.pk, {}),
        ("holders_read", None, {}),
        ("exported", None, {"page": "actors:directory"}),
    ]
    client.logout()
    client.get(firm.get_absolute_url())
    assert AuditEvent.objects.filter(act="contacts_read").count() == 1


def test_an_administrator_reads_the_acts_and_readings_of_their_own_people_alone(client: Client) -> None:
    for at in ("lille", "amiens"):
        AuditEvent.objects.create(act="contacts_read", by=person(f"lecteur@{at}.example", at=at), subject_kind=at)
        AuditEvent.objects.create(
            act="event_changed", by=User.objects.get(email=f"lecteur@{at}.example"), detail={"title": f"à {at}"}
        )
    client.force_login(administrator())
    readings = client.get("/comptes/journal/consultations").content.decode()
    trail = client.get("/comptes/journal/").content.decode()
    assert ("lille" in readings, "amiens" in readings) == (True, False)
    assert ("à lille" in trail, "à amiens" in trail) == (True, False)


def test_a_contact_without_any_day_has_three_years_from_the_day_one_notices() -> None:
    made = old_contact(met=None)
    made.history.all().delete()
    visit(made.organisation, contact=made, on=date(2020, 1, 1), state="cancelled")
    assert actions.forget_old_people(on=TODAY) == 0
    assert actions.forget_old_people(on=TODAY) == 0
    assert made.history.count() == 1
    assert [one.found.row for one in queries.endings(on=date(2029, 11, 21))] == [made]


def test_a_cancelled_visit_is_no_meeting() -> None:
    made = old_contact()
    visit(made.organisation, contact=made, on=date(2026, 1, 1), state="cancelled")
    assert [one.found.row for one in queries.endings(on=TODAY)] == [made]


def test_who_told_an_offer_is_found_and_erased_and_so_are_the_mails_that_were_sent() -> None:
    said = {"kind": "skill", "text": "Tissage", "detail": "Voir Alix Dubois", "declared_on": TODAY, "consented_on": TODAY}
    offer = Offer.objects.create(organisation=company(), owner=partner(), told_by="Alix Dubois, direction", **said)
    typed = old_contact()
    typed.email = "Alix@filature.example"
    typed.save()
    for sent_at in (NOON, None):
        Mail.objects.create(to="alix@filature.example", subject="Alix, votre visite", sent_at=sent_at)
    found = queries.people_found("alix dubois", partners=[partner().pk])
    assert {one.kind.code for one in found} == {"contact", "offer"}
    actions.erase_person(found, reason="Elle le demande", by=person())
    offer.refresh_from_db()
    assert (offer.told_by, {row.told_by for row in offer.history.all()}) == ("", {""})
    assert list(Mail.objects.order_by("pk").values_list("to", "subject")) == [
        ("efface@courriel.invalid", ""),
        ("alix@filature.example", "Alix, votre visite"),
    ]


def test_a_name_is_found_in_every_text_that_people_wrote() -> None:
    referral(need(), "lille", comment="Alix rappelle")
    event(description="Avec Alix")
    who = holder()
    who.project = "Atelier d’Alix"
    who.save()
    found = queries.mentions_found("alix", partners=[partner().pk])
    assert sorted(one.text for one in found) == ["Alix rappelle", "Atelier d’Alix", "Avec Alix"]
    assert all(one.address.startswith("/") for one in found)
