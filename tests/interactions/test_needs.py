"""A need: opened once, sent with the company's consent, answered, closed; and who learns what of it."""

import pytest
from django.core.exceptions import ValidationError

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.interactions import actions
from beffroi.interactions.models import Need
from tests.accounts.factories import partner, person
from tests.actors.factories import holder
from tests.interactions.factories import DAY, NOON, company, place, word

pytestmark = pytest.mark.django_db


def opened(**fields) -> Need:
    about = {} if "holder" in fields else {"organisation": company()}
    said = {"client_id": "phone-1", "subject_item": word("financement"), "opened_on": DAY, "by": None, "at": NOON}
    return actions.needs.open_need(**{"owner": partner(), **about, **said, **fields})


def test_a_need_sent_twice_by_a_device_is_written_once() -> None:
    by = person()
    first, again = opened(by=by), opened(by=by, text="autre texte")
    assert first == again
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
