from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.utils import timezone

from beffroi.core.text import search_key
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load
from beffroi.reference.loads.correspondences import crosswalk_between
from beffroi.reference.models import (
    Correspondence,
    Framework,
    Item,
    Version,
)
from beffroi.reference.queries import PLACES, Codes


def places(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """The places that documents name, tied to an official territory where that is certain."""
    return record_statements(frames, load=load, write=lambda rows: _written_places(rows, load))


def _written_places(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    label = "Lieux nommés par les documents"
    framework, _ = Framework.objects.get_or_create(code=PLACES, defaults={"label": label, "kind": "geography"})
    version, _ = Version.objects.get_or_create(framework=framework, code="1")
    codes, at = Codes(load.snapshot.source.code), timezone.now()
    for row in rows:
        official = codes.item(row["official_framework"], row["official_code"]) if row.text("official_code") else None
        if row.text("official_code") and official is None:
            yield row.refusal(
                "official_code", f"« {row['official_code']} » n’est pas un code de « {row['official_framework']} »."
            )
            continue
        fields = {"label": row["label"], "level": row["kind"], "sort_key": search_key(row["label"])[:200]}
        seen_by = {"owner": load.owner, "visibility": load.visibility}
        item, _ = Item.objects.update_or_create(
            version=version, code=row["code"], defaults=fields, create_defaults=fields | seen_by
        )
        if official is not None:
            _tie(item, official, row, at, load)
        yield Written(row, "item", item, row["label"])


def _tie(item: Item, official: int, row: StatedRow, at: datetime, load: Load) -> None:
    target = Item.objects.only("version_id").get(pk=official)
    crosswalk = crosswalk_between(item.version_id, target.version_id, load)
    Correspondence.objects.get_or_create(
        source=item,
        target=target,
        recorded_to=None,
        defaults={"crosswalk": crosswalk, "strength": row["strength"], "recorded_from": at, "reason": row.text("note")[:500]},
    )
