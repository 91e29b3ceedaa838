"""The desk, the sources, the files as they came, the list of loads: what each shows, and to whom."""

import pytest
from django.test import Client

from beffroi.accounts.enums import Role
from beffroi.provenance.models import Load, Snapshot
from tests.accounts.factories import partner, person
from tests.provenance.factories import analyst, document, frameworks_file, private_load, sent, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def text(answer) -> str:
    return answer.content.decode()


def test_the_desk_shows_every_source_with_its_last_state(client: Client) -> None:
    answer = client.get("/donnees/")
    rows = {row.source.code: row for row in answer.context["sources"]}
    assert rows["insee-cog"].last.isoformat() == "2026-01-01"
    assert rows["insee-cog"].rows.value > 3000
    assert "à jour" in text(answer)
    assert "Charger un fichier" not in text(answer)


def test_the_desk_says_what_was_known_before(client: Client) -> None:
    answer = client.get("/donnees/?as_of=2009-01-01&known_on=2009-01-01")
    assert {row.rows.value for row in answer.context["sources"]} == {0}
    assert answer.context["recent"] == []


def test_who_may_load_finds_the_button() -> None:
    assert "Charger un fichier" in text(signed_in(analyst()).get("/donnees/"))
    assert "Charger un fichier" not in text(signed_in(person(role=Role.ELECTED)).get("/donnees/"))


def test_a_source_says_what_it_names(client: Client) -> None:
    load = Load.objects.applied().filter(profile__target="observations").order_by("pk").first()
    answer = client.get(load.snapshot.source.get_absolute_url())
    stated = {row.kind: row.figure for row in answer.context["stated"]}
    assert stated["observations"].value == load.loaded
    assert stated["framework"].value > 0
    assert client.get(f"/why/{stated['framework'].why}").status_code == 200
    assert client.get(f"/why/{stated['observations'].why}").status_code == 200


def test_a_file_is_given_back_byte_for_byte(client: Client) -> None:
    snapshot = Snapshot.objects.get(filename="former_regions.csv")
    answer = client.get(f"/donnees/fichiers/{snapshot.pk}")
    assert len(b"".join(answer.streaming_content)) == snapshot.size
    assert answer["Content-Disposition"] == 'attachment; filename="former_regions.csv"'


def test_what_a_partner_keeps_private_is_absent_for_others(client: Client) -> None:
    load = private_load()
    addresses = [load.get_absolute_url(), f"/donnees/fichiers/{load.snapshot.pk}", load.snapshot.source.get_absolute_url()]
    addresses += [f"/why/load:{load.pk}/read", "/why/source:prive", f"/donnees/chargements/{load.pk}/rejets.csv"]
    others = [client, signed_in(analyst("ana@lille.example", at="lille"))]
    assert {other.get(address).status_code for other in others for address in addresses} == {404}
    assert {"prive.csv" in text(other.get(page)) for other in others for page in ("/donnees/", "/donnees/chargements/")} == {
        False
    }
    colleague = signed_in(analyst("autre@lens.example", at="lens"))
    assert {colleague.get(address).status_code for address in addresses} == {200}


def test_nobody_applies_or_stops_the_load_of_another() -> None:
    load = sent(signed_in(analyst("a@lens.example", at="lens")), frameworks_file("x,X"), visibility=3, owner=partner("lens").pk)
    stranger = signed_in(analyst())
    assert stranger.post(f"/donnees/chargements/{load.pk}/appliquer").status_code == 404
    assert stranger.post(f"/donnees/chargements/{load.pk}/arreter").status_code == 404
    reader = signed_in(person(role=Role.ELECTED))
    assert reader.post(f"/donnees/chargements/{load.pk}/appliquer").status_code == 403


def test_loads_are_filtered_sorted_and_taken_away(client: Client) -> None:
    source = Snapshot.objects.get(filename="former_regions.csv").source
    answer = client.get(f"/donnees/chargements/?source={source.pk}&state=applied&sort=-read")
    files = [row.load.snapshot.filename for row in answer.context["rows"]]
    assert files == ["territoires-2026.csv", "former_regions.csv"]
    taken = client.get(f"/donnees/chargements/?source={source.pk}&format=csv")
    assert len(b"".join(taken.streaming_content).decode().splitlines()) == 3
    assert client.get("/donnees/chargements/?source=999999").status_code == 200


def test_a_formula_in_a_file_name_is_harmless_in_the_lists(client: Client) -> None:
    document("=cmd|calc")
    taken = b"".join(client.get("/donnees/?format=csv").streaming_content).decode()
    assert "'=cmd|calc" in taken


@pytest.mark.parametrize("kept", ["/donnees/", "/donnees/chargements/", "source", "load"])
def test_the_number_of_queries_is_known(queries, client: Client, kept: str) -> None:
    load = Load.objects.applied().filter(profile__target="observations").order_by("pk").first()
    address = {"source": load.snapshot.source.get_absolute_url(), "load": load.get_absolute_url()}.get(kept, kept)
    with queries(kept):
        client.get(address)
