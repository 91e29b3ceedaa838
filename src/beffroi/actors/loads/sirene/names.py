"""The other names and numbers of organisations known by their SIREN, set by set."""

import polars as pl
from django.utils import timezone

from beffroi.actors.enums import SameAsState
from beffroi.actors.models import ExternalId, Name, Organisation, SameAs
from beffroi.core.bulk import copy_frame, quoted, temporary_table
from beffroi.core.text import search_keys
from beffroi.provenance.actions import run_sql

NAMES, ORGANISATIONS = quoted(Name._meta.db_table), quoted(Organisation._meta.db_table)
IDENTIFIERS = quoted(ExternalId._meta.db_table)
PLACEHOLDER = r"^(SIREN )?[0-9]{9}$"  # what stood for a name that nothing gave
RNA = r"^W[0-9A-Z]{9}$"
SAME_NUMBER = "même numéro RNA"


def keep_names(rows: pl.DataFrame, kind: str) -> None:
    """`siren`, the `name` that the organisation has, and the `text` of another: written once, when it is another name."""
    key = search_keys(pl.col("text")).str.slice(0, 300)
    other = rows.drop_nulls("text").with_columns(key=key).filter(
        (pl.col("key") != "") & (pl.col("key") != search_keys(pl.col("name"))) & ~pl.col("text").str.contains(PLACEHOLDER)
    )  # fmt: skip
    if not other.height:
        return
    columns = {"siren": "varchar(9)", "text": "varchar(300)", "key": "varchar(300)"}
    with temporary_table("other_names", columns) as table:
        copy_frame(table, other.select(*columns))
        run_sql(
            f"INSERT INTO {NAMES} (organisation_id, kind, text, {quoted('key')}) "
            f"SELECT DISTINCT o.id, %s, n.text, n.{quoted('key')} FROM {table} n JOIN {ORGANISATIONS} o ON o.siren = n.siren "
            "WHERE 1 = 1 ON CONFLICT (organisation_id, kind, text) DO NOTHING",
            [kind],
        )


def keep_associations(rows: pl.DataFrame) -> None:
    """The number of the register of associations; another record that has it is proposed as the same body."""
    right = rows.filter(pl.col("value").str.contains(RNA).fill_null(False))
    if not right.height:
        return
    with temporary_table("associations", {"siren": "varchar(9)", "value": "varchar(120)"}) as table:
        copy_frame(table, right)
        joined = f"FROM {table} n JOIN {ORGANISATIONS} o ON o.siren = n.siren"
        run_sql(
            f"INSERT INTO {IDENTIFIERS} (organisation_id, scheme, value) SELECT o.id, 'rna', n.value {joined} "
            "WHERE 1 = 1 ON CONFLICT (scheme, value) DO NOTHING"
        )
    _propose_same_number(right["value"].to_list(), dict(right.select("value", "siren").iter_rows()))


def _propose_same_number(values: list[str], sirens: dict[str, str]) -> None:
    """Several numbers at once stay under what a query takes."""
    owners = Organisation.objects.filter(siren__in=list(sirens.values())).values_list("siren", "pk")
    ids = dict(owners)
    holders = ExternalId.objects.filter(scheme="rna", value__in=values).values_list("value", "organisation_id")
    pairs = [(value, ids[sirens[value]], holder) for value, holder in holders if ids.get(sirens[value]) not in (None, holder)]
    SameAs.objects.bulk_create(
        [
            SameAs(
                one_id=min(one, other),
                other_id=max(one, other),
                state=SameAsState.PROPOSED,
                rule=SAME_NUMBER,
                evidence=f"Numéro RNA « {value} ».",
                at=timezone.now(),
            )
            for value, one, other in pairs
        ],
        ignore_conflicts=True,
    )
