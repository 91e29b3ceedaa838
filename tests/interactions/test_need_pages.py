"""The pages of needs: board, list, sheet, proposals, answers; each reader sees what is theirs."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.actors.queries import organisation_search_rows
from beffroi.core import search
from beffroi.interactions.models import Need, Referral
from beffroi.reference.models import Item, PlaceMembership
from tests.accounts.factories import partner, person
from tests.actors.factories import holder
from tests.interactions.factories import company, need, place, referral, service, word

pytestmark = pytest.mark.django_db
PAGES = "/activite"
TODAY = date(2026, 11, 20)  # tests/conftest.py


def signed_in(user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or User.objects.filter(email="jeanne@lille.example").first() or person())
    return client


def paul() -> User:
    return User.objects.filter(email="paul@amiens.example").first() or person("paul@amiens.example", at="amiens")


def page(client: Client, address: str, **asked: Any) -> str:
    answer = client.get(PAGES + address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def downloaded(client: Client, address: str) -> list[dict[str, str]]:
    text = b"".join(client.get(PAGES + address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def departments() -> tuple[Item, Item, Item]:
    """Lens in Pas-de-Calais, and Nord."""
    lens = place("62498", label="Lens", sort_key="lens")
    pas, nord = (
        place("62", "department", label="Pas-de-Calais", sort_key="pas de calais"),
        place("59", "department", label="Nord"),
    )
    PlaceMembership.objects.create(part=lens, whole=pas)
    return lens, pas, nord


def test_the_board_shows_what_was_sent_by_state_and_what_waits() -> None:
    client = signed_in()
    need(company("Alpha"), on=ago(3))
    referral(need(company("Bêta"), on=ago(20)), on=ago(15))
    referral(need(company("Gamma")), on=ago(2))
    referral(need(company("Delta")), state="refused", reason="out_of_zone", on=ago(9), answered_on=ago(8), closed_on=ago(8))
    found = client.get(f"{PAGES}/besoins/")
    columns = [
        (column.code, column.count, [str(card.need.subject) for card in column.cards]) for column in found.context["columns"]
    ]
    assert columns == [
        ("unsent", 2, ["Delta", "Alpha"]),
        ("waiting", 2, ["Bêta", "Gamma"]),
        ("taken_up", 0, []),
        ("refused", 1, ["Delta"]),
        ("closed", 0, []),
    ]
    text = found.content.decode()
    assert "réponse en retard" in text
    assert "depuis 15 jours" in text
    received = signed_in(paul()).get(f"{PAGES}/besoins/", {"side": "received"})
    assert [(column.code, column.count) for column in received.context["columns"]][:2] == [("waiting", 2), ("taken_up", 0)]
    assert "à transmettre" not in received.content.decode()


def test_a_board_with_many_needs_shows_the_first_and_links_to_the_others(queries) -> None:
    client = signed_in()
    for number in range(14):
        referral(need(company(f"Société {number}")), on=ago(number))
        need(company(f"Autre {number}"))
    columns = client.get(f"{PAGES}/besoins/").context["columns"]
    assert [(column.count, len(column.cards), column.others) for column in columns[:2]] == [(14, 12, 2), (14, 12, 2)]
    with queries("the board of needs"):
        page(client, "/besoins/")
    with queries("the list of needs"):
        page(client, "/besoins/", view="list")


def test_the_list_filters_and_goes_away_as_a_file() -> None:
    client = signed_in()
    referral(need(company("Alpha"), "export", text="Un distributeur"), on=ago(15))
    need(company("Bêta"))
    need(holder=holder(), organisation=None)
    rows = downloaded(client, "/besoins/?format=csv")
    assert sorted((row["company"], row["partner"], row["state"]) for row in rows) == [
        ("Alpha", "Amiens", "en attente de réponse"), ("Atelier de recyclage", "", ""), ("Bêta", "", "")
    ]  # fmt: skip
    for asked, expected in (
        ({"q": "alph"}, 1),
        ({"q": "recyclage"}, 1),
        ({"subject": word("export").pk}, 1),
        ({"state": "unsent"}, 2),
        ({"state": "waiting"}, 1),
        ({"late": "on"}, 1),
        ({"side": "received"}, 0),
    ):
        assert client.get(f"{PAGES}/besoins/", {"view": "list", **asked}).context["count"] == expected, asked
    assert "Aucun besoin ne vous a été transmis." in page(client, "/besoins/", side="received")


def test_a_need_is_noted_once_then_operators_are_proposed_with_their_reasons() -> None:
    client = signed_in()
    lens, pas, nord = departments()
    company("Alpha", place=lens)
    near = service("Prêt d’honneur", at="amiens")
    near.places.set([pas])
    far = service("Garantie", at="douai")
    far.places.set([nord])
    service("Fonds régional", at="lens")
    said = {"about": "Alpha", "subject_item": word("financement").pk, "opened_on": "2026-11-19", "detail_visibility": 3}
    said |= {"client_id": "web-1", "text": "Une machine"}
    answer = client.post(f"{PAGES}/besoins/noter", said)
    again = client.post(f"{PAGES}/besoins/noter", said)
    made = Need.objects.get()
    assert answer["Location"] == again["Location"] == f"{PAGES}/besoins/{made.pk}/transmettre"
    assert made.place == lens
    found = client.get(answer["Location"])
    assert [(str(row.partner), row.why) for row in found.context["rows"]] == [
        ("Amiens", "Sujet : Financement. Lens est dans son territoire : Pas-de-Calais."),
        ("Lens", "Sujet : Financement. Offert partout."),
    ]
    refused = client.post(answer["Location"], {"services": [near.pk], "on": "2026-11-20"})
    assert "L’entreprise n’a pas dit qu’elle est d’accord" in errors(refused)["__all__"][0]
    assert f'value="{near.pk}" checked' in refused.content.decode()
    assert "Cochez au moins un service" in errors(client.post(answer["Location"], {"on": "2026-11-20"}))["__all__"][0]
    sent = {"services": [near.pk], "partner": partner("douai").pk, "on": "2026-11-20", "consent": "on"}
    assert client.post(answer["Location"], sent)["Location"] == f"{PAGES}/besoins/{made.pk}"
    assert list(Referral.objects.order_by("pk").values_list("partner__code", "consented_on")) == [
        ("amiens", TODAY), ("douai", TODAY)
    ]  # fmt: skip
    after = client.get(answer["Location"])
    assert [(str(row.partner), row.is_there) for row in after.context["rows"]] == [("Lens", False), ("Amiens", True)]


def test_a_need_of_a_place_that_nobody_knows_is_proposed_to_those_who_may_reach_it() -> None:
    client = signed_in()
    _lens, pas, _nord = departments()
    service("Prêt d’honneur", at="amiens").places.set([pas])
    found = client.get(f"{PAGES}/besoins/{need().pk}/transmettre")
    assert "le lieu de l’entreprise n’est pas connu" in found.content.decode()
    part = need(place=pas)
    lens = Item.objects.get(code="62498")
    service("Prêt de Lens", at="lens").places.set([lens])
    rows = client.get(f"{PAGES}/besoins/{part.pk}/transmettre").context["rows"]
    assert [row.why.partition(". ")[2] for row in rows] == [
        "Pas-de-Calais est dans son territoire : Pas-de-Calais.", "Offert pour une partie de Pas-de-Calais : Lens."
    ]  # fmt: skip


def test_proposals_tell_how_operators_answer_over_what_the_reader_may_read(queries) -> None:
    client = signed_in()
    service("Prêt d’honneur", at="amiens")
    referral(need(), state="taken_up", on=ago(20), answered_on=ago(18))
    referral(need(), state="refused", reason="other", on=ago(20), answered_on=ago(16))
    referral(need(at="lens"), state="refused", reason="other", on=ago(20), answered_on=ago(1))  # kept by Lens
    asked = need()
    (row,) = client.get(f"{PAGES}/besoins/{asked.pk}/transmettre").context["rows"]
    assert (row.delay.value, row.delay.known, row.accepted.value, row.acceptance.total) == (3, 2, 0.5, 2)
    for number in range(3):
        service(f"Autre {number}", at=f"p{number}").places.set([place()])
    with queries("who could answer a need"):
        page(client, f"/besoins/{asked.pk}/transmettre")


def test_a_form_says_what_is_wrong_beside_the_field() -> None:
    client = signed_in()
    company("Alpha")
    usual = {"about": "Alpha", "subject_item": word("export").pk, "opened_on": "2026-11-19", "detail_visibility": 3}
    usual |= {"client_id": "web-1"}
    for wrong, field, text in (
        ({"about": "Personne"}, "about", "n’a ce nom ni ce numéro"),
        ({"about": ""}, "about", "obligatoire"),
        ({"place": "Nulle part"}, "place", "Aucun territoire officiel"),
        ({"opened_on": "hier"}, "opened_on", "date"),
    ):
        assert text in errors(client.post(f"{PAGES}/besoins/noter", usual | wrong))[field][0]
    other = company("Alpha")
    several = errors(client.post(f"{PAGES}/besoins/noter", usual | {"about": "Alpha"}))
    assert "Laquelle ? Écrivez le SIREN, ou le code entre crochets. Alpha (sans SIREN) [organisation:" in several["about"][0]
    search.index(organisation_search_rows([other.pk]))
    assert f"[organisation:{other.pk}]" in errors(client.post(f"{PAGES}/besoins/noter", usual | {"about": "Alph"}))["about"][0]
    assert not Need.objects.exists()


def test_the_form_knows_the_company_one_comes_from() -> None:
    known, project = company("Alpha"), holder()
    assert 'value="Alpha"' in page(signed_in(), "/besoins/noter", about=f"organisation:{known.pk}")
    assert 'value="Atelier de recyclage"' in page(signed_in(), "/besoins/noter", about=f"holder:{project.pk}")
    assert page(signed_in(), "/besoins/noter", about="x")
    said = {"about": f"holder:{project.pk}", "subject_item": word("creation").pk, "opened_on": "2026-11-19"}
    signed_in().post(f"{PAGES}/besoins/noter", said | {"detail_visibility": 3, "client_id": "web-1"})
    assert Need.objects.get().holder == project


def test_the_operator_answers_from_the_board_and_the_sheet_tells_the_life() -> None:
    asked = need(company("Alpha"), text="Une machine", on=ago(10))
    made = referral(asked, on=ago(9))
    client = signed_in(paul())
    assert "Prendre en charge un besoin" in page(client, f"/besoins/envois/{made.pk}", to="taken_up")
    answer = client.post(f"{PAGES}/besoins/envois/{made.pk}?to=taken_up", {"on": "2026-11-15", "comment": "Vu au salon"})
    assert answer["Location"] == f"{PAGES}/besoins/{asked.pk}"
    late = client.post(f"{PAGES}/besoins/envois/{made.pk}?to=taken_up", {"on": "2026-11-15"})
    assert "Quelqu’un a déjà répondu" in errors(late)["__all__"][0]
    empty = client.post(f"{PAGES}/besoins/envois/{made.pk}?to=refused", {"on": "2026-11-15"})
    assert "reason" in errors(empty)
    client.post(f"{PAGES}/besoins/envois/{made.pk}?to=closed", {"on": "2026-11-18", "result": "solved"})
    sheet = signed_in().get(f"{PAGES}/besoins/{asked.pk}")
    assert [event["kind"] for event in sheet.context["events"]] == [
        "exprimé", "transmis", "pris en charge", "close, avec un résultat"
    ]  # fmt: skip
    text = sheet.content.decode()
    assert "Une machine" in text
    assert "besoin satisfait" in text
    closing = signed_in().get(f"{PAGES}/besoins/{asked.pk}/clore")
    assert closing.context["form"].initial["result"] == "solved"
    assert signed_in().post(f"{PAGES}/besoins/{asked.pk}/clore", {"on": "2026-11-01", "result": "solved"}).status_code == 422
    assert signed_in().post(f"{PAGES}/besoins/{asked.pk}/clore", {"on": "2026-11-20", "result": "solved"}).status_code == 302


def test_each_side_has_its_own_moves_and_nobody_those_of_the_other() -> None:
    made = referral(need())
    address = f"{PAGES}/besoins/envois/{made.pk}"
    assert signed_in().get(f"{address}?to=taken_up").status_code == 403
    assert signed_in(paul()).get(f"{address}?to=withdrawn").status_code == 403
    assert signed_in(paul()).get(f"{address}?to=nothing").status_code == 404
    assert signed_in().post(f"{address}?to=withdrawn", {"on": "2026-11-20"}).status_code == 302
    assert signed_in(paul()).get(f"{PAGES}/besoins/{made.need_id}/transmettre").status_code == 403
    elected = person("elue@lille.example", role=Role.ELECTED)
    assert signed_in(elected).get(f"{PAGES}/besoins/noter").status_code == 403
    assert Client().get(f"{PAGES}/besoins/").status_code == 302


def test_another_operator_learns_that_a_need_exists_and_nothing_of_it() -> None:
    asked = need(company("Alpha"), "difficultes", text="Trésorerie tendue", on=ago(10))
    made = referral(asked, comment="À voir vite", on=ago(9))
    zoe = signed_in(person("zoe@lens.example", at="lens"))
    sheet = page(zoe, f"/besoins/{asked.pk}")
    assert "Alpha" in sheet
    assert "sont gardés par Lille" in sheet
    for secret in ("Difficultés", "Trésorerie", "Amiens", "À voir vite"):
        assert secret not in sheet
    assert zoe.get(f"{PAGES}/besoins/envois/{made.pk}?to=taken_up").status_code == 404
    for address in ("/besoins/", "/besoins/?view=list", "/besoins/?side=received", "/besoins/reponses"):
        assert "Alpha" not in page(zoe, address)
    assert "Amiens" not in page(zoe, "/besoins/reponses")
    assert downloaded(zoe, "/besoins/?format=csv") == []
    assert "1 besoin" not in page(zoe, "/besoins/couverture")
    hidden = need(company("Bêta"), visibility=Visibility.OWNER)
    assert zoe.get(f"{PAGES}/besoins/{hidden.pk}").status_code == 404


def test_an_operator_reads_its_own_answer_and_not_that_of_another(queries) -> None:
    asked = need(company("Alpha"), on=ago(10))
    referral(asked, "amiens", on=ago(9))
    referral(
        asked, "lens", state="refused", reason="no_capacity", comment="Complet", on=ago(9), answered_on=ago(8), closed_on=ago(8)
    )
    client = signed_in(paul())
    assert "Lens" not in page(client, f"/besoins/{asked.pk}")
    asked.detail_visibility = Visibility.PARTNERS
    asked.save()
    shared = page(client, f"/besoins/{asked.pk}")
    assert "Lens" in shared
    assert "entre les deux institutions" in shared
    assert "Complet" not in shared
    assert "plus de disponibilité" in page(signed_in(), f"/besoins/{asked.pk}")
    sender = signed_in()
    with queries("a need"):
        page(sender, f"/besoins/{asked.pk}")


def test_rates_are_shown_with_what_they_are_counted_on(queries) -> None:
    referral(need(), state="taken_up", on=ago(20), answered_on=ago(18))
    referral(need(subject="export"), state="refused", reason="out_of_zone", on=ago(20), answered_on=ago(15))
    referral(need(), "lens", on=ago(1))
    client = signed_in()
    with queries("answers"):
        found = client.get(f"{PAGES}/besoins/reponses")
    rows = [
        (str(row.partner), row.sent, row.waiting, [(rate.count, rate.total) for rate, _ in row.within], row.accepted[1].value)
        for row in found.context["rows"]
    ]
    assert rows == [
        ("None", 3, 1, [(1, 2), (2, 2)], 0.5),
        ("Amiens", 2, 0, [(1, 2), (2, 2)], 0.5),
        ("Lens", 1, 1, [(0, 0), (0, 0)], None),
    ]
    assert [(row.subject.code, row.total, row.sent) for row in found.context["refusals"]] == [("export", 1, 1)]
    assert [row["in_3"] for row in downloaded(client, "/besoins/reponses?format=csv")] == ["1", "1", "0"]
    why = client.get("/why/answers:3/").content.decode()
    assert "Réponses en 3 jours" in why
    assert client.get(f"/why/answers:accepted/{partner('lens').pk}").status_code == 200
    assert client.get("/why/answers:9/").status_code == 404
    assert not client.get(f"{PAGES}/besoins/reponses", {"end": "2020-01-01"}).context["rows"]
    assert len(client.get(f"{PAGES}/besoins/reponses", {"start": ago(2).isoformat()}).context["rows"]) == 2


def test_coverage_says_where_nobody_answers_and_how_many_needs_wait_there(queries) -> None:
    lens, pas, nord = departments()
    service("Prêt d’honneur", "financement", at="amiens").places.set([pas])
    service("Prêt de Lens", "export", at="lens").places.set([lens])
    service("Fini", "numerique", at="lens", ended_on=ago(1))
    need(subject="numerique", place=lens)
    taken = need(subject="numerique", place=lens)
    referral(taken, state="taken_up", answered_on=ago(1))
    client = signed_in()
    found = client.get(f"{PAGES}/besoins/couverture").context["found"]
    cells = {
        row["label"]: [cell["text"] for cell in row["cells"]]
        for row in found.matrix["rows"]
        if row["label"] in ("Financement", "International et export", "Transition numérique")
    }
    assert [column["label"] for column in found.matrix["columns"]] == ["Nord", "Pas-de-Calais"]
    assert cells == {
        "Financement": ["personne", "1"],
        "International et export": ["personne", "en partie"],
        "Transition numérique": ["personne", "personne · 1 besoin"],
    }
    first = found.gaps[0]
    assert (first.subject.code, first.zone, first.needs, len(found.gaps)) == ("numerique", pas, 1, 34)
    assert downloaded(client, "/besoins/couverture?format=csv")[0]["code"] == "62"
    assert "Là où personne ne répond" in client.get("/why/coverage:department").content.decode()
    assert client.get("/why/coverage:moon").status_code == 404
    with queries("who answers where"):
        page(client, "/besoins/couverture", subject=word("financement").pk)
    assert "Aucun territoire de ce niveau" in page(client, "/besoins/couverture", level="epci")


def test_an_employment_zone_is_where_its_communes_are() -> None:
    lens, pas, nord = departments()
    douai = place("59178", label="Douai", sort_key="douai")
    zone, across = (place(code, "employment_zone", label=code, sort_key=code) for code in ("Lens", "Sud"))
    for part, whole in ((douai, nord), (lens, zone), (lens, across), (douai, across)):
        PlaceMembership.objects.create(part=part, whole=whole)
    service("Prêt d’honneur", "financement", at="amiens").places.set([pas])
    need(subject="financement", place=douai)
    found = signed_in().get(f"{PAGES}/besoins/couverture", {"level": "employment_zone"}).context["found"]
    (row,) = [row for row in found.matrix["rows"] if row["label"] == "Financement"]
    assert [column["label"] for column in found.matrix["columns"]] == ["Lens", "Sud"]
    assert [cell["text"] for cell in row["cells"]] == ["1", "en partie · 1 besoin"]


def test_a_list_of_zones_tied_to_nothing_says_nothing_of_who_answers() -> None:
    departments()
    place("Lens", "employment_zone")
    assert "Aucun territoire de ce niveau" in page(signed_in(), "/besoins/couverture", level="employment_zone")


def test_zones_of_another_region_are_left_out(settings) -> None:
    settings.REGION = "32"
    region, other = place("32", "region"), place("11", "region")
    _lens, pas, nord = departments()
    far = place("75", "department", label="Paris", sort_key="paris")
    for part, whole in ((pas, region), (nord, region), (far, other)):
        PlaceMembership.objects.create(part=part, whole=whole)
    found = signed_in().get(f"{PAGES}/besoins/couverture").context["found"]
    assert [zone.label for zone in found.zones] == ["Nord", "Pas-de-Calais"]
