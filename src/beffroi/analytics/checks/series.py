"""Values over time: cumulated figures, quarters and years, targets and results."""

from collections.abc import Hashable, Iterable, Iterator
from itertools import pairwise

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, period, several, signed
from beffroi.analytics.checks.rows import Row, days, grouped, is_count, is_ratio, observed, rounding, series, title
from beffroi.analytics.checks.words import plain, said, without

SAME_COUNT_DAYS = 45  # two counts a few weeks apart are one count that goes on
QUARTER_DAYS = 125
YEAR_DAYS = 360
NEARLY = 0.9
# Dimensions whose values are other readings of one thing, so that a target on one cannot be met by a result on another.
BASES = frozenset({"nature", "etat", "perimetre", "base", "unite", "reference", "statut"})


def cumulated_figure_falls(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A count since the start that is lower at a later date. It is taken as cumulated when it says so
    (period meaning, « cumul », « depuis »), when both periods start together, or when both are days within 45 days."""
    found: list[Finding] = []
    counts = [row for row in observed(observations) if row["status"] == "actual" and row["end"] and is_count(row)]
    for rows in grouped(counts, series).values():
        for before, after in pairwise(sorted(rows, key=lambda row: row["end"])):
            if before["end"] < after["end"] and _goes_on(before, after) and after["value"] < before["value"]:
                found.append(_fall(before, after))
    return as_table(found)


def _goes_on(before: Row, after: Row) -> bool:
    if _says_cumulated(before) and _says_cumulated(after):
        return True
    if days(before) > 1 or days(after) > 1:
        return bool(before["start"] == after["start"] and before["start"] is not None)
    return (after["end"] - before["end"]).days <= SAME_COUNT_DAYS and days(before) == 1


def _says_cumulated(row: Row) -> bool:
    keys = {plain(key) for key in {**row["dims"], **row["extra"]}}
    return (
        row["period_meaning"] == "since_start" or bool(keys & {"cumul", "depuis"}) or "cumul" in plain(row["indicator_label"])
    )


def _fall(before: Row, after: Row) -> Finding:
    gap = (after["end"] - before["end"]).days
    return Finding(
        "cumulated_figure_falls",
        [before["cell"], after["cell"]],
        title(after),
        f"{_at(before)}, puis {_at(after)}",
        f"au moins {number(before['value'], before['unit'])}",
        f"{signed(after['value'] - before['value'], after['unit'])} en {gap} jours",
    )


def _at(row: Row) -> str:
    return f"{number(row['value'], row['unit'])} ({period(row['start'], row['end'])})"


def part_of_period_above_whole(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A count over a part of a period that passes the count over the whole period."""
    found: list[Finding] = []
    for rows in grouped(_over_periods(observations), series).values():
        for part in rows:
            wholes = [
                row for row in rows if days(row) > days(part) and row["start"] <= part["start"] <= part["end"] <= row["end"]
            ]
            found += [_pair("part_of_period_above_whole", part, row) for row in wholes if part["value"] > row["value"]]
    return as_table(found)


def _over_periods(observations: pl.DataFrame) -> Iterator[Row]:
    for row in observed(observations):
        if row["status"] == "actual" and days(row) > 1 and is_count(row):
            yield row


def quarter_like_a_year(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A count over a few months (125 days at most) that reaches 90 % of the whole year before (10 or more)."""
    found: list[Finding] = []
    for rows in grouped(_over_periods(observations), series).values():
        years = [row for row in rows if YEAR_DAYS <= days(row) <= YEAR_DAYS + 10 and row["value"] >= 10]
        for short in (row for row in rows if days(row) <= QUARTER_DAYS):
            before = [year for year in years if 0 < (short["start"] - year["end"]).days <= 100]
            found += [_pair("quarter_like_a_year", short, year) for year in before if short["value"] >= NEARLY * year["value"]]
    return as_table(found)


def _pair(check: str, part: Row, whole: Row) -> Finding:
    ratio = f"{round(100 * part['value'] / whole['value'])} %" if whole["value"] else ""
    return Finding(
        check,
        [part["cell"], whole["cell"]],
        title(part),
        f"{_at(part)} à côté de {_at(whole)}",
        "une fraction de la période entière : chiffre cumulé, ou erreur de saisie ?",
        ratio,
    )


def target_below_reached(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A target that a result had already reached nearly a year or more before its end (more is better)."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), _whatever_status).values():
        actual = [row for row in rows if row["status"] == "actual" and row["end"]]
        for target in (row for row in rows if row["status"] == "target" and row["end"] and _is_up(row)):
            earlier = [row for row in actual if (target["end"] - row["end"]).days >= 300 and row["value"] >= target["value"]]
            if earlier and not _is_yearly_floor(target):
                found.append(_reached(target, max(earlier, key=lambda row: row["value"])))
    return as_table(found)


def _whatever_status(row: Row) -> Hashable:
    return row["indicator"], row["territory"], row["unit"], frozenset(row["dims"].items())


def _is_up(row: Row) -> bool:
    return row["direction"] == "up" or (row["direction"] in (None, "", "none") and not is_ratio(row))


def _is_said_up(row: Row) -> bool:
    return bool(row["direction"] == "up")


def _is_yearly_floor(row: Row) -> bool:
    return any("minimum" in plain(value) or "au moin" in plain(value) for value in row["extra"].values())


def _reached(target: Row, actual: Row) -> Finding:
    return Finding(
        "target_below_reached",
        [target["cell"], actual["cell"]],
        title(target),
        f"objectif {_at(target)}",
        f"plus que le constaté : {_at(actual)}",
        signed(target["value"] - actual["value"], target["unit"]),
    )


def target_on_another_basis(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A target without any result on its breakdown, when results exist that differ by nature, state, unit,
    base or perimeter only."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), lambda row: (row["indicator"], row["territory"])).values():
        actual = [row for row in rows if row["status"] == "actual"]
        for target in (row for row in rows if row["status"] == "target"):
            found += list(_basis_finding(target, actual))
    return as_table(found)


def _basis_finding(target: Row, actual: list[Row]) -> Iterable[Finding]:
    if any(row["dims"] == target["dims"] and row["unit"] == target["unit"] for row in actual):
        return
    near = [row for row in actual if _rest(row) == _rest(target) and _is_near(target, row)]
    if near:
        yield Finding(
            "target_on_another_basis",
            [target["cell"], *(row["cell"] for row in near)],
            title(target),
            f"objectif {_at(target)} ; constaté {several((_detailed(row) for row in near), 4)}",
            "objectif et résultat sur une même base",
            "rien ne s’apparie",
        )


def _detailed(row: Row) -> str:
    return f"{said(row['dims']) or 'sans détail'} : {_at(row)}"


def _rest(row: Row) -> dict[str, str]:
    return without(row["dims"], *BASES)


def _is_near(target: Row, row: Row) -> bool:
    if target["end"] is None or row["end"] is None:
        return target["end"] is row["end"]
    return bool(abs((row["end"] - target["end"]).days) <= 400)


def target_never_measured(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A target whose period ended before the date its source speaks for, in an indicator without result."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), lambda row: (row["indicator"], row["territory"])).values():
        if any(row["status"] == "actual" for row in rows):
            continue
        for row in rows:
            if row["status"] == "target" and row["end"] and row["stated_on"] and row["end"] < row["stated_on"]:
                found.append(Finding("target_never_measured", [row["cell"]], title(row), f"objectif {_at(row)}", "un résultat"))
    return as_table(found)


def baseline_above_target(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A target below its own written start, where more is said to be better."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), _whatever_status).values():
        starts = [row for row in rows if row["status"] == "baseline"]
        for target in (row for row in rows if row["status"] == "target" and _is_said_up(row)):
            above = [row for row in starts if row["value"] - rounding(row) > target["value"]]
            found += [_reached_start(target, row) for row in above]
    return as_table(found)


def _reached_start(target: Row, start: Row) -> Finding:
    return Finding(
        "baseline_above_target",
        [target["cell"], start["cell"]],
        title(target),
        f"objectif {_at(target)}, départ {_at(start)}",
        "un objectif au-delà du départ",
        signed(target["value"] - start["value"], target["unit"]),
    )
