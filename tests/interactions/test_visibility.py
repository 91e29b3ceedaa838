"""Who may know what of the daily work of another operator."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from beffroi.accounts.enums import Visibility
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.interactions.models import Need, Visit
from beffroi.reference.models import Item
from tests.accounts.factories import person
from tests.actors.factories import hidden
from tests.interactions.factories import need, referral, visit

pytestmark = pytest.mark.django_db


def test_that_a_visit_took_place_is_for_partners_alone() -> None:
    seen = visit()
    other = person("paul@amiens.example", at="amiens")
    assert list(Visit.objects.visible_to(other)) == [seen]
    assert not Visit.objects.visible_to(AnonymousUser()).exists()
    assert (seen.shows_detail_to(other), seen.shows_detail_to(person())) == (False, True)


def test_a_reserved_prospect_is_its_operators_alone_until_its_day() -> None:
    visit(reserved_until=date(2026, 6, 15))
    other = person("paul@amiens.example", at="amiens")
    assert not Visit.objects.visible_to(other, date(2026, 6, 15)).exists()
    assert Visit.objects.visible_to(other, date(2026, 6, 16)).exists()
    assert Visit.objects.visible_to(person(), date(2026, 6, 15)).exists()


def test_a_visit_does_not_name_a_company_that_its_reader_may_not_see() -> None:
    visit(hidden())
    assert not Visit.objects.visible_to(person("paul@amiens.example", at="amiens")).exists()


def test_whoever_a_need_is_sent_to_sees_it() -> None:
    kept = need(visibility=Visibility.OWNER)
    reader = person("paul@amiens.example", at="amiens")
    assert not Need.objects.visible_to(reader).exists()
    referral(kept, "amiens")
    assert list(Need.objects.visible_to(reader)) == [kept]
    assert not Need.objects.visible_to(person("zoe@lens.example", at="lens")).exists()


def test_the_nomenclatures_are_added_once_and_keep_what_people_changed() -> None:
    seed_nomenclatures()
    Item.objects.filter(code="financement").update(label="Financement bancaire")
    seed_nomenclatures()
    themes = Item.objects.of_framework("guide-2000-pme")
    assert [item.label for item in themes][:2] == ["La présentation de l’entreprise", "Le dirigeant et la stratégie"]
    assert (themes.count(), Item.objects.get(code="financement").label) == (7, "Financement bancaire")
    assert Item.objects.get(code="starter").parent == Item.objects.get(code="accompagnement")
