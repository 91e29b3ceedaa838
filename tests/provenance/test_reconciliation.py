"""Every row of the facts is loaded or rejected with a reason, file by file."""

import csv
from pathlib import Path

import pytest
from django.test import Client

from beffroi.funding.models import ExpenditureClaim, LineClaim, SumClaim
from beffroi.indicators.models import Observation
from beffroi.provenance.models import Load, Statement
from beffroi.web.demo import FACTS, KINDS, documents
from tests.provenance.factories import private_load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SOURCES = {row["folder"]: row["code"] for row in documents()}
FILES = sorted(path for folder in SOURCES for path in (FACTS / folder).glob("*.csv") if path.stem in KINDS)


def rows_in(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for cells in csv.DictReader(file) if any(cells.values()))


def stated_rows(load: Load) -> list[int]:
    """The rows that something was written from: a statement, or the claim of a value."""
    tables = (Statement, Observation, LineClaim, SumClaim, ExpenditureClaim)
    return [row for table in tables for row in table.objects.filter(load=load).order_by("row").values_list("row", flat=True)]


def test_all_the_files_of_the_facts_are_there() -> None:
    assert len(FILES) >= 55
    assert Load.objects.applied().filter(snapshot__source__code__in=SOURCES.values()).count() == len(FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_row_is_loaded_or_rejected_with_a_reason(path: Path) -> None:
    load = Load.objects.applied().get(snapshot__source__code=SOURCES[path.parent.name], snapshot__filename=path.name)
    rejected = set(load.rejections.order_by("row").values_list("row", flat=True))
    stated = stated_rows(load)
    assert load.read == rows_in(path) == load.loaded + load.rejected
    assert load.difference == 0
    assert len(set(stated)) == load.loaded
    assert len(rejected) == load.rejected
    assert not rejected.intersection(stated)
    assert not load.rejections.filter(sentence="").exists()


def test_the_page_shows_each_file_of_each_document_and_no_difference(client: Client) -> None:
    answer = client.get("/donnees/rapprochement")
    found = answer.context["found"]
    assert {row.load.snapshot.filename for document in found.documents for row in document.files} >= {p.name for p in FILES}
    assert {document.difference.value for document in found.documents} == {0}
    assert found.difference.value == 0
    read, *others = found.figures
    assert read.value == sum(figure.value for figure in others if figure.label != "closes")


def test_what_one_may_not_see_is_not_counted(client: Client) -> None:
    before = client.get("/donnees/rapprochement").context["found"].figures[0].value
    load = private_load()
    assert load.loaded == 1
    answer = client.get("/donnees/rapprochement")
    assert answer.context["found"].figures[0].value == before
    assert "prive.csv" not in answer.content.decode()


def test_the_table_can_be_taken_away(client: Client) -> None:
    lines = b"".join(client.get("/donnees/rapprochement?format=csv").streaming_content).decode().splitlines()
    assert len(lines) > len(FILES)


def test_the_page_asks_the_same_queries_whatever_the_number_of_files(queries, client: Client) -> None:
    with queries("reconciliation"):
        client.get("/donnees/rapprochement")
