"""What search says of sources: as widely as their most widely shown file."""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch

from beffroi.core.search import SearchRow, address_of
from beffroi.provenance.models import Load, Snapshot, Source


def source_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Source.objects.all() if ids is None else Source.objects.filter(pk__in=list(ids))
    loads = Prefetch("loads", Load.objects.only("snapshot", "owner", "visibility"))
    for row in rows.prefetch_related(Prefetch("snapshots", Snapshot.objects.prefetch_related(loads))):
        widest = min(_loads(row), key=lambda load: load.visibility, default=None)
        yield SearchRow(
            kind="source",
            id=row.pk,
            title=row.title,
            detail=row.publisher,
            address=address_of(row),
            texts=(row.code, row.licence),
            rank=5,
            owner_id=widest.owner_id if widest else None,
            visibility=widest.visibility if widest else 0,
        )


def _loads(source: Source) -> list[Load]:
    return [load for snapshot in source.snapshots.all() for load in snapshot.loads.all()]
