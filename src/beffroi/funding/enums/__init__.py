from beffroi.funding.enums.acts import ProgrammeAct
from beffroi.funding.enums.money import (
    COUNTED,
    LISTED,
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
from beffroi.funding.enums.plans import Cause, Measure, SandboxState, Verdict, VersionKind, VersionState
from beffroi.funding.enums.printed import PrintedState

__all__ = [
    "COUNTED",
    "LISTED",
    "BudgetSection",
    "Cause",
    "ContractStatus",
    "ExpenditureBase",
    "ExpenditureState",
    "Instrument",
    "LinkState",
    "Measure",
    "Origin",
    "PlaceBasis",
    "PrintedState",
    "ProgrammeAct",
    "SandboxState",
    "Stage",
    "SumKind",
    "Verdict",
    "VersionKind",
    "VersionState",
]
