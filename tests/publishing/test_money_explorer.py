"""The money explorer: a question in an address, its figures, what they leave out, and the lines behind each."""

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import unquote

import fastexcel
import polars as pl
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beffroi.actors.models import Organisation
from beffroi.funding.models import LineClaim, Operation
from beffroi.reference.models import Correspondence, Framework, Item, PlaceMembership, Version
from tests.accounts.factories import person
from tests.funding.factories import forget_totals
from tests.funding.test_conversions import item, tied
from tests.queries import QueryCounts
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
PAGE = "/financements/explorateur"
GENERIC = "subventions-generiques"
HEAD = "identifiant,intitule,beneficiaire,siret,financeur,montant,date,stade,programme,axe,instrument,code departement"
ROWS = (
    "A1,Halle,Ville,200078004,Région,1000000,2020-03-01,voté,aides,1 - Commerce,grant,59",
    "A2,Gare,Ville,200078004,État,500000,2021-04-01,voté,aides,2 - Mobilité,grant,80",
    "A3,Quai,Port,,État,20000,2021-04-01,voté,aides,2 - Mobilité,loan,",
    "A4,Pont,Ville,200078004,État,7,2021-04-01,payé,autres,,,",
)


@pytest.fixture(autouse=True)
def amounts() -> None:
    loaded("\n".join([HEAD, *ROWS]), GENERIC, as_of=None)


def page(client: Client, **asked: object) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_it_asks_first_for_what_is_voted_by_funder(client: Client) -> None:
    said = page(client)
    assert "Argent voté, par financeur" in said
    assert re.search(r"subvention 1,5.M€", said) and re.search(r"prêt 20.000.€", said), "instruments apart"
    assert "programme n’a encore aucun montant à ce stade : Autres" in said or "aucun montant à ce stade : autres" in said


def test_a_figure_opens_its_lines_and_each_line_its_source(client: Client) -> None:
    answer = client.get(PAGE, {"by": "fund"}).content.decode()
    address = next(found for found in re.findall(r'href="(/why/money[^"]+)"', answer) if "fund=" in unquote(found))
    panel = client.get(address).content.decode()
    assert "Halle" in panel and "Chaque ligne" not in panel and "chacune une fois" in panel
    line = unescape(re.findall(r'href="(/why/line[^"]+)"', panel)[0])
    assert "ligne 2" in client.get(line).content.decode()


def test_a_natural_person_is_named_to_partners_only(client: Client) -> None:
    """Neither in the lines behind a figure, nor as a group, nor as who pays."""
    Organisation.objects.filter(name__in=["Ville", "Région"]).update(legal_category="1000")
    asked = {"by": "fund", "then": "receiver"}

    def read() -> str:
        answer = unescape(client.get(PAGE, asked).content.decode())
        files = b"".join(client.get(PAGE, asked | {"format": "csv"})).decode()
        whys = "".join(client.get(found).content.decode() for found in re.findall(r'href="(/why/money[^"]+)"', answer))
        assert "Halle" in whys
        return answer.partition("<main")[2] + files + whys

    assert "Ville" not in read() and "Région" not in read() and "non publié" in read()
    client.force_login(person())
    assert "Ville" in read() and "Région" in read()


def test_two_keys_years_flow_and_bars(client: Client) -> None:
    assert re.search(r"Région 1 - Commerce|Région Commerce", page(client, by="fund", then="item"))
    years = page(client, by="year", view="bars")
    assert "Année par année et cumulé" in years and re.search(r"2021 500.000.€ 1,5.M€", years)
    assert "Ce qui est certain, subvention" in page(client, by="fund", view="bars")
    flow = client.get(PAGE, {"by": "fund", "view": "flow"}).content.decode()
    assert 'class="flow"' in flow and "D’où vient l’argent et où il va" in flow


def test_a_territory_says_its_basis_and_what_is_not_placed(client: Client) -> None:
    said = page(client, territory="DEP-59")
    assert "Base du lieu" in said and re.search(r"Région non précisé subvention 1 1.M€", said)
    assert "Ce dont aucune source ne dit le lieu (prêt)" in said


def test_what_is_wrong_is_said_beside_its_field(client: Client) -> None:
    assert "aucun territoire connu" in page(client, territory="Atlantide")
    assert "La dernière année ne précède pas la première" in page(client, since=2021, until=2020)
    assert "n’est pas le numéro d’une fiche" in page(client, fund="Région")
    assert "Aucune ligne ne répond à cette question" in page(client, stage="certified")


