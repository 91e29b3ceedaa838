"""Envelopes, tranches, versions and sandboxes: what is written, refused, kept, by one person or two at once."""

from datetime import date
from decimal import Decimal

import pytest

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.core.refusals import Refused
from beffroi.funding import actions
from beffroi.funding.actions.sandboxes import TouchedMeanwhile
from beffroi.funding.actions.typing import ChangedMeanwhile
from beffroi.funding.enums import VersionKind
from beffroi.funding.models import DeadlineRule, Envelope, PlanCell, PlanVersion, Sandbox, Tranche
from beffroi.funding.queries.desk.cells import cells_of, kept_moves
from beffroi.funding.rules.plans import CellKey, Shift, total
from tests.accounts.factories import partner, person
from tests.funding.factories import amounts, body, item, officer, programme, version

pytestmark = pytest.mark.django_db
ROWS = ("axe-2.1 | État | state | 2023 | 60", "axe-2.1 | Région | region | 2023 | 40", "axe-2.2 | Région | region | 2023 | 10")


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))


def test_an_envelope_is_written_corrected_and_removed_with_its_history() -> None:
    of, paul = programme(), officer()
    row = actions.save_envelope(Envelope(programme=of), by=paul, fund=body("FEDER"), cents=100)
    actions.save_envelope(row, by=paul, seen=actions.seen_mark(row), fund=body("FEDER"), cents=250)
    assert [state.cents for state in row.history.order_by("history_id")] == [100, 250]
    pk = row.pk
    actions.remove_envelope(row, by=paul, seen=actions.seen_mark(row))
    assert not Envelope.objects.exists()
    assert Envelope.history.filter(id=pk).count() == 3
    assert acts()[-3:] == ["envelope_saved", "envelope_saved", "envelope_removed"]


def test_two_people_at_once_do_not_overwrite_each_other() -> None:
    of, paul = programme(), officer()
    row = actions.save_tranche(
        Tranche(programme=of), by=paul, year=2007, cents=100, rule=DeadlineRule.objects.get(code="n2-2007")
    )
    seen = actions.seen_mark(row)
    actions.save_tranche(row, by=paul, seen=seen, cents=110)
    with pytest.raises(ChangedMeanwhile):
        actions.save_tranche(row, by=officer("anna@lille.example"), seen=seen, cents=120)
    with pytest.raises(ChangedMeanwhile):
        actions.remove_tranche(row, by=paul, seen=seen)
    assert Tranche.objects.get().cents == 110
    actions.remove_tranche(Tranche.objects.get(), by=paul, seen=actions.seen_mark(row))
    assert not Tranche.objects.exists()


def test_the_same_envelope_is_not_written_twice() -> None:
    of, paul = programme(), officer()
    actions.save_envelope(Envelope(programme=of), by=paul, fund=body("FEDER"), cents=100)
    with pytest.raises(Refused, match="existe déjà"):
        actions.save_envelope(Envelope(programme=of), by=paul, fund=body("FEDER"), cents=5)


def test_a_version_starts_from_another_and_only_a_proposal_is_typed() -> None:
    of, paul = programme(), officer()
    first = version(of, *ROWS, adopted=True)
    second = actions.open_version(
        of, label="Révision", kind=VersionKind.MID_TERM, by=paul, owner=partner(), visibility=1, based_on=first
    )
    assert (second.number, amounts(second)) == (2, amounts(first))
    cell = PlanCell(version=second)
    said = {"funder": body("FEDER"), "origin": "eu", "year": 2024, "contract_status": "contractualised"}
    actions.save_cell(cell, by=paul, item=item("axe-1"), cents=700, **said)
    actions.save_cell(cell, by=paul, seen=actions.seen_mark(cell), item=item("axe-1"), cents=800, **said)
    with pytest.raises(Refused, match="déjà un montant"):
        actions.save_cell(PlanCell(version=second), by=paul, item=item("axe-1"), cents=1, **said)
    actions.remove_cell(cell, by=paul, seen=actions.seen_mark(cell))
    assert amounts(second) == amounts(first)
    with pytest.raises(Refused, match="changent par un avenant"):
        actions.save_cell(PlanCell(version=first), by=paul, item=item("axe-1"), cents=1, **said)
    with pytest.raises(Refused, match="changent par un avenant"):
        actions.remove_cell(first.cells.all()[0], by=paul, seen="0")


