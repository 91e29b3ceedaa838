"""The steps of an export: those that are new, and what a person should look at."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from beffroi.funding.loads.files.rows import FileRow
from beffroi.funding.models import Step
from beffroi.funding.queries.files import as_dated
from beffroi.funding.rules.cycles import RANK, oddities
from beffroi.provenance.actions import Refusal, Written
from beffroi.provenance.models import Load

BATCH = 500


def is_said(step: Step, row: FileRow) -> bool:
    """Whether the step already says all that the row says."""
    return step.on == row.on and all(not text or getattr(step, name) == text for name, text in row.texts.items())


def current_steps(applications: Iterable[int]) -> dict[int, list[Step]]:
    ids = sorted(set(applications))
    found: dict[int, list[Step]] = defaultdict(list)
    for start in range(0, len(ids), BATCH):
        for step in Step.objects.current().filter(application__in=ids[start : start + BATCH]).order_by("pk"):
            found[step.application_id].append(step)
    return found


def write_steps(rows: list[FileRow], files: dict[str, int], load: Load) -> list[Written]:
    """A step of the same day that is already known, from a person or from a file, is that one."""
    at, known = timezone.now(), current_steps(files[row.code] for row in rows)
    found: dict[int, Step] = {}
    new: dict[int, Step] = {}
    for row in rows:
        same = (step for step in known[files[row.code]] if step.kind == row.step and is_said(step, row))
        step = next(same, None)
        if step is None:
            new[row.row.number] = step = _step(row, files[row.code], load, at)
            known[files[row.code]].append(step)
        found[row.row.number] = step
    Step.objects.bulk_create(new.values(), batch_size=BATCH)
    return [Written(row.row, "step", found[row.row.number], f"{row.code} · {row.step.label}") for row in rows]


def _step(row: FileRow, application: int, load: Load, at: datetime) -> Step:
    return Step(
        application_id=application,
        kind=row.step,
        rank=RANK[row.step],
        on=row.on,
        stated_on=load.snapshot.as_of or row.on,
        load=load,
        row=row.row.number,
        recorded_from=at,
        **row.texts,
    )


def remarks_of(rows: list[FileRow], files: dict[str, int]) -> list[Refusal]:
    """Steps out of order, or dated twice: kept as written, and said."""
    known = current_steps(files[row.code] for row in rows if row.code in files)
    odd: dict[int, dict[tuple[str, object], str]] = {}
    remarks = []
    for row in rows:
        pk = files.get(row.code)
        if pk is None:
            continue
        if pk not in odd:
            said = oddities([as_dated(step) for step in known[pk]], row.cycle)
            odd[pk] = {(step.kind, step.on): said[step.pk] for step in known[pk] if step.pk in said}
        if text := odd[pk].get((row.step, row.on)):
            remarks.append(Refusal(row.row.number, "step", row.row.text("step"), text))
    return remarks
