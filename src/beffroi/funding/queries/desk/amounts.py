"""The money of one programme: its lines each once, what documents print, what was certified on which base."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser, audience
from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure
from beffroi.funding.enums import ExpenditureState, Instrument, Stage, SumKind
from beffroi.funding.models import CENTS, Envelope, Programme
from beffroi.funding.queries.amounts import MoneyRow, money_rows
from beffroi.funding.queries.consolidated import as_counted
from beffroi.funding.queries.consolidated import ledger as all_lines
from beffroi.funding.queries.desk.ledger import Ledger, Part
from beffroi.funding.queries.desk.tree import WHOLE, Tree
from beffroi.provenance.queries import Moment

EURO = "EUR"
COLUMNS = (
    "pk", "item_id", "stage", "fund_id", "manager_id", "origin", "contract_status", "operation_id", "instrument", "currency",
    "written_period", "low", "high", "transit", "is_double",
)  # fmt: skip
AIMED_AT = (Stage.CONTRACTUALISED, Stage.PLANNED)


@dataclass
class Amounts:
    """`lines`: in euros, guarantees apart; `left_out`: lines in another currency, or that are guarantees; `reserved`: envelopes
    that the reader's institution alone sees, which count in no total."""

    tree: Tree
    ledger: Ledger
    lines: list[dict[str, Any]]
    sums: list[MoneyRow]
    expenditures: list[MoneyRow]
    envelopes: list[Envelope]
    left_out: int = 0
    reserved: Sequence[Envelope] = ()
    funds: Mapping[int, str] = field(default_factory=dict)

    @property
    def scopes(self) -> set[int]:
        """The items of which something is known."""
        rows = [*self.sums, *self.expenditures]
        found = {self.tree.scope(row.subject.item_id) for row in rows}
        found |= {self.tree.scope(row["item_id"]) for row in self.lines}
        found |= {self.tree.scope(row.item_id) for row in self.envelopes}
        return {scope if scope in self.tree.items else WHOLE for scope in found}

    def of_stage(self, stage: str) -> list[dict[str, Any]]:
        return [row for row in self.lines if row["stage"] == stage]

    def under(self, scope: int, stage: str) -> list[dict[str, Any]]:
        rows = self.of_stage(stage)
        return rows if scope == WHOLE else [row for row in rows if self.tree.is_under(self.tree.scope(row["item_id"]), scope)]

    def total(self, name: str, scope: int, stage: str) -> Figure:
        return self.added(name, self.under(scope, stage), _("La somme des lignes à ce stade, chacune une fois."))

    def added(self, name: str, rows: Sequence[Mapping[str, Any]], formula: str) -> Figure:
        """Rivals and possible doubles give a range; a line without amount is counted as unknown."""
        return self.ledger.sum(name, [self.part(row) for row in rows], formula=formula, period=_period(rows))

    def part(self, row: Mapping[str, Any]) -> Part:
        item = self.tree.items.get(row["item_id"] or 0)
        label = " · ".join(filter(None, [str(item or ""), self.funds.get(row["fund_id"] or 0, ""), row["written_period"]]))
        low, high = ((None if row[side] is None else row[side] / CENTS) for side in ("low", "high"))
        is_range = low != high
        figure = Figure(
            value=None if is_range else low,
            low=low if is_range else None,
            high=high if is_range else None,
            unit="€",
            note=_("peut-être déjà comptée") if row["is_double"] else "",
            why=f"line:{row['pk']}",
        )
        return label or _("ligne"), None, figure

    def printed(self, scope: int, stage: str) -> list[MoneyRow]:
        """Printed totals of an item at a stage, the latest first."""
        rows = [row for row in self.sums if row.subject.stage == stage and self.tree.scope(row.subject.item_id) == scope]
        return sorted(
            rows, key=lambda row: (row.subject.end or date.min, -(row.subject.start or date.min).toordinal()), reverse=True
        )

    def certified(self, scope: int, base: str) -> MoneyRow | None:
        """What is certified of an item on a base, at its latest date; two bases are never added."""
        rows = [
            row
            for row in self.expenditures
            if row.subject.base == base and row.subject.operation_id is None and self.tree.scope(row.subject.item_id) == scope
        ]
        return max(rows, key=lambda row: row.subject.end or date.min, default=None)


def _period(rows: Iterable[Mapping[str, Any]]) -> str:
    periods = {row["written_period"] for row in rows}
    return periods.pop() if len(periods) == 1 else ""


def amounts_of(programme: Programme, tree: Tree, ledger: Ledger, *, viewer: AnyUser, moment: Moment) -> Amounts:
    lines = as_counted(all_lines(viewer, moment).lines).filter(pl.col("programme_id") == programme.pk).select(COLUMNS)
    found = lines.with_columns(pl.col(pl.Categorical).cast(pl.String)).collect()
    kept = found.filter((pl.col("currency") == EURO) & (pl.col("instrument") != Instrument.GUARANTEE))
    about, reader = Q(programme=programme), audience(viewer)
    seen = Envelope.objects.visible_to(viewer).filter(programme=programme).select_related("item", "fund", "manager")
    envelopes = {row: row.is_seen_by(reader) for row in seen}
    certified = about & Q(state=ExpenditureState.CERTIFIED, currency=EURO)
    return Amounts(
        tree,
        ledger,
        [row for row in kept.filter(pl.col("transit") == 0).sort("pk").iter_rows(named=True)],
        money_rows("sum", about & Q(kind=SumKind.PRINTED, operation=None, currency=EURO), moment=moment, viewer=reader),
        money_rows("expenditure", certified, moment=moment, viewer=reader),
        [row for row, is_counted in envelopes.items() if is_counted],
        left_out=found.height - kept.height,
        reserved=[row for row, is_counted in envelopes.items() if not is_counted],
        funds=_names(found, viewer),
    )


def _names(lines: pl.DataFrame, viewer: AnyUser) -> dict[int, str]:
    ids = lines["fund_id"].drop_nulls().unique().to_list()
    return dict(Organisation.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", "name"))
