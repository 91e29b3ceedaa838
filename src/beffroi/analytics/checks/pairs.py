"""Counts that go together: parts without their whole, things listed that their siblings describe and they do not."""

from collections.abc import Hashable, Iterable
from itertools import combinations

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, number, period, several
from beffroi.analytics.checks.rows import Row, grouped, is_count, observed
from beffroi.analytics.checks.words import plain, said
from beffroi.analytics.tables import INDICATORS, ITEMS, MEETINGS, require

PAIRED = 3  # cells where two indicators stand side by side before one is held to go with the other
MOST = 0.75


def zero_beside_a_count(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. Two counts of one grid (same breakdowns and periods, names that share most words), one at zero where
    the other is not: companies without project, projects without company. One finding per breakdown."""
    rows = [row for row in observed(observations) if is_count(row) and row["status"] == "actual" and row["dims"]]
    found: list[Finding] = []
    for group in grouped(rows, lambda row: (row["source"], row["territory"], frozenset(row["dims"]))).values():
        by_indicator = grouped(group, lambda row: row["indicator"])
        for one, other in combinations(sorted(by_indicator, key=str), 2):
            found += _mismatches(by_indicator[one], by_indicator[other])
    return as_table(found)


def _mismatches(one: list[Row], other: list[Row]) -> Iterable[Finding]:
    if not _go_together(one[0]["indicator_label"], other[0]["indicator_label"]):
        return
    cells = {_at(row): row for row in other}
    both = [(row, cells[_at(row)]) for row in one if _at(row) in cells]
    if sum(a["value"] > 0 and b["value"] > 0 for a, b in both) < PAIRED:
        return
    odd = [(a, b) for a, b in both if (a["value"] == 0) != (b["value"] == 0)]
    for pairs in grouped(({"pair": pair, "dims": pair[0]["dims"]} for pair in odd), lambda row: str(row["dims"])).values():
        yield _mismatch([row["pair"] for row in pairs])


def _at(row: Row) -> Hashable:
    return row["start"], row["end"], frozenset(row["dims"].items())


def _go_together(one: str, other: str) -> bool:
    first, second = set(plain(one).split()), set(plain(other).split())
    return len(first & second) >= 0.5 * max(len(first), len(second))


def _mismatch(pairs: list[tuple[Row, Row]]) -> Finding:
    one, other = pairs[0]
    return Finding(
        "zero_beside_a_count",
        [row["cell"] for pair in pairs for row in pair],
        f"{one['indicator_label']} et {other['indicator_label']} · {said(one['dims'])}",
        several(f"{period(a['start'], a['end'])} : {_said(a)} et {_said(b)}" for a, b in pairs),
        "deux zéros, ou deux nombres",
        f"{len(pairs)} cas",
    )


def _said(row: Row) -> str:
    return number(row["value"], row["unit"])


def sibling_without_value(observations: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS, ITEMS. In a list of items (one parent and level) most of which an indicator describes one by one
    (a dimension holds their code), those that it leaves out."""
    siblings = grouped(require(items, ITEMS).iter_rows(named=True), lambda row: (row["framework"], row["parent"], row["level"]))
    lists = [group for group in siblings.values() if len({row["code"] for row in group}) >= 4]
    found: list[Finding] = []
    for rows in grouped(observed(observations), lambda row: (row["indicator"], row["source"])).values():
        for key in {key for row in rows for key in row["dims"]}:
            codes = {row["dims"][key] for row in rows if key in row["dims"]}
            found += [_left_out(rows[0], group, codes) for group in lists if _covers_most(group, codes)]
    return as_table(found)


def _covers_most(group: list[Row], codes: set[str]) -> bool:
    listed = {row["code"] for row in group}
    return MOST * len(listed) <= len(listed & codes) < len(listed)


def _left_out(row: Row, group: list[Row], codes: set[str]) -> Finding:
    missing = [item for item in group if item["code"] not in codes]
    return Finding(
        "sibling_without_value",
        [row["indicator"], *(item["ref"] for item in missing)],
        f"{row['indicator_label']} · {group[0]['framework_label']}",
        f"sans valeur : {several(item['label'] for item in missing)}",
        f"une valeur pour chacun des {len({item['code'] for item in group})} éléments de la liste",
        f"{len(missing)} sans valeur",
    )


def sibling_without_step(meetings: pl.DataFrame) -> pl.DataFrame:
    """MEETINGS. Among comparable subjects (same group), one without a step that three quarters of the others have."""
    rows = [row for row in require(meetings, MEETINGS).iter_rows(named=True) if row["about"] and row["about_group"]]
    found: list[Finding] = []
    for group in grouped(rows, lambda row: (row["about_group"], row["source"])).values():
        steps = {about: {row["kind"] for row in own} for about, own in grouped(group, lambda row: row["about"]).items()}
        if len(steps) < 4:
            continue
        usual = {kind for kind in {row["kind"] for row in group if row["kind"]} if _is_usual(kind, steps)}
        found += [_steps_finding(about, usual - kinds, group) for about, kinds in steps.items() if usual - kinds]
    return as_table(found)


def _is_usual(kind: str, steps: dict[Hashable, set[str]]) -> bool:
    return sum(kind in kinds for kinds in steps.values()) >= MOST * len(steps)


def _steps_finding(about: Hashable, missing: set[str], group: list[Row]) -> Finding:
    names = {row["about"]: row["about_label"] or row["about"] for row in group}
    return Finding(
        "sibling_without_step",
        [str(about)],
        f"{names[about]} · étapes",
        f"aucune étape « {' », « '.join(sorted(missing))} »",
        f"ces étapes, que presque tous les {len(names)} éléments comparables ont",
        f"{len(missing)} sans date",
    )


def sibling_without_indicator(indicators: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """INDICATORS, ITEMS. In a list of four items or more, two thirds of which have an indicator (theirs or their
    children’s), those that have none."""
    used = {row["item"] for row in require(indicators, INDICATORS).iter_rows(named=True) if row["item"]}
    rows = require(items, ITEMS).to_dicts()
    parents = {row["ref"]: row["parent"] for row in rows}
    for item in list(used):
        while item := parents.get(item):
            used.add(item)
    found: list[Finding] = []
    for group in grouped(rows, lambda row: (row["framework"], row["parent"], row["level"])).values():
        missing = [row for row in group if row["ref"] not in used]
        if len(group) >= 4 and 0 < len(missing) <= len(group) / 3:
            found.append(_unmeasured(group, missing))
    return as_table(found)


def _unmeasured(group: list[Row], missing: list[Row]) -> Finding:
    return Finding(
        "sibling_without_indicator",
        [row["ref"] for row in missing],
        f"{group[0]['framework_label']} · {group[0]['level']}",
        f"aucun indicateur : {several(row['label'] for row in missing)}",
        f"un indicateur comme les {len(group) - len(missing)} autres de la liste",
        f"{len(missing)} sur {len(group)}",
    )


def uneven_breakdown(observations: pl.DataFrame) -> pl.DataFrame:
    """OBSERVATIONS. A table of two dimensions whose values of the one differ from value to value of the other: a
    classification that is not the same for all, so that its lines cannot be compared or added."""
    found: list[Finding] = []
    for rows in grouped(observed(observations), lambda row: (row["indicator"], frozenset(row["dims"]))).values():
        keys = sorted(rows[0]["dims"])
        if len(keys) == 2:
            found += [finding for pair in (keys, keys[::-1]) if (finding := _uneven(rows, *pair))]
    return as_table(found)


def _uneven(rows: list[Row], by: str, key: str) -> Finding | None:
    """Raised when all share a core of two values or more and some have one or two more."""
    values = {str(name): {row["dims"][key] for row in own} for name, own in grouped(rows, lambda row: row["dims"][by]).items()}
    core, union = set.intersection(*values.values()), set.union(*values.values())
    if len(values) < 3 or len(core) < 2 or core == union or len(union) > 2 * len(core):
        return None
    own = (f"{name} : {several(sorted(listed - core))}" for name, listed in values.items() if listed != core)
    return Finding(
        "uneven_breakdown",
        [rows[0]["indicator"]],
        f"{rows[0]['indicator_label']} · {key} par {by}",
        f"commun : {several(sorted(core))} ; en plus, {several(own)}",
        f"les mêmes valeurs de « {key} » partout",
    )
