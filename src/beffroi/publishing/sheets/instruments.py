"""Financial instruments, family by family: files, amounts and jobs of each. A guarantee, a loan and a grant are not the same
euros: no total crosses two families."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.funding.queries import MoneyRow, money_rows
from beffroi.indicators.enums import Status
from beffroi.indicators.models import Cell, Dimension, Indicator
from beffroi.indicators.queries import CellValue, cell_values
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item

FAMILY, INSTRUMENT = "family", "instrument"


@dataclass(frozen=True)
class Said:
    """A value of an instrument, with what its breakdown adds (created, maintained) and the note of its source."""

    figure: Figure
    detail: str = ""


@dataclass
class Tool:
    """An instrument, or a total of several: its parts are then below it."""

    item: Item
    amounts: list[MoneyRow] = field(default_factory=list)
    values: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    parts: list["Tool"] = field(default_factory=list)

    @property
    def leaves(self) -> list["Tool"]:
        return [leaf for part in self.parts for leaf in part.leaves] if self.parts else [self]

    @property
    def amount(self) -> Figure | None:
        return self.amounts[0].figure if len(self.amounts) == 1 else _sum(self.amounts) if self.amounts else None

    @property
    def is_known(self) -> bool:
        return bool(self.amounts or self.values or any(part.is_known for part in self.parts))

    def said(self, indicators: Sequence[Indicator]) -> list[list[Said]]:
        return [self.values.get(indicator.pk, []) for indicator in indicators]

    @cached_property
    def checks(self) -> list[tuple[Figure, Figure, bool]]:
        """What is printed for the whole, the sum of its parts, and whether they are the same."""
        return [pair for pair in (self._amount_check(), *self._value_checks()) if pair is not None] if self.parts else []

    def _amount_check(self) -> tuple[Figure, Figure, bool] | None:
        rows = [row for leaf in self.leaves for row in leaf.amounts]
        if self.amount is None or not rows:
            return None
        total = _sum(rows)
        return self.amount, total, self.amount.value == total.value

    def _value_checks(self) -> Iterable[tuple[Figure, Figure, bool] | None]:
        for indicator, said in self.values.items():
            below = [leaf.values.get(indicator, []) for leaf in self.leaves]
            if len(said) == 1 and all(len(row) == 1 and not row[0].detail for row in below):
                values = [Decimal(str(row[0].figure.value)) for row in below if row[0].figure.value is not None]
                total = Figure(value=sum(values, Decimal(0)), unit=said[0].figure.unit, known=len(values))
                yield said[0].figure, total, said[0].figure.value == total.value


def _sum(rows: Sequence[MoneyRow]) -> Figure:
    known = [row.value for row in rows if row.value is not None]
    why = "lines:" + ",".join(str(row.subject.pk) for row in rows)
    return Figure(value=sum(known, Decimal(0)) if known else None, unit="€", known=len(known), why=why)


@dataclass
class Family:
    item: Item
    tools: list[Tool]
    indicators: list[Indicator]
    is_mixed: bool = False

    @property
    def rows(self) -> list[tuple[Tool, bool]]:
        """Each instrument, then the parts of those that have some."""
        return [
            row for tool in self.tools for row in [(tool, False), *((part, True) for part in tool.parts)] if row[0].is_known
        ]

    @property
    def shown(self) -> list[tuple[Tool, bool, list[list[Said]]]]:
        return [(tool, is_part, tool.said(self.indicators)) for tool, is_part in self.rows]

    @property
    def amounts(self) -> list[MoneyRow]:
        return [row for tool in self.tools for leaf in tool.leaves for row in leaf.amounts]

    @property
    def total(self) -> Figure | None:
        """Of one family at one stage; with several stages, or several natures of money, none."""
        stages = {row.subject.stage for row in self.amounts}
        return _sum(self.amounts) if len(stages) == 1 and not self.is_mixed else None


@dataclass
class Instruments:
    """The families of one framework in one period."""

    framework: Any
    period: str
    families: list[Family]
    indicators: list[Indicator]
    claims: list[MoneyRow]

    @property
    def shown(self) -> list[Family]:
        return [family for family in self.families if family.rows]

    @property
    def stages(self) -> list[str]:
        return sorted({row.stage for family in self.families for row in family.amounts})


def frameworks_known(viewer: AnyUser) -> list[Any]:
    """The frameworks that arrange instruments by family."""
    rows = (
        Item.objects.visible_to(viewer).at_level(INSTRUMENT).filter(parent__level=FAMILY).select_related("version__framework")
    )
    return list({row.version.framework.pk: row.version.framework for row in rows.order_by("pk")}.values())


def periods_of(framework: Any, *, moment: Moment, viewer: AnyUser) -> list[str]:
    """The periods for which amounts are said, the fullest first."""
    counts: dict[str, int] = defaultdict(int)
    for row in _lines(framework, moment, viewer):
        counts[row.subject.written_period] += 1
    return sorted(counts, key=lambda period: (-counts[period], period))


def _lines(framework: Any, moment: Moment, viewer: AnyUser) -> list[MoneyRow]:
    of_tools = Q(item__version__framework=framework, item__level=INSTRUMENT)
    return money_rows("line", of_tools, moment=moment, viewer=viewer) + money_rows(
        "sum", of_tools, moment=moment, viewer=viewer
    )


def instruments(framework: Any, period: str, *, moment: Moment, viewer: AnyUser) -> Instruments:
    items = list(Item.objects.visible_to(viewer).filter(version__framework=framework).order_by("position", "pk"))
    tools = {item.pk: Tool(item) for item in items if item.level == INSTRUMENT}
    rows = [row for row in _lines(framework, moment, viewer) if row.subject.written_period == period]
    for row in rows:
        tools[row.subject.item_id].amounts.append(row)
    indicators = _add_values(tools, framework, period, moment, viewer)
    for item in items:
        if item.parent_id in tools and item.pk in tools:
            tools[item.parent_id].parts.append(tools[item.pk])
    heads = [item for item in items if item.level == FAMILY]
    families = [
        Family(
            item,
            [tools[row.pk] for row in items if row.parent_id == item.pk and row.pk in tools],
            indicators,
            is_mixed(item.label, [other.label for other in heads if other.pk != item.pk]),
        )
        for item in heads
    ]
    return Instruments(framework, period, families, indicators, _claims(rows, framework, period, moment, viewer))


def is_mixed(label: str, others: Iterable[str]) -> bool:
    """A family whose name says that it holds what several other families are: guarantees and loans do not add up."""
    words = {word.rstrip("s") for word in search_key(label).split()}
    firsts = {search_key(other).split()[0].rstrip("s") for other in others if search_key(other)}
    return len(words & firsts) > 1


def _claims(rows: Sequence[MoneyRow], framework: Any, period: str, moment: Moment, viewer: AnyUser) -> list[MoneyRow]:
    """What is printed of the whole programme for this period: a claim beside the families, never their total."""
    about = Q(programme__in={row.subject.programme_id for row in rows}, written_period=period, operation=None)
    return money_rows("sum", about & ~Q(item__version__framework=framework), moment=moment, viewer=viewer)


def _add_values(tools: dict[int, Tool], framework: Any, period: str, moment: Moment, viewer: AnyUser) -> list[Indicator]:
    cells = Cell.objects.filter(
        indicator__framework=framework, status=Status.ACTUAL, written_period=period, dimensions__item__in=list(tools)
    ).distinct()
    found = cell_values(cells, moment=moment, viewer=viewer)
    dimensions: dict[int, list[Dimension]] = defaultdict(list)
    for row in Dimension.objects.filter(cell__in=[value.cell.pk for value in found]).order_by("name", "pk"):
        dimensions[row.cell_id].append(row)
    for value in sorted(found, key=lambda value: value.cell.breakdown):
        _add_value(tools, value, dimensions[value.cell.pk])
    return sorted({value.cell.indicator for value in found}, key=lambda row: row.pk)


def _add_value(tools: dict[int, Tool], value: CellValue, dimensions: Sequence[Dimension]) -> None:
    of = next(row.item_id for row in dimensions if row.item_id in tools)
    rest = ", ".join(row.value for row in dimensions if row.item_id != of)
    tools[of].values[value.cell.indicator_id].append(Said(value.figure, rest))
