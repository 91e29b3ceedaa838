"""From the passages of codes, year by year, and from the dated movements of communes, to the rows that conversions read."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.db.models import Model

from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.enums import MovementKind, SuccessionKind
from beffroi.reference.loads.cog.successions import follow_passages
from beffroi.reference.models import CodePassage, CommuneMovement

BATCH = 2_000
UNDATED = 9999  # the year of a day that nobody knows
KINDS = {"f": SuccessionKind.MERGED, "d": SuccessionKind.SPLIT, "c": SuccessionKind.REPLACED}
BACKWARDS = "L’année d’arrivée ne suit pas l’année de départ."
NO_SHARE = "Une part va de plus de 0 à 1."


def passages(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=_written_passages, close=close_passages)


def close_passages(statements: list[Statement], at: datetime) -> None:
    _delete(CodePassage, [row.subject_id for row in statements])


def _delete(model: type[Model], ids: list[int]) -> None:
    for start in range(0, len(ids), BATCH):
        model._default_manager.filter(pk__in=ids[start : start + BATCH]).delete()


def _written_passages(rows: list[StatedRow]) -> Iterable[Written | Refusal]:
    refusals = [refusal for row in rows if (refusal := _refusal(row))]
    wrong = {refusal.row for refusal in refusals}
    made = {row.number: _passage(row) for row in rows if row.number not in wrong}
    CodePassage.objects.bulk_create(made.values(), batch_size=BATCH)
    follow_passages()
    return [*refusals, *(Written(row, "code_passage", made[row.number], _label(row)) for row in rows if row.number in made)]


def _refusal(row: StatedRow) -> Refusal | None:
    if int(row["after_year"]) <= int(row["before_year"]):
        return Refusal(row.number, "after_year", str(row["after_year"]), BACKWARDS)
    if row["share"] is not None and not 0 < row["share"] <= 1:
        return Refusal(row.number, "share", str(row["share"]), NO_SHARE)
    return None


def _label(row: StatedRow) -> str:
    return f"{row['before_code']} ({row['before_year']}) → {row['after_code']} ({row['after_year']})"


def _passage(row: StatedRow) -> CodePassage:
    on = row["on"]
    return CodePassage(
        before_year=row["before_year"],
        after_year=row["after_year"],
        before_code=row["before_code"],
        after_code=row["after_code"],
        kind=KINDS[row["kind"]],
        share=row["share"],
        on=None if on is None or on.year == UNDATED else on,
    )


def movements(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=_written_movements, close=close_movements)


def close_movements(statements: list[Statement], at: datetime) -> None:
    _delete(CommuneMovement, [row.subject_id for row in statements])


def _written_movements(rows: list[StatedRow]) -> Iterable[Written | Refusal]:
    known = [row for row in rows if row["kind"] in MovementKind.values]
    made = [_movement(row) for row in known]
    CommuneMovement.objects.bulk_create(made, batch_size=BATCH)
    follow_passages()
    unknown = "« {} » n’est pas un mouvement que l’INSEE décrit (MOD)."
    yield from (row.refusal("kind", unknown.format(row["kind"])) for row in rows if row["kind"] not in MovementKind.values)
    yield from (Written(row, "commune_movement", one, str(one)) for row, one in zip(known, made, strict=True))


def _movement(row: StatedRow) -> CommuneMovement:
    sides = [f"{side}_{name}" for side in ("before", "after") for name in ("type", "code", "label")]
    return CommuneMovement(on=row["on"], kind=row["kind"], **{name: row.text(name)[:200] for name in sides})
