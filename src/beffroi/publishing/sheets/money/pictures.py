"""Pictures of an answer: bars, years and what they add up to, flows. Each has its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core.figures import Figure
from beffroi.publishing import charts
from beffroi.publishing.sheets.money.answers import Group, Total
from beffroi.publishing.sheets.money.flows import Flow, flow

MILLION = Decimal(1_000_000)
MOST = 15


@dataclass(frozen=True)
class Picture:
    """A chart with its table, or a flow drawn by the server."""

    title: str
    spec: dict[str, Any] | None = None
    table: charts.Table | None = None
    flow: Flow | None = None
    note: str = ""


def _amount(figure: Figure) -> Decimal:
    """What is certain: a picture does not draw what is only possible."""
    return Decimal(figure.value if figure.value is not None else figure.low or 0)


def _words(group: Group) -> str:
    return " · ".join(cell.text for cell in group.cells)


def bars(groups: Sequence[Group], total: Total) -> Picture | None:
    shown = list(groups[:MOST])
    if not shown:
        return None
    rows = [{"name": _words(group), "amount": float(_amount(group.figure) / MILLION)} for group in shown]
    table = charts.Table([_("Groupe"), _("Montant")], [[_words(group), group.figure] for group in shown])
    note = _("Les %(n)s premiers sur %(all)s.") % {"n": MOST, "all": len(groups)} if len(groups) > MOST else ""
    spec = charts.bar_chart(rows, x="amount", y="name", x_title=_("millions, ce qui est certain"))
    return Picture(_("Ce qui est certain, %(words)s") % {"words": total.words}, spec, table, note=note)


def years(groups: Sequence[Group], total: Total) -> Picture | None:
    """Year by year and cumulated; what covers several years, or has none, is in the table only."""
    dated = [group for group in groups if group.cells[0].text.isdecimal()]
    if not dated:
        return None
    by_year: dict[str, Decimal] = {}
    for group in dated:
        by_year[group.cells[0].text] = by_year.get(group.cells[0].text, Decimal(0)) + _amount(group.figure)
    sums = dict(zip(by_year, accumulate(by_year.values()), strict=True))
    series = ((_("par année"), by_year), (_("cumulé"), sums))
    rows = [
        {"year": year, "amount": float(amount / MILLION), "series": name}
        for name, amounts in series
        for year, amount in amounts.items()
    ]
    spec = charts.line_chart(rows, x="year", y="amount", series="series", y_title=_("millions, ce qui est certain"))
    cells = [[year, _figure(amount, total), _figure(sums[year], total)] for year, amount in by_year.items()]
    table = charts.Table([_("Année"), _("Dans l’année"), _("Cumulé")], cells)
    note = _("Ce qui couvre plusieurs années n’est jamais étalé sur elles : il est dans le tableau, hors de ce graphique.")
    return Picture(_("Année par année et cumulé, %(words)s") % {"words": total.words}, spec, table, note=note)


def _figure(amount: Decimal, total: Total) -> Figure:
    return Figure(value=amount, unit=total.currency)


def flows(groups: Sequence[Group], total: Total) -> Picture | None:
    pairs = [(group.cells[0].text, group.cells[1].text, int(_amount(group.figure) * 100)) for group in groups]
    drawn = flow(pairs, others=_("tous les autres"))
    if drawn is None:
        return None
    table = charts.Table(
        [_("De"), _("Vers"), _("Montant")], [[group.cells[0].text, group.cells[1].text, group.figure] for group in groups]
    )
    return Picture(_("D’où vient l’argent et où il va, %(words)s") % {"words": total.words}, table=table, flow=drawn)
