"""Operations into the database, many at once: the same identity is updated, never doubled."""

from collections.abc import Iterable
from typing import Any

from beffroi.core.text import search_key
from beffroi.funding.enums import PlaceBasis
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.places import Places
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant, dates_of, written_dates
from beffroi.funding.models import Operation
from beffroi.provenance.models import Load

BATCH = 500
IDENTITY = ("namespace", "code")
KEPT = ("nature", "conditions", "payment", "notification", "rae", "scheme", "country", "co_financing_rate", "share",
        "authority", "decided", "category", "title_en", "coordinates", "programme_code", "written_rate", "address")  # fmt: skip


def operation_ids_of(grants: Iterable[Grant]) -> dict[tuple[str, str], int]:
    namespaces = {grant.namespace for grant in grants}
    rows = Operation.objects.filter(namespace__in=namespaces).values_list("namespace", "code", "pk")
    return {(namespace, code): pk for namespace, code, pk in rows}


def write_operations(
    grants: list[Grant], load: Load, *, parties: Parties, places: Places, programmes: Programmes
) -> dict[tuple[str, str], Operation]:
    fields = [_fields(grant, load, parties, places, programmes) for grant in grants]
    rows = [Operation(**found) for found in fields]
    if rows:
        updated = [name for name in fields[0] if name not in IDENTITY]
        Operation.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=list(IDENTITY), update_fields=updated
        )
    ids = operation_ids_of(grants)
    return {(row.namespace, row.code): _with_id(row, ids[row.namespace, row.code]) for row in rows}


def _with_id(row: Operation, pk: int) -> Operation:
    row.pk = pk
    return row


def _fields(grant: Grant, load: Load, parties: Parties, places: Places, programmes: Programmes) -> dict[str, Any]:
    row, place = grant.row, places.of(grant.row)
    start, end = dates_of(row)
    cost = "total_cost" if "total_cost" in grant.cents else "eligible_cost"
    return {
        "namespace": grant.namespace[:80],
        "code": grant.code[:80],
        "programme_id": programmes.of(grant),
        "title": grant.title,
        "description": row.text("description"),
        "item_id": programmes.item_of(grant),
        "place_id": place.item,
        "place_basis": row.text("place_basis") or PlaceBasis.UNSTATED,
        "start": start,
        "end": end,
        "written_period": written_dates(row)[:60],
        "decided_on": row.values.get("date_start") if row.values.get("date_start") == row.values.get("date_end") else None,
        "beneficiary_id": parties.of(grant.beneficiary),
        "written_beneficiary": row.text("beneficiary")[:300],
        "written_identifier": (row.text("beneficiary_siren") or row.text("beneficiary_id"))[:80],
        "total_cents": grant.cents.get("total_cost"),
        "eligible_cents": grant.cents.get("eligible_cost"),
        "currency": grant.currency(cost),
        "commune_code": place.commune,
        "department_code": place.department,
        "region_name": place.region,
        "postcode": place.postcode,
        "nuts_code": place.nuts,
        "written_place": place.written,
        "details": {name: str(row.values[name]) for name in KEPT if row.values.get(name) is not None},
        "sort_key": search_key(grant.title)[:300],
        "owner": load.owner,
        "visibility": load.visibility,
    }
