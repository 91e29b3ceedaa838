from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.utils import timezone

from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.models import (
    Correspondence,
    Crosswalk,
    Item,
)
from beffroi.reference.queries import Codes


def correspondences(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(
        frames, load=load, write=lambda rows: _written_correspondences(rows, load), close=close_correspondences
    )


def close_correspondences(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "correspondence"]
    stated = Statement.objects.filter(subject_kind="correspondence", subject_id__in=ids, recorded_to__isnull=True)
    over = Correspondence.objects.filter(pk__in=ids, recorded_to__isnull=True)
    over.exclude(pk__in=stated.values("subject_id")).update(recorded_to=at)


def _written_correspondences(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes, at = Codes(load.snapshot.source.code), timezone.now()
    for row in rows:
        source = codes.item(row["from_framework"], row["from_code"])
        target = codes.item(row["to_framework"], row["to_code"])
        if source is None or target is None:
            side = "from" if source is None else "to"
            yield row.refusal(
                f"{side}_code", f"« {row[f'{side}_code']} » n’est pas un élément de « {row[f'{side}_framework']} »."
            )
            continue
        versions = dict(Item.objects.filter(pk__in=[source, target]).values_list("pk", "version_id"))
        crosswalk = crosswalk_between(versions[source], versions[target], load)
        edge, _ = Correspondence.objects.get_or_create(
            source_id=source,
            target_id=target,
            recorded_to=None,
            defaults={
                "crosswalk": crosswalk,
                "strength": row["strength"],
                "recorded_from": at,
                "reason": row.text("place")[:500],
            },
        )
        yield Written(row, "correspondence", edge, f"{row['from_code']} → {row['to_code']} ({row['strength']})")


def crosswalk_between(source: int, target: int, load: Load) -> Crosswalk:
    seen_by = {"owner": load.owner, "visibility": load.visibility}
    return Crosswalk.objects.get_or_create(source_id=source, target_id=target, defaults=seen_by)[0]
