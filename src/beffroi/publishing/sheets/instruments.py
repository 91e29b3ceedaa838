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


@dataclass(frozen=True)
class Amount:
    """What the lines of one stage and currency add up to, or one printed total: it checks them, and is never one of them."""

    figure: Figure
    stage: str
    key: tuple[str, str]
    is_printed: bool = False


@dataclass
class Tool:
    """An instrument, or a total of several: its parts are then below it."""

    item: Item
    lines: list[MoneyRow] = field(default_factory=list)
    printed: list[MoneyRow] = field(default_factory=list)
    values: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    parts: list["Tool"] = field(default_factory=list)

    @property
    def leaves(self) -> list["Tool"]:
        return [leaf for part in self.parts for leaf in part.leaves] if self.parts else [self]

    @property
    def amounts(self) -> list[Amount]:
        """One for each stage of its lines, then what is printed."""
        printed = [Amount(row.figure, row.stage, _apart(row), is_printed=True) for row in self.printed]
        return [*_sums(self.lines), *printed]

    @property
    def is_known(self) -> bool:
        return bool(self.lines or self.printed or self.values or any(part.is_known for part in self.parts))

    def said(self, indicators: Sequence[Indicator]) -> list[list[Said]]:
        return [self.values.get(indicator.pk, []) for indicator in indicators]

    @cached_property
    def checks(self) -> list[tuple[Figure, Figure, bool]]:
        """What is said of the whole, the sum of its parts at the same stage, and whether they are the same."""
        return [*self._amount_checks(), *self._value_checks()] if self.parts else []

    def _amount_checks(self) -> Iterable[tuple[Figure, Figure, bool]]:
        sums = {one.key: one.figure for one in _sums([row for leaf in self.leaves for row in leaf.lines])}
        for one in self.amounts:
            listed = sums.get(one.key)
            if listed is not None and one.figure.value is not None and listed.is_complete:
                yield one.figure, listed, one.figure.value == listed.value

    def _value_checks(self) -> Iterable[tuple[Figure, Figure, bool]]:
        for indicator, said in self.values.items():
            below = [leaf.values.get(indicator, []) for leaf in self.leaves]
            if len(said) == 1 and all(len(row) == 1 and not row[0].detail for row in below):
                values = [Decimal(str(row[0].figure.value)) for row in below if row[0].figure.value is not None]
                total = Figure(value=sum(values, Decimal(0)), unit=said[0].figure.unit, known=len(values))
                yield said[0].figure, total, said[0].figure.value == total.value


def _apart(row: MoneyRow) -> tuple[str, str]:
    return row.subject.stage, row.subject.currency


def _sums(lines: Iterable[MoneyRow]) -> list[Amount]:
    """Of each stage and currency: two stages are never added."""
    groups: dict[tuple[str, str], list[MoneyRow]] = defaultdict(list)
    for row in lines:
        groups[_apart(row)].append(row)
    return [Amount(_sum(rows), rows[0].stage, key) for key, rows in sorted(groups.items())]


def _sum(rows: Sequence[MoneyRow]) -> Figure:
    if len(rows) == 1:
        return rows[0].figure
    known = [row.value for row in rows if row.value is not None]
    currency = rows[0].subject.currency
    return Figure(
        value=sum(known, Decimal(0)) if known else None,
        unit="€" if currency == "EUR" else currency,
        known=len(known),
        parts=len(rows) if len(known) < len(rows) else None,
        why="lines:" + ",".join(str(row.subject.pk) for row in rows),
    )


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
    def lines(self) -> list[MoneyRow]:
        return [row for tool in self.tools for leaf in tool.leaves for row in leaf.lines]

    @property
    def total(self) -> Figure | None:
        """Of the lines of one family at one stage; with several stages, or several natures of money, none."""
        sums = _sums(self.lines)
        return sums[0].figure if len(sums) == 1 and not self.is_mixed else None


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
        return sorted({row.stage for family in self.families for row in family.lines})


def frameworks_known(viewer: AnyUser) -> list[Any]:
    """The frameworks that arrange instruments by family."""
    rows = (
        Item.objects.visible_to(viewer).at_level(INSTRUMENT).filter(parent__level=FAMILY).select_related("version__framework")
    )
    return list({row.version.framework.pk: row.version.framework for row in rows.order_by("pk")}.values())


def periods_of(framework: Any, *, moment: Moment, viewer: AnyUser) -> list[str]:
    """The periods for which amounts are said, the fullest first."""
    counts: dict[str, int] = defaultdict(int)
    for row in _rows(framework, moment, viewer):
        counts[row.subject.written_period] += 1
    return sorted(counts, key=lambda period: (-counts[period], period))


def _rows(framework: Any, moment: Moment, viewer: AnyUser) -> list[MoneyRow]:
    of_tools = Q(item__version__framework=framework, item__level=INSTRUMENT)
    return money_rows("line", of_tools, moment=moment, viewer=viewer) + money_rows(
        "sum", of_tools, moment=moment, viewer=viewer
    )


def instruments(framework: Any, period: str, *, moment: Moment, viewer: AnyUser) -> Instruments:
    items = list(Item.objects.visible_to(viewer).filter(version__framework=framework).order_by("position", "pk"))
    tools = {item.pk: Tool(item) for item in items if item.level == INSTRUMENT}
    rows = [row for row in _rows(framework, moment, viewer) if row.subject.written_period == period]
    for row in rows:
        tool = tools[row.subject.item_id]
        (tool.lines if row.role == "line" else tool.printed).append(row)
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
