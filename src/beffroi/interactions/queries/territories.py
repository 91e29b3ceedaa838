"""Where things are: territories, those that contain them, and those that another source or another year names otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from beffroi.reference.enums import FrameworkKind, Strength
from beffroi.reference.models import Correspondence, Item, PlaceMembership

NAMED_BY_DOCUMENTS = "lieux-cites"  # a place that a document names is one of the official ones, or of no list at all


def territories() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY)
    return rows


def around(places: Iterable[int]) -> dict[int, set[int]]:
    """Each territory -> itself and all that contain it, under every name and in every year. A few queries, however many."""
    asked = set(places)
    edges: dict[int, set[int]] = defaultdict(set)
    found, fresh = set(asked), set(asked)
    while fresh:
        for part, whole in _edges(fresh):
            edges[part].add(whole)
        fresh = {whole for part in fresh for whole in edges[part]} - found
        found |= fresh
    return {place: _reached(place, edges) for place in asked}


def _edges(fresh: set[int]) -> Iterable[tuple[int, int]]:
    yield from PlaceMembership.objects.filter(part__in=fresh).order_by("pk").values_list("part", "whole")
    above = territories().filter(pk__in=fresh, parent__isnull=False)
    yield from ((part, whole) for part, whole in above.order_by("pk").values_list("pk", "parent") if whole)
    pairs = Correspondence.objects.current().filter(
        strength=Strength.FULL, source__version__framework__kind="geography", target__version__framework__kind="geography"
    )
    for one, other in pairs.filter(Q(source__in=fresh) | Q(target__in=fresh)).order_by("pk").values_list("source", "target"):
        yield from ((one, other), (other, one))
    items = "version__framework__versions__items"
    years = territories().filter(pk__in=fresh, code=F(f"{items}__code")).order_by("pk").values_list("pk", f"{items}__pk")
    yield from ((part, int(same)) for part, same in years if part != same)


def _reached(place: int, edges: Mapping[int, set[int]]) -> set[int]:
    found, fresh = {place}, {place}
    while fresh:
        fresh = {whole for part in fresh for whole in edges.get(part, ())} - found
        found |= fresh
    return found


def zones_at(level: str) -> list[Item]:
    """The territories of a level in the region of this installation, of the last year; without any, those of the list that
    speaks of no other region."""
    rows = territories().filter(level=level).exclude(version__framework__code=NAMED_BY_DOCUMENTS)
    frameworks = rows.order_by().values_list("version__framework__code").annotate(last=Count("pk"))
    best: list[Item] = []
    for code in sorted(code for code, _ in frameworks):
        of_framework = rows.filter(version__framework__code=code).select_related("version__framework")
        last = of_framework.order_by("-version__code", "pk").first()
        items = list(of_framework.filter(version=last.version_id).order_by("sort_key", "pk")) if last else []
        best = max(best, _in_region(items), key=len)
    return best


def _in_region(items: list[Item]) -> list[Item]:
    """Those of the region; all of them when the list ties none of them to any."""
    home = set(territories().filter(level="region", code=settings.REGION).order_by().values_list("pk", flat=True))
    wholes = around(item.pk for item in items)
    regions = set(territories().filter(level="region").order_by().values_list("pk", flat=True))
    tied = [item for item in items if wholes[item.pk] & regions]
    return [item for item in items if wholes[item.pk] & home] if tied else items
