from beffroi.interactions.actions.needs import open_need
from beffroi.interactions.actions.nomenclatures import seed_nomenclatures

__all__ = ["open_need", "seed_nomenclatures"]
