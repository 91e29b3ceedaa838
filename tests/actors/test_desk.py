"""The matching desk: who a list names without a right number, proposed against those that have one, and what people decide."""

import polars as pl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from beffroi.accounts.models import AuditEvent
from beffroi.actors import actions
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import Establishment, Organisation, SameAs
from beffroi.actors.queries.desk import expected_errors
from beffroi.actors.rules.same_as import blockers_to_union
from beffroi.analytics.matching import thresholds
from beffroi.core.refusals import Refused
from tests.actors.factories import organisation, pair, settler
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
DESK = "/acteurs/doublons/"
HEAD = "identifiant,intitule,beneficiaire,siret,code postal,montant,date"


def company(name: str, siren: str, **seat: str) -> Organisation:
    made = organisation(name, "company", siren=siren)
    Establishment.objects.create(organisation=made, is_seat=True, **seat)
    return made


def register() -> list[Organisation]:
    """Three companies of a register, two of one name."""
    return [
        company("MENUISERIE DUPONTEL SARL", "732829320", postcode="59000", commune_name="LILLE", address="3 RUE DU BOIS"),
        company("BOULANGERIE VERMEULIN", "552100554", postcode="62000", commune_name="ARRAS"),
        company("TRANSPORTS LEQUESNOY", "542065479", postcode="80000", commune_name="AMIENS"),
    ]


def listed(*rows: str) -> None:
    from beffroi.web.loads import follow_up

    follow_up(loaded("\n".join([HEAD, *rows]), "subventions-generiques", source="liste"))


def test_who_a_list_names_without_number_is_proposed_with_its_chance_and_reasons() -> None:
    known = register()
    listed("A1,Atelier,Menuiserie Dupontel,,59000,100,2020-03-01", "A2,Four,Inconnue du lac,,59000,100,2020-03-01")
    found = SameAs.objects.get()
    assert {found.one.name, found.other.name} == {"MENUISERIE DUPONTEL SARL", "Menuiserie Dupontel"}
    assert (found.state, found.score is not None and found.score > 0.9, found.load is not None) == ("proposed", True, True)
    assert [row["is_for"] for row in found.arguments] == [True]
    assert Organisation.objects.get(pk=known[0].pk).siren == "732829320"
    assert Organisation.objects.get(name="Menuiserie Dupontel").siren is None


def test_the_same_list_again_proposes_nothing_more_and_decisions_stay() -> None:
    register()
    listed("A1,Atelier,Menuiserie Dupontel,,59000,100,2020-03-01")
    actions.settle_same_as(SameAs.objects.get(), state=SameAsState.REFUSED, reason="Une autre.", by=settler())
    listed("A1,Atelier,Menuiserie Dupontel,,59000,100,2020-03-01")
    assert SameAs.objects.get().state == SameAsState.REFUSED


def test_nothing_is_proposed_without_a_register() -> None:
    listed("A1,Atelier,Menuiserie Dupontel,,59000,100,2020-03-01")
    assert not SameAs.objects.exists()


def test_several_pairs_are_decided_for_one_reason_or_none_is() -> None:
    one, other, third = organisation("A"), organisation("B"), organisation("C")
    pairs, who = [pair(one, other), pair(other, third)], settler()
    actions.settle_pairs(pairs, state=SameAsState.ACCEPTED, reason="Même adresse.", by=who)
    assert set(SameAs.objects.values_list("state", "by__name", "reason")) == {("accepted", who.name, "Même adresse.")}
    assert AuditEvent.objects.filter(act="same_as_accepted").count() == 4
    with pytest.raises(Refused, match="2 paires"):
        actions.settle_pairs(pairs, state=SameAsState.REFUSED, reason="Non.", by=who)
    with pytest.raises(Refused, match="Cochez"):
        actions.settle_pairs([], state=SameAsState.REFUSED, reason="Non.", by=who)


def test_a_pair_decided_since_the_page_was_shown_is_not_decided_again() -> None:
    one, other = organisation("A"), organisation("B")
    shown, who = pair(one, other), settler()
    first, second = SameAs.objects.get(), SameAs.objects.get()
    actions.settle_same_as(first, state=SameAsState.ACCEPTED, reason="Même adresse.", by=who)
    with pytest.raises(Refused, match="déjà dans l’état « "):
        actions.settle_same_as(second, state=SameAsState.ACCEPTED, reason="Oui.", by=who)
    assert AuditEvent.objects.filter(act="same_as_accepted").count() == 2, "one for each record, once"
    gone = SameAs.objects.get()
    shown.delete()
    with pytest.raises(Refused, match="n’existe plus"):
        actions.settle_same_as(gone, state=SameAsState.REFUSED, reason="Non.", by=who)


