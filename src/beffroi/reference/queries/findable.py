"""What search says of frameworks, items, territories and named systems."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from beffroi.core.search import SearchRow, address_of
from beffroi.reference.enums import FrameworkKind, level_label
from beffroi.reference.models import Framework, Item, NamedSystem

RANKS = {"region": 12, "former_region": 10, "department": 9, "epci": 7, "employment_zone": 7, "place": 6, "commune": 3}
LONGEST_ACRONYM = 8
BATCH = 2_000
YEAR = 4  # the codes of official territories are dated by a year


def of_ids(rows: Any, ids: Iterable[int] | None) -> Any:
    return rows if ids is None else rows.filter(pk__in=list(ids))


def framework_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    for row in of_ids(Framework.objects.all(), ids).iterator():
        yield SearchRow(
            kind="framework",
            id=row.pk,
            title=row.label,
            detail=str(row.get_kind_display()),
            address=address_of(row),
            texts=(row.code,),
            acronyms=_acronyms_in(row.code, row.label),
            rank=8,
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


def _acronyms_in(code: str, label: str) -> tuple[str, ...]:
    """The codes of documents start with the acronym that people say: cper-hdf-2021-2027."""
    first = code.partition("-")[0]
    return (first,) if len(first) <= LONGEST_ACRONYM and first not in label.lower().split() else ()


def item_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Item.objects.exclude(version__framework__kind=FrameworkKind.GEOGRAPHY)
    return _item_rows("item", of_ids(rows, ids))


def territory_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    """A territory that keeps its code and its name from year to year is found once, in its latest year."""
    rows = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY).exclude(Exists(_of_another_year("gt")))
    return _item_rows("territory", of_ids(rows, ids))


def _of_another_year(order: str) -> QuerySet[Item]:
    same = {"version__framework": OuterRef("version__framework"), "code": OuterRef("code"), "sort_key": OuterRef("sort_key")}
    return Item.objects.order_by().filter(**same, **{f"version__code__{order}": OuterRef("version__code")})


def earlier_years(ids: Iterable[int]) -> set[int]:
    """The same territories in the years before: a later year takes their place in the index."""
    listed, found = sorted(ids), set()
    for at in range(0, len(listed), BATCH):
        later = Item.objects.filter(pk__in=listed[at : at + BATCH], version__framework__kind=FrameworkKind.GEOGRAPHY)
        keys = later.order_by().values_list("version__framework", "code")
        codes = {code for _, code in keys}
        rows = Item.objects.filter(version__framework__in={framework for framework, _ in keys}, code__in=codes).order_by()
        found |= set(rows.values_list("pk", flat=True))
    return found


def _item_rows(kind: str, rows: QuerySet[Item]) -> Iterator[SearchRow]:
    for row in rows.select_related("version__framework").iterator():
        level, framework, vintage = level_label(row.level), row.version.framework, row.version.code
        where = vintage if kind == "territory" and len(vintage) == YEAR else framework.label
        yield SearchRow(
            kind=kind,
            id=row.pk,
            title=row.label,
            detail=f"{level} · {where}",
            address=address_of(row),
            texts=(row.code, row.label_en, framework.code),
            rank=RANKS.get(row.level, 4) if kind == "territory" else 0,
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


def system_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    for row in of_ids(NamedSystem.objects.all(), ids).iterator():
        yield SearchRow(
            kind="system",
            id=row.pk,
            title=row.label,
            detail=str(row.get_kind_display()),
            address=address_of(row),
            texts=(row.purpose, row.users),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )
