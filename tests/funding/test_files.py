"""Files typed by hand: steps, amounts, what they become, and who sees what."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.models import SearchEntry
from beffroi.core.refusals import Refused
from beffroi.funding import actions
from beffroi.funding.enums import Cycle, Stage, StepKind
from beffroi.funding.models import Application, Line, LineClaim, LineLink, Operation, Step
from beffroi.funding.queries import files as queries
from beffroi.funding.queries.money import Question, money
from beffroi.funding.rules.criteria import Criterion
from tests.accounts.factories import partner
from tests.actors.factories import organisation
from tests.funding.file_factories import AT, NOW, call, day, file, officer, programme, walked

pytestmark = pytest.mark.django_db
APPRAISED = ("complete 12/01", "appraised 02/02", "opinions 02/03")
PROGRAMMED = (*APPRAISED, "programmed 01/06")


def standing(application: Application) -> list[tuple[str, str]]:
    return [(step.kind, f"{step.on:%d/%m}") for step in queries.steps_of(application, moment=NOW)]


def amount(
    about: Application | Operation, said: str, *, at: str = "lille", stage: Stage = Stage.PROGRAMMED, **more
) -> LineClaim:
    given = {"origin": "eu", "stated_on": day("01/06"), "by": officer(at), "at": AT, "owner": partner(at), **more}
    return actions.record_line(about, stage=stage, amount=Decimal(said), **given)


def total(viewer, **asked) -> list[tuple[str, int | None, int | None]]:
    found = money(Question(by=["stage"], **asked), viewer=viewer, moment=NOW)
    return [(row["stage"], row["certain"], row["at_most"]) for row in found.rows]


def test_a_file_received_has_its_number_and_its_first_step() -> None:
    first, second = file("Halle"), file("Gare")
    assert [first.code, second.code] == ["2026-0001", "2026-0002"]
    assert standing(first) == [("submitted", "05/01")]
    assert SearchEntry.objects.filter(kind="application", subject_id=first.pk).exists()
    assert AuditEvent.objects.filter(act="application_submitted", subject_id=first.pk, by=officer()).exists()


def test_a_file_outside_the_dates_of_its_call_or_of_nobody_is_refused() -> None:
    asked = call(closes=day("31/03"))
    with pytest.raises(Refused, match="L’appel était clos"):
        file("Trop tard", call=asked, on="01/04")
    with pytest.raises(Refused, match="Il manque le demandeur"):
        file("Sans nom", written_applicant="")
    assert not Application.objects.exists()


def test_steps_follow_each_other_and_are_audited() -> None:
    application = file("Halle", *APPRAISED)
    with pytest.raises(Refused, match="ne suit pas l’étape présente"):
        walked(application, ["paid 01/09"])
    with pytest.raises(Refused, match="précède celle"):
        walked(application, ["programmed 01/03"])
    walked(application, ["postponed 01/04", "programmed 01/06", "deprogrammed 01/09", "recovered 01/10"])
    assert [kind for kind, _ in standing(application)][-4:] == ["postponed", "programmed", "deprogrammed", "recovered"]
    assert AuditEvent.objects.filter(act="step_recorded", subject_id=application.pk).count() == 7


def test_a_corrected_step_leaves_what_was_written_in_the_history() -> None:
    application = file("Halle", "complete 12/01")
    step = application.steps.get(kind="complete")
    with pytest.raises(Refused, match="précède celle"):
        actions.correct_step(step, on=day("01/01"), by=officer(), at=AT)
    actions.correct_step(step, on=day("14/01"), by=officer(), at=AT, comment=" accusé du 14 ")
    assert standing(application) == [("submitted", "05/01"), ("complete", "14/01")]
    assert [(old.on, old.ended_by) for old in queries.past_steps(application)] == [(day("12/01"), officer())]
    actions.remove_step(application.steps.current().get(kind="complete"), by=officer(), at=AT)
    assert standing(application) == [("submitted", "05/01")]
    assert queries.past_steps(application).count() == 2


def test_the_database_refuses_what_the_rules_refuse() -> None:
    application = file()
    shared = {"application": application, "rank": 1, "by": officer(), "recorded_from": AT}
    for wrong in (
        {"kind": "refused", "on": day("10/01")},
        {"kind": "voted", "on": day("10/01")},
        {"kind": "complete", "on": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.create(**shared, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(**shared, kind="complete", on=day("10/01"), ended_by=officer())


def test_what_is_changed_in_a_file_stays_in_its_history() -> None:
    application = file("Halle")
    actions.change_application(application, by=officer(), title="Halle couverte", end=day("31/12"), start=day("01/06"))
    assert [old.title for old in application.history.all()] == ["Halle couverte", "Halle"]
    with pytest.raises(ValidationError, match="La fin prévue ne précède pas le début prévu"):
        actions.change_application(application, by=officer(), end=day("01/01"))


def test_a_call_keeps_its_criteria_as_rows() -> None:
    opened = call(criteria=[Criterion("eligibility", "Siège dans la région"), Criterion("selection", "Emplois", Decimal(30))])
    assert [(one.kind, one.text, one.points) for one in opened.criteria.all()] == [
        ("eligibility", "Siège dans la région", None),
        ("selection", "Emplois", Decimal(30)),
    ]
    actions.change_call(opened, by=officer(), criteria=[], title="Lieux partagés")
    assert (opened.criteria.count(), opened.history.count(), str(opened)) == (0, 2, "Lieux partagés")
    with pytest.raises(ValidationError, match="La clôture d’un appel ne précède pas son ouverture"):
        call("À l’envers", opens=day("01/06"), closes=day("01/05"))


def test_a_programmed_file_becomes_an_operation_with_its_amounts() -> None:
    beneficiary = organisation("Ville de Lille")
    application = file("Halle", *APPRAISED, applicant=beneficiary, written_applicant="")
    with pytest.raises(Refused, match="Aucune décision favorable"):
        actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT)
    walked(application, ["programmed 01/06"])
    amount(application, "1000")
    made = actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT)
    assert (made.title, made.decided_on, made.beneficiary, made.owner) == ("Halle", day("01/06"), beneficiary, partner())
    assert list(made.partners.values_list("organisation", "role")) == [(beneficiary.pk, "leads")]
    assert list(made.lines.values_list("stage", "application")) == [("programmed", application.pk)]
    with pytest.raises(Refused, match="déjà une opération"):
        actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT)


def test_a_file_joins_a_known_operation_and_its_amount_faces_the_one_there() -> None:
    known = Operation.objects.create(
        programme=programme(), namespace="liste", code="HDF1", title="Halle", sort_key="halle", visibility=Visibility.PUBLIC
    )
    amount(known, "1000", at="lens")
    application = file("Halle", *PROGRAMMED, code="HDF1")
    amount(application, "900")
    assert list(queries.operations_for(application, viewer=officer())) == [known]
    actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT, operation=known)
    assert total(officer()) == [("programmed", 90_000, 100_000)]


def test_a_typed_amount_counts_and_rivals_are_never_added() -> None:
    application = file("Halle", *PROGRAMMED)
    made = actions.turn_into_operation(application, owner=partner(), by=officer(), at=AT)
    amount(made, "1000")
    assert total(officer()) == [("programmed", 100_000, 100_000)]
    amount(made, "1200", at="lens")
    assert total(officer()) == [("programmed", 100_000, 120_000)]
    assert (Line.objects.count(), LineClaim.objects.count()) == (1, 2)
    amount(made, "1000", stage=Stage.PAID, start=day("01/09"), end=day("01/09"))
    amount(made, "50", stage=Stage.PAID, start=day("01/10"), end=day("01/10"))
    assert total(officer(), stage="paid") == [("paid", 105_000, 105_000)]


def test_saying_the_same_again_changes_nothing_and_a_correction_ends_what_it_corrects() -> None:
    application = file("Halle", *PROGRAMMED)
    first = amount(application, "1000")
    assert amount(application, "1000") == first
    second = amount(application, "1100")
    assert list(LineClaim.objects.current()) == [second]
    colleague = officer(role="funder_officer")
    third = amount(application, "1150", by=colleague, stated_on=day("02/06"))
    assert list(LineClaim.objects.current()) == [third]
    later = amount(application, "1200", by=colleague, stated_on=day("01/09"))
    assert set(LineClaim.objects.current()) == {third, later}
    assert total(officer()) == [("programmed", 120_000, 120_000)]
    actions.withdraw_line_claim(later, by=officer(), at=AT)
    assert total(officer()) == [("programmed", 115_000, 115_000)]


def test_an_amount_that_could_be_several_is_asked_to_say_which() -> None:
    application = file("Halle", *PROGRAMMED)
    grant = amount(application, "10", instrument="grant").line
    amount(application, "20", instrument="loan")
    with pytest.raises(Refused, match="Plusieurs montants connus"):
        amount(application, "30")
    assert amount(application, "30", at="lens", line=grant).line == grant


def test_lines_of_a_file_that_could_be_one_line_of_a_list_are_not_its_rivals() -> None:
    """The file has two ERDF amounts and the list one: which is which, a person says; nothing is surely counted twice."""
    operation = Operation.objects.create(namespace="liste", code="O1", title="Halle", programme=programme(), sort_key="halle")
    made = file("Halle", *PROGRAMMED)
    feder = organisation("FEDER", "fund")
    said = {"stage": Stage.PROGRAMMED, "stated_on": day("01/02"), "owner": partner(), "by": officer(), "at": AT, "fund": feder}
    actions.record_line(operation, amount=Decimal(150), **said)
    for euros, on in ((100, "01/03"), (50, "01/04")):
        actions.record_line(made, amount=Decimal(euros), start=day(on), end=day(on), **said)
    actions.turn_into_operation(made, owner=partner(), by=officer(), at=AT, operation=operation)
    claims = [[claim.cents // 100 for claim in line.claims.all()] for line in Line.objects.order_by("pk")]
    assert claims == [[150], [100], [50]]
    assert list(LineLink.objects.values_list("state", flat=True)) == ["proposed", "proposed"]
    assert {line.operation for line in Line.objects.all()} == {operation}


def test_two_people_who_act_on_a_file_at_once_do_not_both_succeed() -> None:
    """The same step corrected twice from one page; a file that became an operation meanwhile; a step taken back twice."""
    made = file("Halle", *PROGRAMMED)
    step, again = (Step.objects.get(kind="complete") for _ in range(2))
    actions.correct_step(step, on=day("13/01"), by=officer(), at=AT)
    for act in (
        lambda: actions.correct_step(again, on=day("14/01"), by=officer(), at=AT),
        lambda: actions.remove_step(again, by=officer(), at=AT),
    ):
        with pytest.raises(actions.ChangedMeanwhile):
            act()
    assert [row.on for row in Step.objects.current().filter(kind="complete")] == [day("13/01")]
    stale = Application.objects.get(pk=made.pk)
    actions.turn_into_operation(made, owner=partner(), by=officer(), at=AT)
    with pytest.raises(Refused, match="déjà une opération"):
        actions.turn_into_operation(stale, owner=partner(), by=officer(), at=AT)
    assert Operation.objects.count() == 1


def test_a_file_whose_number_an_operation_already_has_is_refused_in_words() -> None:
    made = file("Halle", *PROGRAMMED)
    Operation.objects.create(namespace=made.namespace, code=made.code, title="X", programme=programme(), sort_key="x")
    with pytest.raises(Refused, match="porte déjà ce numéro"):
        actions.turn_into_operation(made, owner=partner(), by=officer(), at=AT)
    assert Operation.objects.count() == 1


def test_what_is_requested_is_its_owners_alone_and_totalled_for_nobody() -> None:
    application = file("Halle", requested={"eu": Decimal(500), "region": Decimal(200)}, visibility=Visibility.PUBLIC)
    assert Line.objects.visible_to(officer()).count() == 2
    assert not Line.objects.visible_to(officer("lens")).exists()
    assert not LineClaim.objects.visible_to(AnonymousUser()).exists()
    assert total(officer()) == total(officer("lens")) == total(AnonymousUser()) == []
    assert set(application.lines.values_list("origin", "visibility")) == {
        ("eu", Visibility.BODIES),
        ("region", Visibility.BODIES),
    }


def test_what_is_planned_of_a_private_file_is_seen_by_partners() -> None:
    application = file("Halle", visibility=Visibility.OWNER)
    amount(application, "500", stage=Stage.PLANNED)
    assert total(officer("lens")) == [("planned", 50_000, 50_000)]
    assert total(AnonymousUser()) == []


def test_the_file_of_a_known_operation_begins_without_a_receipt() -> None:
    known = Operation.objects.create(programme=programme(), namespace="liste", code="HDF1", title="Halle", sort_key="halle")
    application = file("Halle", "agreed 01/06", operation=known)
    assert standing(application) == [("agreed", "01/06")]
    assert queries.file_of(known, viewer=officer()) == application


def board(**asked) -> dict[str, list[str]]:
    rows = queries.files_asked(asked, viewer=officer(), moment=NOW)
    return {column.step: [one.title for one in column.files] for column in queries.board(Cycle.ERDF, rows) if column.count}


def test_the_board_has_a_column_for_each_step_the_oldest_first() -> None:
    file("Halle", on="10/01")
    file("Gare", on="05/01")
    file("Port", *PROGRAMMED)
    assert board() == {"submitted": ["Gare", "Halle"], "programmed": ["Port"]}
    assert board(q="port") == {"programmed": ["Port"]}
    assert board(waiting=318) == {"submitted": ["Gare"]}
    assert board(step=StepKind.PROGRAMMED) == {"programmed": ["Port"]}


def test_a_column_shows_its_first_files_and_counts_the_others() -> None:
    for number in range(queries.CARDS + 2):
        file(f"Dossier {number:02}")
    column = next(one for one in queries.board(Cycle.ERDF, queries.files_asked({}, viewer=officer(), moment=NOW)) if one.count)
    assert (column.count, len(column.files), column.others) == (14, 12, 2)


def test_a_file_that_only_its_owner_sees_is_on_no_other_board() -> None:
    file("Secret", visibility=Visibility.OWNER)
    assert board() == {"submitted": ["Secret"]}
    assert not queries.files_asked({}, viewer=officer("lens"), moment=NOW).exists()
    assert list(queries.own_files(officer("lens"), moment=NOW)) == []
