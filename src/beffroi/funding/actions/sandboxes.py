"""Moves tried on a copy of the financing plan: each is listed, may be undone, and becomes a proposal with its justification."""

from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.funding.actions.plans import open_version, write_cells
from beffroi.funding.enums import ProgrammeAct, SandboxState, VersionKind
from beffroi.funding.models import CENTS, Move, PlanVersion, Sandbox
from beffroi.funding.queries.desk.cells import cells_of, kept_moves, shifts_of
from beffroi.funding.rules.plans import CellKey, Shift, blockers_to_shift, blockers_to_undoing, shifted


class TouchedMeanwhile(Refused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Une autre personne vient d’agir sur ce bac à sable. Rien n’est perdu : son mouvement est dans la liste, le "
                "vôtre est encore dans le formulaire. Relisez, puis recommencez."
            )
        )


@transaction.atomic
def open_sandbox(version: PlanVersion, *, label: str, owner: Partner, by: User) -> Sandbox:
    box = Sandbox.objects.create(
        base=version, label=label.strip(), by=by, at=timezone.now(), owner=owner, visibility=Visibility.OWNER
    )
    record_act(ProgrammeAct.SANDBOX_OPENED, by=by, subject=("sandbox", box.pk), version=version.pk)
    return box


def _take(box: Sandbox, revision: int) -> None:
    """One act at a time, on what its author saw: the row stays held until the end of the transaction."""
    taken = Sandbox.objects.filter(pk=box.pk, revision=revision, state=SandboxState.OPEN).update(revision=F("revision") + 1)
    box.refresh_from_db()
    if not box.is_open:
        raise Refused(_("Ce bac à sable est refermé : ouvrez-en un autre sur la version en vigueur."))
    if not taken:
        raise TouchedMeanwhile


@transaction.atomic
def make_move(box: Sandbox, shift: Shift, *, reason: str, revision: int, by: User) -> Move:
    _take(box, revision)
    state = shifted(cells_of(box.base), shifts_of(kept_moves(box)))
    if blockers := blockers_to_shift(state, shift):
        raise Refused(*blockers)
    source, target = shift.source, shift.target
    move = Move.objects.create(
        sandbox=box,
        from_item_id=source.item or None,
        from_funder_id=source.funder or None,
        from_origin=source.origin,
        from_year=source.year or None,
        from_status=source.status,
        to_item_id=target.item or None,
        to_funder_id=target.funder or None,
        to_origin=target.origin,
        to_year=target.year or None,
        to_status=target.status,
        cents=int(shift.amount * CENTS),
        reason=reason.strip(),
        by=by,
        at=timezone.now(),
    )
    record_act(ProgrammeAct.MOVE_MADE, by=by, subject=("sandbox", box.pk), move=move.pk, cents=move.cents)
    return move


@transaction.atomic
def undo_move(move: Move, *, revision: int, by: User) -> Move:
    _take(move.sandbox, revision)
    moves = kept_moves(move.sandbox)
    place = next((nth for nth, row in enumerate(moves) if row.pk == move.pk), None)
    if place is None:
        raise Refused(_("Ce mouvement est déjà annulé."))
    if blockers := blockers_to_undoing(cells_of(move.sandbox.base), shifts_of(moves), place):
        raise Refused(*blockers)
    move.undone_by, move.undone_at = by, timezone.now()
    move.save(update_fields=["undone_by", "undone_at"])
    record_act(ProgrammeAct.MOVE_UNDONE, by=by, subject=("sandbox", move.sandbox_id), move=move.pk)
    return move


@transaction.atomic
def propose_amendment(box: Sandbox, *, label: str, justification: str, revision: int, by: User) -> PlanVersion:
    """The amounts of the sandbox become a proposed version, which partners read and a decision adopts or not."""
    _take(box, revision)
    moves = kept_moves(box)
    if not moves:
        raise Refused(_("Ce bac à sable n’a aucun mouvement : il n’y a rien à proposer."))
    version = open_version(
        box.base.plan.programme,
        label=label,
        kind=VersionKind.AMENDED,
        by=by,
        owner=box.owner,
        visibility=max(box.base.visibility, Visibility.PARTNERS),
        justification=justification.strip(),
    )
    cells: dict[CellKey, Decimal] = shifted(cells_of(box.base), shifts_of(moves))
    write_cells(version, cells)
    version.based_on = box.base
    version.save(update_fields=["based_on"])
    box.state, box.proposal = SandboxState.PROPOSED, version
    box.save(update_fields=["state", "proposal"])
    record_act(ProgrammeAct.AMENDMENT_PROPOSED, by=by, subject=("sandbox", box.pk), version=version.pk, moves=len(moves))
    return version


@transaction.atomic
def close_sandbox(box: Sandbox, *, revision: int, by: User) -> Sandbox:
    """Kept with its moves, to be read again; nothing is deleted."""
    _take(box, revision)
    box.state = SandboxState.CLOSED
    box.save(update_fields=["state"])
    record_act(ProgrammeAct.SANDBOX_CLOSED, by=by, subject=("sandbox", box.pk))
    return box
