"""From staged rows to operations and who takes part in them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.utils import timezone

from beffroi.actors.queries import organisation_ids
from beffroi.core.text import search_key
from beffroi.funding.enums import PlaceBasis
from beffroi.funding.models import Operation, OperationPartner, Programme
from beffroi.funding.queries import operation_ids
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.models import Item
from beffroi.reference.queries import Codes

LEAD = "leads"


def operations(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_operations(rows, load))


def _written_operations(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes, known = Codes(load.snapshot.source.code), organisation_ids(load.snapshot.source.code)
    for row in rows:
        item = codes.bare_item(row.text("item_code"))
        leads = [code for code in row.text("lead_org").split(";") if code]
        unknown = next((code for code in leads if code not in known), None)
        place = codes.place(row["territory"]) if row.text("territory") else None
        if item is None:
            yield row.refusal("item_code", f"« {row.text('item_code')} » n’est pas un élément décrit par cette source.")
        elif unknown is not None:
            yield row.refusal("lead_org", f"L’organisation « {unknown} » n’est pas décrite par cette source.")
        elif row.text("territory") and place is None:
            yield row.refusal("territory", f"Le territoire « {row['territory']} » n’est décrit nulle part.")
        else:
            operation = _saved_operation(row, load, item, place)
            _name_leads(operation, [known[code] for code in leads])
            yield Written(row, "operation", operation, row["label"])


def _saved_operation(row: StatedRow, load: Load, item: int, place: int | None) -> Operation:
    framework = Item.objects.values_list("version__framework_id", flat=True).get(pk=item)
    programme, _ = Programme.objects.get_or_create(framework_id=framework)
    return Operation.objects.update_or_create(
        namespace=load.snapshot.source.code,
        code=row["code"],
        defaults={
            "programme": programme,
            "title": row["label"],
            "description": row.text("detail"),
            "item_id": item,
            "place_id": place,
            "place_basis": PlaceBasis.UNSTATED if place is None else PlaceBasis.REALISED,
            "start": row["start_start"],
            "end": row["end_end"],
            "written_period": " – ".join(filter(None, [row.text("start"), row.text("end")])),
            "sort_key": search_key(row["label"])[:300],
            "owner": load.owner,
            "visibility": load.visibility,
        },
    )[0]


def _name_leads(operation: Operation, leads: list[int]) -> None:
    current = operation.partners.filter(role=LEAD, recorded_to__isnull=True)
    current.exclude(organisation_id__in=leads).update(recorded_to=timezone.now())
    held = set(current.values_list("organisation_id", flat=True))
    for lead in leads:
        if lead not in held:
            operation.partners.create(organisation_id=lead, role=LEAD, recorded_from=timezone.now())


def written_partners(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    """Relations of which the object is an operation (`operation:code`)."""
    source = load.snapshot.source.code
    known, operations, at = organisation_ids(source), operation_ids(source), timezone.now()
    for row in rows:
        subject, operation = known.get(row["subject"]), operations.get(row["object"].partition(":")[2])
        if subject is None or operation is None:
            column = "subject" if subject is None else "object"
            yield row.refusal(column, f"« {row[column]} » n’est pas décrit par cette source.")
            continue
        partner = OperationPartner.objects.create(
            operation_id=operation,
            organisation_id=subject,
            role=row["kind"],
            detail=row.text("detail")[:500],
            recorded_from=at,
        )
        yield Written(row, "operation_partner", partner, f"{row['subject']} {row['kind']} {row['object']}")


def close_partners(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "operation_partner"]
    OperationPartner.objects.filter(pk__in=ids, recorded_to__isnull=True).update(recorded_to=at)
