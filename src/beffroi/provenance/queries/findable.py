"""What search says of sources, which everybody may know."""

from collections.abc import Iterable, Iterator

from beffroi.core.search import SearchRow, address_of
from beffroi.provenance.models import Source


def source_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Source.objects.all() if ids is None else Source.objects.filter(pk__in=list(ids))
    for row in rows.iterator():
        yield SearchRow(
            kind="source",
            id=row.pk,
            title=row.title,
            detail=row.publisher,
            address=address_of(row),
            texts=(row.code, row.licence),
            rank=5,
        )
