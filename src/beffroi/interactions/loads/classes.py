"""A classification that somebody else made of companies (the chamber's profiles), kept as a dated run of its own."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import polars as pl
from django.utils import timezone

from beffroi.interactions.loads.companies import organisations_of, reason_of, siren_in
from beffroi.interactions.models import Segmentation, SegmentationRun
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements, scoped
from beffroi.provenance.models import Load, Statement

BATCH = 1_000


def company_classes(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """A file speaks of its date alone: that of another year does not replace it, or movements between two would say nothing."""
    scope = f"{_on(load):%Y%m%d}"
    return record_statements(
        scoped(frames, scope), load=load, write=lambda rows: _written(rows, load), close=close, scope=scope
    )


def close(statements: list[Statement], at: datetime) -> None:
    """What a corrected file of the same date no longer says."""
    for start in range(0, len(statements), BATCH):
        over = [row.subject_id for row in statements[start : start + BATCH]]
        Segmentation.objects.filter(pk__in=over).delete()


def _on(load: Load) -> date:
    return load.snapshot.as_of or timezone.localdate(load.started)


def _written(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    companies = organisations_of(rows, load)
    runs: dict[str, SegmentationRun] = {}
    known: dict[str, set[int]] = {}
    kept: dict[tuple[int, int], tuple[StatedRow, Segmentation]] = {}
    for row in rows:
        company = companies.get(siren_in(row) or "")
        if company is None:
            yield row.refusal("siren", reason_of(row))
            continue
        method = row.text("method") or "profils-cci"
        if method not in runs:
            runs[method] = _run(method, load)
            known[method] = set(runs[method].classes.order_by().values_list("organisation", flat=True))
        run = runs[method]
        if (run.pk, company.pk) in kept or company.pk in known[method]:
            yield row.refusal("siren", "Cette entreprise est déjà classée à cette date : la première ligne est gardée.")
            continue
        made = Segmentation(run=run, organisation=company, segment=row.text("segment"), remarks=row.text("remarks")[:300])
        kept[run.pk, company.pk] = (row, made)
    Segmentation.objects.bulk_create([made for _row, made in kept.values()], batch_size=BATCH)
    for row, made in kept.values():
        yield Written(row, "segmentation", made, f"{made.organisation} : {made.segment}")


def _run(method: str, load: Load) -> SegmentationRun:
    """One a file: what it says, dated as the file is."""
    made, _ = SegmentationRun.objects.get_or_create(
        method=method,
        version=load.snapshot.source.code[:40],
        on=_on(load),
        defaults={"year": _on(load).year, "owner": load.owner, "visibility": load.visibility, "by": load.by},
    )
    return made
