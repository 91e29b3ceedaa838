"""Services of operators and offers of companies: described, found by words and place, ended; who may see them."""

from typing import Any

import pytest
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.models import SearchEntry
from beffroi.interactions.models import Offer, Service
from beffroi.interactions.queries.findable import offer_search_rows, service_search_rows
from tests.accounts.factories import partner
from tests.actors.factories import hidden
from tests.interactions.factories import DAY, company, service, word
from tests.interactions.test_need_pages import PAGES, departments, downloaded, errors, page, paul, signed_in

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str, **asked: Any) -> list[str]:
    return [str(row) for row in client.get(PAGES + address, asked).context["page"]]


def offer(text: str, who: Any = None, **fields: Any) -> Offer:
    said = {"kind": "skill", "declared_on": DAY, "consented_on": DAY, "owner": partner(), "visibility": Visibility.PARTNERS}
    said |= {"sort_key": text.lower()}
    return Offer.objects.create(organisation=who or company(), text=text, **(said | fields))


def test_services_are_found_by_subject_place_audience_and_words(queries) -> None:
    lens, pas, nord = departments()
    service("Prêt d’honneur", "financement", at="amiens", audience="créateurs").places.set([pas])
    service("Garantie", "financement", "export", at="douai").places.set([nord])
    service("Fonds régional", "innovation", at="lens", visibility=Visibility.PUBLIC)
    service("Prêt de Lens", "creation", at="lens").places.set([lens])
    service("Ancien prêt", ended_on=DAY)
    client = signed_in()
    for asked, expected in (
        ({}, ["Fonds régional", "Garantie", "Prêt de Lens", "Prêt d’honneur"]),
        ({"q": "prêt lens"}, ["Prêt de Lens"]),
        ({"subject": word("financement").pk}, ["Garantie", "Prêt d’honneur"]),
        ({"place": "62498"}, ["Fonds régional", "Prêt de Lens", "Prêt d’honneur"]),
        ({"place": "59"}, ["Fonds régional", "Garantie"]),
        ({"audience": "créateurs"}, ["Fonds régional", "Garantie", "Prêt de Lens", "Prêt d’honneur"]),
        ({"audience": "bailleurs"}, ["Fonds régional", "Garantie", "Prêt de Lens"]),
        ({"owner": partner("douai").pk}, ["Garantie"]),
        ({"ended": "on", "q": "ancien"}, ["Ancien prêt"]),
    ):
        assert titles(client, "/services", **asked) == expected, asked
    assert titles(Client(), "/services") == ["Fonds régional"]
    assert len(downloaded(client, "/services?format=csv")) == 4
    assert "Aucun service ne correspond" in page(client, "/services", q="zzz")
    with queries("services of operators"):
        page(client, "/services")


def test_a_service_is_described_changed_and_ended_by_its_operator() -> None:
    departments()
    client = signed_in()
    said = {"title": "Prêt d’honneur", "subjects": [word("financement").pk], "places": "Pas-de-Calais\n59", "reply_days": 3}
    answer = client.post(f"{PAGES}/services/decrire", said | {"visibility": 0})
    made = Service.objects.get()
    assert answer["Location"] == f"{PAGES}/services/{made.pk}"
    assert (made.owner.code, [place.code for place in made.places.order_by("code")]) == ("lille", ["59", "62"])
    assert SearchEntry.objects.get(kind="service").title == "Prêt d’honneur"
    assert "Pas-de-Calais" in page(Client(), f"/services/{made.pk}")
    assert "(62)" in page(client, f"/services/{made.pk}/modifier")
    assert "places" in errors(
        client.post(f"{PAGES}/services/{made.pk}/modifier", said | {"places": "Nulle part", "visibility": 1})
    )
    assert "title" in errors(client.post(f"{PAGES}/services/{made.pk}/modifier", said | {"title": "", "visibility": 1}))
    client.post(f"{PAGES}/services/{made.pk}/modifier", said | {"places": "", "visibility": 1})
    assert not made.places.exists()
    assert Client().get(f"{PAGES}/services/{made.pk}").status_code == 404
    assert signed_in(paul()).get(f"{PAGES}/services/{made.pk}/modifier").status_code == 403
    assert signed_in(paul()).get(f"{PAGES}/services/{made.pk}/fin").status_code == 403
    assert "Ne plus l’offrir" in page(client, f"/services/{made.pk}")
    client.post(f"{PAGES}/services/{made.pk}/fin", {"on": "2026-11-20"})
    assert not SearchEntry.objects.filter(kind="service").exists()
    assert AuditEvent.objects.filter(act="service_ended").exists()


