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
from beffroi.funding.enums.steps import CallKind, CriterionKind, Cycle, FileBlocker, FundingAct, StepBlocker, StepKind

__all__ = [
    "BudgetSection",
    "COUNTED",
    "CallKind",
    "Cause",
    "ContractStatus",
    "CriterionKind",
    "Cycle",
    "ExpenditureBase",
    "ExpenditureState",
    "FileBlocker",
    "FundingAct",
    "Instrument",
    "LISTED",
    "LinkState",
    "Measure",
    "Origin",
    "PlaceBasis",
    "PrintedState",
    "ProgrammeAct",
    "SandboxState",
    "Stage",
    "StepBlocker",
    "StepKind",
    "SumKind",
    "Verdict",
    "VersionKind",
    "VersionState",
]
