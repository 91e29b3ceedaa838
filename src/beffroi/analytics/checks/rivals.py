"""The same fact stated differently in two places."""

from collections.abc import Hashable, Iterable
from itertools import combinations

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, period, several
from beffroi.analytics.checks.rows import Row, grouped, is_count, moment, observed, rounding, series, title
from beffroi.analytics.checks.words import MEASURES, PERIMETERS, kernel, plain, said, without
from beffroi.analytics.tables import FRAMEWORKS, ORGANISATIONS, require

BOUND = ("min", "max")
UNREAD = ("perdu", "illisible", "non lisible", "non appar", "tronqu")
BASELINE_DAYS = 62  # a start written for a year may be stated on the first days of the next one


def same_cell_stated_differently(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. One cell (indicator, territory, period, breakdown, status) with values that rounding cannot join."""
    found: list[Finding] = []
    for rows in grouped(filter(_is_single, observed(observations)), _cell).values():
        if _disagree(rows):
            found.append(_rivals("same_cell_stated_differently", rows, "une seule valeur pour une même case"))
    return as_table(found)


def _cell(row: Row) -> Hashable:
    return moment(row), frozenset(row["dims"].items())


def _is_read(row: Row) -> bool:
    return not any(mark in plain(row["breakdown"]) for mark in UNREAD)


def _is_single(row: Row) -> bool:
    """Neither a bound of an interval nor a value whose breakdown could not be read."""
    if any(plain(f"{row['extra'].get(key, row['dims'].get(key))}").startswith(BOUND) for key in ("borne", "bound")):
        return False
    return _is_read(row)


def _disagree(rows: list[Row]) -> bool:
    least, most = min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])
    margin = (rounding(least) + rounding(most)) / 2
    return bool(most["value"] - least["value"] > margin + 1e-9)


def _rivals(check: str, rows: list[Row], expected: str) -> Finding:
    values = [row["value"] for row in rows]
    written = (f"{number(row['value'], row['unit'])} ({_where(row)})" for row in rows)
    return Finding(
        check,
        [row["cell"] for row in rows],
        title(rows[0]),
        several(written),
        expected,
        number(max(values) - min(values), rows[0]["unit"]),
    )


def _where(row: Row) -> str:
    return said(row["extra"]) or row["place"] or row["source"] or "sans lieu"


def same_measure_two_perimeters(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. One measure at one time whose values differ and whose breakdowns differ only by a perimeter."""
    found: list[Finding] = []
    for rows in grouped(filter(_is_read, observed(observations)), _measure).values():
        if _is_comparable(rows) and len({frozenset(row["dims"].items()) for row in rows}) > 1 and _disagree(rows):
            found.append(_rivals("same_measure_two_perimeters", rows, "un même périmètre, ou des périmètres dits tous deux"))
    return as_table(found)


def _measure(row: Row) -> Hashable:
    return moment(row), frozenset(without(row["dims"], *PERIMETERS).items())


def _is_comparable(rows: list[Row]) -> bool:
    """One of them says no perimeter, or all say one under the same key: never two different keys side by side."""
    keys = [set(row["dims"]) & PERIMETERS for row in rows]
    return not all(keys) or all(key <= {"base", "perimetre"} for key in keys)


def same_indicator_two_documents(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Indicators of one name in two sources, with different values for one territory and breakdown,
    at one period or where one of the two says none."""
    found: list[Finding] = []
    for rows in grouped(filter(_is_single, observed(observations)), _name_and_cell).values():
        for one, other in combinations(rows, 2):
            apart = one["source"] != other["source"] and one["indicator"] != other["indicator"]
            if apart and _may_be_of_one_time(one, other) and _disagree([one, other]):
                expected = "une même valeur dans les deux documents, ou deux dates dites"
                found.append(_rivals("same_indicator_two_documents", [one, other], expected))
    return as_table(found)


def _name_and_cell(row: Row) -> Hashable:
    name = kernel(row["indicator_label"])
    return name, row["territory"], row["status"], row["unit"], frozenset(row["dims"].items())


def _may_be_of_one_time(one: Row, other: Row) -> bool:
    return (one["start"], one["end"]) == (other["start"], other["end"]) or (one["end"] is None) != (other["end"] is None)


def same_subject_two_indicators(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. An indicator named after a thing, and the value of that thing in a broader indicator, same unit and
    source, periods that end within 100 days, that differ."""
    actual = [row for row in observed(observations) if row["status"] == "actual" and row["end"] and is_count(row)]
    words = ((word, row) for row in actual if not row["dims"] for word in set(kernel(row["indicator_label"]).split()))
    alone = grouped(({**row, "word": word} for word, row in words), lambda row: (row["source"], row["territory"], row["word"]))
    found: list[Finding] = []
    for broad in (row for row in actual if len(row["dims"]) == 1):
        name = kernel(next(iter(broad["dims"].values()))).split()
        near = alone.get((broad["source"], broad["territory"], name[0]), []) if name else []
        found += [_two_indicators(one, broad) for one in near if _same_subject(one, broad)]
    return as_table(found)


def _same_subject(one: Row, other: Row) -> bool:
    if one["indicator"] == other["indicator"] or one["value"] == other["value"] or one["unit"] != other["unit"]:
        return _dossiers(one, other)
    return _is_named_after(one, other)


def _dossiers(one: Row, other: Row) -> bool:
    """Files and projects are two words for one count."""
    words = {plain(one["unit"]), plain(other["unit"])}
    return words == {"dossiers", "projets"} and one["value"] != other["value"] and _is_named_after(one, other)


def _is_named_after(one: Row, other: Row) -> bool:
    name = kernel(next(iter(other["dims"].values()))).split()
    words = kernel(one["indicator_label"]).split()
    if plain(next(iter(other["dims"]))) in PERIMETERS | MEASURES:
        return False
    is_close = abs((one["end"] - other["end"]).days) <= 100
    return is_close and len(" ".join(name)) >= 8 and all(word in words for word in name)


def _two_indicators(one: Row, other: Row) -> Finding:
    return _rivals("same_subject_two_indicators", [other, one], "un même bilan, ou deux périmètres dits")


def baseline_against_actual(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. The written start of a measure against the actual closest in time (two months), same breakdown."""
    rows = [row for row in observed(observations) if row["end"] and row["status"] in ("baseline", "actual")]
    found: list[Finding] = []
    for group in grouped(rows, lambda row: (row["indicator"], row["territory"], row["unit"], str(row["dims"]))).values():
        for one, other in combinations(group, 2):
            near = abs((one["end"] - other["end"]).days) <= BASELINE_DAYS
            if {one["status"], other["status"]} == {"baseline", "actual"} and near and _disagree([one, other]):
                written = f"{_dated(one)} et {_dated(other)}"
                expected = "une seule valeur de départ"
                finding = _rivals("baseline_against_actual", [one, other], expected)
                found.append(Finding(finding.check, finding.subjects, finding.title, written, expected, finding.difference))
    return as_table(found)


def _dated(row: Row) -> str:
    status = "départ" if row["status"] == "baseline" else "constaté"
    return f"{status} {number(row['value'], row['unit'])} ({period(row['start'], row['end'])})"


def organisation_created_twice(organisations: pl.DataFrame) -> pl.DataFrame:
    """ORGANISATIONS. One organisation with two dates of creation, neither of which is the other made precise."""
    table = require(organisations, ORGANISATIONS).filter(pl.col("created").fill_null("") != "")
    rows = table.iter_rows(named=True)
    return as_table(
        _dates_finding("organisation_created_twice", group, "created", group[0]["name"])
        for group in grouped(rows, lambda row: row["ref"]).values()
        if _incompatible({row["created"] for row in group})
    )


def framework_dated_twice(frameworks: pl.DataFrame) -> pl.DataFrame:
    """FRAMEWORKS. One framework whose start, or end, differs from source to source."""
    rows = require(frameworks, FRAMEWORKS).to_dicts()
    found: list[Finding] = []
    for group in grouped(rows, lambda row: row["code"]).values():
        for column in ("start", "end"):
            dated = [row for row in group if row[column]]
            if _incompatible({row[column] for row in dated}):
                found.append(_dates_finding("framework_dated_twice", dated, column, group[0]["label"]))
    return as_table(found)


def framework_ends_before_start(frameworks: pl.DataFrame) -> pl.DataFrame:
    """FRAMEWORKS. An end written before the start."""
    rows = require(frameworks, FRAMEWORKS).iter_rows(named=True)
    backward = (row for row in rows if row["start"] and row["end"] and row["end"] < row["start"][: len(row["end"])])
    return as_table(
        Finding("framework_ends_before_start", [r["ref"]], r["label"], f"{r['start']} à {r['end']}", "une fin après le début")
        for r in backward
    )


def _incompatible(dates: Iterable[str]) -> bool:
    """« 2008 » and « 2008-12 » say the same; « 2008-12 » and « 2009 » do not."""
    return any(not one.startswith(other) and not other.startswith(one) for one, other in combinations(sorted(dates), 2))


def _dates_finding(check: str, rows: list[Row], column: str, name: str) -> Finding:
    word = {"created": "création", "start": "début", "end": "fin"}[column]
    written = several(f"{row[column]} ({row['place'] or row['source']})" for row in rows)
    return Finding(check, [row["ref"] for row in rows], f"{name} · {word}", written, "une seule date")


def measure_repeated(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Exactly the same value over 10 for a period and for the next, in a count made « during » each."""
    found: list[Finding] = []
    counts = [row for row in observed(observations) if is_count(row) and row["status"] == "actual" and row["end"]]
    for rows in grouped(counts, series).values():
        ordered = sorted(rows, key=lambda row: row["end"])
        for one, other in zip(ordered, ordered[1:], strict=False):
            if one["value"] == other["value"] > 10 and one["end"] < (other["start"] or one["end"]):
                found.append(_rivals("measure_repeated", [one, other], "deux périodes différentes, deux relevés"))
    return as_table(found)