def test_choices_that_come_by_links_are_named_and_taken_off(client: Client) -> None:
    state = Organisation.objects.get(name="État")
    found = client.get(PAGE, {"fund": state.pk, "stage": "all", "item": "aides:2"}).content.decode()
    assert "élément, et ce qui est dessous" in found and 'href="?stage=all&amp;item=aides%3A2' in found
    said = page(client, fund=state.pk, stage="all")
    assert "Argent à chaque stade" in said and "Région" not in said.partition("Base")[2].partition("Télécharger")[0]


def test_the_files_hold_bounds_codes_and_the_method(client: Client) -> None:
    asked = {"by": "fund", "then": "item"}
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get(PAGE, {**asked, "format": "csv"})).decode("utf-8-sig"))))
    assert [(row["fund"], row["item_code"], row["certain"]) for row in rows][0] == ("Région", "1", "1000000")
    assert json.loads(b"".join(client.get(PAGE, {**asked, "format": "json"})))["rows"][0]["at_most"] == 1000000
    table = pq.read_table(io.BytesIO(b"".join(client.get(PAGE, {**asked, "format": "parquet"}))))  # type: ignore[arg-type]
    assert "chaque ligne compte une fois" in json.loads(table.schema.metadata[b"beffroi"])["source"]
    assert pl.from_arrow(table)["certain"].sum() == Decimal("1520000")  # type: ignore[index]
    book = fastexcel.read_excel(b"".join(client.get(PAGE, {**asked, "format": "xlsx"})))  # type: ignore[arg-type]
    assert "Argent voté, par financeur et élément du programme" in str(
        book.load_sheet("Méthode", header_row=None).to_polars().rows()
    )


def test_totals_are_read_through_a_crosswalk_and_open_on_what_each_item_gives(client: Client) -> None:
    tied(item("1"), item("a", "cible"))
    tied(item("2"), item("a", "cible"), "partial", "0.25")
    answer = client.get(PAGE, {"into": "cible"}).content.decode()
    assert "non réparti" in answer and "pondéré" in answer
    address = next(iter(re.findall(r'href="(/why/through[^"]+)"', answer)))
    panel = client.get(address).content.decode()
    assert "partielle, 25 %" in panel and "totale" in panel
    rows = json.loads(b"".join(client.get(PAGE, {"into": "cible", "format": "json"})))["rows"]
    assert [(row["item_code"], row["certain"], row["weighted"]) for row in rows if row["instrument"] == "grant"] == [
        ("a", 1000000, 1125000)
    ]


def read_in(client: Client, **asked: object) -> list[dict[str, Any]]:
    return json.loads(b"".join(client.get(PAGE, {"into": "cible", "format": "json", **asked})))["rows"]  # type: ignore[no-any-return]


def test_two_keys_through_a_crosswalk_make_one_total_and_each_figure_opens_its_own_lines(client: Client) -> None:
    """Grants: 1 M€ of the Region and 0.5 M€ of the State, both carried to « a »: one total of 1.5 M€, two groups."""
    tied(item("1"), item("a", "cible"))
    tied(item("2"), item("a", "cible"))
    answer = client.get(PAGE, {"into": "cible", "then": "fund"})
    assert [total.words for total in answer.context["found"].totals] == ["subvention", "prêt"]
    assert [total.figure.value for total in answer.context["found"].totals] == [1_500_000, 20_000]
    groups = {tuple(cell.text for cell in group.cells): group.figure for group in answer.context["page"]}
    state, region = (Organisation.objects.get(name=name).pk for name in ("État", "Région"))
    assert f"fund={region}" in groups["a", "Région"].why and "fund=" in groups["a", "État"].why
    panel = client.get(f"/why/{groups['a', 'Région'].why}")
    assert panel.context["evidence"].figure.value == 1_000_000 and f"fund={state}" not in panel.content.decode()
    picture = client.get(PAGE, {"into": "cible", "then": "fund", "view": "bars"}).context["picture"]
    assert [row[0] for row in picture.table.rows] == ["a · Région", "a · État"]


