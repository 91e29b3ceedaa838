"""A visit is kept once, whole, and never says more than its author chose."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent, User
from beffroi.actors.models import Contact, Organisation, ProjectHolder
from beffroi.core.refusals import Refused
from beffroi.core.search import search
from beffroi.interactions import actions
from beffroi.interactions.actions import Heard, Newcomer, Note, numbers
from beffroi.interactions.models import Campaign, Need, Target, Visit
from tests.accounts.factories import partner, person
from tests.actors.factories import holder
from tests.interactions.factories import company, visit, word

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def noted(by: User | None = None, **fields: Any) -> Visit:
    by = by or User.objects.filter(email="jeanne@lille.example").first() or person()
    told = {"client_id": "telephone-1", "on": TODAY, "state": "done", **fields}
    if not {"organisation", "holder", "newcomer", "planned"} & set(told):
        told["organisation"] = company()
    return actions.note_visit(owner=partner("lille"), by=by, at=NOW, **told)


def test_a_visit_with_what_was_heard() -> None:
    heard = Heard(
        notes=[Note(word("projets"), "Un second atelier", Visibility.PARTNERS), Note(None, "À rappeler en mars")],
        needs=[(word("financement"), "300 000 € de machines"), (word("emploi"), "")],
        consents=["pass_on"],
        met=("Alix Dubois", "direction"),
    )
    made = noted(heard=heard, detail_visibility=Visibility.PARTNERS, potential="high", green=2)
    assert [(str(note.theme), note.text, note.visibility) for note in made.notes.all()] == [
        ("Les projets de développement", "Un second atelier", 1),
        ("None", "À rappeler en mars", 3),
    ]
    needs = Need.objects.order_by("pk")
    assert [(one.subject_item.code, one.text, one.visit, one.visibility) for one in needs] == [
        ("financement", "300 000 € de machines", made, 1),
        ("emploi", "", made, 1),
    ]
    assert [one.label for one in made.consents.all()] == ["que ses besoins soient transmis à d’autres opérateurs"]
    assert (made.contact.name, made.contact.owner.code, made.contact.visibility) == ("Alix Dubois", "lille", 3)
    assert AuditEvent.objects.filter(act="visit_noted", subject_id=made.pk).count() == 1


def test_sent_again_it_is_the_same_visit() -> None:
    heard = Heard(needs=[(word("financement"), "")], notes=[Note(None, "Un atelier")])
    first = noted(heard=heard, newcomer=Newcomer("Tisserand du Nord"))
    again = noted(heard=heard, newcomer=Newcomer("Tisserand du Nord"))
    assert first == again
    assert (Visit.objects.count(), Need.objects.count(), Organisation.objects.count(), first.notes.count()) == (1, 1, 1, 1)


def test_another_content_under_the_same_number_is_refused_and_said() -> None:
    first = noted(heard=Heard(notes=[Note(None, "Un atelier")]))
    with pytest.raises(numbers.NumberTaken, match="rien n’a changé"):
        noted(organisation=first.organisation, heard=Heard(notes=[Note(None, "Deux ateliers")]))
    with pytest.raises(numbers.NumberTaken):
        noted(organisation=first.organisation, on=TODAY - timedelta(days=1))
    assert Visit.objects.count() == 1


def test_whoever_has_two_institutions_notes_a_diary_visit_for_its_own() -> None:
    plan = actions.plan_visit(company(), owner=partner("amiens"), by=person(), at=NOW, on=TODAY)
    assert noted(planned=plan).owner == partner("amiens")


def test_the_number_of_a_device_is_its_operators_own() -> None:
    noted()
    other = person("paul@amiens.example", at="amiens")
    actions.note_visit(owner=partner("amiens"), client_id="telephone-1", by=other, at=NOW, on=TODAY, organisation=company())
    assert Visit.objects.count() == 2


def test_two_sendings_at_once_make_one_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has looked before the first was written: the table refuses it, and it answers with the first."""
    first = noted(newcomer=Newcomer("Filature du Nord"), organisation=None)
    blind, look = [None], numbers.sent_before
    monkeypatch.setattr(numbers, "sent_before", lambda *asked: blind.pop() if blind else look(*asked))
    assert noted(newcomer=Newcomer("Filature du Nord"), organisation=None) == first
    assert Visit.objects.count() == 1
    assert Organisation.objects.filter(name="Filature du Nord").count() == 1


def test_a_visit_of_the_diary_is_fulfilled_once() -> None:
    by = person()
    plan = actions.plan_visit(company(), owner=partner("lille"), by=by, at=NOW, on=TODAY)
    assert (plan.state, bool(plan.reply_token)) == ("planned", True)
    made = noted(by, planned=plan)
    assert (made.pk, made.state, made.client_id) == (plan.pk, "done", plan.client_id)
    assert noted(by, planned=plan) == made
    with pytest.raises(Refused, match="a déjà été notée ou annulée"):
        noted(by, planned=plan, client_id="telephone-2")


def test_planned_twice_for_one_day_is_planned_once() -> None:
    by, seen = person(), company()
    plans = [actions.plan_visit(seen, owner=partner("lille"), by=by, at=NOW, on=TODAY) for _ in range(2)]
    assert plans[0] == plans[1]


def test_a_project_holder_without_a_number_is_visited_as_a_company_is() -> None:
    known = holder()
    assert noted(holder=known).subject == known
    made = noted(client_id="telephone-2", newcomer=Newcomer("Lou Martin", "Une brasserie"))
    assert (made.holder.project, made.holder.name, made.introduced) == ("Une brasserie", "Lou Martin", True)
    assert ProjectHolder.objects.count() == 2


