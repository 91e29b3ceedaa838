"""From the rows of a week's export to files, their steps and their amounts. A step that the file no longer lists stays: only
what it says otherwise is replaced."""

import copy
from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.utils import timezone

from beffroi.core import search
from beffroi.funding.loads.files.amounts import record_amounts
from beffroi.funding.loads.files.applications import Files
from beffroi.funding.loads.files.rows import FileRow, read_files
from beffroi.funding.loads.files.steps import is_said, remarks_of, write_steps
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.models import Step
from beffroi.funding.queries.files import application_search_rows
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements, stated_rows
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load, Statement

__all__ = ["files"]


def files(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Each row is one step of one file."""
    kept = list(frames)
    today = timezone.localdate()
    found, refusals, remarks = read_files(list(stated_rows(kept)), load.snapshot.source.code, today=today)
    by_row = {one.row.number: one for one in found}
    kept = [frame.filter(pl.col("_row").is_in(list(by_row))) for frame in kept]
    partial = as_partial(load)
    parties, programmes = Parties(load), Programmes(load)
    parties.find(party for one in found for party in one.grant.parties)
    programmes.find(one.grant for one in found)
    known = Files(load, parties, programmes)
    said = {one.row.identity: one for one in found}

    def close(statements: list[Statement], at: datetime) -> None:
        _end_replaced(statements, said, at)

    def write(rows: list[StatedRow]) -> Iterable[Written | Refusal]:
        fresh = [by_row[row.number] for row in rows]
        known.write(fresh)
        return write_steps(fresh, known.ids, load)

    outcome = record_statements(kept, load=partial, write=write, close=close)
    known.find(found)
    record_amounts(found, known, partial, remarks=remarks)
    touched = sorted(set(known.ids.values()))
    search.index(application_search_rows(touched))
    outcome.refusals = [*outcome.refusals, *refusals]
    outcome.remarks = [*remarks, *remarks_of(found, known.ids)]
    return outcome


def as_partial(load: Load) -> Load:
    """The same load, read as one that withdraws nothing: a week's export lists where files stand, not all they went through."""
    partial = copy.copy(load)
    partial.extent = Extent.DELTA
    return partial


def _end_replaced(statements: list[Statement], said: dict[tuple[str, int], FileRow], at: datetime) -> None:
    steps = Step.objects.in_bulk([row.subject_id for row in statements if row.subject_kind == "step"])
    over = []
    for statement in statements:
        step, row = steps.get(statement.subject_id), said.get((statement.key, statement.occurrence))
        if step is not None and row is not None and not is_said(step, row) and not row.is_another_time(step):
            over.append(step.pk)
    Step.objects.filter(pk__in=over, recorded_to__isnull=True).update(recorded_to=at)
