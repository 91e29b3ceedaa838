"""From the rows of a published list (grants, operations) to operations and the lines of each of their funders."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.connectors.profile import load_profile
from beffroi.core.text import digest
from beffroi.funding.loads.grants.lines import record_lines
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.places import Places
from beffroi.funding.loads.grants.printed import Printed, declared_totals, printed_totals, remarks_of
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant, read_grants
from beffroi.funding.loads.grants.sums import made_sums, record_sums, total_rows
from beffroi.funding.loads.grants.writing import operation_ids_of, write_operations
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements, stated_rows
from beffroi.provenance.models import Load

__all__ = ["grants"]

NAMES = ("code", "reference", "title", "description", "beneficiary", "beneficiary_id", "beneficiary_siren", "date", "item")
TOTALS = ["total", "total général", "total general", "totaux", "sous-total", "sous total", "somme", "ensemble"]


def grants(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Counts are those of the rows: each is one operation, with as many lines as it has funders, or a printed total."""
    kept = [frame.with_columns(_total=_is_total(frame)) for frame in frames]
    rows = list(stated_rows(kept))
    found, remarks = read_grants([row for row in rows if not row["_total"]], load.snapshot.source.code)
    kept = [_with_places(frame, found) for frame in kept]
    parties, places, programmes = Parties(load), Places(), Programmes(load)
    parties.find(party for grant in found for party in grant.parties)
    programmes.find(found)
    printed, faults = _totals(load, rows, found)
    totals = total_rows(printed, load, programmes)
    sums, refused = made_sums(totals, load), {fault.row: fault for fault in faults}
    by_row = {grant.row.number: grant for grant in found}

    def write(rows: list[StatedRow]) -> Iterable[Written | Refusal]:
        fresh = [by_row[row.number] for row in rows if row.number in by_row]
        operations = write_operations(fresh, load, parties=parties, places=places, programmes=programmes)
        for row in rows:
            if grant := by_row.get(row.number):
                yield Written(row, "operation", operations[grant.identity], grant.title)
            elif row.number in sums:
                yield Written(row, "sum", sums[row.number], sums[row.number].label)
            else:
                yield refused[row.number]

    outcome = record_statements(kept, load=load, write=write)
    operations = operation_ids_of(found)
    record_lines(found, load, parties=parties, programmes=programmes, operations=operations)
    record_sums(found, totals, load, programmes=programmes, operations=operations)
    said = [fault for fault in faults if fault.row in sums]
    outcome.remarks = [*remarks_of(printed, rejected=load.rejected), *said, *remarks]
    return outcome


def _totals(load: Load, rows: list[StatedRow], found: list[Grant]) -> tuple[list[Printed], list[Refusal]]:
    profile = load_profile(load.profile.definition)
    columns = {column.to: column.name for column in profile.columns}
    printed, faults = printed_totals((row for row in rows if row["_total"]), found, columns)
    return [*declared_totals(profile.control_totals, found, columns), *printed], faults


def _is_total(frame: pl.DataFrame) -> pl.Expr:
    """A row that the profile says is one, or that names nothing but « total »: a company of that name has other cells."""
    named = pl.concat_str([pl.col(name) for name in NAMES if name in frame.columns], ignore_nulls=True)
    return pl.col("_total") | named.str.to_lowercase().str.strip_chars(" :.").is_in(TOTALS)


def _with_places(frame: pl.DataFrame, grants: list[Grant]) -> pl.DataFrame:
    """A row whose rank among those of the same number changes is another operation: its content has changed."""
    hashes = {grant.row.number: digest(grant.row.content_hash, *grant.identity) for grant in grants}
    own = pl.col("_row").replace_strict(hashes, default=None, return_dtype=pl.String)
    return frame.with_columns(_hash=pl.coalesce(own, "_hash"))
