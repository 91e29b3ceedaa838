"""The share of public money in what operations cost: each rate with its base."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beffroi.accounts.models import AnyUser
from beffroi.analytics.consolidation import line_values
from beffroi.core.figures import Figure
from beffroi.funding.enums import Stage, SumKind
from beffroi.funding.models import CENTS
from beffroi.funding.queries.desk.amounts import EURO, Amounts
from beffroi.funding.queries.desk.ledger import Part
from beffroi.funding.queries.facts import costs_frame
from beffroi.funding.rules.cofinancing import PUBLIC, aid_rate
from beffroi.provenance.queries import Moment

STAGES = (Stage.PROGRAMMED, Stage.VOTED)
BASES = (SumKind.ELIGIBLE_COST, SumKind.TOTAL_COST)


def aid_rates(amounts: Amounts, *, viewer: AnyUser, moment: Moment) -> list[Figure]:
    """Over the operations whose public money and cost are both known; nothing where there is none."""
    stage = next((stage for stage in STAGES if _public(amounts, stage)), None)
    if stage is None:
        return []
    public = _public(amounts, stage)
    found = (_rate(amounts, public, base, viewer=viewer, moment=moment) for base in BASES)
    return [rate for rate in found if rate is not None]


def _public(amounts: Amounts, stage: str) -> dict[int, Decimal]:
    """The public money of each operation; one whose amount is unknown is left out."""
    found: dict[int, Decimal] = {}
    unknown = set()
    for row in amounts.of_stage(stage):
        if row["operation_id"] is not None and row["origin"] in PUBLIC:
            if row["low"] is None:
                unknown.add(row["operation_id"])
            else:
                found[row["operation_id"]] = found.get(row["operation_id"], Decimal(0)) + Decimal(row["low"]) / CENTS
    return {operation: amount for operation, amount in found.items() if operation not in unknown}


def _rate(amounts: Amounts, public: dict[int, Decimal], base: SumKind, *, viewer: AnyUser, moment: Moment) -> Figure | None:
    costs = _costs(sorted(public), base, viewer, moment)
    if not costs:
        return None
    aid = sum((public[operation] for operation in costs), Decimal(0))
    rate = aid_rate(aid, base=sum(costs.values(), Decimal(0)), base_kind=str(base.label))
    parts: list[Part] = [
        (_("Argent public"), None, Figure(value=rate.amount, unit="€")),
        (_("Base : %(base)s") % {"base": rate.base_kind}, None, Figure(value=rate.base, unit="€")),
    ]
    formula = _("L’argent public des opérations dont le coût est connu, divisé par ce coût : c’est la base de ce taux.")
    words = ngettext("%(base)s, %(n)s opération", "%(base)s, %(n)s opérations", len(costs))
    label = words % {"base": rate.base_kind, "n": len(costs)}
    said: dict[str, Any] = {"formula": formula, "parts": parts, "unit": "ratio", "label": label}
    return amounts.ledger.figure(f"aid/{base.value}", rate.value, **said)


def _costs(operations: Sequence[int], base: SumKind, viewer: AnyUser, moment: Moment) -> dict[int, Decimal]:
    sums, claims = costs_frame(viewer, moment, base, operations=operations)
    values = line_values(claims)
    known = sums.filter(pl.col("currency") == EURO).with_columns(line=pl.col("pk").cast(values.schema["line"]))
    valued = known.join(values, on="line", how="inner").filter(pl.col("low").is_not_null())
    rows = valued.group_by("operation_id").agg(pl.col("low").min())
    return {operation: Decimal(low) / CENTS for operation, low in rows.iter_rows()}
