"""Lists in the form of a standard: valid by its own schema, nothing invented, nothing lost on the way back."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from frictionless import Resource, Schema, system
from jsonschema import Draft202012Validator, FormatChecker

from beffroi.actors.models import Organisation
from beffroi.funding.models import Line, LineClaim, LineLink, Operation, SumClaim
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment
from beffroi.publishing import actions
from beffroi.publishing.datasets.standards import ART49, BY_NAME, GIVING, KOHESIO, SCDL, declared
from beffroi.publishing.datasets.standards.declared import Asked, Built, Publication
from beffroi.publishing.datasets.standards.writing import csv_text
from beffroi.publishing.rules import end_of_naming, last_first_day
from beffroi.web.commands import main
from tests.funding.factories import forget_totals
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[3] / "shared" / "data"
TODAY = date(2026, 11, 20)
SCDL_HEAD = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,rnaBeneficiaire,objet,montant,"
    "nature,conditionsVersement,datesPeriodeVersement,idRAE,notificationUE,pourcentageSubvention,dispositifAide"
)
OTHER_SIRET = "21060004500012"
RIGHT = "Ville,21060004500392,2020-01-01,D1,Club,,W333216789,Salon,100.50,aide en numéraire,unique,2020-02-01,,non,{},"


def shared(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    return path


def asked(**options: Any) -> Asked:
    return Asked(moment=Moment(TODAY, timezone.now()), **options)


def scdl(*rows: str, source: str = "town") -> Load:
    return loaded("\n".join([SCDL_HEAD, *rows]), "scdl-subventions", source=source, as_of=None)


def reasons(built: Built) -> dict[str, int]:
    return dict(built.reasons)


def rows_of(publication: Publication, **options: Any) -> list[dict[str, str]]:
    question = asked(**options)
    text = "".join(csv_text(publication.build(question), publication, question.language))
    return list(csv.DictReader(text.splitlines(keepends=True)))


def written(publication: Publication, path: Path, **options: Any) -> Path:
    question = asked(**options)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_text(publication.build(question), publication, question.language))
    return path


def faults(path: Path, schema: str) -> list[Any]:
    """What the schema of the standard finds wrong in a file. Headers are compared whatever their case, as the standard does."""
    described = Schema.from_descriptor(json.loads(shared(f"schemas/{schema}").read_text("utf-8")))
    with system.use_context(trusted=True):
        report = Resource(path=str(path), schema=described).validate()
    return report.flatten(["rowNumber", "fieldName", "type", "message"])


def claimed(load: Load) -> tuple[int, int]:
    """Cents of the lines and of the costs that a load claims."""
    lines = LineClaim.objects.filter(load=load, recorded_to=None).values_list("cents", flat=True)
    return sum(filter(None, lines)), sum(filter(None, SumClaim.objects.filter(load=load).values_list("cents", flat=True)))


def back(path: Path, profile: str) -> Load:
    return loaded(path.read_text("utf-8"), profile, source="back", as_of=None)


class TestScdl:
    def test_the_example_of_the_standard_comes_out_valid_and_to_the_cent(self, tmp_path: Path) -> None:
        first = loaded(shared("subventions/scdl_exemple_valide.csv").read_text("utf-8"), "scdl-subventions", as_of=None)
        path = written(SCDL, tmp_path / "scdl.csv")
        assert faults(path, "scdl-subventions-2.1.1.schema.json") == []
        assert len(path.read_text("utf-8").splitlines()) == 30
        again = back(path, "scdl-subventions")
        assert (again.rejected, claimed(again)) == (0, claimed(first))

    def test_each_publisher_has_its_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        scdl(RIGHT.format(1), RIGHT.format(1).replace("21060004500392", "21860194600013").replace("Ville", "Autre"))
        assert main(["export", "scdl", "--out", str(tmp_path)]) == 0
        said = json.loads(capsys.readouterr().out)
        names = [f"{siret}_subventions_20261120.csv" for siret in ("21060004500392", "21860194600013")]
        assert (said["rows"], said["files"]) == (2, [*names, "scdl-20261120.ecarts.csv"])
        assert main(["export", "scdl", "--out", str(tmp_path / "one.csv")]) == 2
        assert "ils sont 2" in capsys.readouterr().err
        arguments = ["export", "scdl", "--publisher", "235900011", "--out", str(tmp_path / "one.csv")]
        assert main(arguments) == 2
        assert "n’est ni un SIREN" in capsys.readouterr().err
        assert main(["export", "scdl", "--publisher", "210600045", "--out", str(tmp_path / "one.csv")]) == 0

    def test_a_decision_keeps_its_total_and_the_part_of_each(self) -> None:
        scdl(*(RIGHT.format(share).replace("Club", name) for share, name in (("0.75", "Club A"), ("0.25", "Club B"))))
        assert [(row["montant"], row["pourcentageSubvention"]) for row in rows_of(SCDL)] == [
            ("100.50", "0.25"),
            ("100.50", "0.75"),
        ]

    def test_what_the_standard_asks_for_and_nobody_knows_leaves_the_row_out(self) -> None:
        scdl(
            RIGHT.format(1),
            RIGHT.format(1).replace("D1", "D2").replace(",unique,", ",,"),
            RIGHT.format(1).replace("D1", "D3").replace("W333216789", ""),
            RIGHT.format(1).replace("D1", "D4").replace(",non,", ",peut-être,"),
            RIGHT.format(1).replace("D1", "D5").replace("2020-02-01", "hiver"),
        )
        built = SCDL.build(asked())
        assert len(built.rows) == 1
        assert reasons(built) == {
            "« conditionsVersement » n’est pas connu, le standard l’exige.": 1,
            "Le bénéficiaire n’a ni SIRET ni numéro RNA connu, le standard exige l’un des deux.": 1,
            "« notificationUE » n’est pas connu, le standard l’exige.": 1,
            "« datesPeriodeVersement » n’a pas la forme que le standard exige.": 1,
        }

    def test_a_grant_that_two_sources_say_differently_waits_for_its_settlement(self) -> None:
        row = RIGHT.format(1).replace(",,W333216789", ",21860194600013,")
        scdl(row, source="payer")
        scdl(row.replace("100.50", "120"), source="receiver")
        assert reasons(SCDL.build(asked())) == {"Les sources se contredisent sur le montant : il est publié une fois réglé.": 1}

    def test_two_grants_that_may_be_one_are_published_once(self) -> None:
        scdl(RIGHT.format(1), source="payer")
        scdl(RIGHT.format(1).replace("D1", "R-7"), source="receiver")
        LineLink.objects.all().delete()
        assert len(SCDL.build(asked()).rows) == 2
        first, last = Line.objects.order_by("pk")
        LineLink.objects.create(one=first, other=last, state="proposed", rule="même montant", recorded_from=timezone.now())
        forget_totals()
        built = SCDL.build(asked())
        assert [row[3] for row in built.rows] == ["D1"]
        assert reasons(built) == {
            "Ce montant est peut-être déjà dit par une autre ligne : il est publié une fois le rapprochement tranché.": 1
        }

    def test_two_establishments_of_one_publisher_have_each_their_file(self) -> None:
        """The same SIREN awards under two SIRET: each row keeps the one of its source."""
        scdl(RIGHT.format(1), RIGHT.format(1).replace("D1", "D2").replace("21060004500392", OTHER_SIRET))
        assert {row["referenceDecision"]: row["idAttribuant"] for row in rows_of(SCDL, publisher="210600045")} == {
            "D1": "21060004500392",
            "D2": OTHER_SIRET,
        }
        assert [row["referenceDecision"] for row in rows_of(SCDL, publisher=OTHER_SIRET)] == ["D2"]
        assert [row["referenceDecision"] for row in rows_of(SCDL, publisher="21060004500392")] == ["D1"]

    def test_a_second_funder_of_an_operation_does_not_take_the_number_of_the_first(self) -> None:
        scdl(
            RIGHT.format(1),
            RIGHT.format(1).replace("D1", "D9").replace("21060004500392", "21860194600013").replace("Ville", "B"),
        )
        other = Organisation.objects.get(name="B")
        line = Line.objects.get(operation__title="Salon", fund__name="Ville")
        Line.objects.filter(fund=other).update(operation=line.operation)
        forget_totals()
        assert {row["nomAttribuant"]: row["idAttribuant"] for row in rows_of(SCDL, publisher="210600045")} == {
            "Ville": "21060004500392"
        }
        built = SCDL.build(asked(publisher="218601946"))
        assert (built.rows, reasons(built)) == ([], {"« idAttribuant » n’est pas connu, le standard l’exige.": 1})

    def test_natural_persons_and_units_that_insee_hides_are_not_published(self) -> None:
        scdl(RIGHT.format(1))
        Organisation.objects.filter(name="Club").update(legal_category="1000")
        built = SCDL.build(asked())
        assert (built.rows, len(built.left_out), "Club" in str(built.left_out)) == ([], 1, False)
        Organisation.objects.filter(name="Club").update(legal_category="", diffusion="P")
        assert SCDL.build(asked()).rows == []

    def test_loans_are_no_grants_and_other_currencies_no_euros(self) -> None:
        loaded(
            "identifiant,financeur,instrument,montant,devise\nA,Ville,prêt,10,EUR\nB,Ville,grant,20,RON",
            "subventions-generiques",
        )
        assert reasons(SCDL.build(asked())) == {
            "Ce n’est pas une subvention mais : prêt.": 1,
            "Le montant est en RON, le standard est en euros.": 1,
        }

    def test_a_text_that_a_spreadsheet_would_run_is_made_harmless_and_comes_back(self, tmp_path: Path) -> None:
        scdl(RIGHT.format(1).replace("Salon", "=1+1"))
        path = written(SCDL, tmp_path / "scdl.csv")
        assert "'=1+1" in path.read_text("utf-8")
        assert faults(path, "scdl-subventions-2.1.1.schema.json") == []
        back(path, "scdl-subventions")
        assert set(Operation.objects.values_list("title", flat=True)) == {"=1+1"}


EU = "identifiant,programme,intitule,description,beneficiaire,type de beneficiaire,fonds,montant ue,cout eligible,cout total,"
EU += "debut,fin,code postal,nuts"
OPERATIONS = (
    "A,Programme 21-27,Halle,Rénover,Ville,,FEDER,40.25,90,100.10,2022-01-01,2024-12-31,59000,FRE11",
    "B,Programme 21-27,Atelier,Ouvrir,Anne Martin,personne physique,FEDER,10,20,25,2022-01-01,2024-12-31,59000,FRE11",
)


def union(*rows: str) -> Load:
    return loaded("\n".join([EU, *(rows or OPERATIONS)]), "subventions-generiques", as_of=None)


class TestArt49:
    def test_what_is_missing_is_counted_and_nothing_is_invented(self) -> None:
        union(OPERATIONS[0].replace("2024-12-31", "").replace("Rénover", ""))
        built = ART49.build(asked())
        assert (len(built.rows), built.gaps["Date de fin"], built.gaps["Objet et réalisations"]) == (1, 1, 1)

    def test_french_and_english_headers_come_back_to_the_cent(self, tmp_path: Path) -> None:
        first = union()
        for language, header in (("fr", "Coût total"), ("en", "Total cost")):
            path = written(ART49, tmp_path / f"{language}.csv", language=language)
            assert header in path.read_text("utf-8").splitlines()[0]
            assert claimed(back(path, "art49-2021-2027")) == claimed(first) == (5025, 9000 + 10010 + 2000 + 2500)
            Load.objects.filter(snapshot__source__code="back")
            LineClaim.objects.filter(load__snapshot__source__code="back").delete()
            SumClaim.objects.filter(load__snapshot__source__code="back").delete()

    def test_a_natural_person_is_named_for_two_years_after_the_first_publication(self) -> None:
        union()

        def names(day: date) -> list[str]:
            return [row["Bénéficiaire"] for row in rows_of_day(day)]

        def rows_of_day(day: date) -> Iterator[dict[str, str]]:
            question = Asked(moment=Moment(day, timezone.now()))
            yield from csv.DictReader("".join(csv_text(ART49.build(question), ART49, "fr")).splitlines(keepends=True))

        assert names(TODAY) == ["Ville", "Personne physique"]
        ids = list(Operation.objects.values_list("pk", flat=True))
        assert actions.record_publication("art49", operations=ids, on=date(2026, 11, 20), by=None) == 1
        assert actions.record_publication("art49", operations=ids, on=date(2027, 3, 20), by=None) == 0
        assert names(date(2026, 11, 19))[1] == "Personne physique"
        assert names(date(2026, 11, 20))[1] == names(date(2028, 11, 19))[1] == "Anne Martin"
        assert names(date(2028, 11, 20))[1] == "Personne physique"
        assert (actions.withdraw_old_names(on=date(2028, 11, 19)), actions.withdraw_old_names(on=date(2028, 11, 20))) == (0, 1)
        assert actions.withdraw_old_names(on=date(2028, 11, 21)) == 0

    def test_a_natural_person_has_no_address_but_a_region(self) -> None:
        union()
        assert [(row["Code postal"], row["NUTS"]) for row in rows_of(ART49)] == [("59000", "FRE11"), ("", "FRE1")]

    def test_operations_without_money_of_the_union_are_left_out(self) -> None:
        loaded("identifiant,financeur,montant\nA,Ville,10", "subventions-generiques")
        assert reasons(ART49.build(asked())) == {"Aucun argent de l’Union n’est connu pour cette opération.": 1}

    def test_workbook_in_english(self, tmp_path: Path) -> None:
        union()
        assert main(["export", "art49", "--lang", "en", "--out", str(tmp_path / "list.xlsx")]) == 0
        sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
        first, second, *_ = sheet.iter_rows(values_only=True)
        assert (first[:3], second[:3]) == (("Operation code", "Operation name", "Beneficiary"), ("A", "Halle", "Ville"))

    def test_the_command_notes_the_publication(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        union()
        out = str(tmp_path / "list.csv")
        assert main(["export", "art49", "--published-on", "2026-11-20", "--out", out]) == 0
        assert "Anne Martin" in (tmp_path / "list.csv").read_text("utf-8")
        assert main(["export", "kohesio", "--published-on", "2026-11-20", "--out", out]) == 2
        assert "ne nomme personne" in capsys.readouterr().err


@pytest.mark.parametrize(("first", "gone"), [(date(2024, 2, 29), date(2026, 3, 1)), (date(2024, 3, 1), date(2026, 3, 1))])
def test_a_name_is_gone_two_years_later(first: date, gone: date) -> None:
    assert end_of_naming(first) == gone
    assert first <= last_first_day(gone)


def test_names_of_a_first_of_march_are_looked_for_on_a_29_february() -> None:
    assert last_first_day(date(2028, 2, 29)) == date(2026, 2, 28)


class TestKohesio:
    def test_the_example_of_the_commission_comes_out_valid_and_to_the_cent(self, tmp_path: Path) -> None:
        given = shared("operations-ue/kohesio_ie_exemple_valide.csv").read_text("utf-8")
        first = loaded(given, "kohesio", as_of=None)
        path = written(KOHESIO, tmp_path / "kohesio.csv")
        assert faults(path, "kohesio-core.schema.json") == []
        assert len(path.read_text("utf-8").splitlines()) == 6
        assert claimed(back(path, "kohesio")) == claimed(first)

    def test_what_is_published_holds_to_the_schema_and_the_rest_is_said(self, tmp_path: Path) -> None:
        union(
            OPERATIONS[0].replace("Programme 21-27", "FEDER 2014-2020"),
            OPERATIONS[1].replace("Programme 21-27", "FEDER 2014-2020"),
        )
        Operation.objects.update(details={"country": "FR", "category": "013 - Efficacité énergétique"})
        path = written(KOHESIO, tmp_path / "kohesio.csv")
        assert faults(path, "kohesio-core.schema.json") == []
        names = [(row["Beneficiary_Name"], row["CoFinancing_Rate"], row["Fund_Code"]) for row in rows_of(KOHESIO)]
        assert names == [("Ville", "44.72", "ERDF"), ("Personne physique", "50", "ERDF")]

    def test_the_french_list_says_why_its_rows_are_not_valid(self) -> None:
        union(OPERATIONS[0].replace("59000,FRE11", ","), OPERATIONS[1].replace("2022-01-01", ""))
        Operation.objects.update(details={"country": "FR", "category": "13"})
        assert reasons(KOHESIO.build(asked())) == {
            "« Operation_Start_Date » n’est pas connu, le standard l’exige.": 1,
            "Aucun lieu (code postal, NUTS ou coordonnées), le standard en exige un.": 1,
        }

    def test_a_cost_in_another_currency_needs_its_rate(self) -> None:
        union(*(row.replace("90,100.10", "90 RON,100.10 RON") for row in OPERATIONS[:1]))
        Operation.objects.update(details={"country": "RO", "category": "13", "co_financing_rate": "50"})
        assert reasons(KOHESIO.build(asked())) == {"Le coût n’est pas en euros et son taux de change n’est pas connu.": 1}


def nested(row: dict[str, str]) -> dict[str, Any]:
    """A row of the flat table as the JSON of 360Giving, as its own tools turn it."""
    names = {"Identifier": "id", "Title": "title", "Description": "description", "Currency": "currency",
             "Amount Awarded": "amountAwarded", "Award Date": "awardDate", "Last Modified": "dateModified"}  # fmt: skip
    groups = {"Recipient Org": "recipientOrganization", "Funding Org": "fundingOrganization",
              "Planned Dates": "plannedDates", "Grant Programme": "grantProgramme"}  # fmt: skip
    parts = {"Identifier": "id", "Name": "name", "Title": "title", "Start Date": "startDate", "End Date": "endDate"}
    found: dict[str, Any] = {}
    for name, value in row.items():
        group, _, part = name.rpartition(":")
        if value and group:
            found.setdefault(groups[group], [{}])[0][parts[part]] = value
        elif value:
            found[names[name]] = float(value) if name == "Amount Awarded" else value
    return found


class TestGiving:
    def test_each_grant_holds_to_the_schema(self) -> None:
        loaded(shared("subventions/scdl_exemple_valide.csv").read_text("utf-8"), "scdl-subventions", as_of=None)
        dates = FormatChecker(formats=())
        dates.checks("date-time")(lambda text: re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", str(text)) is not None)
        schema = json.loads(shared("schemas/360-giving-schema.json").read_text("utf-8"))
        validator = Draft202012Validator(schema, format_checker=dates)
        rows = rows_of(GIVING, prefix="360G-region")
        assert [error.message for row in rows for error in validator.iter_errors(nested(row))] == []
        assert (len(rows), len({row["Identifier"] for row in rows})) == (29, 29)
        assert rows[0]["Funding Org:Identifier"] == "FR-INSEE-210600045"

    def test_the_amount_is_the_part_of_the_receiver(self) -> None:
        scdl(*(RIGHT.format(share).replace("Club", name) for share, name in (("0.75", "Club A"), ("0.25", "Club B"))))
        assert sum(Decimal(row["Amount Awarded"]) for row in rows_of(GIVING)) == Decimal("100.50")

    def test_two_grants_of_one_operation_have_two_identifiers(self) -> None:
        scdl(RIGHT.format(1), RIGHT.format(1).replace("D1", "D2").replace("100.50", "7"))
        first, last = Line.objects.order_by("pk")
        Line.objects.filter(pk=last.pk).update(operation=first.operation)
        forget_totals()
        rows = rows_of(GIVING)
        assert sorted(row["Amount Awarded"] for row in rows) == ["100.50", "7.00"]
        assert len({row["Identifier"] for row in rows}) == 2


def test_a_list_reads_the_totals_that_are_kept() -> None:
    """Nothing is consolidated again for who asks twice: the lines come from the kept file."""
    scdl(RIGHT.format(1))
    SCDL.build(asked())
    with CaptureQueriesContext(connection) as found:
        SCDL.build(asked())
    assert not any("funding_lineclaim" in query["sql"] for query in found.captured_queries)


def test_a_list_takes_its_own_options_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "list.csv")]
    for arguments, sentence in (
        (["kohesio", "--publisher", "210600045"], "--publisher ne concerne pas"),
        (["art49", "--lang", "de"], "fr, en"),
        (["art49", "--programme", "unknown"], "code d’un programme"),
        (["nothing"], "ni un jeu publié ni une liste"),
    ):
        assert main(["export", *arguments, *out]) == 2
        assert sentence in capsys.readouterr().err


def test_lists_stop_at_a_programme(tmp_path: Path) -> None:
    union(OPERATIONS[0], OPERATIONS[1].replace("Programme 21-27", "Autre"))
    assert [row["Intitulé de l'opération"] for row in rows_of(ART49, programme="autre")] == ["Atelier"]


def test_reasons_are_texts_that_translators_are_given() -> None:
    """An alias that the extraction does not know would leave them in French for everybody."""
    folder = Path(declared.__file__).parent
    assert not [
        path.name for path in folder.glob("*.py") if re.search(r"import gettext\w* as (?!_\n)", path.read_text("utf-8"))
    ]


def test_every_list_says_what_it_is() -> None:
    assert all(one.title and one.description and one.standard.startswith("https://") for one in BY_NAME.values())
