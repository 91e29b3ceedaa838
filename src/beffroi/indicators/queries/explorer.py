"""Cells as the explorer lists them, and what a territory's page takes of them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from beffroi.accounts.models import AnyUser
from beffroi.core.text import search_key
from beffroi.indicators.enums import Status
from beffroi.indicators.models import CellQuerySet, Dimension
from beffroi.indicators.queries.listing import in_places
from beffroi.indicators.queries.values import known_cells, known_claims
from beffroi.provenance.queries import Moment

LATEST_FIRST = (F("end").desc(nulls_last=True), F("breakdown").asc(), F("pk").asc())


def cells_asked(asked: dict[str, Any], *, moment: Moment, viewer: AnyUser) -> CellQuerySet:
    """The cells that a reader's filters select, indicator by indicator, the latest period first."""
    found = in_places(asked.get("territory"), asked.get("place", ""), viewer=viewer)
    for word in search_key(asked.get("q", "")).split():
        found &= Q(indicator__sort_key__contains=word)
    for name, field in (("indicator", "indicator"), ("framework", "indicator__framework"), ("status", "status")):
        if asked.get(name):
            found &= Q(**{field: asked[name]})
    if year := asked.get("year"):
        found &= Q(start__year__lte=year, end__year__gte=year)
    rows = known_cells(viewer, moment).filter(found)
    if source := asked.get("source"):
        rows = rows.filter(Exists(known_claims(viewer, moment).filter(cell=OuterRef("pk"), load__snapshot__source=source)))
    if words := asked.get("breakdown", "").strip():
        rows = rows.filter(_broken_down(words))
    related = rows.select_related("indicator__framework", "indicator__item", "territory")
    ordered: CellQuerySet = related.order_by("indicator__sort_key", "indicator", *LATEST_FIRST)
    return ordered


def _broken_down(words: str) -> Q:
    """The words as sources write them in a breakdown, or those of the item that it names."""
    named = Dimension.objects.filter(cell=OuterRef("pk"), item__sort_key__contains=search_key(words))
    return Q(breakdown__icontains=words) | Q(Exists(named))


def latest_cells(territories: Iterable[int], *, moment: Moment, viewer: AnyUser) -> CellQuerySet:
    """The last result of each indicator in a place, with how many values the place has of it."""
    rows = known_cells(viewer, moment).filter(territory__in=list(territories)).exclude(status=Status.TARGET)
    by_indicator = [F("indicator")]
    rows = rows.annotate(
        rank=Window(RowNumber(), partition_by=by_indicator, order_by=LATEST_FIRST),
        siblings=Window(Count("pk"), partition_by=by_indicator),
    )
    latest: CellQuerySet = rows.filter(rank=1).select_related("indicator__framework", "indicator__item", "territory")
    return latest.order_by("indicator__framework__sort_key", "indicator__sort_key", "pk")


def value_counts(*, moment: Moment, viewer: AnyUser) -> dict[int, int]:
    """How many values each territory has, under this very name."""
    rows = known_cells(viewer, moment).filter(territory__isnull=False).order_by().values("territory").annotate(n=Count("pk"))
    return {row["territory"]: row["n"] for row in rows}