def test_a_territory_through_a_crosswalk_says_its_basis_and_what_the_totals_do_not(client: Client) -> None:
    tied(item("1"), item("a", "cible"))
    answer = client.get(PAGE, {"into": "cible", "territory": "DEP-59"})
    said = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))
    assert "Base du lieu" in said and "base : non précisé" in said
    assert "Ce dont aucune source ne dit le lieu" in said and "aucun montant à ce stade" in said
    (group,) = answer.context["page"]
    assert "place_basis=unstated" in group.figure.why and client.get(f"/why/{group.figure.why}").status_code == 200


def test_what_nobody_knows_is_not_zero_through_a_crosswalk(client: Client) -> None:
    tied(item("1"), item("a", "cible"))
    LineClaim.objects.filter(line__operation__code="A1").update(cents=None)
    forget_totals()
    answer = client.get(PAGE, {"into": "cible"})
    assert "ligne sans montant connu" in answer.content.decode()
    (group,) = answer.context["page"]
    assert (group.figure.is_known, group.weighted, group.figure.parts) == (False, None, 1)
    panel = client.get(f"/why/{group.figure.why}").content.decode()
    assert not re.search(r"\b0.€", unescape(panel))
    assert [(row["certain"], row["at_most"], row["lines"], row["unknown"]) for row in read_in(client)] == [(None, None, 1, 1)]


def test_a_correspondence_is_tried_before_it_is_saved(client: Client) -> None:
    tied(item("1"), item("a", "cible"))
    crosswalk = Correspondence.objects.get().crosswalk
    asked = {"source": item("2").pk, "target": item("a", "cible").pk, "strength": "full"}
    found = client.get(f"/strategies/correspondances/{crosswalk.pk}/essai", asked).content.decode()
    assert "non réparti" in found and re.search(r"1,5\D*M€", unescape(found))
    assert f"?source={asked['source']}&amp;target={asked['target']}&amp;strength=full" in found
    assert Correspondence.objects.count() == 1
    wrong = client.get(f"/strategies/correspondances/{crosswalk.pk}/essai", {**asked, "weight": "0.5"}).content.decode()
    assert "Une part ne se donne que pour une correspondance partielle" in wrong
    same = client.get(f"/strategies/correspondances/{crosswalk.pk}/essai", {**asked, "source": item("1").pk}).content.decode()
    assert "Aucun total ne changerait" in same


LONG = "9" * 25


@pytest.mark.parametrize("name", ["fund", "receiver", "payer", "organisation", "element", "operation", "item"])
def test_a_number_that_no_row_has_is_refused_in_a_sentence_and_taken_off(client: Client, name: str) -> None:
    for value in (LONG, LONG * 200):
        answer = client.get(PAGE, {name: value, "stage": "all"})
        assert answer.status_code == 200
        said = answer.content.decode()
        assert "n’est pas le numéro d’une fiche" in said or "n’est pas un élément connu" in said
        assert [one.name for one in answer.context["chosen"]] == [name] and 'href="?stage=all"' in said


@pytest.mark.parametrize("key", [f"lines:1,{LONG}", f"facing:{LONG},1", f"cells:{LONG}", f"line:{LONG}", f"through:a/{LONG}/b"])
def test_why_a_number_that_no_row_has_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/why/{key}").status_code == 404


def test_an_operation_that_is_chosen_is_named_and_taken_off(client: Client) -> None:
    chosen = Operation.objects.get(code="A1")
    said = client.get(PAGE, {"operation": chosen.pk, "by": "fund"}).content.decode()
    assert "Halle" in said and 'href="?by=fund"' in said and 'name="operation"' in said


def test_a_picture_reads_only_the_names_that_it_shows(client: Client) -> None:
    """Of 200 beneficiaries, fifteen bars and, of a flow, at most twelve names on each side, its table of fifty rows."""
    rows = [f"B{n},Titre,Ville {n},,Financeur {n % 40},{n + 1},2020-03-01,voté,aides,1 - Commerce,grant,59" for n in range(200)]
    loaded("\n".join([HEAD, *rows]), GENERIC, source="many", as_of=None)
    asked = {"by": "receiver", "then": "fund", "instrument": "grant"}
    client.get(PAGE, asked)
    drawn = {}
    for view in ("bars", "flow"):
        with CaptureQueriesContext(connection) as found:
            drawn[view] = client.get(PAGE, {**asked, "view": view}).context["picture"]
        named = [query["sql"] for query in found if '"actors_organisation"."name"' in query["sql"]]
        assert max(sql.count(",") for sql in named) < 150, "the names of a page and of a picture, never of all"
    assert [len(drawn[view].table.rows) for view in ("bars", "flow")] == [15, 50]
    assert "50 plus grands flux sur 202" in drawn["flow"].note
    ends = [end.label for end in drawn["flow"].flow.ends]
    assert ends.count("tous les autres") == 2 and len(ends) == 24
    assert sum(end.amount for end in drawn["flow"].flow.ends) == 2 * (150_000_000 + sum(range(1, 201)) * 100)


