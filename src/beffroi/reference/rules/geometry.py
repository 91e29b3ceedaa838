"""What the outline of a territory is. Pure."""

from collections.abc import Iterable
from typing import Any

Point = tuple[float, float]
Polygon = list[list[Point]]
PRECISION = 4  # decimals of a degree: about ten metres


class WrongGeometry(ValueError):
    """The outline cannot be drawn; the text says why."""


def polygons_of(geometry: Any) -> list[Polygon]:
    """The polygons of a GeoJSON geometry in longitudes and latitudes, whatever its numbers are written as."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise WrongGeometry("Le contour n’est pas une surface : attendu Polygon ou MultiPolygon.")
    coordinates = geometry.get("coordinates") or []
    parts = [coordinates] if kind == "Polygon" else coordinates
    try:
        found = [[_ring(ring) for ring in part] for part in parts]
    except WrongGeometry:
        raise
    except (TypeError, ValueError, IndexError) as error:
        raise WrongGeometry("Le contour a des points qui ne sont pas des nombres.") from error
    if not any(found):
        raise WrongGeometry("Le contour est vide.")
    if not all(abs(x) <= 180 and abs(y) <= 90 for part in found for ring in part for x, y in ring):
        raise WrongGeometry("Le contour n’est pas en longitudes et latitudes (WGS 84) : le reprojeter d’abord.")
    return found


def _ring(points: Any) -> list[Point]:
    ring = [(round(float(point[0]), PRECISION), round(float(point[1]), PRECISION)) for point in points]
    if len(ring) < LEAST_POINTS or ring[0] != ring[-1]:
        raise WrongGeometry("Le contour n’est pas fermé.")
    return ring


LEAST_POINTS = 4


def snapped(polygons: Iterable[Polygon], step: float) -> list[Polygon]:
    """The same outlines on a grid: neighbours keep the same points, so nothing gapes. A ring that vanishes is left out,
    and the whole is kept as it is when nothing would remain."""
    polygons = list(polygons)
    found = [[ring for ring in (_snapped(ring, step) for ring in part) if len(ring) >= LEAST_POINTS] for part in polygons]
    return [part for part in found if part] or polygons


def _snapped(ring: list[Point], step: float) -> list[Point]:
    """Rounded once a point that stays: most of the points of an outline fall on the one before."""
    places = [(round(x / step), round(y / step)) for x, y in ring]
    kept = [place for place, before in zip(places, [None, *places], strict=False) if place != before]
    return [(round(column * step, 5), round(row * step, 5)) for column, row in kept]
