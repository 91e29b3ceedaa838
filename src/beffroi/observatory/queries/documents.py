"""Printed decompositions read back from the values of documents, each row recomputed: data/decompositions.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.charts import Table, bar_chart
from beffroi.core.figures import Figure, Sense
from beffroi.indicators.enums import Status
from beffroi.indicators.models import Cell, Indicator
from beffroi.indicators.queries import CellValue, cell_values
from beffroi.observatory.queries import maps
from beffroi.observatory.queries.results import Picture, class_words
from beffroi.observatory.rules import Difference, added, classes_of, contribution_row, summed_row
from beffroi.provenance.queries import Moment


@cache
def declared() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((maps.DATA / "decompositions.toml").read_text())


@dataclass(frozen=True)
class Line:
    """A row of a printed table: its figures as printed, what they make, and the difference."""

    label: str
    printed: Sequence[Figure]
    computed: Figure
    gap: Figure
    is_right: bool | None
    is_total: bool = False


@dataclass(frozen=True)
class Printed:
    """A printed table with what was recomputed beside it. `exact` of `known`: how many rows agree."""

    title: str
    caption: str
    columns: Sequence[str]
    lines: Sequence[Line]
    indicators: Sequence[Indicator]
    picture: Picture | None = None

    @property
    def known(self) -> int:
        return sum(line.is_right is not None for line in self.lines)

    @property
    def exact(self) -> int:
        return sum(line.is_right is True for line in self.lines)


Values = dict[tuple[str, ...], Figure]


def printed_tables(*, viewer: AnyUser, moment: Moment) -> list[Printed]:
    makers = {"sum": _sums, "product": _products}
    return [table for row in declared()["tables"] for table in makers[row["kind"]](row, viewer, moment)]


def _values(code: str, viewer: AnyUser, moment: Moment) -> list[CellValue]:
    found = Cell.objects.filter(indicator__code=code, status=Status.ACTUAL)
    return cell_values(found, moment=moment, viewer=viewer)


def _parts(value: CellValue) -> dict[str, str]:
    return dict(pair.partition("=")[::2] for pair in value.cell.breakdown.split(";") if pair)


def _amount(figure: Figure | None) -> float | None:
    return None if figure is None or figure.value is None else float(figure.value)


def _plain(figure: Figure | None) -> Figure:
    return replace(figure, period="", unit="") if figure else Figure()


def _sums(row: Mapping[str, Any], viewer: AnyUser, moment: Moment) -> list[Printed]:
    values = _values(row["indicator"], viewer, moment)
    if not values:
        return []
    names = [row["total"], *row["parts"]]
    cells: dict[str, dict[str, Figure]] = {}
    for value in values:
        said = _parts(value)
        cells.setdefault(said.get(row["rows"], ""), {})[said.get(row["columns"], "")] = value.figure
    lines = [_sum_line(label, found, names, row) for label, found in cells.items()]
    totals: dict[str, float | None] = {name: added([_amount(found.get(name)) for found in cells.values()]) for name in names}
    check = summed_row(totals, total=row["total"], parts=row["parts"], step=row["step"])
    printed = [Figure(value=_whole(totals[name])) for name in names]
    lines.append(_line(_("ensemble"), printed, check, is_total=True))
    bars = [{"name": _spoken(label), "value": _amount(found.get(row["parts"][-1]))} for label, found in cells.items()]
    chart = Picture(
        _("%(part)s par %(rows)s") % {"part": _spoken(row["parts"][-1]), "rows": row["rows"]},
        bar_chart(bars, x="value", y="name", unknown=_("inconnu")),
        Table((row["rows"], _spoken(row["parts"][-1])), [(bar["name"], bar["value"]) for bar in bars]),
    )
    indicator = values[0].cell.indicator
    columns = [row["rows"], *map(_spoken, names), _("Somme des parties"), _("Écart")]
    return [Printed(row["title"], _caption(values), columns, lines, [indicator], chart)]


def _sum_line(label: str, found: Mapping[str, Figure], names: Sequence[str], row: Mapping[str, Any]) -> Line:
    amounts = {name: _amount(found.get(name)) for name in names}
    check = summed_row(amounts, total=row["total"], parts=row["parts"], step=row["step"])
    return _line(_spoken(label), [_plain(found.get(name)) for name in names], check)


def _line(label: str, printed: Sequence[Figure], check: Difference, *, is_total: bool = False) -> Line:
    sense = Sense.NEUTRAL if check.is_right is not False else Sense.WATCH
    computed = None if check.computed is None else _whole(round(check.computed, 2))
    gap = None if check.gap is None else _whole(round(check.gap, 2))
    return Line(label, printed, Figure(value=computed), Figure(value=gap, sense=sense), check.is_right, is_total)


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _spoken(code: str) -> str:
    return code.replace("-", " ")


def _caption(values: Sequence[CellValue]) -> str:
    """What the source says of the period, when the period itself is not known."""
    first = values[0]
    return str(first.cell.written_period or _parts(first).get("periode", "") or _("période non écrite par la source"))


def _products(row: Mapping[str, Any], viewer: AnyUser, moment: Moment) -> list[Printed]:
    """One table for each period of the contributions, for the territory that has impacts."""
    read = {name: _values(row[name], viewer, moment) for name in ("share", "impact", "contribution")}
    if not all(read.values()):
        return []
    place = read["contribution"][0].cell.territory_id
    shares = {_parts(one).get(row["rows"], ""): one.figure for one in read["share"] if one.cell.territory_id == place}
    periods = list(
        dict.fromkeys(one.cell.written_period for one in sorted(read["contribution"], key=lambda one: str(one.cell.end)))
    )
    return [_product(row, shares, read, period) for period in periods]


def _product(row: Mapping[str, Any], shares: Mapping[str, Figure], read: Mapping[str, list[CellValue]], period: str) -> Printed:
    impacts, printed = (
        {_parts(one).get(row["rows"], ""): one.figure for one in read[name] if one.cell.written_period == period}
        for name in ("impact", "contribution")
    )
    whole = row["whole"]
    lines = [_product_line(label, shares, impacts, printed, row) for label in printed if label != whole]
    known = [_amount(figure) for label, figure in printed.items() if label != whole]
    check = Difference(_amount(printed.get(whole)), added(known), row["step"] / 2 * (len(known) + 1))
    figures = [_plain(shares.get(whole)), _plain(impacts.get(whole)), _plain(printed.get(whole))]
    lines.append(_line(_("ensemble"), figures, check, is_total=True))
    columns = [
        row["rows"], _("Part (%)"), _("Impact (%)"), _("Contribution imprimée (points)"), _("Part × impact"), _("Écart"),
    ]  # fmt: skip
    indicators = [read[name][0].cell.indicator for name in ("share", "impact", "contribution")]
    return Printed(f"{row['title']}, {period}", period, columns, lines, indicators)


def _product_line(
    label: str,
    shares: Mapping[str, Figure],
    impacts: Mapping[str, Figure],
    printed: Mapping[str, Figure],
    row: Mapping[str, Any],
) -> Line:
    share, impact, said = shares.get(label), impacts.get(label), printed.get(label)
    check = contribution_row(_amount(share), _amount(impact), _amount(said), step=row["step"])
    return _line(_spoken(label), [_plain(share), _plain(impact), _plain(said)], check)


@dataclass(frozen=True)
class Group:
    """Key figures of a document, under one title."""

    title: str
    figures: Sequence[Figure]


def key_figures(*, viewer: AnyUser, moment: Moment) -> list[Group]:
    groups = declared()["figures"]
    wanted = {code for group in groups for code in group["indicators"]}
    cells = Cell.objects.filter(Q(indicator__code__in=wanted, status=Status.ACTUAL))
    by_code: dict[str, list[CellValue]] = {}
    for value in cell_values(cells, moment=moment, viewer=viewer):
        by_code.setdefault(value.cell.indicator.code, []).append(value)
    found = [
        Group(group["title"], [_key_figure(value) for code in group["indicators"] for value in by_code.get(code, [])])
        for group in groups
    ]
    return [group for group in found if group.figures]


def _key_figure(value: CellValue) -> Figure:
    place = value.cell.territory.label if value.cell.territory else ""
    words = " · ".join(part.replace("=", " : ") for part in value.cell.breakdown.split(";") if part)
    return replace(value.figure, note=" · ".join(filter(None, (place, words))))


@dataclass(frozen=True)
class Classes:
    """Values that a document gives without saying of which territory: only their classes can be shown."""

    title: str
    indicator: Indicator
    period: str
    rows: Sequence[tuple[str, int]]
    picture: Picture


def nameless_classes(*, viewer: AnyUser, moment: Moment) -> list[Classes]:
    return [
        _classes(row["title"], values)
        for row in declared()["classes"]
        if (values := [one for one in _values(row["indicator"], viewer, moment) if one.standing.value is not None])
    ]


def _classes(title: str, values: Sequence[CellValue]) -> Classes:
    first = values[0].cell
    unit = first.unit or first.indicator.unit
    found = classes_of([float(one.standing.value) for one in values if one.standing.value is not None])
    rows = [(class_words(one, unit), one.count) for one in found]
    bars = [{"name": words, "value": count} for words, count in rows]
    table = Table((_("Classe"), _("Territoires")), rows)
    shown = _("%(title)s : classes") % {"title": title}
    picture = Picture(shown, bar_chart(bars, x="value", y="name", x_title=_("territoires")), table)
    return Classes(title, first.indicator, first.written_period, rows, picture)
