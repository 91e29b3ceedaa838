"""What was counted of some months is kept until a fact of these months changes. Today is 20 November 2026."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from beffroi.accounts.models import User
from beffroi.interactions import actions
from beffroi.interactions.models import Participation
from beffroi.interactions.queries.shelf import Shelf, forget_counts
from tests.accounts.factories import person
from tests.interactions.factories import company, event, need, visit

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 20))


def somebody() -> User:
    return User.objects.filter(email="lecteur@lille.example").first() or person("lecteur@lille.example")


def reader(days: tuple[date, date]) -> Callable[[], int]:
    """How many times these days were counted."""
    times: list[int] = []

    def read() -> int:
        shelf = Shelf(somebody(), date(2026, 11, 20))
        return int(shelf.read("essai", *days, lambda: times.append(1) or len(times)))

    return read


def test_a_fact_of_a_month_touches_that_month_alone() -> None:
    october, november = reader(OCTOBER), reader(NOVEMBER)
    assert (october(), november()) == (1, 1)
    made = visit(on=date(2026, 10, 5))
    assert (october(), november()) == (2, 1)
    made.on = date(2026, 11, 5)
    made.save()
    assert (october(), november()) == (3, 2)
    assert (october(), november()) == (3, 2)
    forget_counts()
    assert (october(), november()) == (4, 3)


def test_an_event_that_lasts_touches_each_of_its_months() -> None:
    made = event(starts=datetime(2026, 10, 30, 8, tzinfo=UTC), ends=datetime(2026, 11, 2, 16, tzinfo=UTC))
    row = Participation.objects.create(
        event=made, organisation=company(), state="attended", owner=made.owner, visibility=1, token="t"
    )
    november = reader(NOVEMBER)
    assert november() == 1
    row.flagged = True
    row.save()
    assert november() == 2


def test_a_reservation_that_is_lifted_touches_the_needs_that_it_kept() -> None:
    by = person("jeanne@lille.example")
    first = visit(on=date(2026, 10, 28), reserved_until=date(2026, 11, 27))
    need(first.organisation, on=date(2026, 11, 3))
    november = reader(NOVEMBER)
    assert november() == 1
    actions.change_visit(first, by=by, at=timezone.now(), reserved_until=None)
    assert november() == 2
