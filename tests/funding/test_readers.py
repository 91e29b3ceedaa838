"""What pages name and add up for each reader: nothing hidden is named, and a total has two versions only."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.funding.enums import Stage, VersionKind
from beffroi.funding.models import Envelope, Line, LineClaim, Operation, PlanVersion, Tranche
from beffroi.funding.queries.calls import within
from beffroi.funding.queries.desk import Desk, desk_of, system_comparison
from beffroi.provenance.models import Source
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework, Item
from tests.accounts.factories import partner, person
from tests.funding import factories as plans
from tests.funding import file_factories as files
from tests.funding.signed import agreement, keeper
from tests.web.factories import frameworks, items, loaded

pytestmark = pytest.mark.django_db


def neighbour() -> User:
    return User.objects.filter(email="n@arras.example").first() or person(
        "n@arras.example", at="arras", role=Role.PROGRAMME_OFFICER
    )


def lille() -> User:
    return User.objects.filter(email="l@lille.example").first() or person("l@lille.example", role=Role.PROGRAMME_OFFICER)


def told(client: Client, reader: User, address: str) -> str:
    client.force_login(reader)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return (answer.getvalue() if answer.streaming else answer.content).decode()


def test_an_agreement_does_not_name_the_one_above_it_to_who_may_not_see_it(client: Client) -> None:
    secret = agreement("cadre", "framework", title="Cadre confidentiel", visibility=Visibility.OWNER)
    below = agreement("an-1", title="Année 1", parent=secret)
    base = "/financements/conventions/"
    for address in (f"{base}{below.pk}", f"{base}{below.pk}/dialogue", base, f"{base}?format=csv"):
        assert "Cadre confidentiel" not in told(client, neighbour(), address), address
    assert "Cadre confidentiel" in told(client, keeper(), f"{base}{below.pk}")
    assert "Cadre confidentiel" in told(client, keeper(), f"{base}?format=csv")


def test_a_version_does_not_name_the_one_it_starts_from_to_who_may_not_see_it(client: Client) -> None:
    of = plans.programme()
    draft = plans.version(of, "axe-1 | État | state | 2023 | 60", label="Brouillon secret", visibility=Visibility.OWNER)
    shown = plans.version(of, kind=VersionKind.MID_TERM, label="Proposée", based_on=draft, visibility=Visibility.PARTNERS)
    for address in (f"/financements/maquettes/{shown.pk}", "/financements/programmes/cper/maquette"):
        assert "Brouillon secret" not in told(client, neighbour(), address), address
    assert "Brouillon secret" in told(client, lille(), f"/financements/maquettes/{shown.pk}")
    assert PlanVersion.objects.get(pk=shown.pk).based_on == draft, "hidden, and still there"


def test_a_file_does_not_name_its_call_to_who_may_not_see_it(client: Client) -> None:
    secret = files.call("Appel confidentiel", visibility=Visibility.OWNER)
    made = files.file("Halle", "complete 12/01", call=secret)
    addresses = (
        f"/financements/dossiers/{made.pk}",
        "/financements/dossiers?format=csv",
        "/financements/delais?cycle=erdf&by=call",
        "/jeux-de-donnees/steps.csv",
    )
    code = secret.code
    for address in addresses:
        page = told(client, neighbour(), address)
        assert ("Appel confidentiel" in page, code in page) == (False, False), address
    assert "Appel confidentiel" in told(client, files.officer(), addresses[0])
    assert code in told(client, files.officer(), addresses[3])


def desk(reader: User) -> Desk:
    return desk_of(plans.programme(), viewer=reader, moment=Moment(timezone.localdate(), timezone.now()))


def test_what_one_institution_alone_sees_is_in_nobodys_total(client: Client) -> None:
    of = plans.programme()
    plans.envelope(of, "300", visibility=Visibility.PARTNERS, owner=partner())
    plans.envelope(of, "50", visibility=Visibility.OWNER, owner=partner(), manager="OSEO")
    plans.tranche(of, 2007, "100")
    plans.tranche(of, 2008, "40")
    Tranche.objects.filter(year=2008).update(visibility=Visibility.OWNER, owner=partner())
    for reader in (lille(), neighbour()):
        found = desk(reader)
        assert found.whole.target.value == 300
        assert [row.committed.value for row in found.risk.rows] == [100]
        assert found.ledger.found["desk:cper/target/0"].figure.value == 300
    assert [len(desk(lille()).envelopes), len(desk(neighbour()).envelopes)] == [2, 1]
    assert [len(desk(lille()).reserved), len(desk(neighbour()).reserved)] == [2, 0]
    assert "n’est dans aucun total" in told(client, lille(), "/financements/programmes/cper/")
    assert "n’est dans aucun total" not in told(client, neighbour(), "/financements/programmes/cper/")
    assert Envelope.objects.count() == 2


def test_another_system_is_compared_with_the_same_total_for_each_partner() -> None:
    """Two lines of one operation, one of them reserved: neither its owner nor a neighbour has it in Beffroi's total."""
    of = plans.programme()
    loaded("Programme;N° Synergie;Montant programmé\ncper;o1;150", "systeme-gestion", source="synergie")
    operation = Operation.objects.create(namespace="o", code="o1", title="Un", programme=of, sort_key="un")
    for euros, visibility in ((100, Visibility.PARTNERS), (50, Visibility.OWNER)):
        line = Line.objects.create(
            programme=of,
            operation=operation,
            digest=f"d{euros}",
            stage=Stage.PROGRAMMED,
            owner=partner(),
            visibility=visibility,
        )
        LineClaim.objects.create(
            line=line, cents=euros * 100, by=lille(), key=f"k{euros}", content_hash="h", as_written=str(euros),
            stated_on=date(2026, 1, 1), recorded_from=timezone.now(), owner=partner(), visibility=visibility,
        )  # fmt: skip
    for reader in (lille(), neighbour()):
        moment = Moment(timezone.localdate(), timezone.now())
        found = system_comparison(of, Source.objects.get(code="synergie"), viewer=reader, moment=moment)
        assert [(row.theirs.value, row.ours.value) for row in found.stages] == [(150, 100)], reader


def test_calls_inside_a_territory_are_found_in_as_many_queries_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """A region, its two departments, and calls in their communes: the climb is made once for all."""
    frameworks("cog")
    Framework.objects.update(kind="geography")
    items("cog,32,,region,Hauts-de-France", "cog,59,32,department,Nord", "cog,62,32,department,Pas-de-Calais")
    items(*(f"cog,59{n:03},59,commune,Commune {n}" for n in range(9)), "cog,62041,62,commune,Arras")
    region, nord = (Item.objects.get(code=code).pk for code in ("32", "59"))
    communes = list(Item.objects.filter(level="commune").order_by("code"))
    files.call("A", area=communes[0])
    with django_assert_num_queries(7):
        assert within({region}) == {communes[0].pk}
    for commune in communes[1:]:
        files.call(f"Appel {commune.code}", area=commune)
    with django_assert_num_queries(7):
        assert within({region}) == {commune.pk for commune in communes}
    assert within({nord}) == {commune.pk for commune in communes if commune.code.startswith("59")}
    assert within({communes[0].pk}) == {communes[0].pk}
    assert within({0}) == set()
