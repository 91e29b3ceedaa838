"""Which record stands for a body that has several, for whom and at which moment."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from time_machine import Traveller

from beffroi.actors import actions, queries
from beffroi.actors.enums import SameAsState
from beffroi.provenance.queries import Moment
from tests.accounts.factories import person
from tests.actors.factories import hidden, organisation, pair, settler

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)


def heads(known_on: datetime = NOW, *, at: str = "lille") -> dict[int, int]:
    viewer = person(f"{at}{known_on:%m%d%H}@x.example", at=at)
    return queries.same_as_heads(viewer, Moment(date(2026, 11, 20), known_on))


def test_the_record_with_a_number_stands_for_the_others() -> None:
    listed, other, numbered = organisation("ACME"), organisation("Acme SA"), organisation("ACME SAS", siren="732829320")
    pair(listed, numbered, "accepted")
    pair(other, numbered, "accepted")
    pair(listed, organisation("Autre"), "proposed")
    assert heads() == dict.fromkeys([listed.pk, other.pk, numbered.pk], numbered.pk)


def test_the_oldest_record_stands_for_those_without_number() -> None:
    one, other = organisation("ACME"), organisation("Acme SA")
    pair(one, other, "accepted")
    assert heads() == {one.pk: one.pk, other.pk: one.pk}


def test_a_union_undone_since_had_the_number_for_head() -> None:
    """As known in May, one body; refused in June: the record with a number stood for both in May all the same."""
    listed, numbered = organisation("ACME"), organisation("ACME SAS", siren="732829320")
    made = pair(listed, numbered)
    who = settler()
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC), tick=False):
        actions.settle_same_as(made, state=SameAsState.ACCEPTED, reason="Oui.", by=who)
    with time_machine.travel(datetime(2026, 6, 1, tzinfo=UTC), tick=False):
        for state in (SameAsState.PROPOSED, SameAsState.REFUSED):
            actions.settle_same_as(made, state=state, reason="Non.", by=who)
    assert heads(MAY) == dict.fromkeys([listed.pk, numbered.pk], numbered.pk)
    assert heads() == {}


def test_a_record_that_one_does_not_see_joins_nothing() -> None:
    one, between, other = organisation("A"), hidden("B"), organisation("C")
    pair(one, between, "accepted")
    pair(between, other, "accepted")
    assert heads(at="arras") == {}
    assert heads() == dict.fromkeys([one.pk, between.pk, other.pk], one.pk)


def test_heads_are_those_decided_at_the_moment(clock: Traveller) -> None:
    one, other, who = organisation("A"), organisation("B"), settler()
    found = pair(one, other)
    clock.move_to(MAY)
    actions.settle_same_as(found, state=SameAsState.ACCEPTED, reason="Même adresse.", by=who)
    clock.move_to(NOW)
    actions.settle_same_as(found, state=SameAsState.PROPOSED, reason="À revoir.", by=who)
    assert heads() == {}
    assert heads(datetime(2026, 6, 1, tzinfo=UTC)) == {one.pk: one.pk, other.pk: one.pk}
    assert heads(datetime(2026, 4, 1, tzinfo=UTC)) == {}
