"""Territories and what contains them into the database, set by set."""

import polars as pl

from beffroi.core.bulk import copy_frame, quoted, temporary_table
from beffroi.core.text import search_keys
from beffroi.provenance.actions import run_sql
from beffroi.provenance.models import Load
from beffroi.reference.models import Item, PlaceMembership

ITEMS, INSIDE = quoted(Item._meta.db_table), quoted(PlaceMembership._meta.db_table)
LABELLED = {
    "version_id": "bigint",
    "code": "varchar(80)",
    "label": "varchar(500)",
    "level": "varchar(40)",
    "key": "varchar(200)",
}
PAIRS = {"part_version": "bigint", "part_code": "varchar(80)", "whole_version": "bigint", "whole_code": "varchar(80)"}


def write_items(rows: pl.DataFrame, load: Load, *, renames: bool) -> None:
    """`version_id`, `code`, `label`, `level`: added, and named again when `renames`. A zone without a name has its code, or
    the name that another year gives it."""
    named = rows.unique(["version_id", "code"], keep="first", maintain_order=True)
    named = named.with_columns(key=search_keys(pl.col("label")).str.slice(0, 200))
    again = (
        "DO UPDATE SET label = excluded.label, sort_key = excluded.sort_key, level = excluded.level"
        if renames
        else "DO NOTHING"
    )
    with temporary_table("named_items", LABELLED) as table:
        copy_frame(table, named.select(list(LABELLED)))
        run_sql(
            f"INSERT INTO {ITEMS} (version_id, code, label, label_en, language, level, position, sort_key, owner_id, "
            f"visibility) SELECT n.version_id, n.code, n.label, '', 'fr', n.level, 0, n.{quoted('key')}, %s, %s FROM {table} n "
            f"WHERE 1 = 1 ON CONFLICT (version_id, code) {again}",
            [load.owner_id, load.visibility],
        )


def count_anew() -> None:
    """Until it does, the database plans its joins as if these tables were empty."""
    for table in (ITEMS, INSIDE):
        run_sql(f"ANALYZE {table}")


def name_like_other_years(versions: list[int]) -> None:
    """A zone that has only its code takes the name of the latest year that has one."""
    marks = ", ".join(["%s"] * len(versions))
    other = (
        f"SELECT o.{{}} FROM {ITEMS} o JOIN reference_version v ON v.id = o.version_id "
        f"JOIN reference_version w ON w.framework_id = v.framework_id "
        f"WHERE w.id = {ITEMS}.version_id AND o.code = {ITEMS}.code AND o.label <> o.code ORDER BY v.code DESC LIMIT 1"
    )
    run_sql(
        f"UPDATE {ITEMS} SET label = COALESCE(({other.format('label')}), label), "
        f"sort_key = COALESCE(({other.format('sort_key')}), sort_key) "
        f"WHERE version_id IN ({marks}) AND label = code",
        versions,
    )


def write_memberships(rows: pl.DataFrame) -> None:
    """`part_version`, `part_code`, `whole_version`, `whole_code`."""
    with temporary_table("memberships", PAIRS) as table:
        copy_frame(table, rows.select(list(PAIRS)).unique())
        run_sql(
            f"INSERT INTO {INSIDE} (part_id, whole_id) SELECT p.id, w.id FROM {table} m "
            f"JOIN {ITEMS} p ON p.version_id = m.part_version AND p.code = m.part_code "
            f"JOIN {ITEMS} w ON w.version_id = m.whole_version AND w.code = m.whole_code "
            "WHERE 1 = 1 ON CONFLICT (part_id, whole_id) DO NOTHING"
        )
