"""Outlines as areas of a map: those that somebody loaded, else tiles whose positions are ours."""

import json
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Count, Max

from beffroi.core.charts import Area
from beffroi.core.text import search_key
from beffroi.observatory.rules import far_away, hatched, on_plane, whole
from beffroi.reference.models import Boundary, Item
from beffroi.reference.rules import Polygon, snapped

DATA = Path(__file__).resolve().parents[1] / "data"
FINENESS = 700  # points across the map: what a screen shows
PARTS = 10  # of such a point
HATCH = 90  # lines across it
LEVELS_KEPT = 4  # drawn once by each process: those that people look at
Shades = Mapping[int, tuple[int | None, str]]


@cache
def tiles() -> dict[str, dict[str, tuple[int, int]]]:
    """Column and row of each territory of a level, by its name: data/tiles.toml."""
    data = tomllib.loads((DATA / "tiles.toml").read_text())
    return {
        level: {search_key(name): (column, row) for name, (column, row) in places.items()} for level, places in data.items()
    }


def outlines(places: Iterable[Item]) -> tuple[dict[int, list[Polygon]], set[str]]:
    """The polygons of each territory, of its own vintage or of the nearest that has them; which vintages were lent. Where
    several sources draw one, the outline of the source that was loaded last."""
    items = list(places)
    codes = {(item.version.framework.code, item.code) for item in items}
    rows = Boundary.objects.filter(
        item__version__framework__code__in={framework for framework, _ in codes}, item__code__in={code for _, code in codes}
    ).order_by("pk").values_list(
        "item__version__framework__code", "item__code", "item__version__code", "rings", "load_id",
        "load__snapshot__source", "load__profile",
    )  # fmt: skip
    drawn: dict[tuple[str, str], dict[str, list[Polygon]]] = {}
    for (framework, code, vintage), polygons in _of_last_source(rows).items():
        drawn.setdefault((framework, code), {})[vintage] = polygons
    found: dict[int, list[Polygon]] = {}
    lent: set[str] = set()
    for item in items:
        by_vintage = drawn.get((item.version.framework.code, item.code), {})
        if by_vintage:
            nearest = min(by_vintage, key=lambda vintage: (_years_apart(vintage, item.version.code), vintage))
            found[item.pk] = by_vintage[nearest]
            lent |= {nearest} - {item.version.code}
    return found, lent


def _of_last_source(rows: Iterable[Any]) -> dict[tuple[str, str, str], list[Polygon]]:
    """A source draws a territory whole: its parts, whichever of its files drew each, and none of another's."""
    found: dict[tuple[str, str, str], dict[Any, list[Polygon]]] = {}
    last: dict[tuple[tuple[str, str, str], Any], int] = {}
    for framework, code, vintage, rings, load, *source in rows:
        place, who = (framework, code, vintage), tuple(source)
        found.setdefault(place, {}).setdefault(who, []).extend(json.loads(rings))
        last[place, who] = max(load or 0, last.get((place, who), 0))
    return {place: by_source[max(by_source, key=lambda who: last[place, who])] for place, by_source in found.items()}


def _years_apart(one: str, other: str) -> int:
    return abs(int(one) - int(other)) if one.isdigit() and other.isdigit() else 0


def areas(places: Sequence[Item], shades: Shades) -> tuple[list[Area], set[str]]:
    """One area a territory that has an outline, on a plane, as fine as a screen shows."""
    drawn, lent = _shapes(tuple(place.pk for place in places), _last_drawn())
    return [_area(place, drawn[place.pk], shades) for place in places if place.pk in drawn], set(lent)


def _last_drawn() -> tuple[int, int]:
    """An outline never changes: another is loaded in its place."""
    found = Boundary.objects.aggregate(last=Max("pk"), count=Count("pk"))
    return found["last"] or 0, found["count"]


@lru_cache(maxsize=LEVELS_KEPT)
def _shapes(places: tuple[int, ...], last_drawn: tuple[int, int]) -> tuple[dict[int, list[Polygon]], set[str]]:
    """The outlines of these territories in whole parts of a point of the screen: three times shorter to send than degrees."""
    found, lent = outlines(Item.objects.filter(pk__in=places).select_related("version__framework"))
    far = far_away({pk: parts[0][0][0] for pk, parts in found.items()})
    found = {pk: parts for pk, parts in found.items() if pk not in far}
    points = [point for parts in found.values() for part in parts for ring in part for point in ring]
    if not points:
        return {}, set()
    ys = [y for _, y in points]
    middle = math.cos(math.radians((min(ys) + max(ys)) / 2))
    width = max(max(ys) - min(ys), (max(x for x, _ in points) - min(x for x, _ in points)) * middle)
    point = (width or 1) / FINENESS
    return {pk: _on_screen(parts, middle, point) for pk, parts in found.items()}, lent


def _on_screen(polygons: list[Polygon], middle: float, point: float) -> list[Polygon]:
    unit = point / PARTS
    return [[whole(on_plane(ring, middle), unit) for ring in part] for part in snapped(polygons, point)]


def _area(place: Item, rings: list[Polygon], shades: Shades) -> Area:
    shade, value = shades.get(place.pk, (None, ""))
    lines = [line for part in rings for line in hatched(part, FINENESS * PARTS / HATCH)] if shade is None else []
    return Area(place.label, rings, shade, value, lines)


def tile_areas(places: Sequence[Item], level: str, shades: Shades) -> list[Area]:
    """A square for each territory that has a position; none when one of them has not."""
    known = tiles().get(level, {})
    if not places or any(_tile_name(place) not in known for place in places):
        return []
    return [_tile(place, known[_tile_name(place)], shades) for place in places]


def _tile_name(place: Item) -> str:
    return search_key(place.label.partition(" : ")[2] or place.label)


def _tile(place: Item, at: tuple[int, int], shades: Shades) -> Area:
    column, row = at
    shade, value = shades.get(place.pk, (None, ""))
    left, bottom, size = float(column), -float(row), 0.94
    square = [(left, bottom), (left, bottom + size), (left + size, bottom + size), (left + size, bottom), (left, bottom)]
    return Area(place.label, [[square]], shade, value, hatched([square], 0.12) if shade is None else [])
