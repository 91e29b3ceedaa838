"""Files counted by a document, and the values that it prints of what the desk computes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.enums import Measure
from beffroi.funding.models import Operation, PrintedMeasure, Programme
from beffroi.funding.queries.desk.ledger import Ledger, Part
from beffroi.funding.queries.desk.tree import WHOLE, Tree
from beffroi.indicators.enums import Status
from beffroi.indicators.models import Cell
from beffroi.indicators.queries import CellValue, cell_values
from beffroi.provenance.queries import Moment


@dataclass
class Measures:
    """`files`: the parts that a document lists, by item; `printed`: what it prints of a whole."""

    tree: Tree
    ledger: Ledger
    files: dict[int, list[CellValue]] = field(default_factory=dict)
    printed: dict[tuple[str, int], list[CellValue]] = field(default_factory=dict)
    operations: Mapping[int, int] = field(default_factory=dict)

    @property
    def scopes(self) -> set[int]:
        return {*self.files, *self.operations, *(scope for _, scope in self.printed)}

    def printed_of(self, measure: str, scope: int) -> list[Figure]:
        return [_shown(value) for value in self.printed.get((measure, scope), [])]

    def files_under(self, scope: int) -> list[CellValue]:
        return [value for place, values in self.files.items() if self.tree.is_under(place, scope) for value in values]

    def counted(self, name: str, values: Sequence[CellValue]) -> Figure | None:
        """The sum of the parts that a document lists; nothing where it lists none."""
        if not values:
            return None
        parts: list[Part] = [(value.cell.breakdown or value.cell.indicator, None, value.figure) for value in values]
        period = values[0].cell.written_period
        formula = _("La somme des nombres que le document donne pour chaque partie, chacun une fois.")
        return self.ledger.sum(name, parts, formula=formula, unit=values[0].figure.unit, period=period)

    def operations_under(self, name: str, scope: int) -> Figure | None:
        counted = {place: count for place, count in self.operations.items() if self.tree.is_under(place, scope)}
        if not counted:
            return None
        parts: list[Part] = [
            (self.tree.items.get(place, _("Sans élément")), self.tree.items.get(place), Figure(value=count))
            for place, count in counted.items()
        ]
        formula = _("Les opérations que Beffroi connaît, chacune une fois.")
        return self.ledger.figure(name, sum(counted.values()), formula=formula, parts=parts, unit="")


def _shown(value: CellValue) -> Figure:
    """A percentage as printed, with what it is a percentage of in the words of the document."""
    said = value.cell.breakdown.replace("=", " : ").replace(";", " · ")
    return value.figure.with_label(said or str(value.cell.indicator))


def measures_of(programme: Programme, tree: Tree, ledger: Ledger, *, viewer: AnyUser, moment: Moment) -> Measures:
    declared = list(PrintedMeasure.objects.filter(programme=programme).order_by("pk"))
    found = Measures(tree, ledger)
    counts = Operation.objects.visible_to(viewer).filter(programme=programme).order_by().values_list("item")
    found.operations = _by_scope(tree, counts.annotate(Count("pk")))
    if not declared:
        return found
    cells = Cell.objects.filter(indicator__in={row.indicator_id for row in declared}).prefetch_related("dimensions")
    for value in cell_values(cells.filter(status=Status.ACTUAL), moment=moment, viewer=viewer):
        _place(found, value, declared)
    return found


def _by_scope(tree: Tree, counts: Iterable[tuple[int | None, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for item, count in counts:
        scope = tree.scope(item) if item in tree.items else WHOLE
        found[scope] = found.get(scope, 0) + count
    return found


def _place(found: Measures, value: CellValue, declared: Sequence[PrintedMeasure]) -> None:
    named = [row for row in declared if row.indicator_id == value.cell.indicator_id]
    exact = [row for row in named if row.breakdown == value.cell.breakdown]
    for row in exact:
        found.printed.setdefault((row.measure, found.tree.scope(row.item_id)), []).append(value)
    item = next((row.item_id for row in value.cell.dimensions.all() if row.item_id in found.tree.items), None)
    if not exact and item is not None and any(row.measure == Measure.FILES for row in named):
        found.files.setdefault(found.tree.scope(item), []).append(value)


def average(amount: Figure, files: Figure | None) -> Decimal | None:
    if files is None or not files.value or amount.value is None:
        return None
    return Decimal(str(amount.value)) / Decimal(str(files.value))
