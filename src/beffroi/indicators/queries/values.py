"""The cells that a reader may see at a moment, each with what stands for it and its figure: three queries, however many."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.indicators.models import Cell, CellQuerySet, Indicator, Observation, ObservationSettlement
from beffroi.indicators.rules import DatedValue
from beffroi.provenance.queries import Moment, figure_of, standings
from beffroi.provenance.rules import Standing
from beffroi.reference.models import Item

EURO = "EUR"


@dataclass(frozen=True)
class CellValue:
    """A cell with what stands for it and the figure that shows it."""

    cell: Cell
    standing: Standing
    figure: Figure

    @property
    def dated(self) -> DatedValue:
        return DatedValue(self.cell.start, self.cell.end, self.standing.value, self.cell.pk)


def known_claims(viewer: AnyUser, moment: Moment) -> QuerySet[Observation]:
    """What was stated on or before the date and known at the moment."""
    stated = Q(stated_on__isnull=True) | Q(stated_on__lte=moment.as_of)
    found: QuerySet[Observation] = Observation.objects.visible_to(viewer).known_on(moment.known_on).filter(stated)
    return found


def visible_cells(cells: CellQuerySet, viewer: AnyUser) -> CellQuerySet:
    """The cells whose indicator and territory may be named too."""
    places = Q(territory__isnull=True) | Q(territory__in=Item.objects.visible_to(viewer))
    return cells.visible_to(viewer).filter(places, indicator__in=Indicator.objects.visible_to(viewer))


def known_cells(viewer: AnyUser, moment: Moment) -> CellQuerySet:
    """The cells that have a claim at this moment."""
    claims = known_claims(viewer, moment).filter(cell=OuterRef("pk"))
    return visible_cells(Cell.objects.filter(Exists(claims)), viewer)


def cell_values(cells: CellQuerySet, *, moment: Moment, viewer: AnyUser) -> list[CellValue]:
    """The cells that have at least one claim at this moment, in three queries."""
    rows = visible_cells(cells, viewer).select_related("indicator__framework", "indicator__item", "territory")
    return values_of(list(rows), moment=moment, viewer=viewer)


def values_of(rows: Iterable[Cell], *, moment: Moment, viewer: AnyUser) -> list[CellValue]:
    """What stands for cells already read and allowed, in two queries."""
    rows = list(rows)
    stands = standings(
        [cell.pk for cell in rows],
        claims=Observation.objects,
        settlements=ObservationSettlement.objects,
        link="cell",
        moment=moment,
        viewer=viewer,
    )
    return [_cell_value(cell, stands[cell.pk]) for cell in rows if stands[cell.pk].claims]


def _cell_value(cell: Cell, stands: Standing) -> CellValue:
    unit = cell.unit or cell.indicator.unit
    figure = figure_of(
        stands,
        unit="€" if unit == EURO else unit,
        period=cell.written_period,
        label=cell.indicator.label,
        why=f"cell:{cell.pk}",
    )
    return CellValue(cell, stands, figure)