def test_one_version_is_in_force_at_a_time() -> None:
    of, paul = programme(), officer()
    first = version(of, *ROWS, adopted=True)
    amended = version(of, *ROWS, number=2, kind=VersionKind.AMENDED, based_on=None)
    assert actions.adoption_blockers(amended) != []
    with pytest.raises(Refused, match="est entrée en vigueur depuis"):
        actions.adopt_version(amended, decided_on=date(2023, 1, 1), by=paul)
    revised = version(of, *ROWS, number=3, kind=VersionKind.MID_TERM)
    actions.adopt_version(revised, decided_on=date(2024, 1, 1), by=paul)
    first.refresh_from_db()
    assert (first.state, revised.state, revised.decided_on) == ("replaced", "in_force", date(2024, 1, 1))
    actions.withdraw_version(amended, reason="remplacée", by=paul)
    assert amended.state == "withdrawn"
    with pytest.raises(Refused, match="proposée peut être retirée"):
        actions.withdraw_version(revised, reason="non", by=paul)


def test_who_keeps_the_plan_in_force_adopts_what_replaces_it_for_all_who_read_it() -> None:
    """Lille keeps a public plan; Amiens proposes to its partners: Lille decides, keeps it, and everybody still reads it."""
    of, paul = programme(), officer()
    amina = person("amina@amiens.example", at="amiens", role=Role.PROGRAMME_OFFICER)
    first = version(of, *ROWS, adopted=True)
    proposal = actions.open_version(
        of, label="Avenant", kind=VersionKind.AMENDED, by=amina, owner=partner("amiens"), visibility=Visibility.PARTNERS,
        based_on=first,
    )  # fmt: skip
    with pytest.raises(Refused, match="tenue par une autre institution"):
        actions.adopt_version(proposal, decided_on=date(2024, 1, 1), by=amina)
    first.refresh_from_db()
    assert first.state == "in_force"
    actions.adopt_version(proposal, decided_on=date(2024, 1, 1), by=paul)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.owner, proposal.visibility) == ("in_force", partner(), Visibility.PUBLIC)


def test_a_plan_in_force_is_read_by_partners_at_least() -> None:
    of, paul = programme(), officer()
    made = version(of, *ROWS, visibility=Visibility.OWNER)
    actions.adopt_version(made, decided_on=date(2024, 1, 1), by=paul)
    assert PlanVersion.objects.get().visibility == Visibility.PARTNERS


def opened(of: PlanVersion, by: object) -> Sandbox:
    return actions.open_sandbox(of, label="Plus aux friches", owner=partner(), by=by)  # type: ignore[arg-type]


def key(code: str, name: str, origin: str, year: int = 2023) -> CellKey:
    return CellKey(item(code).pk, body(name).pk, origin, year, "contractualised")


def moved(box: Sandbox, source: CellKey, target: CellKey, amount: str, *, revision: int | None = None) -> None:
    said = {"reason": "essai", "revision": box.revision if revision is None else revision}
    actions.make_move(box, Shift(source, target, Decimal(amount)), by=box.by, **said)


