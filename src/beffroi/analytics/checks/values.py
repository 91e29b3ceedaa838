"""Values that cannot be, or whose unit cannot be right."""

from collections.abc import Iterable

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, several
from beffroi.analytics.checks.rows import Row, amounts_read, grouped, is_change, observed, series, title
from beffroi.analytics.checks.words import plain
from beffroi.analytics.tables import INDICATORS, OBSERVATIONS, require

ORDER = 100  # times: two values of one series that far apart are likely a unit error
SMALL_AMOUNT = 100 * 100  # cents: a percentage typed as an amount is at most 100
LARGE_AMOUNT = 10_000 * 100


def impossible_value(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A share over 100 %, a count below zero, a rank below 1, a year that is not one, bounds reversed."""
    rows = observed(observations)
    signed_series = {row["indicator"] for row in _mostly_negative(rows)}
    found = ((row, why) for row in rows if (why := _impossible(row, signed_series)))
    return as_table(
        Finding("impossible_value", [row["cell"]], title(row), number(row["value"], row["unit"]), why) for row, why in found
    )


def _mostly_negative(rows: list[Row]) -> Iterable[Row]:
    for group in grouped(rows, lambda row: row["indicator"]).values():
        if sum(row["value"] < 0 for row in group) > max(1, len(group) / 5):
            yield group[0]


def _impossible(row: Row, signed_series: set[str]) -> str:
    value, unit = row["value"], plain(row["unit"])
    if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
        return "un minimum qui ne passe pas le maximum"
    if unit == "%" and value > 100 and not is_change(row):
        return "au plus 100 %"
    if unit == "rang" and (value < 1 or value != int(value)):
        return "un rang entier, à partir de 1"
    if unit == "annee" and not 1000 <= value <= 2200:
        return "une année"
    if value < 0 and not is_change(row) and row["indicator"] not in signed_series:
        return "une quantité qui n’est pas négative"
    return ""


def mixed_units(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Cells of one indicator in several units, or in another unit than its definition."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), lambda row: row["indicator"]).values():
        units = {row["unit"] for row in rows if row["unit"]} | {row["indicator_unit"] for row in rows if row["indicator_unit"]}
        if len({plain(unit) for unit in units}) > 1:
            found.append(_units_finding(rows, units))
    return as_table(found)


def _units_finding(rows: list[Row], units: set[str]) -> Finding:
    written = several(f"{number(row['value'], row['unit'])}" for row in rows)
    return Finding(
        "mixed_units",
        [rows[0]["indicator"]],
        rows[0]["indicator_label"],
        written,
        f"une seule unité (définition : {rows[0]['indicator_unit'] or 'non dite'})",
        f"unités : {several(sorted(units))}",
    )


def order_of_magnitude(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Two values of one series, target and actual together, that differ by a factor of 100 or more."""
    found: list[Finding] = []
    counts = (row for row in observed(observations) if row["value"] > 0 and not is_change(row))
    for rows in grouped(counts, lambda row: (*series(row)[:2], *series(row)[3:])).values():  # type: ignore[index]
        least, most = min(rows, key=_value), max(rows, key=_value)
        if most["value"] >= ORDER * least["value"]:
            found.append(_magnitude_finding(least, most))
    return as_table(found)


def _value(row: Row) -> float:
    return float(row["value"])


def _magnitude_finding(least: Row, most: Row) -> Finding:
    return Finding(
        "order_of_magnitude",
        [least["cell"], most["cell"]],
        title(least),
        f"{number(least['value'], least['unit'])} et {number(most['value'], most['unit'])} ({title(most)})",
        "le même ordre de grandeur dans une même série",
        f"{number(round(most['value'] / least['value']))} fois",
    )


def amount_or_percentage(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Euros that read as a percentage (at most 100 beside 10 000 or more), percentages that read as euros."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), lambda row: (row["indicator"], row["unit"])).values():
        largest = max(abs(row["value"]) for row in rows)
        for row in rows:
            if row["unit"] == "EUR" and 0 < abs(row["value"]) <= 100 and largest >= 10_000:
                found.append(_confused(row, f"un montant comparable aux autres (jusqu’à {number(largest, 'EUR')})"))
            if row["unit"] == "%" and abs(row["value"]) >= 1000:
                found.append(_confused(row, "un pourcentage"))
    return as_table(found)


def _confused(row: Row, expected: str) -> Finding:
    return Finding("amount_or_percentage", [row["cell"]], title(row), number(row["value"], row["unit"]), expected)


def tiny_amount(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. A line of at most 100 € in a programme whose other lines pass 10 000 €: a percentage, or thousands of euros."""
    found: list[Finding] = []
    for rows in grouped(amounts_read(amounts), lambda row: row["programme"]).values():
        others = sorted(row["cents"] for row in rows if row["cents"] > 0)
        if others and others[len(others) // 2] >= LARGE_AMOUNT:
            found += [_tiny(row, others) for row in rows if 0 < row["cents"] <= SMALL_AMOUNT]
    return as_table(found)


def _tiny(row: Row, others: list[int]) -> Finding:
    return Finding(
        "tiny_amount",
        [row["ref"]],
        f"{row['item_label'] or row['programme_label']} · {row['fund_label'] or ''}",
        number(row["cents"] / 100, "EUR"),
        f"un montant comparable aux autres (médiane {number(others[len(others) // 2] / 100, 'EUR')})",
    )


def negative_amount(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. A negative amount at another stage than « recovered »."""
    rows = [row for row in amounts_read(amounts) if row["cents"] < 0 and row["stage"] != "recovered"]
    return as_table(
        Finding(
            "negative_amount",
            [row["ref"]],
            f"{row['item_label'] or row['programme_label']} · {row['fund_label'] or ''}",
            number(row["cents"] / 100, "EUR"),
            "un montant qui n’est pas négatif, ou un reversement dit comme tel",
        )
        for row in rows
    )


def empty_value(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A row announced without any value, bound or amount."""
    table = require(observations, OBSERVATIONS)
    empty = table.filter(pl.all_horizontal(pl.col("value", "low", "high").is_null()))
    rows = [{**row, "dims": {}} for row in empty.iter_rows(named=True)]
    return as_table(
        Finding("empty_value", [row["cell"]], title(row), row["written"] or "(vide)", "une valeur, ou la ligne retirée")
        for row in rows
    )


def indicator_without_unit(indicators: pl.DataFrame) -> pl.DataFrame:
    """INDICATORS. A definition without unit."""
    table = require(indicators, INDICATORS).filter(pl.col("unit").fill_null("") == "")
    return as_table(
        Finding("indicator_without_unit", [row["ref"]], row["label"], "sans unité", "une unité, ou « jugement daté »")
        for row in table.iter_rows(named=True)
    )
