"""Steps of a week's export and calendars of calls, through the engine: the next week adds and corrects."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from beffroi.accounts.enums import Visibility
from beffroi.core.models import SearchEntry
from beffroi.funding import actions
from beffroi.funding.enums import StepKind
from beffroi.funding.models import Application, Call, Line, LineClaim, Operation, Step
from beffroi.funding.queries import files as queries
from beffroi.funding.queries.money import Question, money
from beffroi.provenance import actions as provenance
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Anomaly, Load, Profile
from beffroi.web.checks import run_checks
from beffroi.web.loads import run_load
from tests.accounts.factories import partner
from tests.funding.file_factories import AT, NOW, day, file, officer
from tests.web.factories import counts, loaded

pytestmark = pytest.mark.django_db
HEAD = (
    "N° dossier,Intitulé de l'opération,Bénéficiaire,SIRET,Programme,Statut,Date du statut,Motif,Coût total,FEDER,Région part"
)
HEAD = HEAD.replace("Région part", "part région")


def week(*rows: str, as_of: str = "10/11", extent: Extent = Extent.FULL, head: str = HEAD, source: str = "synergie") -> Load:
    return loaded("\n".join([head, *rows]), "dossiers-etapes", source=source, as_of=day(as_of), extent=extent)


def steps(code: str = "HDF1") -> list[str]:
    application = Application.objects.get(code=code)
    return [f"{one.kind} {one.on:%d/%m}" if one.on else one.kind for one in queries.steps_of(application, moment=NOW)]


def total(viewer: Any = None) -> dict[str, tuple[int, int]]:
    found = money(Question(by=["stage"]), viewer=viewer or officer(), moment=NOW)
    return {row["stage"]: (row["certain"], row["at_most"]) for row in found.rows}


FIRST = "HDF1,Halle,Ville de Lille,21590350100017,FEDER,Déposé,05/01/2026,,1 000,400,"
COMPLETE = "HDF1,Halle,Ville de Lille,21590350100017,FEDER,Recevable,12/01/2026,,1 000,400,"
PROGRAMMED = "HDF1,Halle couverte,Ville de Lille,21590350100017,FEDER,Programmé,01/06/2026,,1 200,500,100"


def test_a_week_adds_steps_and_the_same_week_again_changes_nothing() -> None:
    assert counts(week(FIRST)) == "1 read, 1 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert counts(week(COMPLETE, as_of="17/11")) == "1 read, 1 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert counts(week(COMPLETE, as_of="17/11")) == "1 read, 0 added, 0 changed, 1 same, 0 closed, 0 rejected"
    assert steps() == ["submitted 05/01", "complete 12/01"]
    application = Application.objects.get()
    assert (application.title, application.applicant.siren, application.total_cost) == ("Halle", "215903501", Decimal(1000))
    assert SearchEntry.objects.filter(kind="application", subject_id=application.pk).exists()


def test_a_corrected_date_replaces_the_step_and_a_new_title_the_old_one() -> None:
    week(FIRST, COMPLETE)
    assert counts(week(COMPLETE.replace("12/01", "14/01"), PROGRAMMED, as_of="17/11")).startswith("2 read, 1 added, 1 changed")
    assert steps() == ["submitted 05/01", "complete 14/01", "programmed 01/06"]
    assert [f"{old.on:%d/%m}" for old in queries.past_steps(Application.objects.get())] == ["12/01"]
    assert [old.title for old in Application.objects.get().history.all()] == ["Halle couverte", "Halle"]


def test_a_row_that_changes_another_column_leaves_the_step_alone() -> None:
    week(PROGRAMMED)
    step = Step.objects.get()
    week(PROGRAMMED.replace("Halle couverte", "Grande halle"), as_of="17/11")
    assert (Step.objects.get(), Application.objects.get().title) == (step, "Grande halle")


def test_what_repeats_is_told_apart_by_its_day() -> None:
    paid = "HDF1,Halle,Ville,,FEDER,Payé,{},,,,"
    week(paid.format("01/09/2026"))
    week(paid.format("01/10/2026"), as_of="17/11")
    assert steps() == ["paid 01/09", "paid 01/10"]


def test_rows_that_cannot_be_read_are_rejected_with_their_cause() -> None:
    load = week(FIRST, "HDF2,Gare,Ville,,FEDER,Envoyé,05/01/2026,,,,", ",Port,Ville,,FEDER,Déposé,05/01/2026,,,,",
                "HDF3,Quai,Ville,,FEDER,Voté,05/01/2026,,,,", "HDF4,Quai,Ville,,FEDER,Déposé,31/02/2026,,,,")  # fmt: skip
    assert counts(load) == "5 read, 1 added, 0 changed, 0 same, 0 closed, 4 rejected"
    said = {row.row: row.sentence for row in load.rejections.all()}
    assert "n’est pas un choix connu" in said[3]
    assert said[5] == "L’étape « voté » n’existe pas dans le cycle de vie « FEDER et autres fonds européens »."
    assert "n’est pas une date qui existe" in said[6]
    assert set(said) == {3, 4, 5, 6}


def test_what_is_odd_is_loaded_and_said() -> None:
    load = week(
        PROGRAMMED, "HDF1,Halle,Ville,,FEDER,Recevable,01/07/2026,,,,", "HDF2,Gare,Ville,12,FEDER,Refusé,,,,,",
        "HDF3,Quai,Ville,,FEDER,Déposé,01/12/2026,,,,"
    )  # fmt: skip
    assert (load.added, load.rejected) == (4, 0)
    assert "« recevable » est daté après « programmé »" in load.message
    assert "n’a pas de date" in load.message
    assert "dans le futur" in load.message
    assert "ni un SIREN ni un SIRET" in load.message
    assert (steps("HDF2"), steps("HDF3")) == (["refused"], [])


def test_a_step_typed_by_hand_and_said_by_a_file_is_one_step() -> None:
    week(FIRST)
    application = Application.objects.get()
    actions.record_step(application, kind=StepKind.COMPLETE, on=day("12/01"), by=officer(), at=AT)
    week(COMPLETE, as_of="17/11")
    assert steps() == ["submitted 05/01", "complete 12/01"]
    load = week(COMPLETE.replace("12/01", "13/01"), as_of="18/11", source="autre")
    assert (load.added, Application.objects.count()) == (1, 2)


def test_two_sources_of_a_date_face_each_other() -> None:
    week(FIRST)
    application = Application.objects.get()
    actions.record_step(application, kind=StepKind.COMPLETE, on=day("12/01"), by=officer(), at=AT)
    load = week(COMPLETE.replace("12/01", "13/01"), as_of="17/11")
    assert steps() == ["submitted 05/01", "complete 12/01", "complete 13/01"]
    assert "Deux sources datent cette étape autrement." in load.message


def owned(*rows: str, visibility: Visibility = Visibility.PARTNERS) -> Load:
    """The same week, by an officer of Lille."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    provenance.seed_profiles()
    source = provenance.register_source("synergie", title="Synergie", publisher="Région")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "semaine.csv"
        path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        snapshot = provenance.take_snapshot(path, source=source, as_of=day("10/11"))
    profile = Profile.objects.get(code="dossiers-etapes")
    asked = {"extent": Extent.FULL, "visibility": visibility, "owner": partner()}
    return run_load(provenance.request_load(snapshot, profile=profile, by=officer(), **asked))


