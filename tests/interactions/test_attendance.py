"""Who is invited, who came, and who was seen afterwards."""

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Contact
from beffroi.core.models import Mail
from beffroi.interactions.actions import attendance as actions
from beffroi.interactions.enums import FollowUp
from beffroi.interactions.models import Arrival, Participation
from beffroi.interactions.queries import attendance, doors
from beffroi.provenance.queries import Moment
from beffroi.publishing.why import evidence
from tests.accounts.factories import partner, person
from tests.actors.factories import hidden, holder, organisation, pair
from tests.interactions.event_factories import area, at, guest, planned_event
from tests.interactions.factories import company, visit
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


# Inviting


def test_a_pasted_list_is_invited_and_what_names_nobody_comes_back() -> None:
    made, mill = planned_event(), company("Filature du Nord", siren="552100554")
    Contact.objects.create(organisation=mill, name="Alix", email="alix@filature.example", owner=partner(), visibility=1)
    company("Bois & Cie"), company("Bois Cie")
    text = "552 100 554\nInconnue SA ; Jean\nBois Cie\nLin SARL ; Zoé ; zoe@lin.example"
    company("Lin SARL")
    invited = actions.invite_written(made, text, by=person())
    assert sorted((row.organisation.name, row.person, row.email) for row in made.participations.all()) == [
        ("Filature du Nord", "Alix", "alix@filature.example"),
        ("Lin SARL", "Zoé", "zoe@lin.example"),
    ]
    assert list(invited.unknown) == ["Inconnue SA ; Jean", "Bois Cie"]
    assert actions.invite_written(made, text, by=person("b@lille.example")).known == 2


def test_a_company_that_the_organiser_may_not_see_is_not_known_here() -> None:
    hidden("Prospect réservé", at="amiens")
    invited = actions.invite_written(planned_event(), "Prospect réservé", by=person())
    assert invited.unknown == {"Prospect réservé": "Aucune organisation connue n’a ce numéro ni ce nom."}


def test_a_project_holder_is_invited_once() -> None:
    made, who = planned_event(), holder()
    assert actions.invite_holder(made, who, by=person()) == actions.invite_holder(made, who, by=person("b@lille.example"))


def test_each_guest_receives_one_mail() -> None:
    made, by = planned_event(), person()
    guest(made, email="a@b.example")
    guest(made, company("Sans courriel"))
    assert [actions.send_invitations(made, by=by, at=timezone.now()) for _ in range(2)] == [1, 0]
    mail = Mail.objects.get()
    row = Participation.objects.exclude(email="").get()
    assert (mail.to, mail.subject) == ("a@b.example", "Invitation : Textiles techniques")
    assert reverse("interactions:answer", args=[row.token]) in mail.text


def test_a_guest_answers_without_an_account(client: Client) -> None:
    row = guest(planned_event(), token="t" * 43)
    address = reverse("interactions:answer", args=[row.token])
    assert "Invitation pour Filature du Nord" in client.get(address).text
    client.post(address, {"declines": "1"})
    row.refresh_from_db()
    assert row.state == "declined"
    assert actions.answer_invitation(row, comes=True, at=timezone.now()).state == "registered"
    Participation.objects.update(state="attended")
    assert actions.answer_invitation(row, comes=False, at=timezone.now()).state == "attended"
    with time_machine.travel(row.event.ends + timedelta(days=1)):
        assert "Cet événement a eu lieu" in client.get(address).text


def test_inviting_on_screen(client: Client) -> None:
    made = planned_event()
    company("Lin SARL")
    client.force_login(person())
    where = reverse("interactions:invite", args=[made.pk])
    assert "Aucune campagne" in client.get(where).text
    answer = client.post(where, {"text": "Lin SARL\nPerdue"})
    assert answer.status_code == 422 and ">\nPerdue</textarea>" in answer.text
    assert "« Perdue » : Aucune organisation" in answer.text
    assert client.post(where, {"text": "Lin SARL"}).status_code == 302
    sent = client.post(reverse("interactions:send_invitations", args=[made.pk]), follow=True).text
    assert "Personne n’attend d’invitation" in sent and "Lin SARL" in sent
    Participation.objects.update(email="a@b.example")
    assert "1 invitation part" in client.post(reverse("interactions:send_invitations", args=[made.pk]), follow=True).text


# The door


