"""Observations and amounts as rows with their breakdown read, and the rounding that their writing allows."""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Any, TypeVar

import polars as pl

from beffroi.analytics.checks.findings import period
from beffroi.analytics.checks.words import parts, plain, said
from beffroi.analytics.tables import AMOUNTS, OBSERVATIONS, require

Row = dict[str, Any]
Key = TypeVar("Key", bound=Hashable)
RATIO_UNITS = frozenset({"%", "rang", "annee", "facteur", "pour mille", "dossiers 1000", "points", "indice", "taux"})
# Measures that may pass 100 % or fall below zero: changes, ratios, effects.
CHANGE = re.compile(
    r"\b(evolution|croissance|variation|hausse|baisse|solde|ecart|effet|shift|contribution|impact|taux d ouverture|"
    r"progression|rapport|reduction|ratio)"
)
APPROXIMATE = re.compile(r"\b(approx|arrondi|environ|borne|pres de|plus de|une?\b.*aine)")


def observed(observations: pl.DataFrame) -> list[Row]:
    """Rows that have a value, with `dims` and `extra` read from breakdown and qualifiers."""
    table = require(observations, OBSERVATIONS).filter(pl.col("value").is_not_null())
    return [with_parts(row, row["breakdown"]) for row in table.iter_rows(named=True)]


def bounded(observations: pl.DataFrame) -> list[Row]:
    """As `observed`, with the rows that have bounds only: `least` and `most` say between what the value stands."""
    table = require(observations, OBSERVATIONS).filter(pl.any_horizontal(pl.col("value", "low", "high").is_not_null()))
    return [with_bounds(with_parts(row, row["breakdown"])) for row in table.iter_rows(named=True)]


def with_bounds(row: Row) -> Row:
    value, low, high = row["value"], row["low"], row["high"]
    least, most = (low, high) if value is None else (value, value)
    least, most = -math.inf if least is None else least, math.inf if most is None else most
    return {
        **row,
        "value": most if value is None and most < math.inf else (least if value is None else value),
        "least": least,
        "most": most,
    }


def amounts_read(amounts: pl.DataFrame) -> list[Row]:
    table = require(amounts, AMOUNTS).filter(pl.col("cents").is_not_null())
    return [with_parts(row, row["detail"]) for row in table.iter_rows(named=True)]


def with_parts(row: Row, breakdown: str | None) -> Row:
    return {**row, "dims": parts(breakdown), "extra": parts(row["qualifiers"])}


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def series(row: Row) -> Hashable:
    """The same measure over time."""
    return row["indicator"], row["territory"], row["status"], row["unit"], frozenset(row["dims"].items())


def moment(row: Row) -> Hashable:
    """The same measure at one time, whatever its breakdown."""
    return row["indicator"], row["territory"], row["status"], row["unit"], row["start"], row["end"]


def title(row: Row) -> str:
    detail = said(row["dims"])
    return " · ".join(text for text in (row["indicator_label"], detail, period(row["start"], row["end"])) if text)


def is_ratio(row: Row) -> bool:
    return plain(row["unit"]) in RATIO_UNITS or "%" in (row["unit"] or "") or "/" in (row["unit"] or "")


def is_change(row: Row) -> bool:
    return CHANGE.search(plain(row["indicator_label"])) is not None


def is_count(row: Row) -> bool:
    return not is_ratio(row) and not is_change(row)


def is_approximate(row: Row) -> bool:
    return APPROXIMATE.search(plain(f"{row['qualifiers']} {row['breakdown']}")) is not None


def rounding(row: Row) -> float:
    """The step of the last written digit; 0 for a whole number that nothing says is rounded."""
    digits = re.sub(r"[^\d,.]", "", row["written"] or "").replace(",", ".")
    text = digits if digits.count(".") == 1 else f"{row['value']:.6f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    if decimals:
        return float(10.0**-decimals)
    if row["unit"] != "EUR" and not is_approximate(row):
        return 0.0
    return trailing_step(int(abs(row["value"])))


def trailing_step(value: int) -> float:
    zeros = len(str(value)) - len(str(value).rstrip("0"))
    return float(10**zeros) if value and zeros >= 3 else 0.0


def days(row: Row) -> int:
    start: date | None = row["start"]
    return 0 if start is None or row["end"] is None else int((row["end"] - start).days) + 1
