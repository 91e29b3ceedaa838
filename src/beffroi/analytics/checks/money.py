"""Printed sums, costs and shares of funders."""

from collections.abc import Hashable, Iterable

import polars as pl

from beffroi.analytics.checks.findings import Finding, as_table, euros, period, several
from beffroi.analytics.checks.rows import Row, amounts_read, grouped, trailing_step
from beffroi.analytics.checks.words import COST, is_subset, is_total, plain, said, total_key

TOLERANCE = 0.001  # of the cost: euros rounded line by line


def printed_sum_against_lines(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. A printed sum against the lines of its item (of the whole programme when it has none), period and stage."""
    rows = amounts_read(amounts)
    found: list[Finding | None] = []
    for group in grouped(rows, programme_and_time).values():
        lines = [row for row in group if row["role"] == "line" and not is_cost(row)]
        found += [_sum_finding(row, lines_under(row, lines)) for row in group if is_printed_total(row)]
    return as_table(finding for finding in found if finding)


def programme_and_time(row: Row) -> tuple[Hashable, ...]:
    return row["programme"], row["start"], row["end"], row["stage"]


def is_cost(row: Row) -> bool:
    """A cost that a source prints: a base that funders cover, not what they add up to."""
    return COST.search(plain(f"{row['label']} {row['detail']} {row['fund_label']}")) is not None


def is_part(row: Row) -> bool:
    """« dont … »: a part printed beside its whole, which no line adds up to."""
    return any(plain(text).startswith("dont ") for text in (row["label"], *row["dims"].values()))


def is_printed_total(row: Row) -> bool:
    return row["role"] == "sum" and not is_cost(row) and not is_part(row)


def lines_under(printed: Row, lines: list[Row]) -> list[Row]:
    if printed["item"] is None:
        under = [line for line in lines if line["item"] is not None]
    else:
        under = [line for line in lines if line["item"] == printed["item"]]
    own = [line for line in under if line["fund"] == printed["fund"] is not None]
    if own:
        under = own
    if printed["operation"]:
        under = [line for line in under if line["operation"] == printed["operation"]]
    return _without_details([line for line in under if not _is_dont(line)])


def _is_dont(line: Row) -> bool:
    return any(is_subset(key, value) for key, value in line["dims"].items())


def _without_details(lines: list[Row]) -> list[Row]:
    """Where a funder's lines have their own total, that total alone."""
    kept = []
    for group in grouped(lines, lambda line: (line["item"], line["fund"], line["receiver"])).values():
        kept += [line for line in group if total_key(line["dims"])] or group
    return kept


def _sum_finding(printed: Row, lines: list[Row]) -> Finding | None:
    listed = sum(line["cents"] for line in lines)
    if not lines or listed == printed["cents"]:
        return None
    where = printed["item_label"] or printed["programme_label"]
    told_by = "fund_label" if printed["item"] else "item_label"
    named = several(f"{line[told_by] or ''} {euros(line['cents'])}" for line in lines)
    return Finding(
        "printed_sum_against_lines",
        [printed["ref"]],
        f"{where} · {printed['label'] or said(printed['dims'])} · {period(printed['start'], printed['end'])}",
        f"total imprimé : {euros(printed['cents'])}",
        f"somme des {len(lines)} lignes : {euros(listed)} ({named})",
        _gap(listed, printed),
    )


def _gap(listed: int, printed: Row) -> str:
    gap = listed - printed["cents"]
    margin = trailing_step(printed["cents"] // 100) * 50
    return ("+" if gap > 0 else "") + euros(gap) + (" (les arrondis peuvent l’expliquer)" if abs(gap) <= margin else "")


def total_amount_against_details(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. Among the amounts of one funder and receiver, the one whose breakdown says « total » against the others."""
    found: list[Finding] = []
    for rows in grouped(amounts_read(amounts), _same_money).values():
        for total in rows:
            key = total_key(total["dims"])
            if key is not None and not is_cost(total):
                found += _details_finding(total, [r for r in rows if key in r["dims"] and not is_total(r["dims"][key])])
    return as_table(found)


def _same_money(row: Row) -> Hashable:
    return (*programme_and_time(row), row["item"], row["operation"], row["fund"], row["receiver"])


def _details_finding(total: Row, details: list[Row]) -> Iterable[Finding]:
    parts = [row for row in details if not _is_dont(row)]
    listed = sum(row["cents"] for row in parts)
    too_large = [row for row in details if row["cents"] > total["cents"]]
    if (len(parts) < 2 or listed == total["cents"]) and not too_large:
        return
    yield Finding(
        "total_amount_against_details",
        [total["ref"]],
        f"{total['item_label'] or total['programme_label']} · {said(total['dims'])} · {period(total['start'], total['end'])}",
        f"total écrit : {euros(total['cents'])}",
        f"somme des détails : {euros(listed)} ({several(_detail(row) for row in parts)})",
        _gap(listed, total),
    )


def _detail(row: Row) -> str:
    return f"{said(row['dims'])} {euros(row['cents'])}"


def financing_above_cost(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. Funders' shares that pass the total cost written beside them."""
    return as_table(_over(cost, lines) for cost, lines in _costs(amounts) if _covered(lines) > cost["cents"] * (1 + TOLERANCE))


def cost_without_funder(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. A total cost that the funders named beside it (two at least) do not cover."""
    return as_table(
        _under(cost, lines)
        for cost, lines in _costs(amounts)
        if len(lines) > 1 and 0 < _covered(lines) < cost["cents"] * (1 - TOLERANCE)
    )


def _covered(lines: Iterable[Row]) -> int:
    return sum(line["cents"] for line in lines)


def _costs(amounts: pl.DataFrame) -> Iterable[tuple[Row, list[Row]]]:
    for rows in grouped(amounts_read(amounts), same_project).values():
        for cost in (row for row in rows if is_cost(row) and row["cents"] > 0):
            lines = [row for row in rows if row["role"] == "line" and not is_cost(row) and agrees(row, cost)]
            if lines:
                yield cost, lines


def same_project(row: Row) -> Hashable:
    return (*programme_and_time(row), row["item"], row["operation"], row["receiver"])


def agrees(line: Row, cost: Row) -> bool:
    """Same window and state, where both say one; a cost says « coût » in a dimension of its own."""
    shared = [key for key in line["dims"].keys() & cost["dims"].keys() if not COST.search(plain(cost["dims"][key]))]
    return all(line["dims"][key] == cost["dims"][key] for key in shared)


def _cost_title(cost: Row) -> str:
    return f"{cost['item_label'] or cost['programme_label']} · coût total · {period(cost['start'], cost['end'])}"


def _shares(lines: Iterable[Row]) -> str:
    return several(f"{line['fund_label'] or 'financeur non nommé'} {euros(line['cents'])}" for line in lines)


def _over(cost: Row, lines: list[Row]) -> Finding:
    covered = _covered(lines)
    return Finding(
        "financing_above_cost",
        [cost["ref"]],
        _cost_title(cost),
        f"financements : {euros(covered)} ({_shares(lines)})",
        f"au plus le coût : {euros(cost['cents'])}",
        f"{round(100 * covered / cost['cents'])} % du coût, soit {euros(covered - cost['cents'])} de trop",
    )


def _under(cost: Row, lines: list[Row]) -> Finding:
    covered = _covered(lines)
    return Finding(
        "cost_without_funder",
        [cost["ref"]],
        _cost_title(cost),
        f"coût : {euros(cost['cents'])}",
        f"financeurs écrits : {euros(covered)} ({_shares(lines)})",
        f"{euros(cost['cents'] - covered)} sans financeur",
    )


def children_above_parent(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. Lines of the children of an item that pass the largest amount written for the item itself, same fund."""
    found: list[Finding] = []
    lines = [row for row in amounts_read(amounts) if row["role"] == "line" and row["item"] and not is_cost(row)]
    for rows in grouped(lines, lambda row: (programme_and_time(row), row["fund"])).values():
        largest: dict[str, Row] = {}
        for row in sorted(rows, key=lambda row: row["cents"]):
            largest[row["item"]] = row
        for parent, children in grouped(largest.values(), lambda row: row["item_parent"]).items():
            if (
                isinstance(parent, str)
                and parent in largest
                and _covered(children) > largest[parent]["cents"] * (1 + TOLERANCE)
            ):
                found.append(_children_finding(largest[parent], children))
    return as_table(found)


def _children_finding(parent: Row, children: list[Row]) -> Finding:
    return Finding(
        "children_above_parent",
        [parent["ref"]],
        f"{parent['item_label']} · {parent['fund_label'] or ''} · {period(parent['start'], parent['end'])}",
        f"écrit : {euros(parent['cents'])}",
        f"au moins la somme de ses {len(children)} parties : {euros(_covered(children))}",
        euros(_covered(children) - parent["cents"]),
    )


def same_amount_stated_differently(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. One line, expenditure or sum with two amounts."""
    found: list[Finding] = []
    for rows in grouped(amounts_read(amounts), lambda row: (_same_money(row), row["role"], row["detail"])).values():
        values = sorted({row["cents"] for row in rows})
        if len(values) > 1:
            found.append(_rival_finding(rows, values))
    return as_table(found)


def _rival_finding(rows: list[Row], values: list[int]) -> Finding:
    row = rows[0]
    written = several(f"{euros(r['cents'])} ({said(r['extra']) or r['place'] or r['source']})" for r in rows)
    return Finding(
        "same_amount_stated_differently",
        [row["ref"] for row in rows],
        f"{row['item_label'] or row['programme_label']} · {row['fund_label'] or ''} · {period(row['start'], row['end'])}",
        written,
        "un seul montant pour un même objet",
        euros(values[-1] - values[0]),
    )


def quarter_amount_like_a_year(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. An amount stated within 125 days of the end of a year that reaches 90 % of that year’s, all else equal."""
    found: list[Finding] = []
    lines = [row for row in amounts_read(amounts) if row["start"] and row["end"] and not is_cost(row)]
    for rows in grouped(lines, _whatever_period).values():
        years = [row for row in rows if (row["end"] - row["start"]).days in (364, 365) and row["cents"] > 0]
        for year in years:
            later = [row for row in rows if row["start"] > year["end"] and (row["end"] - year["end"]).days <= 125]
            found += [_quarter(row, year) for row in later if row["cents"] >= 0.9 * year["cents"]]
    return as_table(found)


def _whatever_period(row: Row) -> Hashable:
    return (
        row["programme"],
        row["item"],
        row["operation"],
        row["fund"],
        row["receiver"],
        row["stage"],
        row["detail"],
        row["role"],
    )


def _quarter(row: Row, year: Row) -> Finding:
    return Finding(
        "quarter_amount_like_a_year",
        [row["ref"], year["ref"]],
        f"{row['item_label'] or row['programme_label']} · {row['fund_label'] or ''} · {period(row['start'], row['end'])}",
        f"{euros(row['cents'])} à côté de {euros(year['cents'])} pour toute l’année {year['end'].year}",
        "une fraction de l’année : chiffre cumulé, ou stock ?",
        f"{round(100 * row['cents'] / year['cents'])} %",
    )


def uneven_stages(amounts: pl.DataFrame) -> pl.DataFrame:
    """AMOUNTS. Comparable items (one parent, one fund) whose amounts are mostly at one stage, and some at another: a column
    that looks as if it could be added."""
    found: list[Finding] = []
    lines = [row for row in amounts_read(amounts) if row["role"] == "line" and row["item"]]
    for rows in grouped(lines, lambda row: (row["programme"], row["item_parent"], row["fund"])).values():
        stages = {str(stage): {row["item"] for row in own} for stage, own in grouped(rows, lambda row: row["stage"]).items()}
        if len({row["item"] for row in rows}) >= 4 and len(stages) > 1 and not set.intersection(*stages.values()):
            found.append(_stages_finding(rows, stages))
    return as_table(found)


def _stages_finding(rows: list[Row], stages: dict[str, set[str]]) -> Finding:
    rare = min(stages, key=lambda stage: len(stages[stage]))
    return Finding(
        "uneven_stages",
        [row["ref"] for row in rows if row["stage"] == rare],
        f"{rows[0]['programme_label']} · {rows[0]['fund_label'] or ''}",
        several(f"{stage} : {len(items)} éléments" for stage, items in stages.items()),
        "un même stade pour toute la liste, ou pas de total",
        several(str(row["item_label"]) for row in rows if row["stage"] == rare),
    )
