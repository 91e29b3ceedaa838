"""Correspondences that cannot all be true."""

from collections.abc import Iterable

import polars as pl
from rapidfuzz import fuzz

from beffroi.analytics.checks.findings import Finding, as_table, number, several
from beffroi.analytics.checks.rows import Row, grouped
from beffroi.analytics.checks.words import kernel
from beffroi.analytics.tables import CORRESPONDENCES, ITEMS, require

NEAR_NAME = 80  # of 100: two wordings of one thing, below it two things that the source puts together


def several_full_correspondences(correspondences: pl.DataFrame) -> pl.DataFrame:
    """CORRESPONDENCES. One item that corresponds fully to several items of one framework, level aside."""
    full = [row for row in _rows(correspondences) if row["strength"] == "full"]
    found: list[Finding] = []
    for group in grouped(full, lambda row: (row["from_item"], row["to_framework"])).values():
        targets = {row["to_item"]: row for row in group}
        if len(targets) > 1:
            found.append(_several_full(group[0], list(targets.values())))
    return as_table(found)


def _rows(correspondences: pl.DataFrame) -> Iterable[Row]:
    return require(correspondences, CORRESPONDENCES).iter_rows(named=True)


def _several_full(row: Row, targets: list[Row]) -> Finding:
    return Finding(
        "several_full_correspondences",
        [row["from_item"], *(target["to_item"] for target in targets)],
        f"{row['from_label']} → {row['to_framework_label'] or row['to_framework']}",
        f"correspondance entière avec {several(target['to_label'] for target in targets)}",
        "une seule correspondance entière, ou des correspondances partielles",
        f"{len(targets)} entières",
    )


def weights_over_one(correspondences: pl.DataFrame) -> pl.DataFrame:
    """CORRESPONDENCES. Known weights from one item to one framework that sum over 1."""
    weighted = [row for row in _rows(correspondences) if row["weight"] is not None]
    found: list[Finding] = []
    for group in grouped(weighted, lambda row: (row["from_item"], row["to_framework"])).values():
        total = round(sum(row["weight"] for row in group), 6)
        if total > 1:
            written = several(f"{row['to_label']} {number(row['weight'])}" for row in group)
            title = f"{group[0]['from_label']} → {group[0]['to_framework_label'] or group[0]['to_framework']}"
            subjects = [row["from_item"] for row in group]
            found.append(Finding("weights_over_one", subjects, title, written, "au plus 1 en tout", f"somme : {number(total)}"))
    return as_table(found)


def two_strengths(correspondences: pl.DataFrame) -> pl.DataFrame:
    """CORRESPONDENCES. One pair of items linked with two strengths, in one direction or both."""
    found: list[Finding] = []
    for group in grouped(_rows(correspondences), lambda row: frozenset((row["from_item"], row["to_item"]))).values():
        strengths = {row["strength"] for row in group}
        if len(strengths) > 1:
            row = group[0]
            title = f"{row['from_label']} ↔ {row['to_label']}"
            subjects = [row["from_item"], row["to_item"]]
            found.append(Finding("two_strengths", subjects, title, f"liens : {several(sorted(strengths))}", "un seul lien"))
    return as_table(found)


def same_thing_two_labels(correspondences: pl.DataFrame) -> pl.DataFrame:
    """CORRESPONDENCES. Items held as fully the same whose labels are close without being equal: one thing, two wordings."""
    found: list[Finding] = []
    for row in _rows(correspondences):
        one, other = kernel(row["from_label"]), kernel(row["to_label"])
        if (
            row["strength"] == "full"
            and one != other
            and min(len(one.split()), len(other.split())) > 1
            and fuzz.token_sort_ratio(one, other) >= NEAR_NAME
        ):
            found.append(_two_labels(row))
    return as_table(found)


def _two_labels(row: Row) -> Finding:
    return Finding(
        "same_thing_two_labels",
        [row["from_item"], row["to_item"]],
        f"{row['from_label']} ↔ {row['to_label']}",
        f"« {row['from_label']} » et « {row['to_label']} »",
        "un intitulé, l’autre en variante",
    )


def sibling_without_correspondence(items: pl.DataFrame, correspondences: pl.DataFrame) -> pl.DataFrame:
    """ITEMS, CORRESPONDENCES. In a list of four items or more, three quarters of which correspond to one framework (or to
    one level of it), those that correspond to nothing there."""
    linked = grouped(
        (row for row in _rows(correspondences) if row["strength"] in ("full", "partial")),
        lambda row: (row["from_framework"], row["to_framework"]),
    )
    rows = require(items, ITEMS).to_dicts()
    lists = grouped(rows, lambda row: (row["parent"], row["framework"], row["level"])).values()
    found: list[Finding] = []
    for links in linked.values():
        sources = {row["from_item"] for row in links}
        for group in lists:
            missing = [item for item in group if item["ref"] not in sources]
            if len(group) >= 4 and 0 < len(missing) <= len(group) / 4:
                found.append(_unlinked(group, missing, links[0]))
    return as_table(found)


def _unlinked(group: list[Row], missing: list[Row], link: Row) -> Finding:
    target = link["to_framework_label"] or link["to_framework"]
    return Finding(
        "sibling_without_correspondence",
        [row["ref"] for row in missing],
        f"{group[0]['framework_label']} · {group[0]['level']} → {target}",
        f"sans correspondance : {several(row['label'] for row in missing)}",
        f"une correspondance, comme les {len(group) - len(missing)} autres de la liste",
        f"{len(missing)} sur {len(group)}",
    )
