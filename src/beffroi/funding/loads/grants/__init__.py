"""From the rows of a published list (grants, operations) to operations and the lines of each of their funders."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.core.text import digest
from beffroi.funding.loads.grants.lines import record_lines
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.loads.grants.places import Places
from beffroi.funding.loads.grants.programmes import Programmes
from beffroi.funding.loads.grants.rows import Grant, read_grants
from beffroi.funding.loads.grants.sums import record_costs
from beffroi.funding.loads.grants.writing import operation_ids_of, write_operations
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements, stated_rows
from beffroi.provenance.models import Load

__all__ = ["grants"]

NAMES = ("code", "reference", "title", "description", "beneficiary", "beneficiary_id", "beneficiary_siren", "date", "item")
TOTALS = ["total", "total général", "total general", "totaux", "sous-total", "sous total", "somme", "ensemble"]
PRINTED_TOTAL = "C’est une ligne de total : elle contrôle les autres, elle ne s’y ajoute pas."


def grants(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Counts are those of the rows: each row is one operation, with as many lines as it has funders."""
    kept = list(frames)
    printed = [Refusal(row, "", "", PRINTED_TOTAL) for frame in kept for row in frame.filter(_is_total(frame))["_row"]]
    kept = [frame.filter(~_is_total(frame)) for frame in kept]
    found, remarks = read_grants(list(stated_rows(kept)), load.snapshot.source.code)
    kept = [_with_places(frame, found) for frame in kept]
    parties, places, programmes = Parties(load), Places(), Programmes(load)
    parties.find(party for grant in found for party in grant.parties)
    programmes.find(found)
    by_row = {grant.row.number: grant for grant in found}

    def write(rows: list[StatedRow]) -> Iterable[Written | Refusal]:
        fresh: list[Grant] = [by_row[row.number] for row in rows]
        operations = write_operations(fresh, load, parties=parties, places=places, programmes=programmes)
        pairs = zip(rows, fresh, strict=True)
        return [Written(row, "operation", operations[grant.identity], grant.title) for row, grant in pairs]

    outcome = record_statements(kept, load=load, write=write)
    operations = operation_ids_of(found)
    record_lines(found, load, parties=parties, programmes=programmes, operations=operations)
    record_costs(found, load, programmes=programmes, operations=operations)
    outcome.remarks, outcome.refusals = remarks, [*outcome.refusals, *printed]
    return outcome


def _is_total(frame: pl.DataFrame) -> pl.Expr:
    """A row that the profile says is one, or that names nothing but « total »: a company of that name has other cells."""
    named = pl.concat_str([pl.col(name) for name in NAMES if name in frame.columns], ignore_nulls=True)
    return pl.col("_total") | named.str.to_lowercase().str.strip_chars(" :.").is_in(TOTALS)


def _with_places(frame: pl.DataFrame, grants: list[Grant]) -> pl.DataFrame:
    """A row whose rank among those of the same number changes is another operation: its content has changed."""
    hashes = {grant.row.number: digest(grant.row.content_hash, *grant.identity) for grant in grants}
    return frame.with_columns(_hash=pl.col("_row").replace_strict(hashes, return_dtype=pl.String))
