"""From staged rows to frameworks, items, correspondences, rules, systems and territories."""

from beffroi.reference.loads.boundaries import boundaries
from beffroi.reference.loads.cog import communes, movements, passages, populations, zone_labels
from beffroi.reference.loads.correspondences import close_correspondences, correspondences
from beffroi.reference.loads.frameworks import frameworks
from beffroi.reference.loads.items import items
from beffroi.reference.loads.places import places
from beffroi.reference.loads.rules import close_rules, rules
from beffroi.reference.loads.systems import systems
from beffroi.reference.loads.territories import territories

__all__ = [
    "boundaries",
    "close_correspondences",
    "close_rules",
    "communes",
    "correspondences",
    "frameworks",
    "items",
    "movements",
    "passages",
    "places",
    "populations",
    "rules",
    "systems",
    "territories",
    "zone_labels",
]
