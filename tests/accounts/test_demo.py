from datetime import date

import pytest

from beffroi.accounts import actions, queries
from beffroi.accounts.enums import Role
from beffroi.accounts.models import User
from beffroi.core.refusals import Refused
from tests.accounts.factories import partner

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


def test_six_people_are_known_one_for_each_role_but_the_administrator():
    assert [person.role for person in queries.demo_people()] == [role for role in Role if role != Role.ADMINISTRATOR]
    assert all(person.email.endswith(".example") for person in queries.demo_people())


def test_the_demo_opens_an_account_for_each_role_that_has_a_partner(settings):
    settings.DEMO = True
    User.objects.filter(is_demo=True).delete()
    partners = {Role.ELECTED: partner("region"), Role.ANALYST: partner("agence")}
    opened = actions.open_demo_accounts(partners, since=SINCE)
    assert actions.open_demo_accounts(partners, since=SINCE) == opened
    assert [(one.role, one.partner.code) for one in queries.demo_accounts()] == [("elected", "region"), ("analyst", "agence")]
    assert not any(user.has_usable_password() for user in opened)


def test_nothing_else_than_the_demo_opens_demo_accounts(settings):
    settings.DEMO = False
    with pytest.raises(Refused, match="démonstration"):
        actions.open_demo_accounts({Role.ELECTED: partner("region")}, since=SINCE)
