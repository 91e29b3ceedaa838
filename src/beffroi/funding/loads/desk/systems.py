"""The export of another management system: kept apart, to be compared."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.funding.loads.desk.finding import Finder, Unfound, cents_of, fraction_of_cent
from beffroi.funding.loads.desk.writing import build, remove_unstated, write
from beffroi.funding.models import SystemRow
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load

ROW = "system_row"
AMOUNTS = ("programmed", "certified", "paid")


def system_rows(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _rows(rows, load), close=remove_unstated(ROW, SystemRow))


def _rows(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    finder = Finder(load, rows, ("fund",))

    def make(row: StatedRow) -> SystemRow:
        if column := fraction_of_cent(row, *AMOUNTS):
            raise Unfound(column, "Un montant s’arrête au centime : rien n’est arrondi à la place de la source.")
        return SystemRow(
            source=load.snapshot.source,
            programme=finder.programme(row),
            code=row["code"],
            title=row.text("title"),
            fund_id=finder.organisation(row, "fund"),
            row=row.number,
            owner=load.owner,
            visibility=load.visibility,
            **{f"{name}_cents": cents_of(row, name) for name in AMOUNTS},
        )

    built, refusals = build(rows, make)
    yield from refusals
    said = ("title", *(f"{name}_cents" for name in AMOUNTS))
    yield from write(built, kind=ROW, load=load, said=said, beside=("row",))
