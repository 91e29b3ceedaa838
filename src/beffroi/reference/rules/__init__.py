from beffroi.reference.rules.correspondences import blockers_to_correspondence
from beffroi.reference.rules.geometry import Polygon, WrongGeometry, polygons_of, snapped
from beffroi.reference.rules.passages import (
    Movement,
    Part,
    Passage,
    carried,
    composed,
    inverted,
    passages_of_movements,
    ties_of,
    ties_to_wholes,
)

__all__ = [
    "Movement",
    "Part",
    "Passage",
    "Polygon",
    "WrongGeometry",
    "blockers_to_correspondence",
    "carried",
    "composed",
    "inverted",
    "passages_of_movements",
    "polygons_of",
    "snapped",
    "ties_of",
    "ties_to_wholes",
]
