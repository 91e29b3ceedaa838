"""What the change of a territory owes to the nation, to its activities and to itself.

References: Dunn 1960; Esteban-Marquillas 1972 (Regional and Urban Economics 2, 3, equations 2 to 4); Barff and Knight 1988;
Gerfin 1964. Functions take and give tables of Polars, DuckDB or Spark. Effects are in the unit of `value`, rates are ratios
(0.05: 5 %). French terms: effet national, effet structurel, effet local.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrame, IntoFrameT

from beffroi.analytics import frames, tables
from beffroi.analytics.frames import over
from beffroi.analytics.specialisation import NothingCompared, UnknownReference

Cells = nw.LazyFrame[Any]
CELL = ("territory", "activity")
CLASSIC = ("growth", "national", "industry_mix", "competitive", "net_total_shift")
ESTEBAN = ("competitive_homothetic", "allocation")
BASE, END = nw.col("base"), nw.col("end")


class UnknownYear(tables.Refusal):
    def __init__(self, table: str, year: int) -> None:
        super().__init__(f"La table « {table} » n’a aucune ligne pour {year}.")


class OneYear(tables.Refusal):
    def __init__(self) -> None:
        super().__init__("Il faut deux années, la première avant la dernière.")


class EmptyNation(tables.Refusal):
    def __init__(self, year: int) -> None:
        super().__init__(f"La référence ne totalise rien de positif en {year} : aucun taux ne peut se calculer.")


class IncompleteNation(tables.Refusal):
    def __init__(self, year: int) -> None:
        super().__init__(
            f"Une valeur de la référence est inconnue en {year} : son total l’est aussi. Donner une référence complète."
        )


@dataclass(frozen=True)
class Period:
    """Cells with what they were and became, the nation by activity, and its totals."""

    start: int
    end: int
    cells: Cells
    nation: Cells
    before: float
    after: float


def shift_share(
    jobs: IntoFrameT,
    *,
    reference: IntoFrame | str | None = None,
    start: int | None = None,
    end: int | None = None,
    dynamic: bool = False,
) -> IntoFrameT:
    """Growth of each cell as the sum of three effects (Dunn 1960), b_ij being the value at the start:

    national b_ij r_oo, industry_mix b_ij (r_io - r_oo), competitive b_ij (r_ij - r_io): the local effect. Esteban-Marquillas
    splits the last: competitive_homothetic b'_ij (r_ij - r_io) with b'_ij = b_j b_i / b, allocation
    (b_ij - b'_ij)(r_ij - r_io).

    `jobs`: territory, activity, year, value. `reference`: a table (activity, year, value), the code of a territory of `jobs`
    which then only serves to compare, or nothing: the sum of the territories. `start`, `end`: by default the first and last
    year. `dynamic`: the sum of the decompositions from each year of the table to the next (Barff and Knight 1988).

    Returns territory, activity, base, end, the effects, net_total_shift (industry_mix + competitive), note. Notes:
    unknown_value (effects are null); birth (nothing at the start: the whole change is competitive, Esteban's split is
    undefined); absent_from_nation (nothing to compare with: null); incomplete_total (the total of the territory is unknown:
    Esteban's split is null); negative_base (value added below zero: the effects add up, their signs mislead).

    Raises MissingColumns, NotNumbers, NamelessRows, EmptyTable, UnknownReference, NothingCompared, UnknownYear, OneYear,
    EmptyNation, IncompleteNation.
    """
    found = decomposed(Years.read(jobs, reference), start, end, dynamic=dynamic)
    return frames.given_back(found.select(*CELL, "base", "end", *CLASSIC, *ESTEBAN, "note"), jobs)  # type: ignore[no-any-return]


def decomposed(years: "Years", start: int | None, end: int | None, *, dynamic: bool) -> Cells:
    spans = years.spans(start, end, dynamic=dynamic)
    steps = [_effects(years.period(*span)) for span in spans]
    if len(steps) == 1:
        return frames.held(steps[0])
    return frames.held(_summed(steps, before_and_after(years.cells, CELL, spans[0][0], spans[-1][1])))


@dataclass(frozen=True)
class Years:
    cells: Cells
    nation: Cells
    years: list[int]
    nation_years: list[int]

    @classmethod
    def read(cls, jobs: IntoFrame, reference: IntoFrame | str | None) -> "Years":
        cells = frames.cells_of(jobs, tables.YEARLY_JOBS, [*CELL, "year"], may_be_negative=True)
        nation = cells
        if isinstance(reference, str):
            nation = cells.filter(nw.col("territory") == reference)
            cells = cells.filter(nw.col("territory") != reference)
            for table, refusal in ((nation, UnknownReference(reference)), (cells, NothingCompared())):
                if not frames.single(table, rows=nw.len())["rows"]:
                    raise refusal
        elif reference is not None:
            nation = frames.cells_of(reference, tables.YEARLY_REFERENCE, ["activity", "year"], may_be_negative=True)
        return cls(cells, nation, _years(cells), _years(nation))

    def spans(self, start: int | None, end: int | None, *, dynamic: bool) -> list[tuple[int, int]]:
        first = self.years[0] if start is None else start
        last = self.years[-1] if end is None else end
        if first >= last:
            raise OneYear
        steps = [year for year in self.years if first < year < last] if dynamic else []
        spans = list(pairwise([first, *steps, last]))
        for year in {year for span in spans for year in span}:
            if year not in self.years:
                raise UnknownYear(tables.YEARLY_JOBS.name, year)
            if year not in self.nation_years:
                raise UnknownYear(tables.YEARLY_REFERENCE.name, year)
        return spans

    def period(self, start: int, end: int) -> Period:
        nation = frames.held(before_and_after(self.nation, ["activity"], start, end))
        totals = frames.strict_total(nation, base=BASE, end=END)
        for year, found in ((start, totals["base"]), (end, totals["end"])):
            if found is None:
                raise IncompleteNation(year)
        before, after = float(totals["base"] or 0), float(totals["end"] or 0)
        if before <= 0:
            raise EmptyNation(start)
        nation = nation.select("activity", nation_base=BASE, nation_end=END)
        return Period(start, end, before_and_after(self.cells, CELL, start, end), nation, before, after)


def _years(frame: Cells) -> list[int]:
    return sorted(int(year) for year in frames.in_memory(frame.select("year").unique())["year"])


def before_and_after(frame: Cells, keys: Sequence[str], start: int, end: int) -> Cells:
    """One row per cell: a year without a row is a zero, a year with an unknown row is unknown."""
    year, value = nw.col("year"), nw.col("value")
    sides = {"base": start, "end": end}
    split = frame.filter(year.is_in([start, end])).with_columns(
        **{name: nw.when(year == at).then(value) for name, at in sides.items()},
        **{f"_{name}_unknown": nw.when((year == at) & value.is_null()).then(1).otherwise(0) for name, at in sides.items()},
    )
    sums = split.group_by(*keys).agg(
        *(nw.col(name).sum() for name in sides), *(nw.col(f"_{name}_unknown").max() for name in sides)
    )
    known = {name: nw.when(nw.col(f"_{name}_unknown") == 0).then(nw.col(name).fill_null(0.0)) for name in sides}
    return sums.select(*keys, **known)


def _effects(period: Period) -> Cells:
    growth_of_all = (period.after - period.before) / period.before
    totals = frames.strict_sums(period.cells, ["territory"], _territory=BASE)
    cells = (
        period.cells.join(period.nation, on="activity", how="left")
        .join(totals, on="territory", how="left")
        .with_columns(nw.col("nation_base").fill_null(0.0), growth=END - BASE, national=BASE * growth_of_all)
        .with_columns(_of_activity=over(nw.col("nation_end") - nw.col("nation_base"), nw.col("nation_base")))
        .with_columns(_alike=BASE * nw.col("_of_activity"), _homothetic=_homothetic(period.before))
    )
    return _split(cells)


def _homothetic(nation: float) -> nw.Expr:
    return nw.col("_territory") * nw.col("nation_base") / nation


def _split(cells: Cells) -> Cells:
    """The competitive effect is taken as growth minus what the activity would have given: exact where nothing was there."""
    born = (BASE == 0) & ~END.is_null()
    growth, national = nw.col("growth"), nw.col("national")
    zero = nw.lit(0.0)
    competitive = nw.col("competitive")
    gap = over(growth, BASE) - nw.col("_of_activity")
    return (
        cells.with_columns(
            industry_mix=nw.when(born).then(zero).otherwise(nw.col("_alike") - national),
            competitive=nw.when(born).then(growth).otherwise(growth - nw.col("_alike")),
        )
        .with_columns(
            net_total_shift=nw.col("industry_mix") + competitive,
            competitive_homothetic=nw.col("_homothetic") * gap,
            note=_note(born),
        )
        .with_columns(
            national=nw.when(~growth.is_null() & ~competitive.is_null()).then(national),
            allocation=competitive - nw.col("competitive_homothetic"),
        )
    )


def _note(born: nw.Expr) -> nw.Expr:
    return frames.first_of(
        (BASE.is_null() | END.is_null(), "unknown_value"),
        (born, "birth"),
        (nw.col("nation_base") == 0, "absent_from_nation"),
        (nw.col("nation_end").is_null(), "absent_from_nation"),
        (nw.col("_territory").is_null(), "incomplete_total"),
        (BASE < 0, "negative_base"),
    )


def _summed(steps: Sequence[Cells], ends: Cells) -> Cells:
    """Yearly effects added up. A cell that only lived in between has nothing at either end."""
    effects = [*CLASSIC, *ESTEBAN]
    rows = nw.concat([step.select(*CELL, *effects) for step in steps], how="vertical")
    sums = frames.strict_sums(rows, CELL, **{name: nw.col(name) for name in effects})
    joined = sums.join(ends.with_columns(_there=nw.lit(True)), on=list(CELL), how="left")
    absent = nw.col("_there").is_null()
    note = frames.first_of(
        (nw.col("growth").is_null(), "unknown_value"),
        (nw.col("competitive").is_null(), "absent_from_nation"),
        (nw.col("competitive_homothetic").is_null(), "undefined_in_a_year"),
    )
    sides = {name: nw.when(absent).then(nw.lit(0.0)).otherwise(nw.col(name)) for name in ("base", "end")}
    return joined.with_columns(**sides, note=note)
