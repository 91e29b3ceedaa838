"""Calls, found by what they fund, where, how and until when."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.core.search import SearchRow, address_of
from beffroi.core.text import search_key
from beffroi.funding.models import Call
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Item, PlaceMembership

RELATED = ("programme__framework", "item", "area", "owner")


def call_ids(namespace: str) -> dict[str, int]:
    return dict(Call.objects.filter(namespace=namespace).values_list("code", "pk"))


def is_open(on: date) -> Q:
    return (Q(opens__isnull=True) | Q(opens__lte=on)) & (Q(closes__isnull=True) | Q(closes__gte=on))


STATES: dict[str, Callable[[date], Q]] = {
    "open": is_open,
    "coming": lambda on: Q(opens__gt=on),
    "closed": lambda on: Q(closes__lt=on),
}


def state_of(call: Call, on: date) -> str:
    if call.opens is not None and on < call.opens:
        return "coming"
    return "closed" if call.closes is not None and on > call.closes else "open"


def calls_asked(asked: dict[str, Any], *, viewer: AnyUser, on: date) -> QuerySet[Call]:
    rows = Call.objects.visible_to(viewer).select_related(*RELATED)
    if words := search_key(asked.get("q") or ""):
        rows = rows.filter(Q(sort_key__contains=words) | Q(item__sort_key__contains=words))
    if state := STATES.get(asked.get("state") or ""):
        rows = rows.filter(state(on))
    if territory := asked.get("territory"):
        rows = rows.filter(open_in(territory))
    named = {name: asked.get(name) for name in ("kind", "programme", "item")}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if asked.get("before"):
        rows = rows.filter(closes__lte=asked["before"])
    found: QuerySet[Call] = rows
    return found


def open_in(territory: str) -> Q:
    """Calls of the territories that these words name, of those around them and of those inside them."""
    key = search_key(territory)
    named = set(_places().filter(Q(sort_key=key) | Q(code=territory.strip())).order_by().values_list("pk", flat=True))
    return Q(area__in=around(named) | within(named)) | Q(area=None, written_area__icontains=territory.strip())


def _places() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY)
    return rows


def around(places: set[int]) -> set[int]:
    """These territories and all that contain them."""
    found, fresh = set(places), set(places)
    while fresh:
        parents = _places().filter(children__in=fresh).order_by().values_list("pk", flat=True)
        wholes = PlaceMembership.objects.filter(part__in=fresh).order_by().values_list("whole", flat=True)
        fresh = ({*parents, *wholes}) - found
        found |= fresh
    return found


def within(places: set[int]) -> set[int]:
    """The territories of calls that are inside these, climbing from all of them at once."""
    areas = Call.objects.exclude(area=None).order_by().values_list("area", flat=True).distinct()
    fresh: Origins = {area: {area} for area in areas}
    reached: Origins = {}
    while fresh:
        for place, origins in fresh.items():
            reached.setdefault(place, set()).update(origins)
        fresh = _above(fresh, reached)
    return {area for place in places for area in reached.get(place, ())}


Origins = dict[int, set[int]]


def _above(fresh: Origins, reached: Origins) -> Origins:
    """What contains each place, with the territories from which one climbed to it for the first time."""
    parents = _places().filter(pk__in=list(fresh), parent__isnull=False).order_by().values_list("pk", "parent")
    wholes = PlaceMembership.objects.filter(part__in=list(fresh)).order_by().values_list("part", "whole")
    found: Origins = {}
    for part, whole in {*parents, *wholes}:
        if whole is not None and (new := fresh[part] - reached.get(whole, set())):
            found.setdefault(whole, set()).update(new)
    return found


def call_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Call.objects.all() if ids is None else Call.objects.filter(pk__in=list(ids))
    for row in rows.select_related("programme__framework", "item").order_by("pk").iterator():
        yield SearchRow(
            kind="call",
            id=row.pk,
            title=row.title,
            detail=f"{row.get_kind_display()} · {row.programme}"[:500],
            address=address_of(row),
            texts=(row.code, row.description, str(row.item or row.written_item)),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )
