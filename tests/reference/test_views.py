"""Frameworks, crosswalks and named systems as a reader meets them."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.refusals import Refused
from beffroi.reference.actions import correct_correspondence
from beffroi.reference.models import Correspondence, Crosswalk, Framework, Item
from tests.accounts.factories import person
from tests.queries import QueryCounts
from tests.web.factories import frameworks, items, loaded

pytestmark = pytest.mark.django_db


def crosswalk(*rows: str) -> Crosswalk:
    """Each row: from,to,strength between the frameworks `old` and `new`."""
    frameworks("old", "new")
    items("old,a,,axis,Axe A", "old,b,,axis,Axe B", "old,c,,axis,Axe C", "new,x,,axis,Axe X", "new,y,,axis,Axe Y")
    lines = "\n".join("old,{},new,{},{},document,page 5".format(*row.split(",")) for row in rows)
    loaded(f"from_framework,from_code,to_framework,to_code,strength,source,locator\n{lines}", "facts-correspondences")
    return Crosswalk.objects.get(source__framework__code="old")


def test_the_list_of_frameworks_filters_sorts_and_gives_its_file(client: Client) -> None:
    frameworks("s3", "srde")
    assert "Cadre s3" in client.get("/strategies/").content.decode()
    found = client.get("/strategies/", {"q": "SRDÉ"}).content.decode()
    assert "Cadre srde" in found and "Cadre s3" not in found
    text = b"".join(client.get("/strategies/", {"format": "csv", "kind": "programme"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("Cadre ") == 2
    assert "Aucun cadre ne correspond" in client.get("/strategies/", {"q": "introuvable"}).content.decode()


def test_a_framework_shows_its_tree_its_counts_with_their_why_and_its_sources(client: Client) -> None:
    frameworks("s3")
    items("s3,das,,group,Domaines", "s3,das-1,das,priority_area,Mobilités", "s3,das-2,das,priority_area,Énergies")
    page = client.get("/strategies/cadres/s3").content.decode()
    assert page.index("Domaines") < page.index("Mobilités") < page.index("Énergies")
    assert "/why/items:s3/priority_area" in page
    why = client.get("/why/items:s3/priority_area").content.decode()
    assert "Mobilités" in why and "Énergies" in why and "Domaines" not in why
    assert client.get("/strategies/cadres/inconnu").status_code == 404


def test_a_restricted_framework_is_absent_for_others_and_there_for_its_owner(client: Client) -> None:
    frameworks("secret")
    jeanne = person()
    Framework.objects.update(visibility=Visibility.OWNER, owner=jeanne.memberships.get().partner)
    assert "Cadre secret" not in client.get("/strategies/").content.decode()
    assert client.get("/strategies/cadres/secret").status_code == 404
    client.force_login(jeanne)
    assert "Cadre secret" in client.get("/strategies/").content.decode()


def test_a_crosswalk_says_what_it_carries_and_what_it_leaves(client: Client) -> None:
    edge = crosswalk("a,x,full", "a,y,full", "b,x,related")
    page = client.get(edge.get_absolute_url()).content.decode()
    left = page[page.index("Ce qui n’est pas réparti") : page.index("Plusieurs correspondances totales")]
    assert "Axe B" in left and "Axe C" in left and "Axe A" not in left
    assert "Axe A" in page[page.index("Plusieurs correspondances totales") :]
    only = client.get(edge.get_absolute_url(), {"strength": "related"}).content.decode()
    assert "strength-related" in only and "strength-full" not in only


def test_a_correction_ends_what_stood_and_keeps_it_in_history(client: Client, clock: object) -> None:
    edge = crosswalk("a,x,full")
    a, x = Item.objects.get(code="a"), Item.objects.get(code="x")
    before = timezone.now()
    clock.shift(60)  # type: ignore[attr-defined]
    address, asked = (
        f"{edge.get_absolute_url()}/corriger",
        {"source": a.pk, "target": x.pk, "strength": "partial", "weight": "0.5"},
    )
    assert client.post(address, {**asked, "reason": "le tableau"}).status_code == 302
    assert Correspondence.objects.current().get(source=a).strength == "full", "somebody without an account changes nothing"
    client.force_login(person(role=Role.DEVELOPER))
    assert client.post(address, {**asked, "reason": "le tableau"}).status_code == 403
    client.force_login(person("officer@lille.example", role=Role.PROGRAMME_OFFICER))
    assert client.post(address, {**asked, "reason": ""}).status_code == 422
    assert client.post(address, {**asked, "reason": "le tableau"}).status_code == 302
    assert [(row.strength, str(row.weight)) for row in Correspondence.objects.current().filter(source=a)] == [
        ("partial", "0.500000")
    ]
    assert Correspondence.objects.known_on(before).get(source=a).strength == "full"
    assert AuditEvent.objects.filter(act="correspondence_corrected").count() == 1


def test_a_weight_that_would_pass_one_is_refused_with_its_sentence(client: Client) -> None:
    edge = crosswalk("a,x,partial", "a,y,partial")
    Correspondence.objects.filter(target__code="y").update(weight="0.8")
    a, x = Item.objects.get(code="a"), Item.objects.get(code="x")
    client.force_login(person(role=Role.ANALYST))
    asked = {"source": a.pk, "target": x.pk, "strength": "partial", "weight": "0.4", "reason": "le texte"}
    answer = client.post(f"{edge.get_absolute_url()}/corriger", asked)
    assert (answer.status_code, "feraient 1,20" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("address", ["/strategies/correspondances", "/strategies/outils", "/strategies/regles"])
def test_lists_without_rows_say_what_to_do(client: Client, address: str) -> None:
    assert 'class="empty' in client.get(address).content.decode()


def test_the_queries_of_a_tree_do_not_grow_with_it(client: Client, queries: QueryCounts) -> None:
    frameworks("s3")
    items("s3,das,,group,Domaines", *(f"s3,das-{n},das,priority_area,Domaine {n}" for n in range(40)))
    client.get("/strategies/cadres/s3")
    with queries("framework"):
        client.get("/strategies/cadres/s3")


def test_a_correction_that_contradicts_the_crosswalk_is_refused_and_nothing_changes() -> None:
    edge = crosswalk("a,x,full")
    a, x = Item.objects.get(code="a"), Item.objects.get(code="x")
    asked = {"source": a, "target": x, "strength": "partial", "weight": Decimal("0.5")}
    with pytest.raises(Refused, match="raison"):
        correct_correspondence(edge, **asked, reason=" ", by=person())
    assert Correspondence.objects.current().get(source=a).strength == "full"


def test_what_a_reader_may_not_see_is_on_neither_side_of_a_crosswalk(client: Client) -> None:
    edge = crosswalk("a,x,full", "b,y,full")
    Item.objects.filter(code="y").update(visibility=Visibility.OWNER, owner=person().memberships.get().partner)
    page = client.get(edge.get_absolute_url()).content.decode()
    assert "Axe X" in page and "Axe Y" not in page
    sheet = client.get(Item.objects.get(code="b").get_absolute_url()).content.decode()
    assert "Axe B" in sheet and "Axe Y" not in sheet
    export = b"".join(client.get(edge.get_absolute_url(), {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Axe X" in export and "Axe Y" not in export


def test_a_correspondence_is_taken_away_with_its_reason_and_stays_in_history(clock: object) -> None:
    edge = crosswalk("a,x,full")
    a, x, before = Item.objects.get(code="a"), Item.objects.get(code="x"), timezone.now()
    clock.shift(60)  # type: ignore[attr-defined]
    assert correct_correspondence(edge, source=a, target=x, strength="", weight=None, reason="le tableau", by=person()) is None
    assert not Correspondence.objects.current().filter(source=a).exists()
    assert Correspondence.objects.known_on(before).get(source=a).strength == "full"