@time_machine.travel(at("2026-11-20 11:00"), tick=False)
def test_attendance_is_noted_by_list(client: Client) -> None:
    made = planned_event(on="2026-11-20")
    rows = [guest(made, company(name)) for name in ("Acier", "Bois", "Chanvre")]
    rows[2].state = "declined"
    rows[2].save()
    client.force_login(person())
    told = {"row": [row.pk for row in rows], "came": [rows[0].pk], "flagged": [rows[0].pk]}
    where = reverse("interactions:attendance", args=[made.pk])
    assert "2 lignes changées" in client.post(where, told, follow=True).text
    assert [(row.state, row.flagged) for row in Participation.objects.order_by("pk")] == [
        ("attended", True),
        ("absent", False),
        ("declined", False),
    ]
    assert "Présences notées : 0 ligne" in client.post(where, told, follow=True).text
    taken = b"".join(client.get(where, {"format": "csv"})).decode()
    assert "Acier,,,,présente,oui" in taken


def test_who_arrives_while_the_list_is_open_stays_there() -> None:
    made, by, mill = planned_event(on="2026-11-20"), person(), company("Acier")
    rows = [guest(made, mill), guest(made, company("Bois")), guest(made, company("Chanvre"), "attended", flagged=True)]
    shown = actions.Ticks([row.pk for row in rows], [rows[2].pk], [rows[2].pk])
    actions.mark_present(made, mill, by=None, at=at("2026-11-20 10:10"))
    early = {"shown": shown, "present": [rows[2].pk], "flagged": [rows[2].pk], "by": by}
    assert actions.note_attendance(made, **early, at=at("2026-11-20 09:50")) == 0
    assert actions.note_attendance(made, **early, at=at("2026-11-20 10:20")) == 1
    assert list(made.participations.order_by("pk").values_list("state", flat=True)) == ["attended", "absent", "attended"]
    none = {"shown": shown, "present": [], "flagged": [], "by": by}
    assert actions.note_attendance(made, **none, at=at("2026-11-20 09:50")) == 1
    rows[2].refresh_from_db()
    assert (rows[2].state, rows[2].flagged) == ("invited", False)


@pytest.mark.parametrize(("state", "now"), [("cancelled", "2026-11-20 09:00"), ("announced", "2026-12-20 09:00")])
def test_nobody_answers_an_invitation_too_late(client: Client, state: str, now: str) -> None:
    row = guest(planned_event(on="2026-11-20", state=state), token="t" * 43)
    with time_machine.travel(at(now), tick=False):
        answered = client.post(reverse("interactions:answer", args=[row.token]), {"comes": "1"}, follow=True)
    row.refresh_from_db()
    assert (row.state, "votre réponse n’est pas notée" in answered.text) == ("invited", True)


def test_a_guest_signs_in_at_the_door_and_learns_nothing(client: Client) -> None:
    made = planned_event(on="2026-11-20")
    known = guest(made, hidden("Prospect réservé"))
    address = doors.door_path(made)
    answers = [
        TOKEN.sub("", client.post(address, {"company": name, "person": "Zoé"}, follow=True).text)
        for name in ("prospect  RÉSERVÉ", "Inconnue SA")
    ]
    assert answers[0] == answers[1] and "bienvenue" in answers[0]
    known.refresh_from_db()
    assert (known.state, known.person) == ("attended", "Zoé")
    assert list(attendance.waiting_arrivals(made).values_list("company", flat=True)) == ["Inconnue SA"]
    client.post(address, {"company": "Inconnue SA", "person": "zoé"})
    assert Arrival.objects.count() == 2
    assert client.post(address, {"company": ""}).status_code == 422


def test_somebody_who_was_not_invited_is_known_by_the_public_register() -> None:
    made, mill = planned_event(on="2026-11-20"), company("Filature du Nord", siren="552100554")
    told = {"person": "Zoé", "email": "", "at": timezone.now(), "viewer": AnonymousUser()}
    arrival = actions.sign_in(made, company="552100554", **told)
    assert (arrival.organisation, arrival.participation.owner) == (mill, made.owner)
    assert actions.sign_in(made, company="Autre", **told).organisation is None


