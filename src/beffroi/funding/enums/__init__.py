from beffroi.funding.enums.money import (
    BudgetSection,
    ContractStatus,
    ExpenditureBase,
    ExpenditureState,
    Instrument,
    LinkState,
    Origin,
    PlaceBasis,
    Stage,
)

__all__ = [
    "BudgetSection",
    "ContractStatus",
    "ExpenditureBase",
    "ExpenditureState",
    "Instrument",
    "LinkState",
    "Origin",
    "PlaceBasis",
    "Stage",
]
