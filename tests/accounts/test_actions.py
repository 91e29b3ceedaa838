from datetime import date

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError

from beffroi.accounts import actions, queries
from beffroi.accounts.enums import Act, Role
from beffroi.accounts.models import AuditEvent, User
from beffroi.core.refusals import Refused
from tests.accounts.factories import administrator, partner, person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))


def test_a_new_person_is_invited_to_choose_a_password(django_capture_on_commit_callbacks):
    anne = administrator()
    with django_capture_on_commit_callbacks(execute=True):
        user = actions.add_user(" Jeanne@Lille.example ", name="Jeanne", by=anne)
    assert user.email == "jeanne@lille.example"
    assert not user.has_usable_password()
    (invitation,) = outbox.outbox
    assert invitation.to == ["jeanne@lille.example"]
    assert invitation.subject == "Votre compte Beffroi est ouvert"
    assert "/comptes/mot-de-passe/oublie/" in invitation.body
    assert AuditEvent.objects.get(act=Act.ACCOUNT_ADDED, subject_id=user.pk).by == anne


def test_an_address_has_one_account():
    person("jeanne@lille.example")
    with pytest.raises(Refused, match="porte déjà cette adresse"):
        actions.add_user("JEANNE@lille.example", name="Une autre", by=None)


def test_a_role_is_given_once_and_ends():
    jeanne, lens = person(role=None), partner("lens")
    membership = actions.give_role(jeanne, partner=lens, role=Role.ANALYST, since=date(2026, 3, 1), by=None)
    assert actions.give_role(jeanne, partner=lens, role=Role.ANALYST, since=TODAY, by=None) == membership
    actions.end_role(membership, until=TODAY, by=None)
    assert acts()[-2:] == [Act.ROLE_GIVEN, Act.ROLE_ENDED]
    assert User.objects.get(pk=jeanne.pk).roles == set()


def test_a_role_does_not_end_before_it_starts():
    membership = person().memberships.get()
    with pytest.raises(ValidationError, match="ne précède pas son début"):
        actions.end_role(membership, until=date(2025, 12, 31), by=None)


def test_the_last_administrator_stays():
    anne = administrator()
    with pytest.raises(Refused, match="dernier administrateur"):
        actions.end_role(anne.memberships.get(), until=TODAY, by=anne)
    with pytest.raises(Refused, match="dernier administrateur"):
        actions.close_account(anne, by=None)
    administrator("bruno@lille.example")
    actions.end_role(anne.memberships.get(), until=TODAY, by=anne)
    assert [user.name for user in queries.administrators()] == ["Bruno"]


def test_an_account_is_closed_by_somebody_else_and_reopened():
    anne, jeanne = administrator(), person()
    with pytest.raises(Refused, match="son propre compte"):
        actions.close_account(anne, by=anne)
    assert not actions.close_account(jeanne, by=anne).is_active
    assert actions.reopen_account(jeanne, by=anne).is_active
    assert acts()[-2:] == [Act.ACCOUNT_CLOSED, Act.ACCOUNT_REOPENED]


def test_a_failed_sign_in_is_kept_without_the_address():
    one, same, other = (actions.record_failed_sign_in(email) for email in ("a@b.example", " A@B.example", "c@b.example"))
    assert one.detail == same.detail != other.detail
    assert "a@b.example" not in str(one.detail)


def test_the_audit_trail_is_filtered_by_act_person_and_day():
    anne = administrator()
    actions.record_sign_in(anne, method="password")
    actions.record_act("load_applied", by=None)
    assert [event.act for event in queries.audit_trail(act=Act.SIGNED_IN, person=anne.pk, start=TODAY, end=TODAY)] == [
        Act.SIGNED_IN
    ]
    assert not queries.audit_trail(person=anne.pk, end=date(2026, 11, 19)).exists()
