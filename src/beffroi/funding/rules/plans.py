"""A financing plan as cells, and what moves make of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from beffroi.funding.enums import VersionState

ZERO = Decimal(0)


@dataclass(frozen=True, order=True)
class CellKey:
    """The place of an amount: 0 stands for the whole programme, nobody in particular or the whole period."""

    item: int
    funder: int
    origin: str
    year: int
    status: str


Cells: TypeAlias = Mapping[CellKey, Decimal]


@dataclass(frozen=True)
class Shift:
    """An amount that leaves one place for another."""

    source: CellKey
    target: CellKey
    amount: Decimal


@dataclass(frozen=True)
class Difference:
    """A place whose amount differs from one version to another; None where a version says nothing of it."""

    key: CellKey
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        return (self.after or ZERO) - (self.before or ZERO)


def blockers_to_shift(cells: Cells, shift: Shift) -> list[str]:
    """What forbids a move on the plan as it stands; the screen and the action say the same."""
    blockers = []
    if shift.amount <= 0:
        blockers.append("Un mouvement porte sur un montant plus grand que zéro.")
    if shift.source == shift.target:
        blockers.append("Le montant part et arrive au même endroit : changez l’élément, le financeur ou l’année d’arrivée.")
    held = cells.get(shift.source)
    if held is None:
        blockers.append("La maquette n’a pas de montant à l’endroit de départ.")
    elif shift.amount > held:
        blockers.append(
            f"Il ne reste que {_euros(held)} à l’endroit de départ : on ne peut pas en prendre {_euros(shift.amount)}."
        )
    return blockers


def _euros(amount: Decimal) -> str:
    return f"{amount:,.2f} €".replace(",", "\u202f").replace(".", ",").replace(",00 €", " €")


def shifted(cells: Cells, shifts: Iterable[Shift]) -> dict[CellKey, Decimal]:
    """The plan after moves: the total is the same, a place emptied stays at zero."""
    found = dict(cells)
    for shift in shifts:
        found[shift.source] = found.get(shift.source, ZERO) - shift.amount
        found[shift.target] = found.get(shift.target, ZERO) + shift.amount
    return found


def blockers_to_undoing(cells: Cells, shifts: Sequence[Shift], nth: int) -> list[str]:
    """A move may be taken back when the later ones do not spend what it brought."""
    rest = [shift for place, shift in enumerate(shifts) if place != nth]
    state = dict(cells)
    for shift in rest:
        if blockers_to_shift(state, shift):
            return ["Un mouvement suivant dépense ce que celui-ci apporte : annulez d’abord le suivant."]
        state = shifted(state, [shift])
    return []


def differences(before: Cells, after: Cells) -> list[Difference]:
    """Cell by cell, only those that differ, in the order of their places."""
    keys = sorted({*before, *after})
    found = (Difference(key, before.get(key), after.get(key)) for key in keys)
    return [row for row in found if row.before != row.after]


def total(cells: Cells) -> Decimal:
    return sum(cells.values(), ZERO)


def totals_by(cells: Cells, place: str) -> dict[int, Decimal]:
    """By item, funder or year."""
    found: dict[int, Decimal] = {}
    for key, amount in cells.items():
        found[getattr(key, place)] = found.get(getattr(key, place), ZERO) + amount
    return found


NEXT = {
    VersionState.PROPOSED: {VersionState.IN_FORCE, VersionState.WITHDRAWN},
    VersionState.IN_FORCE: {VersionState.REPLACED},
    VersionState.REPLACED: set[VersionState](),
    VersionState.WITHDRAWN: set[VersionState](),
}


def blockers_to_adoption(*, state: str, is_on_the_one_in_force: bool, cells: int) -> list[str]:
    """A proposal made on an older version does not undo what was decided since."""
    blockers = []
    if VersionState.IN_FORCE not in NEXT[VersionState(state)]:
        blockers.append("Seule une version proposée peut entrer en vigueur.")
    if not is_on_the_one_in_force:
        blockers.append(
            "Une autre version est entrée en vigueur depuis que celle-ci a été préparée : elle en effacerait les montants. "
            "Ouvrez un bac à sable sur la version en vigueur et refaites-y les mouvements."
        )
    if not cells:
        blockers.append("Cette version n’a aucun montant.")
    return blockers


def blockers_to_withdrawal(*, state: str) -> list[str]:
    if VersionState.WITHDRAWN in NEXT[VersionState(state)]:
        return []
    return ["Seule une version proposée peut être retirée."]


def losers(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What each loses, of those that have less after than before."""
    lost = {key: amount - after.get(key, ZERO) for key, amount in before.items()}
    return {key: amount for key, amount in lost.items() if amount > 0}
