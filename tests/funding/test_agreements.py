"""Agreements: what they allow, what is voted, paid and late; a ceiling is never money."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.funding import actions
from beffroi.funding.enums import AgreementKind, DocumentState, InstalmentState, Origin, PaymentBlocker, VoteBlocker
from beffroi.funding.models import (
    Agreement,
    AgreementIndicator,
    AgreementMeasure,
    AgreementParty,
    Amendment,
    LineClaim,
)
from beffroi.funding.queries.money import Question, money
from beffroi.funding.rules import agreements as rules
from beffroi.provenance.models import Load
from tests.accounts.factories import person
from tests.actors.factories import hidden
from tests.funding.signed import agreement, body, document, instalment, keeper, moment, officer, vote
from tests.web.factories import counts, frameworks, indicators, items, loaded, organisations

pytestmark = pytest.mark.django_db
MAY, JULY = date(2026, 5, 1), date(2026, 7, 1)


# What an agreement says on a day


def test_the_last_amendment_signed_by_a_day_replaces_what_was_before() -> None:
    changes = [rules.Change(date(2026, 6, 1), end=date(2027, 12, 31)), rules.Change(date(2026, 3, 1), ceiling=500)]
    early = rules.terms_on(date(2026, 1, 1), ceiling=300, end=date(2026, 12, 31), changes=changes)
    assert (early.ceiling, early.end, early.ceiling_since) == (300, date(2026, 12, 31), None)
    late = rules.terms_on(JULY, ceiling=300, end=date(2026, 12, 31), changes=changes)
    assert (late.ceiling, late.end) == (500, date(2027, 12, 31))
    assert (late.ceiling_since, late.end_since) == (date(2026, 3, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("due", "received", "state", "days"),
    [
        (date(2026, 6, 30), None, DocumentState.LATE, 1),
        (date(2026, 7, 1), None, DocumentState.DUE, 0),
        (date(2026, 6, 1), date(2026, 6, 1), DocumentState.RECEIVED, 0),
        (date(2026, 6, 1), date(2026, 6, 11), DocumentState.RECEIVED_LATE, 10),
        (date(2026, 6, 1), date(2026, 7, 11), DocumentState.LATE, 30),
        (None, None, DocumentState.UNDATED, 0),
        (None, date(2026, 6, 11), DocumentState.RECEIVED, 0),
    ],
)
def test_a_document_is_late_on_the_day_after_its_date(
    due: date | None, received: date | None, state: DocumentState, days: int
) -> None:
    assert rules.document_state(due, received, on=JULY) == state
    assert rules.days_late(due, received, on=JULY) == days


@pytest.mark.parametrize(
    ("due", "paid", "paid_on", "state"),
    [
        (date(2026, 6, 30), None, None, InstalmentState.LATE),
        (date(2026, 9, 1), None, None, InstalmentState.COMING),
        (None, None, None, InstalmentState.UNDATED),
        (date(2026, 6, 1), 100, date(2026, 6, 5), InstalmentState.PAID),
        (date(2026, 6, 1), 60, date(2026, 6, 5), InstalmentState.PARTLY_PAID),
        (date(2026, 6, 1), 100, date(2026, 8, 5), InstalmentState.LATE),
    ],
)
def test_an_instalment_on_a_day(due: date | None, paid: int | None, paid_on: date | None, state: InstalmentState) -> None:
    assert rules.instalment_state(due, cents=100, paid=paid, paid_on=paid_on, on=JULY) == state


def test_what_may_be_voted() -> None:
    found = rules.blockers_to_vote(
        AgreementKind.FRAMEWORK, cents=60, voted=50, ceiling=100, has_funder=False, has_beneficiary=False
    )
    assert found == [VoteBlocker.CEILING_ONLY, VoteBlocker.NO_FUNDER, VoteBlocker.NO_BENEFICIARY, VoteBlocker.ABOVE_CEILING]
    fine = {"cents": 60, "voted": 40, "ceiling": 100, "has_funder": True, "has_beneficiary": True}
    assert rules.blockers_to_vote(AgreementKind.YEARLY, **fine) == []  # type: ignore[arg-type]


def test_what_may_be_paid() -> None:
    held = rules.blockers_to_payment(cents=60, paid=50, voted=100, most=90, late_documents=["rapport"], is_paid=True)
    assert held == [
        PaymentBlocker.ALREADY_PAID, PaymentBlocker.ABOVE_VOTED, PaymentBlocker.ABOVE_RATE, PaymentBlocker.DOCUMENT_LATE,
    ]  # fmt: skip
    nothing = rules.blockers_to_payment(cents=60, paid=0, voted=0, most=None, late_documents=[], is_paid=False)
    assert nothing == [PaymentBlocker.NOTHING_VOTED]
    assert rules.payment_proposed(cents=60, paid=50, voted=100, most=None) == 50
    assert rules.payment_proposed(cents=60, paid=50, voted=100, most=80) == 30
    assert rules.payment_proposed(cents=60, paid=50, voted=40, most=None) == 0
    assert (rules.most_by_rate(1_001, Decimal("0.5")), rules.most_by_rate(None, Decimal("0.5"))) == (500, None)


@pytest.mark.parametrize(
    ("kind", "origin"), [("metropolis", Origin.MUNICIPAL), ("region", Origin.REGION), ("", Origin.UNSTATED)]
)
def test_whose_money_it_is(kind: str, origin: Origin) -> None:
    assert rules.origin_of(kind) == origin


# Pages

TYPED = {
    "kind": "yearly", "title": "Convention annuelle 2026", "code": "26-042", "funder": "Métropole",
    "beneficiary": "pole textile", "ceiling_cents": "120 000,50", "base": "dépenses d’animation", "rate": "50 %",
    "visibility": "1",
}  # fmt: skip


def test_a_refusal_is_read_on_the_page(client: Client) -> None:
    client.force_login(officer())
    yearly = agreement()
    vote(yearly, 1_000)
    party = yearly.parties.get(role="funder")
    page = client.post(f"/financements/conventions/{yearly.pk}/parties/{party.pk}/retirer", follow=True).content.decode()
    assert "Aucun financeur n’est nommé" in page
    answer = client.post(f"/financements/conventions/{yearly.pk}/modifier", TYPED | {"code": "2026-1", "kind": "framework"})
    assert (answer.status_code, "fixe un plafond" in answer.content.decode()) == (422, True)


def test_an_agreement_is_typed_read_and_told_apart(client: Client) -> None:
    body("Métropole", "metropolis"), body("Pôle Textile")
    client.force_login(officer())
    assert client.get("/financements/conventions/nouvelle").status_code == 200
    answer = client.post("/financements/conventions/nouvelle", TYPED)
    found = Agreement.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/financements/conventions/{found.pk}")
    assert (found.ceiling_cents, found.rate, found.namespace) == (12_000_050, Decimal("0.5"), "lille")
    page = client.get(f"/financements/conventions/{found.pk}").content.decode()
    assert "dépenses d’animation" in page, "a rate with its base"
    assert "120\u00a0000,5" in page
    assert "Ajouter une délibération" in page
    assert [event.act for event in AuditEvent.objects.filter(subject_kind="agreement")] == ["agreement_added"]
    assert f"/financements/conventions/{found.pk}" in client.get("/search?q=annuelle").content.decode()
    assert "Convention annuelle 2026" in client.get("/financements/conventions/?q=textile&kind=yearly").content.decode()
    assert "Aucune convention" in client.get("/financements/conventions/?kind=framework").content.decode()
    assert "26-042" in client.get("/financements/conventions/?format=csv").getvalue().decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"funder": "Métropoles"}, "Aucune organisation connue"),
        ({"funder": "Pôle"}, "Est-ce : Métropole ; Pôle Textile ?"),
        ({"funder": "Doublon"}, "Donnez le SIREN"),
        ({"ceiling_cents": "douze"}, "n’est pas un montant"),
        ({"ceiling_cents": "12,345"}, "au centime près"),
        ({"ceiling_cents": "12 $"}, "n’est pas un montant"),
        ({"ceiling_cents": "-3"}, "n’est pas un montant"),
        ({"parent": "cadre tex"}, "Est-ce : Cadre textile ; Cadre textile ?"),
        ({"parent": "Rien"}, "Aucune convention connue"),
        ({"parent": "Cadre textile"}, "Plusieurs répondent à ce nom : c-1 (Cadre textile), c-2 (Cadre textile)"),
        ({"rate": "150 %"}, "entre 0 et 100"),
        ({"rate": "50", "base": ""}, "dites de quoi il est le taux"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_lost(client: Client, typed: dict[str, str], sentence: str) -> None:
    body("Métropole", "metropolis"), body("Pôle Textile")
    from tests.actors.factories import organisation

    organisation("Doublon"), organisation("Doublon")
    for code in ("c-1", "c-2"):
        agreement(code, "framework", title="Cadre textile")
    client.force_login(officer("autre@lille.example"))
    answer = client.post("/financements/conventions/nouvelle", TYPED | typed)
    page = answer.content.decode()
    assert (answer.status_code, Agreement.objects.count()) == (422, 2)
    assert sentence in page
    assert "Convention annuelle 2026" in page


def test_each_part_is_added_changed_and_removed(client: Client) -> None:
    frameworks("plan")
    items("plan,m1,,action,Mesure une")
    indicators("emplois,Emplois,plan,,result,emplois")
    client.force_login(officer())
    yearly = agreement(ceiling_cents=2_000_00)
    base = f"/financements/conventions/{yearly.pk}"
    parts = {
        "parties": {"organisation": "Pôle Textile", "role": "operator"},
        "votes": {"number": "26-7", "on": "2026-02-01", "body": "Conseil", "cents": "1 500"},
        "echeances": {"label": "Avance", "due_on": "2026-03-01", "cents": "900"},
        "avenants": {"number": "1", "signed_on": "2026-04-01", "subject": "Plafond", "ceiling_cents": "2 500"},
        "actions": {"item": "plan:m1", "cents": "100"},
        "indicateurs": {"indicator": "Emplois", "expected": "dix emplois"},
        "documents": {"label": "Rapport financier", "due_on": "2026-06-30"},
    }
    for part, said in parts.items():
        assert client.get(f"{base}/{part}/ajouter").status_code == 200
        answer = client.post(f"{base}/{part}/ajouter", said)
        assert (answer.status_code, answer.headers.get("Location")) == (302, f"{base}#{part}"), answer.content.decode()[:2000]
    page = client.get(base).content.decode()
    for words in ("26-7", "Avance", "Plafond", "Mesure une", "dix emplois", "en retard de", "Proposer un paiement"):
        assert words in page
    assert "depuis l’avenant" not in page
    row = yearly.deliberations.get()
    assert client.post(f"{base}/votes/{row.pk}", parts["votes"] | {"cents": "9 000"}).status_code == 422
    assert client.post(f"{base}/votes/{row.pk}", parts["votes"] | {"cents": "2 400"}).status_code == 422, "before the amendment"
    later = parts["votes"] | {"cents": "2 400", "on": "2026-04-15"}
    assert client.post(f"{base}/votes/{row.pk}", later).status_code == 302
    late = yearly.documents.get()
    due = yearly.instalments.get()
    held = client.get(f"{base}/echeances/{due.pk}/payer").content.decode()
    assert "retient le paiement" in held
    assert client.post(f"{base}/echeances/{due.pk}/payer", {"cents": "900", "on": "2026-07-01"}).status_code == 422
    assert client.get(f"{base}/documents/{late.pk}/recevoir").status_code == 200
    assert client.post(f"{base}/documents/{late.pk}/recevoir", {"on": "2026-07-01"}).status_code == 302
    assert "rien ne le retient" in client.get(f"{base}/echeances/{due.pk}/payer").content.decode()
    assert client.post(f"{base}/echeances/{due.pk}/payer", {"cents": "900", "on": "2026-07-01"}).status_code == 302
    assert "reçu en retard" in client.get(base).content.decode()
    for name in ("ceiling", "voted", "paid", "late"):
        assert client.get(f"/why/agreement:{yearly.pk}/{name}").status_code == 200
    assert client.get(f"/why/agreement:{yearly.pk}/other").status_code == 404
    for part, model in (
        ("parties", AgreementParty),
        ("actions", AgreementMeasure),
        ("indicateurs", AgreementIndicator),
        ("avenants", Amendment),
    ):
        found = model.objects.filter(agreement=yearly).order_by("-pk")[0]
        assert client.get(f"{base}/{part}/{found.pk}").status_code == 200
        assert client.post(f"{base}/{part}/{found.pk}/retirer").status_code == 302
        assert not model.objects.filter(pk=found.pk).exists()
    assert client.get(f"{base}/autre/ajouter").status_code == 404


def test_the_dialogue_sets_an_agreement_beside_the_one_before(client: Client) -> None:
    before = agreement("2025", start=date(2025, 1, 1))
    document(before, "Bilan 2025", due_on=date(2026, 1, 31))
    now = agreement("2026", start=date(2026, 1, 1))
    instalment(now, 600)
    agreement("autre", "grant", start=date(2024, 1, 1))
    client.force_login(keeper())
    page = client.get(f"/financements/conventions/{now.pk}/dialogue").content.decode()
    assert "Convention 2025" in page
    assert "Bilan 2025" in page
    assert "Paiements en retard" in page
    first = client.get(f"/financements/conventions/{before.pk}/dialogue").content.decode()
    assert "Aucune convention d’avant" in first
    undated = agreement("sans-date")
    assert "Aucune convention d’avant" in client.get(f"/financements/conventions/{undated.pk}/dialogue").content.decode()
    client.logout()
    assert client.get(f"/financements/conventions/{now.pk}/dialogue").status_code == 404


def test_an_action_of_several_plans_is_asked_by_its_plan(client: Client) -> None:
    frameworks("plan", "autre")
    items("plan,m1,,action,Mesure une", "autre,m1,,action,Mesure une", "plan,m2,,action,Mesure deux")
    client.force_login(officer())
    address = f"/financements/conventions/{agreement().pk}/actions/ajouter"
    for typed, sentence in (
        ("m1", "Plusieurs répondent à ce nom : autre:m1 (Mesure une), plan:m1 (Mesure une)"),
        ("mesure", "Est-ce : Mesure deux"),
        ("m9", "Aucune action"),
    ):
        answer = client.post(address, {"item": typed})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), typed
    for typed in ("plan:m1", "autre:M1", "mesure deux"):
        assert client.post(address, {"item": typed}).status_code == 302, typed
    row = AgreementMeasure.objects.get(item__version__framework__code="autre")
    assert 'value="autre:m1"' in client.get(f"{address.removesuffix('ajouter')}{row.pk}").content.decode()


def test_an_agreement_above_that_one_may_not_see_stays_when_the_form_is_saved(client: Client) -> None:
    """Arras keeps an agreement under one that Lille alone sees: its form shows nothing of it, and takes nothing away."""
    above = agreement("cadre", "framework", title="Cadre confidentiel", visibility=Visibility.OWNER)
    below = agreement("arras-1", at="arras", parent=above)
    client.force_login(officer("o@arras.example", at="arras"))
    address = f"/financements/conventions/{below.pk}/modifier"
    assert "cadre" not in client.get(address).content.decode().split("<form")[-1].casefold().replace("convention-cadre", "")
    assert client.post(address, TYPED | {"code": "arras-1", "parent": ""}).status_code == 302
    below.refresh_from_db()
    assert (below.title, below.parent) == ("Convention annuelle 2026", above)
    own = client.post(address, TYPED | {"code": "arras-1", "parent": "arras-1"})
    assert (own.status_code, "pas sous elle-même" in own.content.decode()) == (422, True)


def test_who_reads_and_who_writes(client: Client) -> None:
    secret = agreement("secrete", visibility=Visibility.OWNER)
    shared = agreement("partagee", visibility=Visibility.PARTNERS)
    vote(shared, 1_000)
    cases = (
        (None, 404, 404, 302),
        (officer("o@arras.example", at="arras"), 404, 200, 403),
        (person("d@lille.example"), 200, 200, 403),
        (keeper(), 200, 200, 200),
    )
    for reader, of_secret, of_shared, to_change in cases:
        client.logout()
        if reader:
            client.force_login(reader)
        assert client.get(f"/financements/conventions/{secret.pk}").status_code == of_secret
        assert client.get(f"/why/agreement:{secret.pk}/voted").status_code == of_secret
        assert client.get(f"/financements/conventions/{shared.pk}").status_code == of_shared
        assert client.get(f"/financements/conventions/{shared.pk}/modifier").status_code == to_change
    assert client.post(f"/financements/conventions/{shared.pk}/modifier", {"title": ""}).status_code == 422
    assert client.post(f"/financements/conventions/{shared.pk}/modifier", TYPED | {"code": "secrete"}).status_code == 422
    assert client.post(f"/financements/conventions/{shared.pk}/modifier", TYPED | {"code": "autre"}).status_code == 302
    alone = person("seul@lille.example", role=None)
    client.force_login(alone)
    assert client.get("/financements/conventions/nouvelle").status_code == 403


def test_the_money_of_an_agreement_is_not_withdrawn_behind_its_back(client: Client) -> None:
    vote(agreement(), 1_000)
    client.force_login(keeper())
    claim = LineClaim.objects.get()
    assert client.post(f"/financements/montants/{claim.pk}/retirer").status_code == 404
    assert LineClaim.objects.get().recorded_to is None


def test_a_party_that_one_may_not_see_is_not_named(client: Client) -> None:
    secret = hidden("Prospect réservé", at="lille")
    found = agreement("publique", visibility=Visibility.PUBLIC)
    actions.save_part(AgreementParty(agreement=found), by=keeper(), organisation=secret, role="operator")
    actions.change_agreement(found, by=keeper(), note="revue")
    for address in (
        "/financements/conventions/",
        f"/financements/conventions/{found.pk}",
        "/financements/conventions/?format=csv",
    ):
        answer = client.get(address)
        text = (answer.getvalue() if answer.streaming else answer.content).decode()
        assert ("publique" in text, "Prospect réservé" in text) == (True, False), address
    assert f"/conventions/{found.pk}" not in client.get("/search?q=Prospect").content.decode()
    assert "Convention publique" not in client.get("/financements/conventions/?q=prospect").content.decode()


def test_the_sheet_of_an_organisation_lists_its_agreements(client: Client) -> None:
    yearly = agreement(visibility=Visibility.PUBLIC)
    document(yearly)
    page = client.get(f"/organisations/{body('Pôle Textile').pk}").content.decode()
    assert 'id="conventions"' in page
    assert "en retard" in page
    listed = client.get("/financements/conventions/?late=on").content.decode()
    assert "Convention 2026-1" in listed
    assert "Convention 2026-1" not in client.get("/financements/conventions/?late=on&as_of=2026-05-01").content.decode()


# Lists of agreements

HEAD = (
    "numero,nature,intitule,financeur,beneficiaire,siret du beneficiaire,convention-cadre,debut,fin,plafond,base,taux,"
    "deliberation,date de deliberation,assemblee,montant vote,annee,regime d'aide"
)
FRAME = "C1,cadre,Cadre textile,etat,Pôle Textile,,,2025,2027,3000000,,,,,,,,"
FIRST = "C1-25,annuelle,Année 2025,etat,Pôle Textile,,C1,2025,2025,,dépenses,0.5,25-1,2025-02-01,Assemblée,1000000,2025,"
SECOND = "C1-26,annuelle,Année 2026,etat,Pôle Textile,,C1,2026,2026,,,,26-1,2026-02-01,Assemblée,1000000,2026,2023/2831"


def listed(*rows: str, on: date = date(2026, 3, 1)) -> Load:
    organisations("etat,État,,state", source="liste")
    return loaded("\n".join([HEAD, *rows]), "conventions", source="liste", as_of=on)


def test_a_list_of_agreements_gives_votes_and_no_ceiling_is_money() -> None:
    body("Pôle Textile")
    load = listed(FRAME, FIRST, SECOND)
    assert counts(load) == "3 read, 3 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert totals_for_all() == ["État voted 2000000"]
    whole, first = Agreement.objects.get(code="C1"), Agreement.objects.get(code="C1-25")
    assert (whole.ceiling_cents, first.parent, first.rate) == (3_000_000_00, whole, Decimal("0.5"))
    assert Agreement.objects.get(code="C1-26").aid_regime.code == "2023/2831"
    assert first.parties.get(role="beneficiary").organisation == body("Pôle Textile"), "known by its exact name"
    assert counts(listed(FRAME, FIRST, SECOND)).startswith("3 read, 0 added, 0 changed, 3 same")
    assert totals_for_all() == ["État voted 2000000"]


def test_a_vote_corrected_or_gone_from_a_list_no_longer_counts() -> None:
    listed(FRAME, FIRST, SECOND)
    listed(FRAME, FIRST.replace(",1000000,", ",900000,"), on=date(2026, 4, 1))
    assert totals_for_all() == ["État voted 900000"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("C1,cadre,Cadre,etat,Pôle Textile,,,2025,2027,3000000,,,D1,2025-01-01,Bureau,5,2025,", "fixe un plafond"),
        (FIRST.replace(",C1,", ",C9,"), "n’est pas dans cette liste"),
        (FIRST.replace(",dépenses,", ",,"), "dites de quoi il est le taux"),
        (SECOND.replace("2023/2831", "SA.1"), "n’est pas connu"),
        (FIRST.replace(",C1,", ",,").replace("2025-02-01", ""), "a une date"),
        (FIRST.replace(",0.5,", ",50,"), "1"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_with_its_reason(row: str, sentence: str) -> None:
    kept = FRAME.replace("C1,", "C0,", 1)
    load = listed(kept, row)
    assert load.rejected == 1
    assert sentence in load.rejections.get().sentence
    assert totals_for_all() == []


def totals_for_all() -> list[str]:
    answer = money(Question(by=["fund", "stage"]), viewer=AnonymousUser(), moment=moment())
    return [f"{row['fund']} {row['stage']} {row['certain'] // 100}" for row in answer.rows]


def test_the_local_plans_of_the_region_are_framework_agreements(demo: None, client: Client) -> None:
    rows = Agreement.objects.filter(kind=AgreementKind.FRAMEWORK)
    assert (rows.count(), rows.filter(deliberations__isnull=False).count()) == (18, 15)
    page = client.get(f"/financements/conventions/{rows.get(code='plde-sept-vallees').pk}").content.decode()
    assert "2 juillet 2007" in page
    assert "sans numéro" in page
    assert "ne compte dans aucun total" in page