def test_the_explorer_asks_as_many_queries_whatever_the_lines(client: Client, queries: QueryCounts) -> None:
    client.get(PAGE)
    with queries("money explorer"):
        client.get(PAGE, {"by": "fund", "then": "item", "view": "bars"})


def territory(framework: str, code: str, name: str, level: str) -> Item:
    kept, _ = Framework.objects.get_or_create(code=framework, defaults={"label": framework, "kind": "geography"})
    version, _ = Version.objects.get_or_create(framework=kept, code="2024")
    return Item.objects.create(version=version, code=code, label=name, level=level, sort_key=name.lower())


def test_a_map_adds_communes_up_and_says_what_it_leaves_out(client: Client) -> None:
    zones = {name: territory("geo-zones-emploi", name, name, "employment_zone") for name in ("Lille", "Calais")}
    for code, name, inside in (("59350", "Lille", "Lille"), ("59009", "Villeneuve", "Lille"), ("62193", "Calais", "Calais")):
        PlaceMembership.objects.create(part=territory("geo-communes", code, name, "commune"), whole=zones[inside])
    head = "identifiant,montant,stade,code commune,commune"
    loaded(
        f"{head}\nC1,1000000,voté,59350,Lille\nC2,500000,voté,59009,Villeneuve\nC3,200000,voté,62193,Calais",
        GENERIC,
        as_of=None,
    )
    asked = {"by": "fund", "view": "map", "level": "employment_zone", "instrument": "unstated"}
    answer = client.get(PAGE, asked).content.decode()
    said = page(client, **asked)
    assert "Ce qui est certain par zone d’emploi, instrument non précisé" in said
    assert re.search(r"Lille 1,5", said) and re.search(r"Calais 0,2", said)
    assert '"geoshape"' in answer and "ne sont pas sur la carte" not in said
    loaded(f"{head}\nC4,7000000,voté,,", GENERIC, source="elsewhere", as_of=None)
    assert re.search(r"7.M€ ne sont pas sur la carte", page(client, **asked))
    assert "Aucun contour de ce niveau" in page(client, **{**asked, "level": "epci"})


def test_a_map_keeps_one_basis_of_place_and_states_the_others_beside(client: Client) -> None:
    """1.5 M€ where the work is done in Lille; 0.2 M€ of which only a seat in Calais is known."""
    zones = {name: territory("geo-zones-emploi", name, name, "employment_zone") for name in ("Lille", "Calais")}
    for code, inside in (("59350", "Lille"), ("62193", "Calais")):
        PlaceMembership.objects.create(part=territory("geo-communes", code, inside, "commune"), whole=zones[inside])
    head = "identifiant,montant,stade,code commune,commune"
    loaded(f"{head}\nC1,1500000,voté,59350,Lille\nC3,200000,voté,62193,Calais", GENERIC, source="placed", as_of=None)
    for code, basis in (("C1", "realised"), ("C3", "seat")):
        place = Item.objects.get(code={"C1": "59350", "C3": "62193"}[code])
        Operation.objects.filter(code=code).update(place=place, place_basis=basis)
    forget_totals()
    asked = {"by": "fund", "view": "map", "level": "employment_zone", "instrument": "unstated"}
    picture = client.get(PAGE, asked).context["picture"]
    assert "base du lieu : lieu de réalisation" in picture.title
    assert [(str(row[0]), row[1]) for row in picture.table.rows] == [("Lille", 1.5)]
    assert re.search(r"À part, sur une autre base de lieu \(siège\) : 200.000.€", picture.note)
    seat = client.get(PAGE, {**asked, "place_basis": "seat"}).context["picture"]
    assert "siège" in seat.title and [str(row[0]) for row in seat.table.rows] == ["Calais"]
