from beffroi.interactions.actions.areas import choose_area
from beffroi.interactions.actions.needs import open_need
from beffroi.interactions.actions.nomenclatures import seed_nomenclatures
from beffroi.interactions.actions.visits import (
    Heard,
    Newcomer,
    Note,
    VisitRefused,
    change_visit,
    end_reservations,
    note_visit,
    plan_visit,
)

__all__ = [
    "Heard",
    "Newcomer",
    "Note",
    "VisitRefused",
    "change_visit",
    "choose_area",
    "end_reservations",
    "note_visit",
    "open_need",
    "plan_visit",
    "seed_nomenclatures",
]