def test_offers_are_found_by_words_place_and_kind(queries) -> None:
    lens, pas, _nord = departments()
    offer("Découpe laser de tôles", company("Métal Nord"), place=lens)
    offer("Cherche tissus recyclés", company("Filature"), kind="wanted", visibility=Visibility.PUBLIC)
    offer("Retirée", company("Autre"), ended_on=DAY)
    offer("Chez un prospect", hidden("Prospect", at="amiens"))
    client = signed_in()
    for asked, expected in (
        ({}, ["Cherche tissus recyclés", "Découpe laser de tôles"]),
        ({"q": "laser"}, ["Découpe laser de tôles"]),
        ({"q": "metal"}, ["Découpe laser de tôles"]),
        ({"kind": "wanted"}, ["Cherche tissus recyclés"]),
        ({"place": "62"}, ["Découpe laser de tôles"]),
        ({"place": "59"}, []),
    ):
        assert titles(client, "/savoir-faire", **asked) == expected, asked
    assert pas.label == "Pas-de-Calais"
    assert titles(Client(), "/savoir-faire") == ["Cherche tissus recyclés"]
    assert [row["company"] for row in downloaded(client, "/savoir-faire?format=csv")] == ["Filature", "Métal Nord"]
    assert "Aucune offre ne correspond" in page(client, "/savoir-faire", q="zzz")
    with queries("offers of companies"):
        page(client, "/savoir-faire")


def test_an_offer_is_declared_with_the_consent_of_its_company_and_withdrawn() -> None:
    lens, _pas, _nord = departments()
    known, client = company("Métal Nord", place=lens), signed_in()
    assert 'value="Métal Nord"' in page(client, "/savoir-faire/declarer", about=f"organisation:{known.pk}")
    said = {
        "organisation": "Métal Nord",
        "kind": "skill",
        "text": "Découpe laser",
        "declared_on": "2026-11-20",
        "visibility": 1,
    }
    assert "consented_on" in errors(client.post(f"{PAGES}/savoir-faire/declarer", said))
    said |= {"consented_on": "2026-11-19", "told_by": "directrice"}
    answer = client.post(f"{PAGES}/savoir-faire/declarer", said)
    made = Offer.objects.get()
    assert answer["Location"] == f"{PAGES}/savoir-faire/{made.pk}"
    assert (made.place, made.declared_by.email, made.sort_key) == (lens, "jeanne@lille.example", "decoupe laser")
    assert "depuis le 19 novembre 2026" in page(client, f"/savoir-faire/{made.pk}")
    assert client.post(f"{PAGES}/savoir-faire/{made.pk}/modifier", said | {"text": "Découpe et pliage"}).status_code == 302
    assert SearchEntry.objects.get(kind="offer").title == "Découpe et pliage"
    assert 'value="Métal Nord"' in page(client, f"/savoir-faire/{made.pk}/modifier")
    assert signed_in(paul()).get(f"{PAGES}/savoir-faire/{made.pk}/modifier").status_code == 403
    client.post(f"{PAGES}/savoir-faire/{made.pk}/fin", {"on": "2026-11-01"})
    made.refresh_from_db()
    assert made.ended_on == made.declared_on
    assert not SearchEntry.objects.filter(kind="offer").exists()
    assert titles(client, "/savoir-faire") == []


def test_what_the_search_finds_is_as_narrow_as_its_company() -> None:
    offer("Chez un prospect", hidden("Prospect", at="amiens"))
    (row,) = offer_search_rows(None)
    assert (row.visibility, row.owner_id) == (Visibility.OWNER, partner("amiens").pk)
    shown = service("Prêt d’honneur", "financement", "export")
    (found,) = service_search_rows(None)
    assert found.detail == "Amiens · Financement, International et export"
    assert [row.id for row in service_search_rows([shown.pk])] == [shown.pk]
