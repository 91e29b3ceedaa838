"""Operations into the database, set by set: the same identity is updated, never doubled."""

import json
from collections.abc import Iterable
from typing import Any

import polars as pl
from django.db import connection

from beffroi.core.bulk import copy_frame, field_columns, quoted, temporary_table
from beffroi.core.text import search_key
from beffroi.funding.enums import PlaceBasis
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.places import Places
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant, dates_of, written_dates
from beffroi.funding.models import Operation
from beffroi.provenance.models import Load

IDENTITY = ("namespace", "code")
COLUMNS = {
    **dict.fromkeys(("namespace", "code", "title", "description"), pl.String),
    **dict.fromkeys(("programme_id", "item_id", "place_id", "beneficiary_id"), pl.Int64),
    **dict.fromkeys(("start", "end", "decided_on"), pl.Date),
    **dict.fromkeys(("place_basis", "written_period", "written_beneficiary", "written_identifier", "written_place"), pl.String),
    **dict.fromkeys(("currency", "commune_code", "department_code", "region_name", "postcode", "nuts_code"), pl.String),
    **dict.fromkeys(("details", "sort_key"), pl.String),
}
KEPT = ("nature", "conditions", "payment", "notification", "rae", "scheme", "country", "co_financing_rate", "share",
        "authority", "decided", "category", "title_en", "coordinates", "programme_code", "written_rate", "address", "funder_id",
        "reference", "fund", "programming_period", "country_id", "exchange_rate")  # fmt: skip


def operation_ids_of(grants: Iterable[Grant]) -> dict[tuple[str, str], int]:
    namespaces = {grant.namespace for grant in grants}
    rows = Operation.objects.filter(namespace__in=namespaces).values_list("namespace", "code", "pk")
    return {(namespace, code): pk for namespace, code, pk in rows}


def write_operations(
    grants: list[Grant], load: Load, *, parties: Parties, places: Places, programmes: Programmes
) -> dict[tuple[str, str], Operation]:
    """The operations of these rows, as references: their identity and their key in the database."""
    if not grants:
        return {}
    rows = [_fields(grant, parties, places, programmes) for grant in grants]
    kinds = field_columns(Operation, [name.removesuffix("_id") for name in COLUMNS])
    with temporary_table("staged_operations", kinds) as table:
        copy_frame(table, pl.DataFrame(rows, schema=COLUMNS).with_columns(_not_null(COLUMNS)))
        with connection.cursor() as cursor:
            cursor.execute(_merge(), [load.owner_id, load.visibility])
    return {identity: Operation(pk=pk) for identity, pk in operation_ids_of(grants).items()}


def _not_null(columns: dict[str, Any]) -> list[pl.Expr]:
    return [pl.col(name).fill_null("") for name, kind in columns.items() if kind is pl.String]


def _merge() -> str:
    names = ", ".join(map(quoted, COLUMNS))
    json_text = "CAST(details AS jsonb)" if connection.vendor == "postgresql" else "details"
    read = ", ".join(json_text if name == "details" else quoted(name) for name in COLUMNS)
    changed = [name for name in (*COLUMNS, "owner_id", "visibility") if name not in IDENTITY]
    updates = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in changed)
    return (
        f"INSERT INTO {quoted(Operation._meta.db_table)} ({names}, owner_id, visibility) "
        f"SELECT {read}, %s, %s FROM staged_operations WHERE 1 = 1 "
        f"ON CONFLICT (namespace, code) DO UPDATE SET {updates}"
    )


def _fields(grant: Grant, parties: Parties, places: Places, programmes: Programmes) -> dict[str, Any]:
    row, place = grant.row, places.of(grant.row)
    start, end = dates_of(row)
    cost = "total_cost" if "total_cost" in grant.cents else "eligible_cost"
    details = {name: str(row.values[name]) for name in KEPT if row.values.get(name) is not None}
    if row.text("amount_is") == "total" and row.values.get("amount") is not None:
        details["decision_amount"] = str(row["amount"])
    return {
        "namespace": grant.namespace[:80],
        "code": grant.code[:80],
        "programme_id": programmes.of(grant),
        "title": grant.title,
        "description": row.text("description"),
        "item_id": programmes.item_of(grant),
        "place_id": place.item,
        "place_basis": row.text("place_basis") or PlaceBasis.UNSTATED.value,
        "start": start,
        "end": end,
        "written_period": written_dates(row)[:60],
        "decided_on": row.values.get("date_start") if row.values.get("date_start") == row.values.get("date_end") else None,
        "beneficiary_id": parties.of(grant.beneficiary),
        "written_beneficiary": row.text("beneficiary")[:300],
        "written_identifier": (row.text("beneficiary_siren") or row.text("beneficiary_id"))[:80],
        "currency": grant.currency(cost),
        "commune_code": place.commune,
        "department_code": place.department,
        "region_name": place.region,
        "postcode": place.postcode,
        "nuts_code": place.nuts,
        "written_place": place.written,
        "details": json.dumps(details, ensure_ascii=False),
        "sort_key": search_key(grant.title)[:300],
    }
