"""Totals against their lines, parts against their whole."""

import math
import re
from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, period, several, signed
from beffroi.analytics.checks.rows import Row, bounded, grouped, is_count, is_ratio, moment, observed, rounding, title
from beffroi.analytics.checks.words import MEASURES, PERIMETERS, is_subset, is_total, plain, said, total_key, without
from beffroi.analytics.tables import PRINTED, require

TOTAL_WORD = re.compile(r"\b(totale?s?|totaux|ensemble|somme)\b.*")
Dimensions = frozenset[tuple[str, str]]
SHARE = ("part", "repartition", "structure", "poids", "ventilation")
BALANCES = (
    ("export", "import"),
    ("recette", "depense"),
    ("creation", "disparition"),
    ("entree", "sortie"),
    ("arrivee", "depart"),
    ("naissance", "deces"),
    ("embauche", "licenciement"),
)


def total_against_lines(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A value whose breakdown says « total » against the sum of the lines that share all the rest."""
    found: list[Finding] = []
    for rows in grouped(bounded(observations), moment).values():
        found += [finding for row in rows if row["least"] == row["most"] and (finding := _total_finding(row, rows))]
    return as_table(found)


def _total_finding(total: Row, rows: list[Row]) -> Finding | None:
    key = total_key(total["dims"])
    if key is None or (is_ratio(total) and total["unit"] == "%" and abs(total["value"] - 100) > 0.001):
        return None
    lines = _lines_of(total, key, rows)
    totals = {row["dims"][key] for row in rows if key in row["dims"] and is_total(row["dims"][key])}
    if len(lines) < 2 or (len(totals) > 1 and not _same_base(total, key, rows)):
        return None
    least, most = _sum_of(lines)
    listed = min(max(least, total["value"]), most)
    gap = round(listed - total["value"], 6)
    margin = (rounding(total) + sum(rounding(line) for line in lines)) / 2
    is_rounding = abs(gap) <= margin + 1e-9
    if gap == 0 or not math.isfinite(gap) or (is_rounding and (total["unit"] == "%" or abs(gap) < rounding(total) * 0.999)):
        return None
    unit = total["unit"]
    return Finding(
        "total_against_lines",
        [total["cell"]],
        title(total),
        f"total écrit : {number(total['value'], unit)}",
        f"somme des {len(lines)} lignes : {number(listed, unit)} ({several(_line(line, total) for line in lines)})",
        signed(gap, unit) + (" (les arrondis peuvent l’expliquer)" if is_rounding else ""),
    )


def _sum_of(lines: list[Row]) -> tuple[float, float]:
    """Between what their sum stands: a line said twice, or between two bounds, counts once at its least and at its most."""
    once = grouped(lines, lambda line: line["breakdown"]).values()
    least, most = (
        sum(min(line["least"] for line in said) for said in once),
        sum(max(line["most"] for line in said) for said in once),
    )
    return round(least, 6), round(most, 6)


def _same_base(total: Row, key: str, rows: list[Row]) -> bool:
    """Several values say « total »: they must differ by the rest of the breakdown, else no one knows whose lines are whose."""
    others = [
        row for row in rows if is_total(row["dims"].get(key, "")) and without(row["dims"], key) == without(total["dims"], key)
    ]
    return len({row["dims"][key] for row in others}) == 1


def _line(line: Row, total: Row) -> str:
    own = {key: value for key, value in line["dims"].items() if total["dims"].get(key) != value}
    return f"{said(own)} {number(line['value'])}"


def _lines_of(total: Row, key: str, rows: list[Row]) -> list[Row]:
    base = without(total["dims"], key).items()
    lines = [row for row in rows if base <= row["dims"].items() and _is_line(row, total)]
    same_key = _under_stem([row for row in lines if row["dims"].keys() == total["dims"].keys()], total["dims"][key], key)
    if same_key or not lines:
        return same_key
    shared = set.intersection(*(set(row["dims"]) for row in lines)) - set(total["dims"])
    return lines if shared else []


def _under_stem(lines: list[Row], written: str, key: str) -> list[Row]:
    """« fonds-total » is the total of « fonds-a » and « fonds-b »; « surface totale » that of all."""
    stem = plain(TOTAL_WORD.sub("", plain(written)))
    named = [line for line in lines if stem and plain(line["dims"][key]).startswith(stem)]
    return named if named or (stem and "-" in written) else lines


def _is_line(row: Row, total: Row) -> bool:
    if row["cell"] == total["cell"] or row["dims"] == total["dims"]:
        return False
    return not any(is_total(value) or is_subset(key, value) for key, value in row["dims"].items())


def list_total_against_rows(printed: pl.DataFrame) -> pl.DataFrame:
    """PRINTED. A total that a list prints, or that its publisher declares, against the sum of the lines it speaks of."""
    table = require(printed, PRINTED).filter(pl.col("cents") != pl.col("listed"))
    return as_table(_list_finding_of(row) for row in table.iter_rows(named=True))


def _list_finding_of(row: Row) -> Finding:
    gap = row["listed"] - row["cents"]
    return Finding(
        "list_total_against_rows",
        [row["ref"]],
        f"{row['source']} · {row['label']}",
        f"total imprimé : {number(row['cents'] / 100, row['currency'])}",
        f"somme {row['of']} : {number(row['listed'] / 100, row['currency'])}",
        signed(gap / 100, row["currency"]),
    )


def list_against_count(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A number announced without breakdown against the things listed one by one (each counts for 1)."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), moment).values():
        wholes = grouped(rows, _dimensions)
        for (rest, _), lines in grouped(_one_by_one(rows), lambda row: (row["rest"], row["key"])).items():
            found += [_list_finding(whole, lines) for whole in wholes.get(rest, []) if _is_listed(whole, lines)]
    return as_table(found)


def _one_by_one(rows: list[Row]) -> Iterator[Row]:
    """Each row once for each of its dimensions, with the rest of its breakdown."""
    for row in rows:
        for key in row["dims"]:
            yield {**row, "key": key, "rest": frozenset(without(row["dims"], key).items())}


def _is_listed(whole: Row, lines: list[Row]) -> bool:
    units = sum(line["value"] == 1 for line in lines)
    is_list = is_count(whole) and len(lines) >= 3 and units >= 0.6 * len(lines)
    return is_list and sum(line["value"] for line in lines) != whole["value"]


def _list_finding(whole: Row, lines: list[Row]) -> Finding:
    listed = sum(line["value"] for line in lines)
    return Finding(
        "list_against_count",
        [whole["cell"]],
        title(whole),
        f"annoncé : {number(whole['value'], whole['unit'])}",
        f"la liste en compte {number(listed)} : {several(_line(line, whole).removesuffix(' 1') for line in lines)}",
        signed(listed - whole["value"], whole["unit"]),
    )


def part_above_whole(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A part (one dimension more) larger than the whole it belongs to, for counts and amounts."""
    found: list[Finding] = []
    for rows in grouped(filter(is_count, observed(observations)), moment).values():
        wholes = grouped(rows, _dimensions)
        for part in rows:
            found += [_above(part, whole) for whole in _wholes_of(part, wholes) if part["value"] > whole["value"] >= 0]
    return as_table(found)


def _dimensions(row: Row) -> Dimensions:
    return frozenset(row["dims"].items())


def _wholes_of(part: Row, wholes: dict[Dimensions, list[Row]]) -> Iterator[Row]:
    for key, value in part["dims"].items():
        if not is_total(value) and plain(key) not in MEASURES | PERIMETERS:
            yield from wholes.get(frozenset(without(part["dims"], key).items()), [])


def _above(part: Row, whole: Row) -> Finding:
    return Finding(
        "part_above_whole",
        [part["cell"], whole["cell"]],
        title(part),
        f"partie : {number(part['value'], part['unit'])}",
        f"au plus l’ensemble : {number(whole['value'], whole['unit'])}",
        signed(part["value"] - whole["value"], part["unit"]),
    )


def shares_over_hundred(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Shares of one whole, told apart by one dimension, whose sum passes 100 % beyond their rounding."""
    found: list[Finding] = []
    shares = (row for row in observed(observations) if row["unit"] == "%" and plain(row["indicator_label"]).startswith(SHARE))
    for rows in grouped(shares, moment).values():
        for key in {key for row in rows for key in row["dims"] if plain(key) not in MEASURES | PERIMETERS}:
            having = [
                {**row, "rest": str(without(row["dims"], key))} for row in rows if not is_total(row["dims"].get(key, "total"))
            ]
            for lines in grouped(having, lambda row: row["rest"]).values():
                found += _shares_finding(_top_parts(lines, key), key)
    return as_table(found)


def _top_parts(lines: list[Row], key: str) -> list[Row]:
    """Without the parts of parts: « industrie-textile » beside « industrie »."""
    values = {line["dims"][key] for line in lines}
    return [line for line in lines if not any(_is_within(line["dims"][key], other) for other in values)]


def _is_within(value: str, other: str) -> bool:
    return value != other and (value.startswith((f"{other}-", f"{other} ")) or is_subset("", value))


def _shares_finding(lines: list[Row], key: str) -> Iterable[Finding]:
    total = sum(line["value"] for line in lines)
    margin = sum(max(rounding(line), 1 if line["value"] == int(line["value"]) else 0) for line in lines) / 2
    if len(lines) < 2 or total <= 100 + margin:
        return
    yield Finding(
        "shares_over_hundred",
        [line["cell"] for line in lines],
        f"{lines[0]['indicator_label']} par {key} · {period(lines[0]['start'], lines[0]['end'])}",
        several(f"{line['dims'][key]} {number(line['value'], '%')}" for line in lines),
        "au plus 100 % en tout",
        f"somme : {number(total, '%')}",
    )


def balance_against_terms(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A balance (« solde ») against the difference of its two terms, same territory, period and unit."""
    found: list[Finding] = []
    for rows in grouped((row for row in observed(observations) if not row["dims"]), _place_and_time).values():
        for balance in (row for row in rows if plain(row["indicator_label"]).startswith("solde")):
            found += [finding for terms in _terms(rows) if (finding := _balance_finding(balance, *terms))]
    return as_table(found)


def _place_and_time(row: Row) -> tuple[object, ...]:
    return row["territory"], row["status"], row["unit"], row["start"], row["end"], row["source"]


def _terms(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    for more, less in BALANCES:
        first = [row for row in rows if plain(row["indicator_label"]).startswith(more)]
        second = [row for row in rows if plain(row["indicator_label"]).startswith(less)]
        if len(first) == len(second) == 1:
            yield first[0], second[0]


def _balance_finding(balance: Row, more: Row, less: Row) -> Finding | None:
    computed = round(more["value"] - less["value"], 6)
    if computed == balance["value"] or abs(computed - balance["value"]) > abs(computed) / 2:
        return None
    unit = balance["unit"]
    margin = (rounding(balance) + rounding(more) + rounding(less)) / 2
    is_rounding = abs(computed - balance["value"]) <= margin
    return Finding(
        "balance_against_terms",
        [balance["cell"], more["cell"], less["cell"]],
        title(balance),
        f"solde écrit : {number(balance['value'], unit)}",
        f"{number(more['value'])} − {number(less['value'])} = {number(computed, unit)}",
        signed(computed - balance["value"], unit) + (" (les arrondis peuvent l’expliquer)" if is_rounding else ""),
    )
