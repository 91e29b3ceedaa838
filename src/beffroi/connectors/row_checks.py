"""Checks of one record, as expressions on typed columns: each gives a sentence where the record is wrong, else null."""

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add

import polars as pl

from beffroi.connectors.profile import Between, OneOfFilled, Ordered, Profile, Sum, Type
from beffroi.connectors.words import digest

WRITTEN = "written:"
"""Prefix of the columns that hold the canonical text of each field."""


@dataclass(frozen=True)
class Labels:
    profile: Profile

    def __call__(self, field: str) -> str:
        name = next((column.name for column in self.profile.columns if column.to == field), field)
        return name.replace("{", "").replace("}", "")  # a brace would be a place to fill in pl.format

    def side(self, field: str, suffix: str) -> pl.Expr:
        """What to compare: a period by its first or last day."""
        is_period = self.profile.types[field] is Type.PERIOD
        return pl.col(field + suffix if is_period else field)


def _written(field: str) -> pl.Expr:
    return pl.col(WRITTEN + field)


def ordered(check: Ordered, labels: Labels) -> pl.Expr:
    a, b = labels.side(check.a, "_start"), labels.side(check.b, "_end")
    text = f"« {labels(check.a)} » ({{}}) vient après « {labels(check.b)} » ({{}})."
    return pl.when(a > b).then(pl.format(text, _written(check.a), _written(check.b)))


def sum_of_parts(check: Sum, labels: Labels) -> pl.Expr:
    total = reduce(add, (pl.col(part).cast(pl.Decimal(38, 6)) for part in check.parts))
    gap = (total - pl.col(check.total).cast(pl.Decimal(38, 6))).abs()
    parts = " + ".join(f"« {labels(part)} »" for part in check.parts)
    text = f"{parts} font {{}} ; « {labels(check.total)} » dit {{}}."
    shown = total.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(gap > pl.lit(check.tolerance, dtype=pl.Decimal(38, 6))).then(pl.format(text, shown, _written(check.total)))


def one_of_filled(check: OneOfFilled, labels: Labels) -> pl.Expr:
    names = ", ".join(f"« {labels(field)} »" for field in check.fields)
    empty = pl.all_horizontal(pl.col(field).is_null() for field in check.fields)
    return pl.when(empty).then(pl.lit(f"Au moins une de ces cellules doit être remplie : {names}."))


def between(check: Between, labels: Labels) -> pl.Expr:
    value = pl.col(check.field).cast(pl.Decimal(38, 6))
    low, high = (pl.lit(bound, dtype=pl.Decimal(38, 6)) for bound in (check.low or Decimal(0), check.high or Decimal(0)))
    outside = pl.lit(False)
    outside = outside | (value < low) if check.low is not None else outside
    outside = outside | (value > high) if check.high is not None else outside
    bounds = " et ".join(
        filter(None, [f"au moins {check.low}" * (check.low is not None), f"au plus {check.high}" * (check.high is not None)])
    )
    hint = f" {check.hint}".rstrip().replace("{", "").replace("}", "")
    text = f"« {labels(check.field)} » vaut {{}} ; attendu {bounds}.{hint}"
    return pl.when(outside).then(pl.format(text, _written(check.field)))


EXPRESSIONS = {"ordered": ordered, "sum": sum_of_parts, "one_of_filled": one_of_filled, "between": between}


def broken(frame: pl.DataFrame, profile: Profile) -> list[tuple[str, pl.Series]]:
    """For each check of a record: the header it is about, and the sentences (null where the record is right)."""
    labels = Labels(profile)
    found = []
    for check in profile.checks:
        if check.kind != "unique":
            expression = EXPRESSIONS[check.kind](check, labels)  # type: ignore[operator]
            found.append((labels(check.fields[0]), frame.select(expression.alias("s")).to_series().cast(pl.String)))
    return found


class SeenOnce:
    """Rows that repeat what an earlier row of the file has in some fields. Keeps sixteen bytes a row."""

    def __init__(self, fields: list[str], labels: Labels) -> None:
        self.fields = fields
        self.names = ", ".join(f"« {labels(field)} »" for field in fields)
        self.marks: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        filled = frame.drop_nulls([WRITTEN + field for field in self.fields])
        texts = filled.select(pl.concat_str([_written(field) for field in self.fields], separator="\x1f")).to_series()
        marks = [int(digest(text)[:16], 16) for text in texts]
        self.marks.append(pl.DataFrame({"_row": filled["_row"], "mark": pl.Series(marks, dtype=pl.UInt64)}))

    def repeats(self) -> dict[int, str]:
        """Sentences by row number."""
        rows = pl.concat(self.marks).with_columns(first=pl.col("_row").min().over("mark"))
        later = rows.filter(pl.col("_row") > pl.col("first"))
        text = f"{self.names} : la même valeur est déjà à la ligne {{}}."
        return {row: text.format(first) for row, _, first in later.iter_rows()}
