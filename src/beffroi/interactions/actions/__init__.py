from beffroi.interactions.actions.nomenclatures import seed_nomenclatures

__all__ = ["seed_nomenclatures"]