def test_amounts_stand_at_the_stage_of_their_step_and_what_is_asked_is_its_owners() -> None:
    owned(FIRST, COMPLETE, PROGRAMMED)
    assert {line.stage for line in Line.objects.visible_to(officer())} == {"requested", "programmed"}
    assert {line.stage for line in Line.objects.visible_to(officer("lens"))} == {"programmed"}
    assert total() == total(officer("lens")) == {"programmed": (60_000, 60_000)}
    assert total(AnonymousUser()) == {}


def test_an_amount_asked_that_has_no_owner_is_said_and_not_shown() -> None:
    load = week(FIRST)
    assert not Line.objects.exists()
    assert "Un montant demandé ne se montre qu’à son propriétaire" in load.message


def test_an_amount_at_a_step_without_money_is_said() -> None:
    load = week(FIRST.replace("Déposé", "Avis recueillis"))
    assert not Line.objects.exists()
    assert "il ne compte pas" in load.message


def test_a_corrected_amount_revises_the_one_before() -> None:
    week(PROGRAMMED)
    week(PROGRAMMED.replace("500", "450"), as_of="17/11")
    assert total() == {"programmed": (55_000, 55_000)}
    assert Line.objects.count() == 2


LIST = "Code de l'opération,Intitulé de l'opération,Programme,Montant UE,Coût total"


def listed(*rows: str) -> Load:
    return loaded("\n".join([LIST, *rows]), "art49-2021-2027", source="liste", as_of=date(2026, 10, 1))


def test_a_file_joins_the_operation_of_its_number_and_their_amounts_face_each_other() -> None:
    listed("HDF1,Halle,FEDER,500,1200")
    week(PROGRAMMED.replace(",500,", ",480,"))
    assert Application.objects.get().operation == Operation.objects.get()
    assert Line.objects.filter(origin="eu").count() == 1
    assert total() == {"programmed": (48_000 + 10_000, 50_000 + 10_000)}


def test_a_file_known_before_its_operation_joins_it_the_week_after() -> None:
    week(PROGRAMMED)
    listed("HDF1,Halle,FEDER,500,1200")
    assert total() == {"programmed": (110_000, 110_000)}  # nothing says yet that it is the same money
    week(PROGRAMMED.replace("Halle couverte", "Halle"), as_of="17/11")
    assert total() == {"programmed": (60_000, 60_000)}


