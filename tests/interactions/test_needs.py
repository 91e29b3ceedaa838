"""A need: opened once, sent with the company's consent, answered, closed; and who learns what of it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.models import Mail
from beffroi.core.refusals import Refused
from beffroi.interactions import actions
from beffroi.interactions.actions import needs
from beffroi.interactions.actions.numbers import NumberTaken
from beffroi.interactions.enums import NeedBlocker
from beffroi.interactions.models import Need, Referral
from beffroi.web.jobs import SCHEDULE
from tests.accounts.factories import partner, person
from tests.actors.factories import holder
from tests.interactions.factories import DAY, NOON, company, place, service, word

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    return date(2026, 6, number)


def opened(**fields) -> Need:
    about = {} if "holder" in fields else {"organisation": company()}
    said = {"client_id": "phone-1", "subject_item": word("financement"), "opened_on": DAY, "by": None, "at": NOON}
    return actions.needs.open_need(**{"owner": partner(), **about, **said, **fields})


def test_a_need_sent_twice_by_a_device_is_written_once() -> None:
    by = person()
    there = company()
    first, again = opened(by=by, organisation=there), opened(by=by, organisation=there)
    assert first == again
    with pytest.raises(NumberTaken):
        opened(by=by, organisation=there, text="autre texte")
    assert (Need.objects.count(), AuditEvent.objects.filter(act="need_opened", by=by).count()) == (1, 1)
    assert (first.visibility, first.detail_visibility) == (Visibility.PARTNERS, Visibility.OWNER)
    assert opened(owner=partner("amiens")) != first


def test_a_need_is_where_its_company_or_its_project_is_unless_it_is_said() -> None:
    lens, douai = place("62498"), place("59178")
    there = company(place=lens)
    project = holder()
    project.place = lens
    assert opened(organisation=there).place == lens
    assert opened(holder=project, client_id="phone-2").place == lens
    assert opened(organisation=there, place=douai, client_id="phone-3").place == douai


def test_a_need_about_nobody_or_without_a_number_of_its_device_is_refused() -> None:
    for wrong in ({"organisation": None}, {"client_id": ""}):
        with pytest.raises(ValidationError):
            opened(**wrong)
    assert not Need.objects.exists()


def sent(asked: Need, *to: str, **fields) -> list[Referral]:
    said = {"on": DAY, "consented_on": DAY, "by": None} | fields
    return actions.send_need(asked, to={partner(code): None for code in to or ("amiens",)}, **said)


def refusal(blocker: NeedBlocker):
    return pytest.raises(Refused, match=re.escape(str(blocker.label)))


def addresses() -> set[str]:
    return set(Mail.objects.values_list("to", flat=True))


def test_a_need_is_sent_to_several_operators_whose_people_are_told() -> None:
    person("paul@amiens.example", at="amiens")
    person("lu@amiens.example", at="amiens", role=Role.ELECTED)
    person("eve@amiens.example", at="amiens", is_active=False)
    offered = service(at="lens", email="accueil@lens.example", reply_days=3)
    made = actions.send_need(
        opened(), to={partner("amiens"): None, partner("lens"): offered}, on=DAY, consented_on=DAY, by=None
    )
    assert [(row.partner.code, row.due_on) for row in made] == [("amiens", date(2026, 6, 6)), ("lens", date(2026, 6, 4))]
    assert addresses() == {"paul@amiens.example", "accueil@lens.example"}
    written = Mail.objects.get(to="paul@amiens.example")
    assert written.subject == "Un besoin pour vous : Financement"
    assert "Filature du Nord" in written.text
    assert AuditEvent.objects.filter(act="referral_sent", subject_kind="need").count() == 2


def test_without_consent_or_twice_nothing_is_sent_to_anybody() -> None:
    asked = opened()
    with refusal(NeedBlocker.NO_CONSENT):
        sent(asked, "amiens", "lens", consented_on=None)
    sent(asked, "lens")
    with refusal(NeedBlocker.ALREADY_SENT):
        sent(asked, "amiens", "lens")
    assert list(Referral.objects.values_list("partner__code", flat=True)) == ["lens"]


def test_an_operator_takes_up_then_closes_and_the_author_is_told() -> None:
    author, paul = person(), person("paul@amiens.example", at="amiens")
    (referral,) = sent(opened(by=author))
    Mail.objects.all().delete()
    taken = actions.take_up(referral, on=day(3), comment="Rendez-vous le 10.", by=paul)
    assert (taken.state, taken.answered_on, taken.answered_by) == ("taken_up", day(3), paul)
    closed = actions.close_referral(referral, result="solved", on=day(20), by=paul)
    assert (closed.state, closed.result, closed.closed_on, closed.comment) == (
        "closed",
        "solved",
        day(20),
        "Rendez-vous le 10.",
    )
    assert addresses() == {author.email}
    assert Mail.objects.order_by("pk").first().subject == "Amiens : besoin prise en charge"


def test_of_two_people_who_answer_the_second_is_told_what_the_first_did() -> None:
    paul = person("paul@amiens.example", at="amiens")
    (referral,) = sent(opened())
    actions.take_up(referral, on=day(2), by=paul)
    with refusal(NeedBlocker.NOT_NEXT):
        actions.take_up(referral, on=day(2), by=paul)
    with refusal(NeedBlocker.NO_REASON):
        actions.refuse(referral, reason="", on=day(3), by=paul)
    handed_back = actions.refuse(referral, reason="no_capacity", on=day(9), by=paul)
    assert (handed_back.answered_on, handed_back.closed_on) == (day(2), day(9))


def test_what_is_withdrawn_is_no_longer_theirs_to_read() -> None:
    author, paul = person(), person("paul@amiens.example", at="amiens")
    (referral,) = sent(opened(by=author, visibility=Visibility.OWNER))
    assert Need.objects.visible_to(paul).exists()
    actions.withdraw_referral(referral, on=day(2), by=author)
    assert not Need.objects.visible_to(paul).exists()
    assert Mail.objects.filter(to=paul.email, subject__startswith="Un besoin n’attend plus").exists()
    assert sent(Need.objects.get(), "amiens")


def test_a_need_closes_with_a_result_when_nobody_has_it_any_more() -> None:
    author = person()
    asked = opened(by=author)
    (referral,) = sent(asked)
    with refusal(NeedBlocker.STILL_OPEN):
        actions.close_need(asked, result="solved", on=day(3), by=author)
    actions.withdraw_referral(referral, on=day(3), by=author)
    closed = actions.close_need(asked, result="given_up", on=day(4), by=author)
    assert (closed.closed_on, closed.result) == (day(4), "given_up")
    with refusal(NeedBlocker.CLOSED):
        sent(asked, "lens")


def test_a_need_of_an_institution_that_left_tells_nobody() -> None:
    paul = person("paul@amiens.example", at="amiens")
    (referral,) = sent(opened())
    Need.objects.update(owner=None)
    Mail.objects.all().delete()
    actions.take_up(Referral.objects.get(pk=referral.pk), on=day(2), by=paul)
    assert not Mail.objects.exists()


def test_reminders_leave_at_their_delays_once_until_somebody_answers() -> None:
    paul = person("paul@amiens.example", at="amiens")
    (referral,) = sent(opened())
    Mail.objects.all().delete()
    left = [days for days in range(60) if actions.send_reminders(on=DAY + timedelta(days=days))]
    assert left == [7, 14, 21, 45]
    assert list(referral.reminders.values_list("days", flat=True)) == [7, 14, 21, 45]
    assert actions.send_reminders(on=DAY + timedelta(days=45)) == 0
    (answered,) = sent(opened(client_id="phone-2"), "amiens")
    actions.take_up(answered, on=day(2), by=paul)
    assert actions.send_reminders(on=DAY + timedelta(days=7)) == 0


def test_the_schedule_reminds_operators() -> None:
    person("paul@amiens.example", at="amiens")
    sent(opened())
    job = next(function for name, _, function in SCHEDULE if name == "remind_operators")
    job(datetime(2026, 6, 8, 6, tzinfo=UTC))
    assert Mail.objects.filter(subject__startswith="Un besoin attend votre réponse").count() == 1


def test_somebody_who_answers_meanwhile_is_not_reminded() -> None:
    paul = person("paul@amiens.example", at="amiens")
    (referral,) = sent(opened())
    actions.take_up(referral, on=day(2), by=paul)
    assert not needs._remind(referral, on=DAY + timedelta(days=7))


def test_an_operator_to_whom_nothing_was_sent_learns_nothing_of_what_is_needed() -> None:
    asked = opened(text="Trésorerie tendue")
    sent(asked, "amiens")
    zoe, paul = person("zoe@lens.example", at="lens"), person("paul@amiens.example", at="amiens")
    assert Need.objects.visible_to(zoe).exists()  # that a need was expressed is for partners
    assert not Need.objects.told_to(zoe).exists()
    assert not Referral.objects.visible_to(zoe).exists()
    assert Need.objects.told_to(paul).exists()
    assert not Need.objects.told_to(AnonymousUser()).exists()
    assert not Referral.objects.visible_to(AnonymousUser()).exists()
    asked.detail_visibility = Visibility.PARTNERS
    asked.save()
    assert (Need.objects.told_to(zoe).count(), Referral.objects.visible_to(zoe).count()) == (1, 1)
