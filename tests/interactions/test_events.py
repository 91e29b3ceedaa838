"""The shared calendar: planned by one, seen by all, close events shown before anything is written."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.refusals import Refused
from beffroi.interactions.actions import events as actions
from beffroi.interactions.enums import EventState
from beffroi.interactions.forms.fields import PartnersField, place_called
from beffroi.interactions.models import Event
from beffroi.interactions.queries import events
from beffroi.interactions.queries.zones import zones_of
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import partner, person
from tests.interactions.event_factories import area, at, place, planned_event
from tests.interactions.factories import event
from tests.queries import QueryCounts

pytestmark = pytest.mark.django_db
TYPED = {"client_id": "c1", "title": "Rencontre lin et chanvre", "first_day": "2026-12-01", "begins": "09:00",
         "finishes": "12:00", "visibility": "1", "seen": ""}  # fmt: skip


# Who sees what


def test_partners_see_what_is_prepared_and_the_public_what_is_announced() -> None:
    draft = planned_event(state="draft", visibility=Visibility.PUBLIC)
    assert list(Event.objects.visible_to(person("paul@amiens.example", at="amiens"))) == [draft]
    assert not Event.objects.visible_to(AnonymousUser()).exists()
    draft.state = EventState.ANNOUNCED
    draft.save()
    assert list(Event.objects.visible_to(AnonymousUser())) == [draft]


def test_who_organises_with_others_sees_and_runs_it_whatever_its_level() -> None:
    kept = planned_event(visibility=Visibility.OWNER)
    other = person("paul@amiens.example", at="amiens")
    assert not Event.objects.visible_to(other).exists()
    kept.with_partners.add(partner("amiens"))
    assert list(Event.objects.visible_to(other)) == [kept]
    assert events.may_run(kept, other)
    assert not events.may_run(kept, person("elu@amiens.example", at="amiens", role=Role.ELECTED))
    assert not Event.objects.organised_by(AnonymousUser()).exists()


# Places


def test_a_place_is_in_all_that_contains_it_and_wide_ones_are_apart() -> None:
    metropole = place("Métropole", "epci", inside=place("Nord", "department"))
    lille = place(inside=metropole)
    found = zones_of([lille.pk, None])[lille.pk]
    assert found.all == {lille.pk, metropole.pk, place("Nord", "department").pk}
    assert found.narrow == {lille.pk, metropole.pk}


def test_a_place_that_a_document_names_gives_way_to_the_official_one() -> None:
    cited = Framework.objects.create(code="lieux-cites", label="Lieux cités", kind=FrameworkKind.GEOGRAPHY)
    version = Version.objects.create(framework=cited, code="1")
    named = Item.objects.create(version=version, code="lille-cite", label="Lille", level="commune", sort_key="lille")
    assert place_called("Lille") == named
    official = place()
    assert place_called("Lille") == official


def test_operators_are_typed_by_their_names() -> None:
    field = PartnersField(required=False)
    partner("amiens"), partner("lens")
    assert field.clean("Amiens ; lens;amiens") == [partner("amiens"), partner("lens")]
    with pytest.raises(ValidationError, match="Opérateur inconnu : Brest"):
        field.clean("Brest")


# Planning


def test_an_event_sent_twice_is_one_event() -> None:
    told = {
        "owner": partner(),
        "by": person(),
        "at": timezone.now(),
        "client_id": "a",
        "title": "Lin",
        "with_partners": [partner()],
    }
    times = {"starts": at("2026-12-01 09:00"), "ends": at("2026-12-01 12:00")}
    made = [actions.add_event(items=[area()], **told, **times) for _ in range(2)]
    assert made[0] == made[1] and Event.objects.count() == 1
    assert (list(made[0].items.all()), made[0].with_partners.count(), len(made[0].token)) == ([area()], 0, 43)


def test_an_event_follows_its_life() -> None:
    made, by = planned_event(state="draft"), person()
    assert events.next_states(made) == [EventState.ANNOUNCED, EventState.CANCELLED]
    actions.move_event(made, EventState.ANNOUNCED, by=by, at=timezone.now())
    with pytest.raises(Refused, match="pas encore eu lieu"):
        actions.move_event(made, EventState.HELD, by=by, at=timezone.now())
    actions.move_event(made, EventState.HELD, by=by, at=made.ends)
    with pytest.raises(Refused, match="« tenu » ne devient pas « annulé »"):
        actions.move_event(made, EventState.CANCELLED, by=by, at=made.ends)
    assert list(AuditEvent.objects.order_by("pk").values_list("act", flat=True)) == ["event_announced", "event_moved"]


def test_a_close_event_is_shown_before_anything_is_written(client: Client) -> None:
    other = planned_event("Lin et chanvre", at_="amiens")
    client.force_login(person())
    answer = client.post(reverse("interactions:add_event"), TYPED)
    assert answer.status_code == 422 and Event.objects.count() == 1
    assert "Regardez-les, puis enregistrez" in answer.text and "Lin et chanvre" in answer.text
    assert f'name="seen" value="{other.pk}"' in answer.text
    answer = client.post(reverse("interactions:add_event"), TYPED | {"seen": str(other.pk)})
    made = Event.objects.get(client_id="c1")
    assert answer.headers["Location"] == made.get_absolute_url()
    assert (made.owner, made.state, made.starts) == (partner(), "draft", at("2026-12-01 09:00"))


def test_close_events_show_while_typing(client: Client) -> None:
    planned_event("Lin et chanvre", at_="amiens")
    client.force_login(person())
    typed = client.post(reverse("interactions:close_events"), TYPED | {"title": "", "visibility": ""}).text
    assert "Aucun événement connu n’est proche" in typed
    assert "1 événement proche" in client.post(reverse("interactions:close_events"), TYPED).text
    wrong = client.post(reverse("interactions:close_events"), TYPED | {"place": "Nulle part"}).text
    assert "Aucun territoire officiel" in wrong and "1 événement proche" in wrong
    assert "proche" not in client.post(reverse("interactions:close_events"), TYPED | {"begins": ""}).text.partition("polite")[2]


def test_an_event_changes_and_is_not_close_to_itself(client: Client) -> None:
    made = planned_event("Lin et chanvre", areas=[area()], place=place())
    client.force_login(person())
    page = client.get(reverse("interactions:change_event", args=[made.pk])).text
    assert 'value="Lille (lille)"' in page and 'value="2026-12-01"' in page
    told = TYPED | {"place": "Lille", "items": [area().pk], "last_day": "2026-12-02", "with_partners": ""}
    assert client.post(reverse("interactions:change_event", args=[made.pk]), told).status_code == 302
    made.refresh_from_db()
    assert (made.title, timezone.localdate(made.ends)) == ("Rencontre lin et chanvre", date(2026, 12, 2))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"finishes": "08:00"}, "finit après avoir commencé"),
        ({"last_day": "2027-03-01"}, "un mois au plus"),
        ({"place": "Nulle part"}, "Aucun territoire officiel"),
        ({"first_day": ""}, "obligatoire"),
    ],
)
def test_a_wrong_form_says_what_to_correct(client: Client, wrong: dict[str, str], said: str) -> None:
    client.force_login(person())
    answer = client.post(reverse("interactions:add_event"), TYPED | wrong)
    assert (answer.status_code, Event.objects.count()) == (422, 0)
    assert said in answer.text and "Rencontre lin et chanvre" in answer.text


def test_another_operator_changes_nothing(client: Client) -> None:
    made = planned_event()
    client.force_login(person("paul@amiens.example", at="amiens"))
    for name in ("change_event", "invite", "attendance", "attendance_sheet", "event_code"):
        assert client.get(reverse(f"interactions:{name}", args=[made.pk])).status_code == 403
    assert client.post(reverse("interactions:move_event", args=[made.pk]), {"state": "cancelled"}).status_code == 403


def test_moving_an_event_on_its_page(client: Client) -> None:
    made = planned_event(state="draft")
    client.force_login(person())
    where = reverse("interactions:move_event", args=[made.pk])
    assert "C’est noté : annoncé" in client.post(where, {"state": "announced"}, follow=True).text
    assert "pas encore eu lieu" in client.post(where, {"state": "held"}, follow=True).text
    client.post(where, {"state": "nonsense"})
    made.refresh_from_db()
    assert made.state == EventState.ANNOUNCED


# The calendar


def test_the_month_shows_an_event_on_each_of_its_days(client: Client) -> None:
    planned_event("Salon du lin", "2026-12-30", ends=at("2027-01-02 00:00"))
    client.force_login(person())
    page = client.get(reverse("interactions:events"), {"month": "2026-12"}).text
    assert page.count(">Salon du lin</a>") == 3
    assert "Salon du lin" in client.get(reverse("interactions:events"), {"month": "2027-01"}).text
    assert "Aucun événement connu ici" in client.get(reverse("interactions:events"), {"month": "nonsense"}).text


def test_the_list_is_filtered_and_taken_away(client: Client) -> None:
    textile = planned_event("Lin", areas=[area()], place=place(inside=place("Métropole", "epci")))
    planned_event("Bois", at_="amiens", state="cancelled")
    planned_event("Mer", "2027-02-01", at_="amiens").with_partners.add(partner("lens"))
    client.force_login(person())

    def titles(**asked: object) -> list[str]:
        lines = b"".join(client.get(reverse("interactions:events"), {"view": "list", "format": "csv", **asked})).decode()
        return [line.split(",")[0] for line in lines.splitlines()[1:]]

    assert titles() == ["Lin", "Mer"]
    assert titles(area=area().pk) == titles(place="Métropole") == titles(operator=partner().pk) == titles(q="LIN") == ["Lin"]
    assert titles(state="cancelled") == ["Bois"]
    assert titles(operator=partner("lens").pk) == ["Mer"]
    assert titles(place="Nulle part") == ["Lin", "Mer"]
    assert "Lin" in client.get(textile.get_absolute_url()).text


def test_what_comes_too_close_is_told_to_those_who_can_move_it(client: Client) -> None:
    planned_event("Lin", areas=[area()])
    planned_event("Chanvre", areas=[area()], at_="amiens")
    planned_event("Secret", areas=[area()], at_="amiens", visibility=Visibility.OWNER)
    client.force_login(person())
    page = client.get(reverse("interactions:events")).text
    assert "Trop proches, dans les trois mois" in page and "Secret" not in page
    client.force_login(person("elue@lille.example", role=Role.ELECTED))
    assert "Trop proches" not in client.get(reverse("interactions:events")).text


def test_the_calendar_goes_into_an_agenda(client: Client) -> None:
    shown = planned_event("Lin, chanvre", visibility=Visibility.PUBLIC, place=place(), venue="12 rue Haute")
    planned_event("Entre partenaires")
    text = client.get(reverse("interactions:calendar_ics")).text
    assert r"SUMMARY:Lin\, chanvre" in text and "Entre partenaires" not in text
    assert r"LOCATION:12 rue Haute\, Lille" in text
    assert client.get(reverse("interactions:event_ics", args=[shown.pk])).headers["Content-Type"].startswith("text/calendar")


def test_the_calendar_costs_the_same_whatever_it_shows(client: Client, queries: QueryCounts) -> None:
    client.force_login(person())
    for number in range(3):
        made = planned_event(f"Lin {number}", areas=[area()], place=place(inside=place("Métropole", "epci")))
        made.with_partners.add(partner("amiens"))
    with queries("events of a month"):
        client.get(reverse("interactions:events"), {"month": "2026-12"})
    with queries("events in a list"):
        client.get(reverse("interactions:events"), {"view": "list"})
    with queries("sheet of an event"):
        client.get(made.get_absolute_url())


def test_only_live_events_of_the_time_are_compared() -> None:
    mine = planned_event("Lin")
    planned_event("Lin", state="cancelled")
    event("Lin", starts=mine.starts + timedelta(days=60))
    near = event("Lin", starts=mine.starts + timedelta(days=10))
    found = events.close_events(mine, areas=[], viewer=person())
    assert [(one.event, one.is_clash, one.days) for one in found] == [(near, False, 10)]
