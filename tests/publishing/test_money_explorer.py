"""The money explorer: a question in an address, its figures, what they leave out, and the lines behind each."""

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape
from urllib.parse import unquote

import fastexcel
import polars as pl
import pyarrow.parquet as pq
import pytest
from django.test import Client

from beffroi.actors.models import Organisation
from beffroi.reference.models import Correspondence, Framework, Item, PlaceMembership, Version
from tests.accounts.factories import person
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
    assert "Ce dont aucune source ne dit le lieu" in said


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
