from beffroi.reference.queries.codes import PLACES, Codes
from beffroi.reference.queries.conversions import Bridge, Geography, UnknownGeography, bridge, communes_inside, geography
from beffroi.reference.queries.crosswalks import (
    CrosswalkPicture,
    correspondences_at,
    crosswalk_picture,
    crosswalks_of,
    unallocated_items,
)
from beffroi.reference.queries.labels import labels_of
from beffroi.reference.queries.trees import item_card, item_path, level_figures, same_place_ids, tree
from beffroi.reference.queries.wholes import wholes_of

__all__ = [
    "PLACES",
    "Bridge",
    "Codes",
    "CrosswalkPicture",
    "Geography",
    "UnknownGeography",
    "bridge",
    "communes_inside",
    "geography",
    "correspondences_at",
    "crosswalk_picture",
    "crosswalks_of",
    "item_card",
    "item_path",
    "labels_of",
    "level_figures",
    "same_place_ids",
    "tree",
    "unallocated_items",
    "wholes_of",
]