def test_the_errors_to_expect_are_counted_by_the_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """As `thresholds` says of the same pairs, without reading one."""
    chances = [0.97, 0.91, 0.91, 0.6, 0.2]
    for nth, chance in enumerate(chances):
        pair(organisation(f"A{nth}"), organisation(f"B{nth}"), score=chance)
    pair(organisation("Sans"), organisation("Chance"))
    frame = pl.DataFrame({"chance": chances})
    with django_assert_num_queries(1):
        found = expected_errors(SameAs.objects.all())
    told = [(row.at, row.links, round(row.false_links, 6), round(row.missed_links, 6)) for row in found]
    wanted = [(row.at, row.links, round(row.false_links, 6), round(row.missed_links, 6)) for row in thresholds(frame, frame)]
    assert told == wanted
    assert expected_errors(SameAs.objects.filter(score=None)) == []


def test_two_numbers_are_never_united_even_through_a_third_record() -> None:
    one, between, other = organisation("A", siren="732829320"), organisation("A bis"), organisation("B", siren="552100554")
    pair(one, between, "accepted")
    with pytest.raises(Refused, match=r"« A » \(732829320\)|deux SIREN"):
        actions.settle_same_as(pair(between, other), state=SameAsState.ACCEPTED, reason="Oui.", by=settler())
    assert blockers_to_union([(1, 2)], {1: ("A", "732829320")}) == []


def test_the_desk_filters_by_name_chance_and_list(client: Client) -> None:
    pair(organisation("Alpha"), organisation("Alfa"), score=0.95, arguments=[{"text": "Noms proches.", "is_for": True}])
    pair(organisation("Beta"), organisation("Bêta SA"), score=0.3)
    pair(organisation("Gamma"), organisation("Gama"))
    shown = {
        "": ["Alpha", "Beta", "Gamma"],
        "q=alf": ["Alpha"],
        "band=high": ["Alpha"],
        "band=low": ["Beta"],
        "band=none": ["Gamma"],
        "band=x": ["Alpha", "Beta", "Gamma"],
    }
    for asked, names in shown.items():
        page = client.get(f"{DESK}?{asked}").content.decode()
        assert [name for name in ("Alpha", "Beta", "Gamma") if name in page] == names
    page = client.get(DESK).content.decode()
    assert "chance estimée : 95 %" in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Noms proches." in page
    assert "erreurs attendues" in page


def test_a_person_decides_of_the_ticked_pairs_and_undoes(client: Client) -> None:
    rows = [pair(organisation("Alpha"), organisation("Alfa")), pair(organisation("Beta"), organisation("Bêta SA"))]
    ticked = {"pair": [row.pk for row in rows], "state": "accepted", "reason": "Vérifié.", "next": f"{DESK}?page=1"}
    assert client.post(f"{DESK}decider", ticked).status_code == 302
    assert not SameAs.objects.accepted().exists()
    client.force_login(settler())
    answer = client.post(f"{DESK}decider", ticked)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{DESK}?page=1")
    assert SameAs.objects.accepted().count() == 2
    client.post(f"{DESK}decider", ticked | {"state": "proposed", "next": "https://ailleurs.example/"})
    assert SameAs.objects.accepted().count() == 0
    answer = client.post(f"{DESK}decider", ticked | {"reason": " "}, follow=True)
    assert "Dites pourquoi" in answer.content.decode()


def test_the_page_of_a_load_leads_to_what_it_leaves_to_decide(client: Client) -> None:
    register()
    listed("A1,Atelier,Menuiserie Dupontel,,59000,100,2020-03-01")
    load = SameAs.objects.get().load
    assert load is not None
    page = client.get(load.get_absolute_url()).content.decode()
    assert "1 bénéficiaire sans numéro vérifié." in page
    assert f"{DESK}?load={load.pk}" in page
    assert "Menuiserie Dupontel" in client.get(f"{DESK}?load={load.pk}").content.decode()
