"""The lines of each row: one for each funder, each with the claim of this source."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from beffroi.core.text import digest, search_key
from beffroi.funding.enums import Instrument, Origin, Stage
from beffroi.funding.loads.amounts import AMOUNT, MONEY, POLARS_TYPES
from beffroi.funding.loads.grants.identifiers import Party
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import ORIGINS, Grant
from beffroi.funding.loads.grants.typed import meet_typed
from beffroi.funding.models import Line, LineClaim
from beffroi.provenance.actions import ClaimShape, record_claims
from beffroi.provenance.models import Load

FIELDS = ("fund", "payer", "instrument", "origin", "section", "contract_status", "stage", "eligible")
SHAPE = ClaimShape(Line, LineClaim, "line", (*MONEY, *FIELDS), AMOUNT)
KNOWN_INSTRUMENTS, KNOWN_ORIGINS = set(Instrument.values), set(Origin.values)
INSTRUMENTS = (
    ("avance remboursable", Instrument.REPAYABLE_ADVANCE),
    ("avance recuperable", Instrument.REPAYABLE_ADVANCE),
    ("pret d honneur", Instrument.HONOUR_LOAN),
    ("pret", Instrument.LOAN),
    ("garantie", Instrument.GUARANTEE),
    ("fonds propres", Instrument.EQUITY),
    ("credit d impot", Instrument.TAX_CREDIT),
    ("subvention", Instrument.GRANT),
)


def record_lines(
    grants: list[Grant], load: Load, *, parties: Parties, programmes: Programmes, operations: dict[tuple[str, str], int]
) -> None:
    rows = [
        line
        for grant in grants
        for line in _lines(
            grant,
            parties=parties,
            programme=programmes.of(grant),
            item=programmes.item_of(grant),
            operation=operations[grant.identity],
        )
    ]
    meet_typed(rows)
    record_claims([claims_frame(rows, SHAPE)], load=load, shape=SHAPE)


def claims_frame(rows: list[dict[str, Any]], shape: ClaimShape) -> pl.DataFrame:
    schema = {name: _type(name) for name in shape.columns()}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema, orient="row")


def _type(name: str) -> Any:
    if name == "s_eligible":
        return pl.Boolean
    return POLARS_TYPES.get(name, pl.Int64 if name.endswith(("_id", "cents")) or name == "row" else pl.String)


def instrument_of(grant: Grant) -> str:
    """The instrument that the source names; « aide en numéraire » and « aide en nature » are those of the French standard."""
    text = grant.row.text("instrument")
    if text in KNOWN_INSTRUMENTS:
        return text
    written = search_key(text or grant.row.text("nature"))
    in_cash, in_kind = "numeraire" in written, "nature" in written
    if in_cash or in_kind:
        return Instrument.UNSTATED if in_cash and in_kind else Instrument.GRANT if in_cash else Instrument.IN_KIND
    return next((kind for words, kind in INSTRUMENTS if words in written), Instrument.UNSTATED)


def _lines(grant: Grant, *, parties: Parties, programme: int, item: int | None, operation: int) -> Iterator[dict[str, Any]]:
    start, end, written = grant.period
    stage = grant.row.text("stage") or Stage.UNSTATED
    receiver = parties.of(grant.beneficiary)
    for measure in ORIGINS:
        if measure not in grant.cents:
            continue
        instrument, currency = instrument_of(grant), grant.currency(measure)
        identity = digest("grant", *grant.identity, measure, stage, instrument, currency)
        yield (
            claim_columns(grant, measure, identity)
            | _funded(grant, measure, parties, receiver)
            | {
                "digest": identity,
                "s_programme_id": programme,
                "s_item_id": item,
                "s_operation_id": operation,
                "s_receiver_id": receiver,
                "s_receiver_item_id": None,
                "s_start": start,
                "s_end": end,
                "s_written_period": written,
                "s_detail": "",
                "s_currency": currency,
                "s_instrument": instrument,
                "s_stage": stage,
                "s_section": "unstated",
                "s_contract_status": "unstated",
            }
        )


def claim_columns(grant: Grant, measure: str, identity: str) -> dict[str, Any]:
    row, cents = grant.row, grant.cents[measure]
    bounded = grant.bounded and measure == "amount"
    return {
        "row": row.number,
        "place": measure,
        "key": digest(row.key, measure),
        "content_hash": digest(row.content_hash, identity, str(cents)),
        "as_written": (row.text(f"{measure}_written") or str(row[measure]))[:200],
        "qualifiers": "{}",
        "cents": None if bounded else cents,
        "low_cents": 0 if bounded else None,
        "high_cents": cents if bounded else None,
    }


def _funded(grant: Grant, measure: str, parties: Parties, receiver: int | None) -> dict[str, Any]:
    """Whose money it is. Only the row's own funder, or fund, is named; for the others the origin is what is known."""
    row, origin = grant.row, ORIGINS[measure]
    payer = parties.of(grant.funder)
    fund = parties.of(Party.named(row.text("fund"))) if row.text("fund") else payer
    if measure not in ("amount", "amount_eu"):
        fund, payer = (receiver if origin == Origin.BENEFICIARY else None), None
    stated = row.text("origin") if measure == "amount" else origin
    return {
        "s_fund_id": fund,
        "s_payer_id": payer,
        "s_origin": stated if stated in KNOWN_ORIGINS else Origin.UNSTATED.value,
        "s_eligible": False if measure == "amount_ineligible" else None,
    }
