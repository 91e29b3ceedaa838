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
    SumKind,
)
from beffroi.funding.enums.printed import PrintedState

__all__ = [
    "BudgetSection",
    "ContractStatus",
    "ExpenditureBase",
    "ExpenditureState",
    "Instrument",
    "LinkState",
    "Origin",
    "PlaceBasis",
    "PrintedState",
    "Stage",
    "SumKind",
]
