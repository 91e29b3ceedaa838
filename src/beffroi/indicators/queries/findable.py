"""What search says of indicators."""

from collections.abc import Iterable, Iterator

from beffroi.core.search import SearchRow, address_of
from beffroi.indicators.models import Indicator


def indicator_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Indicator.objects.all() if ids is None else Indicator.objects.filter(pk__in=list(ids))
    for row in rows.select_related("framework", "item").iterator():
        yield SearchRow(
            kind="indicator",
            id=row.pk,
            title=row.label,
            detail=str(row.item or row.framework),
            address=address_of(row),
            texts=(row.code, row.definition, row.framework.code),
            rank=2,
            owner_id=row.owner_id,
            visibility=row.visibility,
        )
