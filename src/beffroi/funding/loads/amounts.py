"""From staged rows to lines, expenditures and printed sums, each with its claim."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from beffroi.actors.queries import organisation_ids
from beffroi.core.text import digest
from beffroi.funding.enums import ExpenditureState
from beffroi.funding.models import Expenditure, ExpenditureClaim, Line, LineClaim, Programme, Sum, SumClaim
from beffroi.funding.queries import operation_ids
from beffroi.funding.rules import is_nobodys_money
from beffroi.indicators.queries import breakdown_words
from beffroi.indicators.rules import Breakdown, Words, split_breakdown
from beffroi.provenance.actions import ClaimShape, Counts, Outcome, Refusal, record_claims
from beffroi.provenance.models import Load
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
    "sum": ClaimShape(Sum, SumClaim, "sum", (*MONEY, "label", "fund", "stage"), AMOUNT),
}
NOBODY = 0


# Expenditures that a document names twice in other words are the same: the name is not what they are about.
NAME_OF_EXPENDITURE = "poste"


@dataclass
class AmountRows:
    """What each staged row is about, or why it cannot be said."""

    load: Load
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        source = self.load.snapshot.source.code
        self.codes, self.known, self.operations = Codes(source), organisation_ids(source), operation_ids(source)
        self.words = breakdown_words("funding")
        self.programmes: dict[str, int] = {}

    def programme(self, code: str) -> int | None:
        if code not in self.programmes and code in self.codes.frameworks:
            self.programmes[code] = Programme.objects.get_or_create(framework_id=self.codes.frameworks[code])[0].pk
        return self.programmes.get(code)

    def read(self, row: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """The role of the row (line, expenditure or sum) and the columns of its subject and claim."""
        found = self._found(row)
        missing = next((column for column, pk in found.items() if row.get(column) and pk is None), None)
        if missing is not None:
            self.refusals.append(
                Refusal(row["_row"], missing, row[missing], f"« {row[missing]} » n’est pas décrit par cette source.")
            )
            return None
        parts = split_breakdown(row["breakdown"], self.words)
        role = row["role"]
        if role == "expenditure":
            parts = parts.without(NAME_OF_EXPENDITURE)
        subject = self._money(row, found, parts) | OF_ROLE[role](row, found)
        return role, _origin_columns(row, parts) | _amounts(row["amount"], parts.bound) | subject | {
            "digest": digest_of(role, subject)
        }

    def _found(self, row: dict[str, Any]) -> dict[str, int | None]:
        funder, receiver = row["funder"] or "", row["beneficiary"] or ""
        operation = dict(split_breakdown(row["breakdown"], Words()).dimensions).get("operation", "")
        return {
            "programme": self.programme(row["programme"]),
            "item_code": self.codes.item(row["item_framework"] or row["programme"], row["item_code"] or ""),
            "funder": NOBODY if is_nobodys_money(funder) else self.known.get(funder),
            "beneficiary": self.codes.item(row["receiver_framework"], receiver)
            if row["receiver_framework"]
            else self.known.get(receiver),
            "operation": self.operations.get(operation),
        }

    def _money(self, row: dict[str, Any], found: dict[str, int | None], parts: Breakdown) -> dict[str, Any]:
        is_item = bool(row["receiver_framework"])
        return {
            "s_programme_id": found["programme"],
            "s_item_id": found["item_code"],
            "s_operation_id": found["operation"],
            "s_receiver_id": None if is_item else found["beneficiary"],
            "s_receiver_item_id": found["beneficiary"] if is_item else None,
            "s_start": row["period_start"],
            "s_end": row["period_end"],
            "s_written_period": row["period"] or "",
            "s_detail": parts.without("operation").text,
            "s_currency": "EUR",
        }


def _line(row: dict[str, Any], found: dict[str, int | None]) -> dict[str, Any]:
    return {
        "s_fund_id": found["funder"] or None,
        "s_payer_id": None,
        "s_instrument": row["instrument"],
        "s_origin": row["origin"],
        "s_section": row["section"],
        "s_contract_status": row["contract_status"],
        "s_stage": row["stage_read"],
    }


def _expenditure(row: dict[str, Any], found: dict[str, int | None]) -> dict[str, Any]:
    return {"s_fund_id": found["funder"] or None, "s_state": ExpenditureState.CERTIFIED.value, "s_base": row["base"]}


def _sum(row: dict[str, Any], found: dict[str, int | None]) -> dict[str, Any]:
    return {"s_label": row["label"] or "", "s_fund_id": found["funder"] or None, "s_stage": row["stage_read"]}


OF_ROLE = {"line": _line, "expenditure": _expenditure, "sum": _sum}


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
