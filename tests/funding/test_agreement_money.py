"""The money of agreements: votes and payments are lines of funding, a ceiling is not, and a change is followed."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from beffroi.accounts.enums import Visibility
from beffroi.core.refusals import Refused
from beffroi.funding import actions
from beffroi.funding.enums import VoteBlocker
from beffroi.funding.models import Agreement, AgreementParty, Line, LineClaim
from beffroi.funding.queries import agreement_sheet
from beffroi.funding.rules import agreements as rules
from tests.funding.signed import agreement, body, document, instalment, keeper, moment, totals, vote
from tests.web.factories import frameworks, organisations

pytestmark = pytest.mark.django_db
MAY, JULY = date(2026, 5, 1), date(2026, 7, 1)


def test_a_framework_amount_is_a_ceiling_and_only_its_yearly_votes_count() -> None:
    """Three millions over three years; two yearly agreements vote one million each: two millions are voted, not five."""
    whole = agreement("cadre", "framework", ceiling_cents=3_000_000_00)
    assert totals() == []
    for year in (2025, 2026):
        yearly = agreement(f"an-{year}", "yearly", parent=whole, ceiling_cents=1_000_000_00)
        vote(yearly, 1_000_000, on=date(year, 2, 1), number=f"{year}-1")
    assert totals() == ["Métropole voted 2000000"]
    sheet = agreement_sheet(whole.pk, moment=moment(), viewer=keeper())
    assert sheet is not None
    assert [(figure.label, figure.value) for figure in sheet.figures[:2]] == [
        ("Plafond", Decimal(3_000_000)), ("Voté par les conventions d’application", Decimal(2_000_000)),
    ]  # fmt: skip
    before = agreement_sheet(whole.pk, moment=moment(date(2025, 6, 1)), viewer=keeper())
    assert before is not None
    assert before.voted == 1_000_000_00


def test_a_vote_under_a_framework_is_refused_and_nothing_is_written() -> None:
    whole = agreement("cadre", "framework", ceiling_cents=3_000_000_00)
    with pytest.raises(Refused, match="fixe un plafond"):
        vote(whole, 1_000)
    assert (whole.deliberations.count(), Line.objects.count()) == (0, 0)


def test_a_vote_corrected_is_one_line_with_one_amount_and_its_past() -> None:
    yearly = agreement()
    row = vote(yearly, 1_000)
    actions.save_part(row, by=keeper(), cents=1_200_00, year=2025)
    assert totals() == ["Métropole voted 1200"]
    said = [(claim.cents, claim.recorded_to is None) for claim in LineClaim.objects.order_by("pk")]
    assert said == [(1_000_00, False), (1_200_00, True)]
    line = Line.objects.get()
    assert (line.written_period, line.origin, line.visibility) == ("2025", "municipal", Visibility.PARTNERS)


def test_a_payment_is_money_paid_beside_money_voted() -> None:
    yearly = agreement()
    vote(yearly, 1_000)
    due = instalment(yearly, 600)
    actions.record_payment(due, cents=600_00, on=MAY, by=keeper())
    assert totals() == ["Métropole paid 600", "Métropole voted 1000"]
    with pytest.raises(Refused, match="déjà payée"):
        actions.record_payment(due, cents=100_00, on=MAY, by=keeper())


def test_a_late_document_holds_a_payment_back_until_it_is_received() -> None:
    yearly = agreement()
    vote(yearly, 1_000)
    due, report = instalment(yearly, 600), document(yearly)
    with pytest.raises(Refused, match="n’est pas reçu"):
        actions.record_payment(due, cents=600_00, on=JULY, by=keeper())
    actions.receive_document(report, on=JULY, by=keeper())
    assert actions.record_payment(due, cents=600_00, on=JULY, by=keeper()).paid_cents == 600_00


def test_what_is_removed_no_longer_counts_and_stays_in_the_history() -> None:
    yearly = agreement()
    row = vote(yearly, 1_000)
    actions.remove_part(row, by=keeper())
    assert totals() == []
    assert [event.history_type for event in row.history.model.objects.order_by("history_id")][-1] == "-"
    document_row = document(yearly)
    actions.remove_part(document_row, by=keeper())
    assert yearly.documents.count() == 0


def test_a_change_of_the_agreement_follows_in_its_money() -> None:
    frameworks("cper")
    organisations("x,X,,other")
    from beffroi.funding.models import Programme
    from beffroi.reference.models import Framework

    programme = Programme.objects.create(framework=Framework.objects.get(code="cper"))
    yearly = agreement()
    row = vote(yearly, 1_000)
    actions.save_part(row, by=keeper(), body="Bureau")
    actions.change_agreement(yearly, by=keeper(), programme=programme, visibility=Visibility.PUBLIC)
    line = Line.objects.get()
    assert (line.programme, line.visibility) == (programme, Visibility.PUBLIC)
    assert LineClaim.objects.filter(recorded_to=None).get().visibility == Visibility.PUBLIC


def test_the_parties_say_whose_the_votes_and_payments_are() -> None:
    """The department replaces the metropolis, and a second cluster the first: the lines follow, and nothing is said twice."""
    yearly = agreement()
    vote(yearly, 1_000)
    actions.record_payment(instalment(yearly, 600), cents=600_00, on=MAY, by=keeper())
    funder, beneficiary = yearly.parties.get(role="funder"), yearly.parties.get(role="beneficiary")
    actions.save_part(funder, by=keeper(), organisation=body("Département", "department"))
    assert totals() == ["Département paid 600", "Département voted 1000"]
    assert {(line.origin, line.payer.name) for line in Line.objects.select_related("payer")} == {("department", "Département")}
    actions.save_part(AgreementParty(agreement=yearly), by=keeper(), organisation=body("Pôle Bois"), role="beneficiary")
    actions.remove_part(beneficiary, by=keeper())
    assert {line.receiver.name for line in Line.objects.select_related("receiver")} == {"Pôle Bois"}
    assert LineClaim.objects.filter(recorded_to=None).count() == 2


def test_an_agreement_that_holds_money_keeps_what_makes_it_money() -> None:
    yearly = agreement()
    vote(yearly, 1_000)
    for role, sentence in (("funder", "Aucun financeur"), ("beneficiary", "Aucun bénéficiaire")):
        with pytest.raises(Refused, match=sentence):
            actions.remove_part(yearly.parties.get(role=role), by=keeper())
    with pytest.raises(Refused, match="fixe un plafond"):
        actions.change_agreement(Agreement.objects.get(pk=yearly.pk), by=keeper(), kind="framework")
    assert (Agreement.objects.get().kind, yearly.parties.count(), totals()) == ("yearly", 2, ["Métropole voted 1000"])
    empty = agreement("vide")
    actions.change_agreement(empty, by=keeper(), kind="framework")
    actions.remove_part(empty.parties.get(role="funder"), by=keeper())


@pytest.mark.parametrize(
    ("cents", "before", "others", "paid", "blocked"),
    [
        (0, 1_000, 0, 600, True), (599, 1_000, 0, 600, True), (600, 1_000, 0, 600, False), (0, 1_000, 600, 600, False),
        (700, 500, 0, 900, False), (0, 1_000, 0, 0, False),
    ],
)  # fmt: skip
def test_what_is_paid_stays_covered_by_what_is_voted(cents: int, before: int, others: int, paid: int, blocked: bool) -> None:
    found = rules.blockers_to_voting_less(cents=cents, before=before, others=others, paid=paid)
    assert found == ([VoteBlocker.BELOW_PAID] if blocked else [])


def test_a_vote_that_a_payment_follows_is_neither_removed_nor_lowered_below_it() -> None:
    yearly = agreement()
    row = vote(yearly, 1_000)
    due = instalment(yearly, 600)
    actions.record_payment(due, cents=600_00, on=MAY, by=keeper())
    for act in (lambda: actions.remove_part(row, by=keeper()), lambda: actions.save_part(row, by=keeper(), cents=500_00)):
        with pytest.raises(Refused, match="déjà payé"):
            act()
    assert totals() == ["Métropole paid 600", "Métropole voted 1000"]
    row.refresh_from_db()
    actions.save_part(row, by=keeper(), cents=600_00)
    actions.remove_part(due, by=keeper())
    actions.remove_part(row, by=keeper())
    assert totals() == []


def test_a_vote_whose_date_is_corrected_is_stated_on_that_date() -> None:
    row = vote(agreement(), 1_000, on=date(2026, 2, 1))
    actions.save_part(row, by=keeper(), on=date(2026, 3, 1))
    said = [(claim.stated_on, claim.recorded_to is None) for claim in LineClaim.objects.order_by("pk")]
    assert said == [(date(2026, 2, 1), False), (date(2026, 3, 1), True)]


def test_a_vote_without_amount_is_no_money_and_one_emptied_is_withdrawn() -> None:
    yearly = agreement()
    row = vote(yearly, 0, cents=None)
    assert Line.objects.count() == 0
    actions.save_part(row, by=keeper(), cents=500_00)
    assert totals() == ["Métropole voted 500"]
    actions.save_part(row, by=keeper(), cents=None)
    assert totals() == []


def test_impossible_agreements_are_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="dites de quoi il est le taux"):
        agreement("sans-base", rate=Decimal("0.5"))
    with pytest.raises(ValidationError, match="ne précède pas son début"):
        agreement("inversee", start=JULY, end=MAY)
    agreement("deux-fois")
    with pytest.raises(ValidationError, match="porte déjà ce numéro"):
        agreement("deux-fois")