def test_the_door_opens_on_its_day_alone(client: Client) -> None:
    made = planned_event(on="2026-11-20")
    assert doors.is_open(made, at("2026-11-20 08:00")) and doors.is_open(made, made.ends + timedelta(days=1))
    assert not doors.is_open(made, at("2026-11-20 07:59"))
    made.starts, made.ends = made.starts + timedelta(days=9), made.ends + timedelta(days=9)
    made.save()
    assert "de deux heures avant" in client.post(doors.door_path(made), {"company": "x", "person": "y"}).text
    assert not Arrival.objects.exists()


def test_the_organisers_say_who_an_unknown_arrival_was(client: Client) -> None:
    made, mill = planned_event(on="2026-11-20"), company("Filature du Nord")
    arrivals = [
        actions.sign_in(made, company=name, person="Zoé", email="", at=timezone.now(), viewer=AnonymousUser())
        for name in ("La filature", "Plaisanterie")
    ]
    client.force_login(person())
    page = client.get(reverse("interactions:attendance", args=[made.pk])).text
    assert "La filature" in page and "Plaisanterie" in page
    where = [reverse("interactions:settle_arrival", args=[made.pk, arrival.pk]) for arrival in arrivals]
    assert "Aucune organisation connue" in client.post(where[0], {"company": "Rien"}, follow=True).text
    assert "Écrivez le SIREN" in client.post(where[0], {}, follow=True).text
    client.post(where[0], {"company": "Filature du Nord"})
    client.post(where[1], {"refuse": "1"})
    assert list(made.participations.values_list("organisation", "state")) == [(mill.pk, "attended")]
    assert not attendance.waiting_arrivals(made).exists()


def test_the_printed_sheet_has_the_code_of_the_door(client: Client) -> None:
    made = planned_event(on="2026-11-20")
    guest(made)
    client.force_login(person())
    sheet = client.get(reverse("interactions:attendance_sheet", args=[made.pk])).text
    assert "Filature du Nord" in sheet and doors.door_path(made) in sheet
    code = client.get(reverse("interactions:event_code", args=[made.pk]))
    assert code.headers["Content-Type"] == "image/svg+xml" and ContentFile(code.content).read().startswith(b"<?xml")
    client.logout()
    assert client.get(reverse("interactions:event_code", args=[made.pk])).status_code == 302


def test_people_and_addresses_are_for_the_organisers(client: Client) -> None:
    made = planned_event()
    guest(made, person="Zoé Lin", email="zoe@lin.example")
    client.force_login(person("paul@amiens.example", at="amiens"))
    page = client.get(made.get_absolute_url()).text
    assert "Filature du Nord" in page and "Zoé Lin" not in page
    client.force_login(person())
    assert "Zoé Lin" in client.get(made.get_absolute_url()).text


# Afterwards


def flagged_at(day: str, name: str, state: str = "attended", **fields: object) -> Participation:
    return guest(planned_event(on=day, state="held"), company(name), state, flagged=True, **fields)


def asked(**more: object) -> dict[str, object]:
    return {"since": date(2026, 1, 1), "until": ON, "days": 30, **more}


def outcome(viewer: AnyUser, **more: object) -> list[tuple[str, str]]:
    found = attendance.followed_up(asked(**more), on=ON, viewer=viewer)
    return sorted((str(one.row.organisation), str(one.state)) for one in found.rows)


def test_the_share_of_flagged_companies_visited_after_an_event() -> None:
    seen, other = flagged_at("2026-06-01", "Acier"), flagged_at("2026-06-01", "Bois")
    visit(seen.organisation, at="amiens", on=date(2026, 6, 20))
    visit(other.organisation, on=date(2026, 6, 1))
    visit(other.organisation, on=date(2026, 6, 9), state="planned")
    flagged_at("2026-11-10", "Chanvre")
    visit(flagged_at("2026-11-10", "Feutre").organisation, on=date(2026, 11, 12))
    guest(planned_event(on="2026-06-01"), company("Gaze"), "attended", flagged=True)  # nobody confirmed the event
    flagged_at("2026-06-01", "Dentelle", "registered")
    flagged_at("2026-06-01", "Étoffe", "absent")
    found = attendance.followed_up(asked(), on=ON, viewer=person())
    assert outcome(person("b@lille.example")) == [
        ("Acier", FollowUp.VISITED),
        ("Bois", FollowUp.NOT_VISITED),
        ("Chanvre", FollowUp.NOT_YET),
        ("Dentelle", FollowUp.UNKNOWN),
        ("Feutre", FollowUp.EARLY),
    ]
    assert (found.share.visited, found.share.due) == (1, 2)
    assert [figure.value for figure in found.figures] == [0.5, 1, 1, 1, 1, 1]
    assert [flag.state for flag in found.flags].count(FollowUp.VISITED) == 1


