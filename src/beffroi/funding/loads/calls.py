"""From the rows of a calendar of calls to calls: the same number, or the same title and opening, is the same call."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from beffroi.core import search
from beffroi.core.text import digest, search_key
from beffroi.funding.enums import CriterionKind
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant, cents_of, read_grant
from beffroi.funding.models import Call, CallCriterion
from beffroi.funding.queries.calls import call_search_rows
from beffroi.funding.queries.named import named_areas
from beffroi.funding.rules.criteria import Criterion, WrongCriterion, read_criteria
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load

COLUMNS = {"eligibility": CriterionKind.ELIGIBILITY, "selection": CriterionKind.SELECTION}


def calls(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_calls(rows, load))


def _written_calls(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    source, remarks = load.snapshot.source.code, list[Refusal]()
    grants = {row.number: read_grant(row, source, remarks) for row in rows}
    programmes, areas = Programmes(load), named_areas(row.text("area") for row in rows)
    programmes.find(grants.values())
    written = []
    for row in rows:
        try:
            criteria = [one for name, kind in COLUMNS.items() for one in read_criteria(_lines(row.text(name)), kind)]
        except WrongCriterion as error:
            yield row.refusal("selection", str(error))
            continue
        if row["opens"] and row["closes"] and row["closes"] < row["opens"]:
            text = "La clôture de l’appel précède son ouverture : l’une des deux dates est fausse."
            yield Refusal(row.number, "closes", str(row["closes"]), text)
            continue
        call = _saved(row, load, _fields(row, grants[row.number], programmes, areas))
        _set_criteria(call, criteria)
        written.append(call.pk)
        yield Written(row, "call", call, row["title"])
    search.index(call_search_rows(written))


def _lines(text: str) -> str:
    """In a cell, criteria follow each other after a bar."""
    return text.replace("|", "\n")


def _saved(row: StatedRow, load: Load, fields: dict[str, Any]) -> Call:
    code = row.text("code")[:80] or digest(search_key(row["title"]), str(row["opens"]))[:12]
    rights = {"owner_id": load.owner_id, "visibility": load.visibility}
    return Call.objects.update_or_create(namespace=load.snapshot.source.code, code=code, defaults={**fields, **rights})[0]


def _fields(row: StatedRow, grant: Grant, programmes: Programmes, areas: dict[str, int]) -> dict[str, Any]:
    support = row.values.get("total_support")
    return {
        "programme_id": programmes.of(grant),
        "kind": row["kind"],
        "cycle": row["cycle"],
        "title": row["title"],
        "sort_key": search_key(row["title"])[:300],
        "description": row.text("description"),
        "item_id": programmes.item_of(grant),
        "written_item": row.text("item")[:300],
        "area_id": areas.get(row.text("area").strip()),
        "written_area": row.text("area")[:300],
        "eligible_applicants": row.text("eligible_applicants"),
        "total_cents": None if support is None else cents_of(support),
        "currency": (row.text("total_support_currency") or row.text("currency") or "EUR")[:3].upper(),
        "opens": row["opens"],
        "closes": row["closes"],
        "address": row.text("address")[:500],
    }


def _set_criteria(call: Call, criteria: list[Criterion]) -> None:
    call.criteria.all().delete()
    CallCriterion.objects.bulk_create(
        CallCriterion(call=call, kind=one.kind, text=one.text, points=one.points, position=place)
        for place, one in enumerate(criteria, 1)
    )
