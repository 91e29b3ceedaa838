"""Each published table: its page, its files, its rights and its two clocks."""

import csv
import io
import json
from datetime import timedelta

import openpyxl
import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import Membership, Partner, User
from beffroi.actors.models import Organisation
from beffroi.core.exports import FORMATS
from beffroi.publishing.datasets import DATASETS

pytestmark = pytest.mark.django_db
NAMES = [dataset.name for dataset in DATASETS]
FILLED_BY_PEOPLE = {"calls", "steps"}  # no document states any


def body(answer) -> bytes:
    return b"".join(answer)


def rows(client: Client, name: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(f"/jeux-de-donnees/{name}.csv", query)
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))


def member(partner: Partner) -> Client:
    user = User.objects.create_user(f"{partner.code}@example.org", name=partner.name)
    Membership.objects.create(user=user, partner=partner, role=Role.ANALYST, since=timezone.localdate())
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def partners(db: None) -> dict[str, Partner]:
    return {code: Partner.objects.create(code=code, name=code) for code in ("owner", "other")}


@pytest.fixture
def organisations(partners: dict[str, Partner]) -> None:
    for name, visibility in (("Publique", 0), ("Entre partenaires", Visibility.PARTNERS), ("Réservée", Visibility.OWNER)):
        Organisation.objects.create(
            name=name, sort_key=name, kind="company", no_siren="not_stated", visibility=visibility, owner=partners["owner"]
        )
    Organisation.objects.create(name="Jeanne D.", sort_key="j", kind="other", no_siren="natural_person")


def test_every_reader_takes_away_what_it_may_see(client: Client, partners: dict[str, Partner], organisations: None) -> None:
    read = {
        "anybody": rows(client, "organisations"),
        "other": rows(member(partners["other"]), "organisations"),
        "owner": rows(member(partners["owner"]), "organisations"),
    }
    assert {reader: {row["name"] for row in found} for reader, found in read.items()} == {
        "anybody": {"Publique"},
        "other": {"Publique", "Entre partenaires"},
        "owner": {"Publique", "Entre partenaires", "Réservée"},
    }


def test_counts_come_after_rights(client: Client, organisations: None) -> None:
    assert client.get("/jeux-de-donnees/organisations").context["figure"].value == 1
    assert json.loads(body(client.get("/jeux-de-donnees/organisations.json")))["rows"][0]["name"] == "Publique"


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_its_page_even_empty(client: Client, name: str) -> None:
    assert client.get(f"/jeux-de-donnees/{name}").status_code == 200


def test_an_unknown_table_or_format_is_not_found(client: Client) -> None:
    for address in ("/jeux-de-donnees/rien", "/jeux-de-donnees/rien.csv", "/jeux-de-donnees/items.exe"):
        assert client.get(address).status_code == 404


@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_the_catalogue_lists_every_table(self, client: Client) -> None:
        answer = client.get("/jeux-de-donnees/")
        assert [dataset.name for dataset, _figure in answer.context["rows"]] == NAMES
        filled = [dataset.name for dataset, figure in answer.context["rows"] if figure.value > 0]
        assert filled == [name for name in NAMES if name not in FILLED_BY_PEOPLE]

    @pytest.mark.parametrize("name", NAMES)
    def test_page_and_files_agree(self, client: Client, name: str) -> None:
        page = client.get(f"/jeux-de-donnees/{name}")
        count = page.context["figure"].value
        assert len(rows(client, name)) == count
        assert pl.read_parquet(io.BytesIO(body(client.get(f"/jeux-de-donnees/{name}.parquet")))).height == count

    @pytest.mark.parametrize("form", FORMATS)
    def test_every_format_is_served(self, client: Client, form: str) -> None:
        answer = client.get(f"/jeux-de-donnees/rules.{form}")
        assert answer["Content-Type"] == FORMATS[form]
        assert body(answer)

    def test_excel_says_its_method(self, client: Client) -> None:
        book = openpyxl.load_workbook(io.BytesIO(body(client.get("/jeux-de-donnees/lines.xlsx"))))
        assert book.sheetnames == ["Données", "Méthode"]

    def test_values_stated_after_the_date_are_left_out(self, client: Client) -> None:
        dates = {row["stated_on"] for row in rows(client, "observations", as_of="2010-03-31")}
        assert max(dates) <= "2010-03-31"

    def test_nothing_was_known_before_it_was_loaded(self, client: Client) -> None:
        before = (timezone.now() - timedelta(days=365)).date().isoformat()
        assert rows(client, "observations", known_on=before) == []
        assert rows(client, "relations", known_on=before) == []

    def test_a_value_leads_to_its_source(self, client: Client) -> None:
        sources = {row["code"] for row in rows(client, "sources")}
        values = rows(client, "observations")
        assert {row["source"] for row in values} <= sources
        assert all(row["stands"] in {"oui", "non"} for row in values)

    def test_territories_carry_their_vintage(self, client: Client) -> None:
        placed = [row for row in rows(client, "observations") if row["territory_code"]]
        assert placed
        assert all(row["territory_vintage"] for row in placed)

    @pytest.mark.parametrize("name", ["observations", "lines", "relations", "items"])
    def test_a_page_asks_a_constant_number_of_questions(self, client: Client, name: str, queries) -> None:
        with queries(f"dataset {name}"):
            client.get(f"/jeux-de-donnees/{name}")
