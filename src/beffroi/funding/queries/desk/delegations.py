"""Who runs what: a delegated envelope has a fund and a manager, which differ and change no total."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure
from beffroi.funding.enums import Stage
from beffroi.funding.queries.desk.amounts import AIMED_AT
from beffroi.funding.queries.desk.ledger import Part, lowest
from beffroi.funding.queries.desk.progress import Progress
from beffroi.funding.queries.desk.tree import WHOLE


@dataclass(frozen=True)
class ManagerRow:
    """`manager` is None for what nobody in particular runs."""

    manager: Organisation | None
    envelope: Figure
    programmed: Figure
    files: Figure | None


@dataclass(frozen=True)
class Delegations:
    """`whole`: what the managers share; `rest`: what of it no envelope of theirs says."""

    rows: Sequence[ManagerRow]
    envelope: Figure
    programmed: Figure
    files: Figure | None
    rest: Figure


def delegations_of(progress: Progress) -> Delegations | None:
    """None where no relation says who runs anything."""
    tree, amounts = progress.amounts.tree, progress.amounts
    run = {tree.scope(pk) for pk in tree.managers}
    named = {row.manager.pk: row.manager for row in amounts.envelopes if row.manager is not None}
    if not run and not named:
        return None
    tops = [scope for scope in run if not (set(tree.path(scope)[1:]) & run)] or [WHOLE]
    people = {manager.pk: manager for manager in tree.managers.values()} | named
    rows = [_row(progress, manager, tops) for manager in people.values()]
    targets: list[Part] = [(tree.items.get(top) or _("Programme"), tree.items.get(top), progress.target(top)) for top in tops]
    whole = amounts.ledger.sum("managers/envelope", targets, formula=_("Ce que les gestionnaires se partagent."))
    return Delegations(rows, whole, _programmed_of(progress, tops), _files_of(progress, tops), _rest(progress, whole, rows))


def _row(progress: Progress, manager: Organisation, tops: Sequence[int]) -> ManagerRow:
    amounts, measures, tree = progress.amounts, progress.measures, progress.amounts.tree
    run = [
        row
        for row in amounts.of_stage(Stage.PROGRAMMED)
        if (row["manager_id"] or getattr(tree.manager(tree.scope(row["item_id"])), "pk", None)) == manager.pk
    ]
    formula = _("La somme des lignes programmées sur les éléments que ce gestionnaire gère lui-même, chacune une fois.")
    files = [value for scope, values in measures.files.items() if tree.manager(scope) == manager for value in values]
    return ManagerRow(
        manager,
        _envelope(progress, manager),
        amounts.added(f"managers/programmed/{manager.pk}", run, formula),
        measures.counted(f"managers/files/{manager.pk}", files),
    )


def _envelope(progress: Progress, manager: Organisation) -> Figure:
    """Typed or loaded envelopes; else the lines planned on the items that the manager runs."""
    amounts, tree = progress.amounts, progress.amounts.tree
    name = f"managers/envelope/{manager.pk}"
    rows = [row for row in amounts.envelopes if row.manager_id == manager.pk and row.stage in AIMED_AT]
    if kept := [row for row in rows if row.year is None] or rows:
        parts: list[Part] = [(row, row, row.figure) for row in kept]
        return amounts.ledger.sum(name, parts, formula=_("La somme de ses enveloppes."))
    planned = [
        row
        for stage in AIMED_AT
        for row in amounts.of_stage(stage)
        if (row["manager_id"] or getattr(tree.manager(tree.scope(row["item_id"])), "pk", None)) == manager.pk
    ]
    return amounts.added(name, planned, _("La somme des lignes prévues sur les éléments que ce gestionnaire gère lui-même."))


def _programmed_of(progress: Progress, tops: Sequence[int]) -> Figure:
    parts: list[Part] = [(progress.amounts.tree.items.get(top) or "", None, progress.programmed(top)) for top in tops]
    return progress.amounts.ledger.sum("managers/programmed", parts, formula=_("La somme des lignes programmées."))


def _files_of(progress: Progress, tops: Sequence[int]) -> Figure | None:
    values = [value for top in tops for value in progress.measures.files_under(top)]
    return progress.measures.counted("managers/files", values)


def _rest(progress: Progress, whole: Figure, rows: Sequence[ManagerRow]) -> Figure:
    total, shared = lowest(whole), [lowest(row.envelope) for row in rows]
    known = [amount for amount in shared if amount is not None]
    value = total - sum(known) if total is not None and known else None
    parts: list[Part] = [(_("Ensemble"), None, whole), *((row.manager, row.manager, row.envelope) for row in rows)]
    formula = _("Ce que les gestionnaires se partagent, moins les enveloppes connues de chacun.")
    return progress.amounts.ledger.figure("managers/rest", value, formula=formula, parts=parts)
