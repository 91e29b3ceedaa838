"""Services of operators and offers of companies, as the search finds them."""

from collections.abc import Iterable, Iterator

from beffroi.accounts.models import Restricted
from beffroi.core.search import SearchRow, address_of
from beffroi.interactions.models import Offer, Service


def service_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Service.objects.filter(ended_on__isnull=True)
    rows = rows if ids is None else rows.filter(pk__in=list(ids))
    for row in rows.select_related("owner").prefetch_related("subjects").order_by("pk"):
        subjects = ", ".join(item.label for item in row.subjects.all())
        yield SearchRow(
            kind="service",
            id=row.pk,
            title=row.title,
            detail=f"{row.owner} · {subjects}"[:500],
            address=address_of(row),
            texts=(row.description, row.audience),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


def offer_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    """Found by those alone who may see both the offer and its company."""
    rows = Offer.objects.standing()
    rows = rows if ids is None else rows.filter(pk__in=list(ids))
    for row in rows.select_related("organisation", "place").order_by("pk"):
        narrowest: Restricted = max(row, row.organisation, key=lambda one: one.visibility)
        yield SearchRow(
            kind="offer",
            id=row.pk,
            title=row.text,
            detail=f"{row.organisation} · {row.place or ''}"[:500],
            address=address_of(row),
            texts=(row.detail, row.get_kind_display()),
            owner_id=narrowest.owner_id,
            visibility=narrowest.visibility,
        )