def test_records_of_one_body_are_one_company_and_one_visit_is_enough() -> None:
    one, other = flagged_at("2026-06-01", "Acier"), flagged_at("2026-06-02", "Acier SA")
    pair(one.organisation, other.organisation, "accepted")
    visit(other.organisation, on=date(2026, 6, 20))
    share = attendance.followed_up(asked(), on=ON, viewer=person()).share
    assert (share.visited, share.due) == (1, 1)


def test_a_visit_that_its_operator_keeps_counts_for_nobody() -> None:
    row = flagged_at("2026-11-10", "Acier")
    visit(row.organisation, on=date(2026, 11, 12), reserved_until=date(2026, 12, 1))
    assert outcome(person()) == outcome(person("paul@amiens.example", at="amiens")) == [("Acier", FollowUp.NOT_YET)]


def test_an_event_kept_by_its_owner_is_in_nobodys_share() -> None:
    kept = planned_event(on="2026-06-01", state="held", visibility=Visibility.OWNER)
    guest(kept, company("Acier"), "attended", flagged=True)
    assert outcome(person()) == []


def test_the_share_is_asked_by_area_and_by_operator() -> None:
    row = flagged_at("2026-06-01", "Acier")
    row.event.items.add(area())
    guest(planned_event(on="2026-06-02", at_="amiens", state="held"), company("Bois"), "attended", flagged=True)
    assert [name for name, _state in outcome(person(), area=area())] == ["Acier"]
    assert [name for name, _state in outcome(person("b@lille.example"), operator=partner("amiens"))] == ["Bois"]


def test_the_page_of_what_follows(client: Client, queries: QueryCounts) -> None:
    client.force_login(person())
    where = reverse("interactions:follow_up")
    assert "Aucune entreprise n’a été signalée" in client.get(where).text
    for name in ("Acier", "Bois", "Chanvre"):
        visit(flagged_at("2026-06-01", name).organisation, on=date(2026, 6, 12))
    with queries("follow-up of events"):
        page = client.get(where, {"days": "30"}).text
    assert "3 sur 3 entreprises" in page
    key = "event_follow_up:2025-11-20/2026-11-20/30//"
    assert key in unquote(page)
    told = evidence(key, viewer=person("pourquoi@lille.example"), moment=Moment(ON, timezone.now()))
    assert (told.figure.value, [str(part.label) for part in told.parts][0]) == (1.0, "Acier : visitée dans le délai")
    for wrong in ("event_follow_up:2025-11-20", "event_follow_up:x/2026-11-20/30//"):
        with pytest.raises(Http404):
            evidence(wrong, viewer=person(f"{len(wrong)}@lille.example"), moment=Moment(ON, timezone.now()))
    area_key = f"event_follow_up:2025-11-20/2026-11-20/30/{area().pk}/{partner().pk}"
    assert evidence(area_key, viewer=person("z@lille.example"), moment=Moment(ON, timezone.now())).figure.value is None
    assert "Acier" in b"".join(client.get(where, {"format": "csv"})).decode()
    client.force_login(person("seul@lille.example", role=None))
    assert client.get(where).status_code == 404


def test_a_long_list_costs_the_same(client: Client, queries: QueryCounts) -> None:
    made = planned_event()
    for number in range(5):
        guest(made, organisation(f"Entreprise {number}", "company"))
    client.force_login(person(role=Role.DEVELOPER))
    with queries("attendance list"):
        client.get(reverse("interactions:attendance", args=[made.pk]))
    with queries("attendance sheet"):
        client.get(reverse("interactions:attendance_sheet", args=[made.pk]))


def test_co_organisers_do_not_learn_the_companies_that_one_keeps_to_itself(client: Client) -> None:
    made = planned_event()
    made.with_partners.add(partner("amiens"))
    guest(made, company("Vue de tous"))
    guest(made, hidden("Prospect gardé"))
    client.force_login(person("paul@amiens.example", at="amiens", role=Role.DEVELOPER))
    page = client.get(reverse("interactions:attendance", args=[made.pk])).content.decode()
    assert "Vue de tous" in page and "Prospect gardé" not in page
    assert "1 entreprise que vous ne pouvez pas voir" in page
