"""From staged rows to lines, expenditures and printed sums, each with its claim."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from beffroi.actors.models import Organisation
from beffroi.actors.queries import organisation_ids
from beffroi.core.text import digest, search_key
from beffroi.funding import rules
from beffroi.funding.enums import ExpenditureState, Origin
from beffroi.funding.models import Expenditure, ExpenditureClaim, Line, LineClaim, Programme, Sum, SumClaim
from beffroi.funding.queries import operation_ids
from beffroi.indicators.rules import Breakdown, split_breakdown
from beffroi.provenance.actions import ClaimShape, Counts, Outcome, Refusal, record_claims
from beffroi.provenance.models import Load
from beffroi.reference.models import Framework
from beffroi.reference.queries import Codes

MONEY = ("programme", "item", "operation", "receiver", "receiver_item", "start", "end", "written_period", "detail", "currency")
AMOUNT = ("cents", "low_cents", "high_cents")
SHAPES = {
    "line": ClaimShape(
        Line,
        LineClaim,
        "line",
        (*MONEY, "fund", "payer", "instrument", "origin", "section", "contract_status", "stage"),
        AMOUNT,
    ),
    "expenditure": ClaimShape(Expenditure, ExpenditureClaim, "expenditure", (*MONEY, "fund", "state", "base"), AMOUNT),
    "sum": ClaimShape(Sum, SumClaim, "sum", (*MONEY, "label", "stage"), AMOUNT),
}


@dataclass
class AmountRows:
    """What each staged row is about, or why it cannot be said."""

    load: Load
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        source = self.load.snapshot.source.code
        self.codes, self.known, self.operations = Codes(source), organisation_ids(source), operation_ids(source)
        self.funds = {
            pk: rules.origin(kind, search_key(acronym or name))
            for pk, kind, name, acronym in Organisation.objects.filter(pk__in=self.known.values()).values_list(
                "pk", "kind", "name", "acronym"
            )
        }
        self.contracts = set(Framework.objects.filter(kind="contract").values_list("code", flat=True))
        self.programmes: dict[str, int] = {}

    def programme(self, code: str) -> int | None:
        if code not in self.programmes and code in self.codes.frameworks:
            made = Programme.objects.get_or_create(framework_id=self.codes.frameworks[code])[0]
            self.programmes[code] = made.pk
        return self.programmes.get(code)

    def read(self, row: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """The role of the row (line, expenditure or sum) and the columns of its subject and claim."""
        found = self._found(row)
        missing = next((column for column, pk in found.items() if row.get(column) and pk is None), None)
        if missing is not None:
            sentence = f"« {row[missing]} » n’est pas décrit par cette source."
            self.refusals.append(Refusal(row["_row"], missing, row[missing], sentence))
            return None
        parts = split_breakdown(row["breakdown"])
        dimensions = dict(parts.dimensions)
        stage = rules.stage(
            row["stage"], is_contract=row["programme"] in self.contracts, stated=dict(parts.qualifiers).get("stade", "")
        )
        role = rules.role(row["funder"] or "", stage, dimensions)
        subject = self._money(row, found, parts) | self._of_role(role, row, found["funder"], stage, dimensions)
        return role, _origin_columns(row, parts) | _amounts(row["amount"], parts.bound) | subject | {"digest": digest_of(role, subject)}

    def _found(self, row: dict[str, Any]) -> dict[str, int | None]:
        funder = row["funder"] or ""
        receiver = row["beneficiary"] or ""
        is_total = rules.is_printed_total(funder, {})
        return {
            "programme": self.programme(row["programme"]),
            "item_code": self.codes.item(row["programme"], row["item_code"] or ""),
            "funder": self.known.get(funder) or (0 if is_total else None),
            "beneficiary": self.known.get(receiver) or self.codes.bare_item(receiver),
        }

    def _money(self, row: dict[str, Any], found: dict[str, int | None], parts: Breakdown) -> dict[str, Any]:
        receiver = self.known.get(row["beneficiary"] or "")
        operation = dict(parts.dimensions).get("operation", "")
        return {
            "s_programme_id": found["programme"],
            "s_item_id": found["item_code"],
            "s_operation_id": self.operations.get(operation),
            "s_receiver_id": receiver,
            "s_receiver_item_id": None if receiver else found["beneficiary"],
            "s_start": row["period_start"],
            "s_end": row["period_end"],
            "s_written_period": row["period"] or "",
            "s_detail": parts.text,
            "s_currency": "EUR",
        }

    def _of_role(
        self, role: str, row: dict[str, Any], fund: int | None, stage: rules.Stage, dimensions: dict[str, str]
    ) -> dict[str, Any]:
        origin = self.funds.get(fund or 0, Origin.UNSTATED)
        if role == "sum":
            return {"s_label": row["funder"] or "", "s_stage": stage}
        if role == "expenditure":
            base = rules.expenditure_base(row["funder"] or "", origin)
            return {"s_fund_id": fund or None, "s_state": ExpenditureState.CERTIFIED, "s_base": base}
        return {
            "s_fund_id": fund,
            "s_payer_id": None,
            "s_instrument": rules.instrument(dimensions),
            "s_origin": origin,
            "s_section": rules.section(dimensions),
            "s_contract_status": rules.contract_status(stage),
            "s_stage": stage,
        }


def digest_of(role: str, subject: dict[str, Any]) -> str:
    return digest(role, *(None if value is None else str(value) for value in subject.values()))


def _origin_columns(row: dict[str, Any], parts: Breakdown) -> dict[str, Any]:
    return {
        "row": row["_row"],
        "place": (row["place"] or "")[:500],
        "key": row["_key"],
        "content_hash": row["_hash"],
        "as_written": str(row["amount_written"] or ""),
        "qualifiers": parts.qualifiers_json,
    }


def _amounts(amount: Decimal | None, bound: str) -> dict[str, int | None]:
    cents = None if amount is None else int((amount * 100).to_integral_value())
    return {
        "cents": None if bound else cents,
        "low_cents": cents if bound == "min" else None,
        "high_cents": cents if bound == "max" else None,
    }


POLARS_TYPES = {"s_start": pl.Date, "s_end": pl.Date}


def _frame(rows: list[dict[str, Any]], shape: ClaimShape) -> pl.DataFrame:
    schema = {
        name: POLARS_TYPES.get(name, pl.Int64 if name.endswith(("_id", "cents")) or name == "row" else pl.String)
        for name in shape.columns()
    }
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)


def amounts(load: Load, frames: Iterable[pl.DataFrame] | Iterator[pl.DataFrame]) -> Outcome:
    reader = AmountRows(load)
    sorted_rows: dict[str, list[dict[str, Any]]] = {role: [] for role in SHAPES}
    for frame in frames:
        for row in frame.iter_rows(named=True):
            if (read := reader.read(row)) is not None:
                sorted_rows[read[0]].append(read[1])
    total = Counts()
    for role, rows in sorted_rows.items():
        counts = record_claims([_frame(rows, SHAPES[role])], load=load, shape=SHAPES[role])
        for name, value in vars(counts).items():
            setattr(total, name, getattr(total, name) + value)
    return Outcome(total, reader.refusals)
