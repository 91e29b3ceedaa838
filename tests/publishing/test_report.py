"""The report: every row of its sources once, the same in every format, whatever is loaded later."""

import io
import json
import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from beffroi.accounts.models import AuditEvent, Partner, User
from beffroi.funding.models import ExpenditureClaim, LineClaim, SumClaim
from beffroi.indicators.models import Observation
from beffroi.provenance import actions as provenance
from beffroi.provenance.models import Profile, Source, Statement
from beffroi.provenance.queries import Moment
from beffroi.publishing import actions
from beffroi.publishing.models import TextBlock, content_hash
from beffroi.publishing.reports import progress
from beffroi.publishing.reports.files import rendered
from beffroi.publishing.reports.progress import rows_of
from beffroi.reference.models import Framework
from beffroi.web import commands, loads
from tests.queries import QueryCounts

pytestmark = pytest.mark.usefixtures("demo")
SOURCE = "004_5bc1a3b225b4d25d"
DAY = date(2010, 3, 31)
ADDRESS = "/rapports/srde/?as_of=2010-03-31"


def srde(day: date = DAY, **moment: Any) -> dict[str, Any]:
    at = moment.get("known_on") or timezone.now()
    return progress.content(Framework.objects.get(code="srde"), moment=Moment(day, at), viewer=AnonymousUser())


def stated_rows() -> int:
    tables = (Statement, Observation, LineClaim, ExpenditureClaim, SumClaim)
    return sum(model.objects.filter(load__snapshot__source__code=SOURCE).count() for model in tables)


def test_every_row_of_the_document_is_in_one_section_or_is_said_not_to_be_shown() -> None:
    found = srde()
    shown = [row["ref"] for section in found["sections"] for row in rows_of(section)]
    left = [row["ref"] for row in found["not_shown"]]
    assert [ref for ref, times in Counter(shown + left).items() if times > 1] == []
    assert len(shown) + len(left) == stated_rows() == 2688
    by_section = {code: sum(kinds.values()) for code, kinds in found["reconciliation"]["sections"].items()}
    assert sum(by_section.values()) == len(shown) == found["reconciliation"]["shown"]


@pytest.mark.parametrize("code", ["s3-hdf-2021-2027", "cper-hdf-2021-2027", "prospective-industrie-hdf"])
def test_a_framework_without_a_layout_is_reported_by_its_tree(code: str) -> None:
    framework = Framework.objects.get(code=code)
    found = progress.content(framework, moment=Moment(date(2026, 1, 1), timezone.now()), viewer=AnonymousUser())
    refs = [row["ref"] for section in found["sections"] for row in rows_of(section)]
    assert len(found["sections"]) > 1
    assert len(refs) == len(set(refs)) == found["reconciliation"]["rows"] > 0


def test_a_result_after_its_target_is_shown_with_the_difference() -> None:
    messages = {row["label"]: row for row in srde()["messages"]["behind"]}
    assert messages["Créations d'entreprises artisanales par an"]["is_later"] is True
    assert "is_later" not in messages["EPCI dans le dispositif BOUTIC"]


def test_a_meeting_is_held_or_planned_as_one_looks_from_the_day() -> None:
    def states(day: date) -> dict[str, str]:
        sections = {section["code"]: section for section in srde(day)["sections"]}
        return {row["cells"][4]: row["cells"][1] for row in sections["prdecs"]["stated"]["meetings"]}

    first = next(label for label in states(DAY) if "première conférence" in label)
    assert states(DAY)[first] == "prévue"
    assert states(date(2010, 12, 31))[first] == "tenue"


def test_nothing_is_known_before_the_document_speaks() -> None:
    assert srde(date(2009, 12, 31))["reconciliation"]["rows"] == 0


def changed_observations(folder: Path) -> None:
    """A correction of the file: one value changes, one row goes, an organisation changes its name."""
    source = Source.objects.get(code=SOURCE)
    for profile, old, new in (
        ("facts-observations", ",15000,", ",16000,"),
        ("facts-organisations", "Conseil régional Nord-Pas de Calais", "Conseil régional Hauts-de-France"),
        ("facts-meetings", "première conférence", "conférence reportée"),
    ):
        profile_row = Profile.objects.get(code=profile)
        load = profile_row.loads.filter(snapshot__source=source).latest("pk")
        path = folder / load.snapshot.filename
        path.write_text(load.snapshot.path.read_text("utf-8").replace(old, new), "utf-8")
        snapshot = provenance.take_snapshot(path, source=source, as_of=DAY)
        loads.run_load(provenance.request_load(snapshot, profile=profile_row, by=None))


def test_the_same_dates_give_the_same_content_after_later_loads(tmp_path: Path, clock: time_machine.Traveller) -> None:
    at = timezone.now()
    before = srde(known_on=at)
    clock.shift(timedelta(hours=1))
    changed_observations(tmp_path)
    clock.shift(timedelta(hours=1))
    assert content_hash(srde(known_on=at)) == content_hash(before)
    after = srde()
    assert content_hash(after) != content_hash(before)
    targets = {row["label"]: row["target"]["value"] for row in after["messages"]["ahead"]}
    assert targets["Entreprises créées"].startswith("16000")


def test_a_text_shows_under_its_section_for_its_date() -> None:
    person, partner = writer("programme_officer")
    framework = Framework.objects.get(code="srde")
    actions.write_text(framework, section="prda", as_of=DAY, partner=partner, text="Le plan démarre.", by=person)
    sections = {section["code"]: section["texts"] for section in srde()["sections"]}
    assert [text["text"] for text in sections["prda"]] == ["Le plan démarre."]
    assert sections["prcte"] == []