def typed(about: Operation | Application, said: str) -> LineClaim:
    return actions.record_line(
        about, stage="programmed", amount=Decimal(said), origin="eu", stated_on=day("01/11"), owner=partner(),
        by=officer(), at=AT,
    )  # fmt: skip


def test_an_amount_typed_after_the_list_is_its_rival() -> None:
    listed("HDF1,Halle,FEDER,500,1200")
    typed(Operation.objects.get(), "450")
    assert total() == {"programmed": (45_000, 50_000)}
    assert (Line.objects.count(), LineClaim.objects.count()) == (1, 2)


def test_an_amount_typed_before_the_list_is_its_rival_too() -> None:
    listed("HDF1,Halle,FEDER,,1200")
    typed(Operation.objects.get(), "450")
    listed("HDF1,Halle,FEDER,500,1200")
    assert total() == {"programmed": (45_000, 50_000)}
    listed("HDF1,Halle,FEDER,450,1200")
    assert total() == {"programmed": (45_000, 45_000)}
    assert Line.objects.count() == 1


CALLS = "Call title,Programme,Specific objective,Geographical area,Type of eligible applicants,Total amount of support,"
CALLS += "Start date,End date,Critères de sélection"
CALL = "Lieux partagés,FEDER,OS 1.1,Nord,Communes,2 000 000 €,2026-01-01,2026-03-31,Emplois ; 30|Innovation ; 20"


def calendar(*rows: str, as_of: str = "10/11") -> Load:
    return loaded("\n".join([CALLS, *rows]), "appels-article-49", source="calendrier", as_of=day(as_of))


def test_a_calendar_of_calls_is_loaded_and_loaded_again() -> None:
    assert calendar(CALL).added == 1
    call = Call.objects.get()
    assert (call.title, call.total_support, call.written_area) == ("Lieux partagés", Decimal(2_000_000), "Nord")
    assert (call.item.label, call.kind, call.cycle) == ("OS 1.1", "call_for_projects", "erdf")
    assert [(one.text, one.points) for one in call.criteria.all()] == [("Emplois", 30), ("Innovation", 20)]
    assert calendar(CALL.replace("2026-03-31", "2026-04-30"), as_of="17/11").changed == 1
    assert (Call.objects.get(), Call.objects.get().closes, call.history.count()) == (call, day("30/04"), 2)


def test_calls_that_contradict_themselves_are_refused_with_their_cause() -> None:
    load = calendar(CALL.replace("2026-03-31", "2025-03-31"), CALL.replace("; 30", "; beaucoup").replace("Lieux", "Halles"))
    assert [row.sentence for row in load.rejections.all()] == [
        "La clôture de l’appel précède son ouverture : l’une des deux dates est fausse.",
        "Ligne 1 : « beaucoup » n’est pas un nombre de points ; attendu un nombre après le point-virgule.",
    ]
    assert not Call.objects.exists()


def test_what_a_file_dates_out_of_order_is_raised_until_a_person_settles_it() -> None:
    week(PROGRAMMED, "HDF1,Halle,Ville,,FEDER,Recevable,01/07/2026,,,,")
    run_checks(at=AT)
    found = Anomaly.objects.get(check_name="file_step_before_its_cause")
    assert (found.written, found.difference) == ("recevable 01/07/2026 ; programmé 01/06/2026", "30 jours")
    assert [(row.kind, row.subject_id) for row in found.about.all()] == [("application", Application.objects.get().pk)]
    week(PROGRAMMED, "HDF1,Halle,Ville,,FEDER,Recevable,01/03/2026,,,,", as_of="17/11")
    run_checks(at=AT)
    found.refresh_from_db()
    assert found.state == "gone"


def test_what_is_raised_of_a_private_file_is_its_owners() -> None:
    owned(PROGRAMMED, "HDF1,Halle,Ville,,FEDER,Recevable,01/07/2026,,,,", visibility=Visibility.OWNER)
    run_checks(at=AT)
    assert not Anomaly.objects.visible_to(officer("lens")).filter(check_name__startswith="file_step").exists()
    assert Anomaly.objects.visible_to(officer()).filter(check_name__startswith="file_step").count() == 1


def test_the_costs_of_a_file_face_those_of_the_list() -> None:
    listed("HDF1,Halle,FEDER,500,1200")
    known = Operation.objects.get()
    application = file(
        "Halle",
        "complete 12/01",
        "appraised 02/02",
        "opinions 02/03",
        "programmed 01/06",
        total_cents=130_000,
        eligible_cents=90_000,
    )
    actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT, operation=known)
    found = {row["measure"]: (row["certain"], row["at_most"]) for row in costs()}
    assert found == {"total_cost": (120_000, 130_000), "eligible_cost": (90_000, 90_000)}


def costs() -> list[dict[str, Any]]:
    measures = ("total_cost", "eligible_cost")
    answers = {name: money(Question(measure=name), viewer=officer(), moment=NOW).rows for name in measures}
    return [{"measure": name, **row} for name, rows in answers.items() for row in rows]
