from beffroi.actors.loads.organisations import close_relations, organisations, written_relations
from beffroi.actors.loads.sirene import establishment_periods, establishments, legal_units

__all__ = [
    "close_relations",
    "establishment_periods",
    "establishments",
    "legal_units",
    "organisations",
    "written_relations",
]