def test_nobody_writes_for_another_institution() -> None:
    person, partner = writer("programme_officer")
    other = Partner.objects.exclude(pk=partner.pk).first()
    assert other is not None
    with pytest.raises(actions.NotThisPartner):
        actions.write_text(Framework.objects.get(code="srde"), section="prda", as_of=DAY, partner=other, text="…", by=person)


def writer(role: str) -> tuple[User, Partner]:
    person = User.objects.create_user(f"{role}@example.org", name="Camille Martin")
    partner = Partner.objects.order_by("pk")[0]
    person.memberships.create(partner=partner, role=role, since=date(2020, 1, 1))
    return person, partner


def test_every_format_carries_the_messages() -> None:
    found = srde()
    assert rendered(found, extension="pdf").startswith(b"%PDF-1.7")
    page = rendered(found, extension="html").decode()
    assert ">1\u00a0943<" in page
    assert json.loads(rendered(found, extension="json"))["content"] == json.loads(json.dumps(found))
    with zipfile.ZipFile(io.BytesIO(rendered(found, extension="docx"))) as archive:
        assert "1\u00a0943 sur 5\u00a0025\u00a0entreprises" in archive.read("word/document.xml").decode()
    book = openpyxl.load_workbook(io.BytesIO(rendered(found, extension="xlsx")))
    assert book.sheetnames == ["Synthèse", "Indicateurs", "Montants", "Réunions", "Tout le reste", "Méthode"]
    assert 1943 in {cell.value for row in book["Synthèse"].iter_rows() for cell in row}


def test_what_people_type_stays_text_in_every_format() -> None:
    person, partner = writer("programme_officer")
    typed = '=HYPERLINK("http://x") #image("/etc/passwd") {{ 7*7 }} <script>alert(1)</script>'
    framework = Framework.objects.get(code="srde")
    actions.write_text(framework, section="prda", as_of=DAY, partner=partner, text=typed, by=person)
    found = srde()
    assert rendered(found, extension="pdf").startswith(b"%PDF")
    assert b"<script>alert" not in rendered(found, extension="html")
    with zipfile.ZipFile(io.BytesIO(rendered(found, extension="docx"))) as archive:
        assert "{{ 7*7 }}" in archive.read("word/document.xml").decode()


def test_the_pages_open(client: Client) -> None:
    for address in (
        "/rapports/",
        ADDRESS,
        f"{ADDRESS}&complete=1",
        "/rapports/srde/poles?as_of=2010-03-31",
        "/rapports/editions/",
    ):
        assert client.get(address).status_code == 200, address
    assert client.get("/rapports/srde/nulle-part?as_of=2010-03-31").status_code == 404
    assert client.get("/rapports/nulle-part/").status_code == 404


def test_the_front_page_shows_its_figures_with_their_notes(client: Client) -> None:
    page = client.get(ADDRESS, headers={"accept-language": "fr"}).content.decode()
    assert "8 enjeux annoncés, 7 décrits" in page
    assert "résultat au 31 mars 2010 pour un objectif 2009" in page
    assert 'id="note-1"' in page


def test_the_queries_of_the_report_page_do_not_grow(client: Client, queries: QueryCounts) -> None:
    with queries("report"):
        client.get(ADDRESS)


def run_command(*arguments: str) -> int:
    return commands.main(["report", *arguments])


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    out = tmp_path / "srde.json"
    assert run_command("srde", "--as-of", "2010-03-31", "--format", "json", "--out", str(out)) == 0
    assert json.loads(out.read_text())["content"]["reconciliation"]["rows"] == 2688
    where = ("--framework", "s3-hdf-2021-2027", "--as-of", "2021-01-01")
    assert run_command("progress", *where, "--format", "json", "--out", str(out)) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["rien", "--as-of", "2010-03-31", "--format", "json", "--out", "x.json"],
        ["srde", "--as-of", "31/03/2010", "--format", "json", "--out", "x.json"],
        ["srde", "--as-of", "2010-03-31", "--format", "odt", "--out", "x.json"],
        ["srde", "--as-of", "2010-03-31", "--format", "json", "--out", "/nulle/part/x.json"],
        ["srde", "--as-of", "2010-03-31", "--known-on", "hier", "--format", "json", "--out", "x.json"],
        ["srde", "--framework", "prcte", "--as-of", "2010-03-31", "--format", "json", "--out", "x.json"],
        ["progress", "--as-of", "2010-03-31", "--format", "json", "--out", "x.json"],
        ["progress", "--framework", "nulle-part", "--as-of", "2010-03-31", "--format", "json", "--out", "x.json"],
        ["srde", "--format", "json", "--out", "x.json"],
    ],
)
def test_bad_arguments_get_one_line_and_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(*arguments) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_sums_of_a_report_open_what_they_add(client: Client) -> None:
    framework = Framework.objects.get(code="cper-hdf-2021-2027")
    found = progress.content(framework, moment=Moment(date(2023, 1, 9), timezone.now()), viewer=AnonymousUser())
    total = next(row for section in found["sections"] for row in section["totals"] if len(row["lines"]) == 9)
    page = client.get(f"/why/{total['figure']['why']}?as_of=2023-01-09").content.decode()
    assert "Département de l’Oise" in page or "Département de l&#x27;Oise" in page


def test_an_empty_text_takes_back_what_was_written() -> None:
    person, partner = writer("programme_officer")
    about = {"section": "prda", "as_of": DAY, "partner": partner, "by": person}
    framework = Framework.objects.get(code="srde")
    assert actions.write_text(framework, text=" ", **about) is None
    actions.write_text(framework, text="Le plan démarre.", **about)
    assert actions.write_text(framework, text="", **about) is None
    assert not TextBlock.objects.exists()
    assert AuditEvent.objects.filter(act="text_written", detail__removed=True).count() == 1