def test_a_new_company_is_found_by_partners_and_a_reserved_one_when_its_reservation_ends() -> None:
    made = noted(newcomer=Newcomer("Tisserand du Nord"), reserved_until=TODAY + timedelta(days=10))
    amiens = {partner("amiens").pk}
    assert made.organisation.visibility == Visibility.OWNER
    assert search("tisserand", viewer_partner_ids=amiens).count == 0
    assert actions.end_reservations(today=TODAY + timedelta(days=10)) == 0
    assert actions.end_reservations(today=TODAY + timedelta(days=11)) == 1
    assert actions.end_reservations(today=TODAY + timedelta(days=11)) == 0
    assert search("tisserand", viewer_partner_ids=amiens).count == 1
    opened = noted(client_id="telephone-2", newcomer=Newcomer("Brasserie du Port"))
    assert opened.organisation.visibility == Visibility.PARTNERS


def test_a_reservation_that_is_lifted_hides_nothing_for_ever() -> None:
    made = noted(newcomer=Newcomer("Tisserand du Nord"), reserved_until=TODAY + timedelta(days=10))
    actions.change_visit(made, by=made.by, at=NOW, reserved_until=None)
    assert actions.end_reservations(today=TODAY) == 1
    assert Organisation.objects.get(name="Tisserand du Nord").visibility == Visibility.PARTNERS


def test_a_reserved_project_is_for_partners_afterwards_too() -> None:
    made = noted(newcomer=Newcomer("Lou Martin", "Une brasserie"), reserved_until=TODAY + timedelta(days=10))
    assert actions.end_reservations(today=TODAY + timedelta(days=11)) == 1
    assert ProjectHolder.objects.get(pk=made.holder.pk).visibility == Visibility.PARTNERS


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": TODAY + timedelta(days=1)}, "Une visite faite ne l’est pas un jour à venir"),
        ({"reserved_until": TODAY + timedelta(days=31)}, "se réserve 30 jours au plus"),
    ],
)
def test_what_is_refused_leaves_nothing(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        noted(newcomer=Newcomer("Tisserand du Nord"), **fields)
    assert (Visit.objects.count(), Organisation.objects.count()) == (0, 0)


def test_a_value_that_the_form_does_not_offer_is_refused() -> None:
    with pytest.raises(ValidationError):
        noted(potential="immense")
    assert not Visit.objects.exists()


def test_needs_kept_by_their_visitor_are_kept_from_partners() -> None:
    noted(heard=Heard(needs=[(word("financement"), "")]), detail_visibility=Visibility.OWNER)
    assert Need.objects.get().visibility == Visibility.OWNER


def test_the_same_person_met_again_is_one_contact_with_the_last_day() -> None:
    seen = company()
    noted(organisation=seen, heard=Heard(met=("Alix Dubois", "direction")), on=TODAY - timedelta(days=9))
    noted(organisation=seen, heard=Heard(met=("alix dubois", "")), client_id="telephone-2")
    noted(organisation=seen, heard=Heard(met=("Alix Dubois", "")), client_id="telephone-3", on=TODAY - timedelta(days=20))
    assert Contact.objects.get().last_contact == TODAY


def test_a_visit_moves_the_companys_target_in_the_operators_lists() -> None:
    seen = company()
    lists = Campaign.objects.create(title="Les 10 000", owner=partner("lille"), visibility=1)
    mine = Target.objects.create(campaign=lists, organisation=seen, partner=partner("lille"))
    actions.plan_visit(seen, owner=partner("lille"), by=person(), at=NOW, on=TODAY)
    mine.refresh_from_db()
    assert mine.state == "planned"
    noted(organisation=seen)
    mine.refresh_from_db()
    assert mine.state == "seen"


def test_a_corrected_visit_keeps_its_history_and_its_needs() -> None:
    made = noted(heard=Heard(notes=[Note(None, "Un atelier")], needs=[(word("emploi"), "")], consents=["file"]))
    by = made.by
    heard = Heard(notes=[Note(None, "Deux ateliers")], needs=[(word("export"), "")])
    changed = actions.change_visit(made, by=by, at=NOW, heard=heard, potential="low")
    assert [note.text for note in changed.notes.all()] == ["Deux ateliers"]
    assert (changed.needs.count(), changed.consents.count(), changed.potential) == (2, 0, "low")
    assert changed.history.count() == 2
    kept = actions.change_visit(made, by=by, at=NOW, minutes=45)
    assert [note.text for note in kept.notes.all()] == ["Deux ateliers"]


def test_a_visit_that_took_place_is_not_planned_again() -> None:
    made = noted()
    with pytest.raises(Refused, match="ne peut plus changer ainsi"):
        actions.change_visit(made, by=made.by, at=NOW, state="planned")
    assert actions.change_visit(made, by=made.by, at=NOW, state="cancelled").state == "cancelled"


def test_an_old_reservation_does_not_stop_a_correction() -> None:
    old = visit(reserved_until=date(2026, 6, 15))
    assert actions.change_visit(old, by=person(), at=NOW, reserved_until=date(2026, 6, 15), minutes=30).minutes == 30


def test_one_chooses_ones_area_for_oneself() -> None:
    someone = person()
    actions.choose_area(someone, items=[word("financement")], places=[])
    area = actions.choose_area(someone, items=[], places=[word("emploi")])
    assert (list(area.items.all()), [str(place) for place in area.places.all()]) == ([], ["Recrutement, emploi"])
