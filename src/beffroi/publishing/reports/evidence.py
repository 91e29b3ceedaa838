"""Why the sums of a report: what each adds up."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.models import Line, LineClaim, LineSettlement
from beffroi.indicators.models import Cell
from beffroi.indicators.queries import cell_values
from beffroi.provenance.queries import Moment, figure_of, standings
from beffroi.provenance.queries.evidence import Counted, Question

Part = tuple[object, object, Figure | None]


def _ids(rest: str) -> list[int]:
    return [int(text) for text in rest.split(",")]


def _sum(parts: list[Part], unit: str) -> Figure:
    known = [figure.value for _label, _thing, figure in parts if figure is not None and figure.value is not None]
    total = sum((Decimal(str(value)) for value in known), Decimal(0))
    return Figure(value=total if known else None, unit=unit, known=len(known), parts=len(parts))


def of_cells(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk,pk`: the values of the parts of one thing."""
    found = cell_values(Cell.objects.filter(pk__in=_ids(rest)), moment=moment, viewer=viewer)
    if not found:
        return None
    indicator = found[0].cell.indicator
    parts: list[Part] = [(value.cell.breakdown or value.cell.written_period, indicator, value.figure) for value in found]
    formula = _("La somme des valeurs que la source donne pour chaque partie.")
    return Counted(indicator, formula, _sum(parts, found[0].figure.unit), parts, indicator)


def of_lines(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk,pk`: the lines of different funders for one same thing, at one same stage."""
    rows = Line.objects.visible_to(viewer).filter(pk__in=_ids(rest)).select_related("programme__framework", "fund")
    lines = {row.pk: row for row in rows.order_by("pk")}
    stands = standings(
        lines, claims=LineClaim.objects, settlements=LineSettlement.objects, link="line", moment=moment, viewer=viewer
    )
    parts: list[Part] = [
        (row.fund, row.fund, figure_of(stands[pk], unit="€", period=row.written_period, why=f"line:{pk}"))
        for pk, row in lines.items()
        if stands[pk].claims
    ]
    if not parts:
        return None
    programme = next(iter(lines.values())).programme
    formula = _("La somme de ce que des financeurs différents apportent à une même chose, au même stade.")
    return Counted(programme, formula, _sum(parts, "€"), parts, programme)


COUNTED: dict[str, Question] = {"cells": of_cells, "lines": of_lines}