def test_moves_are_listed_undone_and_proposed_as_an_amendment() -> None:
    of, paul = programme(), officer()
    first = version(of, *ROWS, adopted=True)
    box = opened(first, paul)
    moved(box, key("axe-2.1", "État", "state"), key("axe-2.2", "État", "state", 2024), "15.50")
    moved(box, key("axe-2.1", "Région", "region"), key("axe-2.2", "Région", "region"), "40")
    undone = kept_moves(box)[1]
    actions.undo_move(undone, revision=box.revision, by=paul)
    assert [move.amount for move in kept_moves(box)] == [Decimal("15.5")]
    proposal = actions.propose_amendment(
        box, label="Avenant 1", justification="Les friches attendent", revision=undone.sandbox.revision, by=paul
    )
    assert (proposal.kind, proposal.state, proposal.based_on, proposal.visibility) == (
        "amended",
        "proposed",
        first,
        Visibility.PARTNERS,
    )
    assert amounts(proposal) == {
        "axe-2.1|État|2023": Decimal("44.5"),
        "axe-2.1|Région|2023": Decimal(40),
        "axe-2.2|Région|2023": Decimal(10),
        "axe-2.2|État|2024": Decimal("15.5"),
    }
    assert total(cells_of(proposal)) == total(cells_of(first))
    actions.adopt_version(proposal, decided_on=date(2024, 3, 1), by=paul)
    assert acts()[-6:] == [
        "move_made",
        "move_made",
        "move_undone",
        "plan_version_opened",
        "amendment_proposed",
        "plan_version_adopted",
    ]


def test_two_people_in_one_sandbox_lose_nothing() -> None:
    paul, anna = officer(), officer("anna@lille.example")
    box = opened(version(programme(), *ROWS, adopted=True), paul)
    seen = box.revision
    moved(box, key("axe-2.1", "État", "state"), key("axe-2.2", "État", "state"), "10", revision=seen)
    with pytest.raises(TouchedMeanwhile):
        moved(Sandbox.objects.get(), key("axe-2.1", "État", "state"), key("axe-1", "État", "state"), "20", revision=seen)
    with pytest.raises(TouchedMeanwhile):
        actions.propose_amendment(Sandbox.objects.get(), label="A", justification="B", revision=seen, by=anna)
    assert [move.amount for move in kept_moves(box)] == [Decimal(10)]
    assert PlanVersion.objects.count() == 1


def test_what_cannot_be_moved_undone_or_proposed() -> None:
    paul = officer()
    box = opened(version(programme(), *ROWS, adopted=True), paul)
    with pytest.raises(Refused, match="aucun mouvement"):
        actions.propose_amendment(box, label="A", justification="B", revision=box.revision, by=paul)
    box.refresh_from_db()
    with pytest.raises(Refused, match="Il ne reste que"):
        moved(box, key("axe-2.2", "Région", "region"), key("axe-1", "Région", "region"), "10.01")
    box.refresh_from_db()
    moved(box, key("axe-2.2", "Région", "region"), key("axe-1", "Région", "region"), "10")
    moved(box, key("axe-1", "Région", "region"), key("axe-2.1", "Région", "region"), "10")
    first, second = kept_moves(box)
    with pytest.raises(Refused, match="annulez d’abord le suivant"):
        actions.undo_move(first, revision=box.revision, by=paul)
    box.refresh_from_db()
    actions.undo_move(second, revision=box.revision, by=paul)
    box.refresh_from_db()
    with pytest.raises(Refused, match="déjà annulé"):
        actions.undo_move(second, revision=box.revision, by=paul)
    box.refresh_from_db()
    actions.close_sandbox(box, revision=box.revision, by=paul)
    assert box.state == "closed"
    with pytest.raises(Refused, match="est refermé"):
        moved(box, key("axe-2.1", "État", "state"), key("axe-1", "État", "state"), "1")


def test_a_refused_act_leaves_the_sandbox_as_it_was() -> None:
    box = opened(version(programme(), *ROWS, adopted=True), officer())
    before = Sandbox.objects.get().revision
    with pytest.raises(Refused, match="Il ne reste que"):
        moved(box, key("axe-2.2", "Région", "region"), key("axe-1", "Région", "region"), "99")
    assert Sandbox.objects.get().revision == before
