"""The costs that sources give of operations, counted as lines are: once each whatever the number of sources."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from beffroi.accounts.models import AnyUser
from beffroi.analytics.consolidation import consolidate
from beffroi.funding.enums import SumKind
from beffroi.funding.queries.facts import costs_frame, operations_frame, stated_operations, with_keys
from beffroi.provenance.queries import Moment


@dataclass(frozen=True)
class Costs:
    """`operations`: one row for each operation and currency of its cost; `claims`: what sources say of them."""

    operations: pl.DataFrame
    claims: pl.DataFrame


def stated_costs(kind: SumKind, *, viewer: AnyUser, moment: Moment) -> Costs:
    sums, claims = costs_frame(viewer, moment, kind)
    return Costs(with_keys(_stated(operations_frame(viewer), sums, claims, moment)), claims)


def _stated(operations: pl.DataFrame, sums: pl.DataFrame, claims: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """The operations that a source states, each with its cost of each currency: one that no source gives is unknown."""
    costs = sums.select(pl.col("pk").alias("line"), pl.col("operation_id").alias("pk"), _of="currency")
    known = costs.join(claims.select("line").unique(), on="line", how="semi")
    kept = operations.filter(pl.col("pk").is_in([*stated_operations(moment), *known["pk"]]))
    joined = kept.join(known, on="pk", how="left").rename({"beneficiary_id": "receiver_id"})
    return joined.with_columns(
        line=pl.coalesce("line", -pl.col("pk")),
        currency=pl.coalesce("_of", "currency"),
        operation_id=pl.col("pk"),
        start=pl.coalesce("decided_on", "start"),
        end=pl.coalesce("decided_on", "end", "start"),
    ).drop("_of")


def cost_groups(operations: pl.DataFrame, claims: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The lowest of rivals is certain, the highest at most."""
    keys = list(dict.fromkeys([*columns, "currency"]))
    nobodys = {name: pl.lit(None, pl.Int64) for name in ("fund", "payer", "receiver", "into", "drawn_from")}
    apart = {name: pl.lit("", pl.String) for name in ("stage", "instrument", "section")}
    found = consolidate(operations.with_columns(**nobodys, **apart, on=pl.col("start")), claims, by=keys)
    groups = found.groups.rename({"lines": "operations"}).filter(pl.col("operations") > pl.col("unknown"))
    return groups.select(*keys, "operations", "unknown", "rivals", "certain", "at_most")
