"""A state of a financing plan as people read it: by item, funder and year, with its parity, its own shares and its tranches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure, Sense
from beffroi.funding.enums import ContractStatus, Origin, Verdict
from beffroi.funding.queries.desk.ledger import Ledger, Part
from beffroi.funding.queries.desk.tree import WHOLE, Tree
from beffroi.funding.rules.cofinancing import by_origin, own_share, parity
from beffroi.funding.rules.plans import CellKey, Cells, total

SUB_AXIS = "sub_axis"
SENSES = {Verdict.MET: Sense.GOOD, Verdict.NOT_MET: Sense.WATCH, Verdict.CANNOT_SAY: Sense.UNKNOWN}
# What a contract promises of itself; the rest is shown, and in no total of the contract
COUNTED_STATUSES = {ContractStatus.CONTRACTUALISED, ContractStatus.UNSTATED}


@dataclass(frozen=True)
class CellRow:
    item: Any
    funder: Any
    origin: str
    year: int | None
    status: str
    figure: Figure


@dataclass
class Reading:
    """`name` tells apart two readings of one page in the keys of their figures."""

    cells: Cells
    tree: Tree
    ledger: Ledger
    funders: Mapping[int, Organisation]
    name: str = ""

    @cached_property
    def contract(self) -> dict[CellKey, Decimal]:
        return {key: amount for key, amount in self.cells.items() if key.status in COUNTED_STATUSES}

    def funder_label(self, key: CellKey) -> str:
        funder = self.funders.get(key.funder)
        return str(funder) if funder is not None else str(Origin(key.origin).label)

    def label(self, key: CellKey) -> str:
        item = self.tree.items.get(key.item)
        words = [str(item or _("tout le programme")), self.funder_label(key), str(key.year or _("toute la période"))]
        if key.status not in COUNTED_STATUSES:
            words.append(str(ContractStatus(key.status).label))
        return " · ".join(words)

    def parts(self, cells: Cells) -> list[Part]:
        return [(self.label(key), None, Figure(value=amount, unit="€")) for key, amount in sorted(cells.items())]

    def added(self, name: str, cells: Cells, formula: str) -> Figure:
        value = total(cells) if cells else None
        return self.ledger.figure(f"{self.name}{name}", value, formula=formula, parts=self.parts(cells))

    def where(self, wanted: Callable[[CellKey], bool]) -> dict[CellKey, Decimal]:
        return {key: amount for key, amount in self.contract.items() if wanted(key)}

    def under(self, scope: int) -> dict[CellKey, Decimal]:
        return self.where(lambda key: scope == WHOLE or self.tree.is_under(self.tree.scope(key.item), scope))

    @property
    def total(self) -> Figure:
        formula = _("La somme des montants contractualisés de la maquette ; valorisé, droit commun et relance sont à part.")
        return self.added("total", self.contract, formula)

    @property
    def apart(self) -> list[tuple[str, Figure]]:
        """By status, what is in no total of the contract."""
        found: list[tuple[str, Figure]] = []
        for status in ContractStatus:
            cells = {key: amount for key, amount in self.cells.items() if key.status == status}
            if cells and status not in COUNTED_STATUSES:
                figure = self.added(
                    f"apart/{status}", cells, _("La somme des montants de ce statut, hors du total du contrat.")
                )
                found.append((str(status.label), figure))
        return found

    def item(self, scope: int) -> Figure:
        return self.added(f"item/{scope}", self.under(scope), _("La somme des montants de l’élément et de ce qu’il contient."))

    def funder(self, place: tuple[int, str]) -> Figure:
        cells = self.where(lambda key: (key.funder, key.origin) == place)
        return self.added(f"funder/{place[0]}/{place[1]}", cells, _("La somme des montants de ce financeur."))

    def year(self, year: int) -> Figure:
        formula = _("La somme des montants de cette année.")
        return self.added(f"year/{year}", self.where(lambda key: key.year == year), formula)

    def crossed(self, scope: int, place: tuple[int, str]) -> Figure | None:
        cells = {key: amount for key, amount in self.under(scope).items() if (key.funder, key.origin) == place}
        if not cells:
            return None
        return self.added(f"cell/{scope}/{place[0]}/{place[1]}", cells, _("La somme de ses montants pour cet élément."))

    @property
    def scopes(self) -> list[int]:
        return self.tree.ordered({self.tree.scope(key.item) for key in self.cells if key.item in self.tree.items} | {WHOLE})

    @property
    def places(self) -> list[tuple[int, str]]:
        """Funders, the one that brings the most first."""
        amounts: dict[tuple[int, str], Decimal] = {}
        for key, amount in self.contract.items():
            amounts[key.funder, key.origin] = amounts.get((key.funder, key.origin), Decimal(0)) + amount
        return sorted(amounts, key=lambda place: (-amounts[place], place))

    def place_label(self, place: tuple[int, str]) -> str:
        return self.funder_label(CellKey(0, place[0], place[1], 0, ""))

    @property
    def years(self) -> list[int]:
        return sorted({key.year for key in self.contract})

    @property
    def parity_scopes(self) -> list[int]:
        """Sub-axes; where the plan has none, its items right under the programme."""
        at_level = [scope for scope in self.scopes if getattr(self.tree.items.get(scope), "level", "") == SUB_AXIS]
        return at_level or [scope for scope in self.scopes if self.tree.depth(scope) == 1]

    def origins(self, scope: int) -> dict[str, Decimal]:
        return by_origin([(key.origin, amount) for key, amount in self.under(scope).items()])

    def parity(self, scope: int) -> tuple[Figure, Verdict]:
        cells = {key: amount for key, amount in self.under(scope).items() if key.origin in (Origin.STATE, Origin.REGION)}
        found = parity(self.origins(scope))
        formula = _(
            "La part de l’État dans ce que l’État et la Région apportent ensemble. La parité, un but : 50 %, à 5 points près."
        )
        figure = self.ledger.figure(
            f"{self.name}parity/{scope}",
            found.share,
            formula=formula,
            parts=self.parts(cells),
            unit="ratio",
            sense=SENSES[found.verdict],
        )
        return figure, found.verdict

    def own_share(self, scope: int, low: Decimal, high: Decimal) -> tuple[Figure, Verdict]:
        found = own_share(self.origins(scope), low=low, high=high)
        formula = _("Ce que les porteurs apportent, divisé par le total de l’élément, tous financeurs : c’est la base.")
        figure = self.ledger.figure(
            f"{self.name}own/{scope}", found.value, formula=formula, parts=self.parts(self.under(scope)), unit="ratio",
            sense=SENSES[found.verdict],
        )  # fmt: skip
        return figure, found.verdict

    def union_by_year(self) -> dict[int, Decimal]:
        found: dict[int, Decimal] = {}
        for key, amount in self.contract.items():
            if key.origin == Origin.EU:
                found[key.year] = found.get(key.year, Decimal(0)) + amount
        return found


def funders_of(cells: Iterable[CellKey], viewer: AnyUser) -> dict[int, Organisation]:
    ids = {key.funder for key in cells if key.funder}
    return {row.pk: row for row in Organisation.objects.visible_to(viewer).filter(pk__in=ids)}


def cell_rows(reading: Reading) -> Sequence[CellRow]:
    return [
        CellRow(
            reading.tree.items.get(key.item),
            reading.funder_label(key),
            str(Origin(key.origin).label),
            key.year or None,
            str(ContractStatus(key.status).label),
            Figure(value=amount, unit="€"),
        )
        for key, amount in sorted(reading.cells.items(), key=lambda row: (reading.tree.places.get(row[0].item, 0), row[0]))
    ]
