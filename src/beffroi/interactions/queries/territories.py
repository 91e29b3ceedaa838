"""Where things are: territories, those that contain them, and those that another source or another year names otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from beffroi.reference.enums import FrameworkKind, Strength
from beffroi.reference.models import Correspondence, Item, PlaceMembership

NAMED_BY_DOCUMENTS = "lieux-cites"  # a place that a document names is one of the official ones, or of no list at all


def territories() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY)
    return rows


@dataclass(frozen=True)
class Reach:
    """Each territory -> itself and all that contain it whole (`around`), and those that have only a part of it (`across`)."""

    around: Mapping[int, Set[int]]
    across: Mapping[int, Set[int]]


def reach_of(places: Iterable[int]) -> Reach:
    """By the communes that they share, where communes are known: a zone may lie across two departments. A few queries."""
    asked = set(places)
    sizes, shared = _shared_communes(asked)
    wholes = around(asked | {whole for _, whole in shared})
    inside, across = {place: set(wholes[place]) for place in wholes}, {place: set[int]() for place in wholes}
    for place in sizes:
        entire = {whole for (one, whole), n in shared.items() if one == place and n == sizes[place]}
        partial = {whole for (one, whole), n in shared.items() if one == place and n < sizes[place]}
        inside[place] = wholes[place].union(*(wholes[whole] for whole in entire)) - partial
        across[place] = set().union(*(wholes[whole] for whole in partial)) - inside[place]
    return Reach(inside, across)


def _shared_communes(places: set[int]) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """How many communes each has, and how many of them each other territory has too."""
    rows = PlaceMembership.objects.filter(whole__in=places, part__level="commune").order_by()
    sizes = dict(rows.values_list("whole").annotate(n=Count("pk")))
    pairs = rows.values_list("whole", "part__inside__whole").annotate(n=Count("pk"))
    return sizes, {(place, other): n for place, other, n in pairs if other != place}


def around(places: Iterable[int]) -> dict[int, set[int]]:
    """Each territory -> itself and all that a source says to contain it, under every name and in every year."""
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
    """Those of the region; all of them when the list ties none of them to any, none when it ties them to nothing at all."""
    reach = reach_of(item.pk for item in items)
    known = {item.pk: reach.around[item.pk] | reach.across[item.pk] for item in items}
    regions = dict(territories().filter(level="region").order_by("pk").values_list("pk", "code"))
    tied = [item for item in items if known[item.pk] & set(regions)]
    if tied:
        home = {pk for pk, code in regions.items() if code == settings.REGION}
        return [item for item in tied if known[item.pk] & home]
    return items if any(known[item.pk] - {item.pk} for item in items) or _have_communes(items) else []


def _have_communes(items: list[Item]) -> bool:
    return PlaceMembership.objects.filter(whole__in=[item.pk for item in items]).exists()
