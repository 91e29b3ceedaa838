"""What operations cost and what a list prints as totals: claims about sums, which check the lines and are never added."""

import json
from collections.abc import Iterator
from typing import Any

from beffroi.core.text import digest
from beffroi.funding.enums import COUNTED, LISTED, Stage, SumKind
from beffroi.funding.loads.amounts import AMOUNT, MONEY
from beffroi.funding.loads.grants.lines import claim_columns, claims_frame
from beffroi.funding.loads.grants.printed import Printed
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant
from beffroi.funding.models import Sum, SumClaim
from beffroi.provenance.actions import ClaimShape, record_claims
from beffroi.provenance.models import Load

SHAPE = ClaimShape(Sum, SumClaim, "sum", (*MONEY, "kind", "label", "fund", "stage"), AMOUNT)
BASES = {"total_cost": (SumKind.TOTAL_COST, "total"), "eligible_cost": (SumKind.ELIGIBLE_COST, "éligible")}


def record_sums(
    grants: list[Grant],
    totals: list[dict[str, Any]],
    load: Load,
    *,
    programmes: Programmes,
    operations: dict[tuple[str, str], int],
) -> None:
    """Two sources that name one operation speak of one cost: where they disagree they are rivals."""
    costs = [row for grant in grants for row in _costs(grant, programmes.of(grant), operations[grant.identity])]
    record_claims([claims_frame([*costs, *totals], SHAPE)], load=load, shape=SHAPE)


def _subject(programme: int, kind: SumKind, label: str, detail: str, currency: str) -> dict[str, Any]:
    return {
        "s_programme_id": programme,
        "s_item_id": None,
        "s_operation_id": None,
        "s_receiver_id": None,
        "s_receiver_item_id": None,
        "s_start": None,
        "s_end": None,
        "s_written_period": "",
        "s_detail": detail,
        "s_currency": currency,
        "s_kind": kind.value,
        "s_label": label,
        "s_fund_id": None,
        "s_stage": Stage.UNSTATED.value,
    }


def _costs(grant: Grant, programme: int, operation: int) -> Iterator[dict[str, Any]]:
    for measure, (kind, base) in BASES.items():
        if measure in grant.cents:
            currency = grant.currency(measure)
            identity = digest("cost", *grant.identity, measure, currency)
            subject = _subject(programme, kind, f"coût {base}", f"coût={base}", currency)
            yield claim_columns(grant, measure, identity) | subject | {"digest": identity, "s_operation_id": operation}


def total_rows(printed: list[Printed], load: Load, programmes: Programmes) -> list[dict[str, Any]]:
    """What is claimed of each printed total, with the sum of its lines as it was when the file came."""
    return [_total(total, load, programmes.of_all(total.programmes)) for total in printed]


def _total(total: Printed, load: Load, programme: int) -> dict[str, Any]:
    source, profile = load.snapshot.source.code, load.profile.code
    identity = digest("printed", source, profile, total.label, str(total.nth), total.measure, total.currency)
    qualifiers = {LISTED: str(total.listed), COUNTED: str(total.lines), "de": total.of}
    detail = f"colonne={total.column};total={total.label}{f' ({total.nth})' if total.nth > 1 else ''}"
    return _subject(programme, SumKind.PRINTED, total.label, detail, total.currency) | {
        "digest": identity,
        "row": total.row,
        "place": total.measure,
        "key": digest(total.key, total.measure),
        "content_hash": digest(identity, str(total.cents), *qualifiers.values()),
        "as_written": total.as_written,
        "qualifiers": json.dumps(qualifiers, ensure_ascii=False),
        "cents": total.cents,
        "low_cents": None,
        "high_cents": None,
    }


def made_sums(totals: list[dict[str, Any]], load: Load) -> dict[int, Sum]:
    """The first sum of each row that prints totals, for what states it."""
    rows = [
        Sum(digest=row["digest"], owner=load.owner, visibility=load.visibility, **_fields(row)) for row in totals if row["row"]
    ]
    Sum.objects.bulk_create(rows, ignore_conflicts=True)
    by_digest = {found.digest: found for found in Sum.objects.filter(digest__in=[row.digest for row in rows])}
    return {row["row"]: by_digest[row["digest"]] for row in reversed(totals) if row["row"]}


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("s_"): value for name, value in row.items() if name.startswith("s_")}
