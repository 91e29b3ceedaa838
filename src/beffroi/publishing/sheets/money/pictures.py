"""Pictures of an answer: bars, years and what they add up to, flows. Each has its table."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from beffroi.core.figures import Figure
from beffroi.funding.queries.money import COLUMN_OF
from beffroi.publishing import charts
from beffroi.publishing.sheets.money.answers import Group, Named, Total, euros
from beffroi.publishing.sheets.money.flows import MOST as BANDS
from beffroi.publishing.sheets.money.flows import Flow, flow

MILLION = Decimal(1_000_000)
MOST = 15
LISTED = 50


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


def bars(groups: Named | list[Group], total: Total) -> Picture | None:
    """`groups`: the largest first, those of which nothing is known last."""
    shown = [group for group in groups[:MOST] if group.figure.is_known]
    if not shown:
        return None
    rows = [{"name": _words(group), "amount": float(_amount(group.figure) / MILLION)} for group in shown]
    table = charts.Table([_("Groupe"), _("Montant")], [[_words(group), group.figure] for group in shown])
    note = _("Les %(n)s premiers sur %(all)s.") % {"n": len(shown), "all": len(groups)} if len(groups) > len(shown) else ""
    spec = charts.bar_chart(rows, x="amount", y="name", x_title=_("millions, ce qui est certain"))
    return Picture(_("Ce qui est certain, %(words)s") % {"words": total.words}, spec, table, note=note)


def years(groups: pl.DataFrame, total: Total) -> Picture | None:
    """Year by year and cumulated; what covers several years, has none, or no known amount, is in the table only."""
    texts = groups.with_columns(pl.col("year").cast(pl.String))
    dated = texts.filter(pl.col("year").str.contains(r"^\d+$") & (pl.col("lines") > pl.col("unknown")))
    sums = dated.group_by("year").agg(pl.col("certain").sum()).sort("year")
    if sums.is_empty():
        return None
    by_year = {year: euros(cents) for year, cents in sums.select("year", "certain").iter_rows()}
    cumulated = dict(zip(by_year, accumulate(by_year.values()), strict=True))
    rows = [
        {"year": year, "amount": float(amount / MILLION), "series": name}
        for name, amounts in ((_("par année"), by_year), (_("cumulé"), cumulated))
        for year, amount in amounts.items()
    ]
    spec = charts.line_chart(rows, x="year", y="amount", series="series", y_title=_("millions, ce qui est certain"))
    cells = [[year, _figure(amount, total), _figure(cumulated[year], total)] for year, amount in by_year.items()]
    table = charts.Table([_("Année"), _("Dans l’année"), _("Cumulé")], cells)
    note = _("Ce qui couvre plusieurs années n’est jamais étalé sur elles : il est dans le tableau, hors de ce graphique.")
    return Picture(_("Année par année et cumulé, %(words)s") % {"words": total.words}, spec, table, note=note)


def _figure(amount: Decimal, total: Total) -> Figure:
    return Figure(value=amount, unit=total.currency)


def flows(groups: Named, total: Total) -> Picture | None:
    """`groups`: by two keys, the largest first."""
    others = _("tous les autres")
    drawn = flow(_pairs(groups, others), others=others)
    if drawn is None:
        return None
    listed = groups[:LISTED]
    rows = [[group.cells[0].text, group.cells[1].text, group.figure] for group in listed]
    table = charts.Table([_("De"), _("Vers"), _("Montant")], rows)
    note = _("Le tableau donne les %(n)s plus grands flux sur %(all)s ; le fichier les donne tous.")
    title = _("D’où vient l’argent et où il va, %(words)s") % {"words": total.words}
    said = note % {"n": len(listed), "all": len(groups)} if len(groups) > len(listed) else ""
    return Picture(title, table=table, flow=drawn, note=said)


def _pairs(groups: Named, others: str) -> list[tuple[str, str, int]]:
    """What is certain between the largest names of each side, and all the others: only theirs are read."""
    rows = groups.frame.with_row_index("row").filter(pl.col("certain") > 0)
    for side, key in enumerate(groups.question.by):
        rows = _ranked(rows, COLUMN_OF.get(key, [key]), f"rank_{side}")
    left, right = (_texts(rows, groups, side) for side in (0, 1))
    sums = rows.group_by("rank_0", "rank_1").agg(pl.col("certain").sum()).sort("rank_0", "rank_1", nulls_last=True)
    return [(left.get(one, others), right.get(two, others), cents) for one, two, cents in sums.iter_rows()]


def _ranked(rows: pl.DataFrame, columns: list[str], rank: str) -> pl.DataFrame:
    """The rank of the largest, which have a band of their own; none for the others."""
    sums = rows.group_by(columns).agg(pl.col("certain").sum(), pl.col("row").min())
    ordered = sums.sort("certain", "row", descending=[True, False])
    own = ordered if ordered.height <= BANDS else ordered.head(BANDS - 1)
    return rows.join(own.select(columns).with_row_index(rank), on=columns, how="left", nulls_equal=True)


def _texts(rows: pl.DataFrame, groups: Named, side: int) -> dict[int, str]:
    rank = f"rank_{side}"
    firsts = rows.drop_nulls(rank).group_by(rank).agg(pl.col("row").min()).sort(rank)
    words = [group.cells[side].text for group in groups.at(firsts["row"])]
    return dict(zip(firsts[rank], words, strict=True))
