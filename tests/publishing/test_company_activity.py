"""A company's sheet, and a project holder's: what all operators did, as far as the reader may know."""

from datetime import date

import pytest
from django.test import Client

from beffroi.actors.models import Organisation, Relation
from beffroi.interactions.models import Participation
from beffroi.reference.models import Framework, Item, Version
from tests.accounts.factories import person
from tests.actors.factories import LONG_AGO, holder, organisation, relation
from tests.interactions.factories import company, event, need, support, visit
from tests.queries import counted

pytestmark = pytest.mark.django_db


def page_of(client: Client, who: Organisation, **asked: str) -> str:
    return client.get(f"/organisations/{who.pk}", asked).content.decode()


def test_the_chronology_joins_what_every_operator_did(client: Client) -> None:
    seen = company("Filature du Nord")
    visit(seen, at="amiens", on=date(2026, 10, 1))
    need(seen, at="lens", on=date(2026, 9, 1), text="300 000 €")
    support(seen, at="arras", on=date(2026, 8, 1), title="Plan secret")
    fair = event("Rencontre textile")
    Participation.objects.create(event=fair, organisation=seen, state="attended", owner=fair.owner, visibility=1)
    client.force_login(person())
    page = page_of(client, seen)
    part = page[page.index('id="chronologie"') :]
    titles = ["Visite", "Un besoin", "Accompagnement : Accompagnement individuel", "Événement : Rencontre textile"]
    places = [part.index(f">{title}<") for title in titles]
    assert places == sorted(places)
    assert "300 000 €" not in page and "Plan secret" not in page
    assert "Amiens</strong> 1er octobre 2026" in page


def test_the_sheet_looks_back_with_its_two_clocks(client: Client) -> None:
    seen = company("Filature du Nord")
    need(seen, on=date(2026, 9, 1))
    client.force_login(person())
    assert "Besoin : Financement" in page_of(client, seen)
    assert "Besoin : Financement" not in page_of(client, seen, as_of="2026-08-31")


def test_clubs_and_possible_specialisations(client: Client) -> None:
    seen, textile, wood = company("Filature du Nord"), organisation("Up-Tex"), organisation("Fibois")
    version = Version.objects.create(framework=Framework.objects.create(code="s3", label="S3", kind="strategy"))
    item = Item.objects.create(version=version, code="t", label="Textiles techniques", level="specialisation", sort_key="t")
    for club in (textile, wood):
        relation(seen, "member_of", club)
    Relation.objects.create(subject=textile, kind="partner_of", item=item, recorded_from=LONG_AGO)
    client.force_login(person())
    page = page_of(client, seen)
    assert "Membre de plusieurs pôles" in page and "cotisations payées plusieurs fois" in page
    assert "Textiles techniques" in page and "par Up-Tex" in page


def test_a_company_that_nobody_saw_offers_to_plan(client: Client) -> None:
    client.force_login(person())
    page = page_of(client, company("Filature du Nord"))
    assert "Personne ne l’a encore vue" in page and "Prévoir une visite le" in page


def test_a_holder_has_the_same_history_and_keeps_it_once_it_is_a_company(client: Client) -> None:
    known = holder()
    visit(holder=known, on=date(2026, 10, 1))
    client.force_login(person())
    page = client.get(known.get_absolute_url()).content.decode()
    assert "Sam Petit" in page and ">Visite<" in page and "Devient une organisation" in page
    assert f'href="{known.get_absolute_url()}"' in client.get("/acteurs/porteurs/").content.decode()
    known.organisation = company("Atelier du réemploi")
    known.save()
    assert ">Visite<" in page_of(client, known.organisation)


def test_a_holder_that_one_may_not_see_is_not_found(client: Client) -> None:
    known = holder(visibility=3)
    client.force_login(person("paul@amiens.example", at="amiens"))
    assert client.get(f"/porteurs/{known.pk}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_history(client: Client) -> None:
    seen = company("Filature du Nord")
    client.force_login(person())
    page_of(client, seen)

    def asked(times: int) -> int:
        for rank in range(times):
            visit(seen, at="amiens", on=date(2026, 1, 1 + rank))
            need(seen, at="lens")
            support(seen, at="arras")
            fair = event(f"Rencontre {rank} {times}")
            Participation.objects.create(event=fair, organisation=seen, owner=fair.owner, visibility=1)
        with counted() as made:
            page_of(client, seen)
        return made.total()

    assert asked(2) == asked(7)
