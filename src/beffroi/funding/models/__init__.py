from beffroi.funding.models.agreements import (
    Agreement,
    AgreementIndicator,
    AgreementMeasure,
    AgreementParty,
    Amendment,
    Deliberation,
    DocumentDue,
    Instalment,
)
from beffroi.funding.models.applications import Application
from beffroi.funding.models.calls import Call, CallCriterion
from beffroi.funding.models.claims import (
    CENTS,
    AmountClaim,
    ExpenditureClaim,
    ExpenditureSettlement,
    LineClaim,
    LineSettlement,
    SumClaim,
    SumSettlement,
)
from beffroi.funding.models.envelopes import DeadlineRule, Envelope, Tranche
from beffroi.funding.models.labels import OperationLabel
from beffroi.funding.models.links import LineLink
from beffroi.funding.models.measures import PrintedMeasure
from beffroi.funding.models.money import Expenditure, Line, Money, Sum
from beffroi.funding.models.operations import Operation, OperationPartner
from beffroi.funding.models.plans import FinancingPlan, Move, PlanCell, PlanVersion, Sandbox
from beffroi.funding.models.programmes import Programme
from beffroi.funding.models.regimes import AidRegime
from beffroi.funding.models.steps import Step
from beffroi.funding.models.systems import SystemRow

__all__ = [
    "CENTS",
    "Agreement",
    "AgreementIndicator",
    "AgreementMeasure",
    "AgreementParty",
    "AidRegime",
    "Amendment",
    "AmountClaim",
    "Application",
    "Call",
    "CallCriterion",
    "DeadlineRule",
    "Deliberation",
    "DocumentDue",
    "Envelope",
    "Expenditure",
    "ExpenditureClaim",
    "ExpenditureSettlement",
    "FinancingPlan",
    "Instalment",
    "Line",
    "LineClaim",
    "LineLink",
    "LineSettlement",
    "Money",
    "Move",
    "Operation",
    "OperationLabel",
    "OperationPartner",
    "PlanCell",
    "PlanVersion",
    "PrintedMeasure",
    "Programme",
    "Sandbox",
    "Step",
    "Sum",
    "SumClaim",
    "SumSettlement",
    "SystemRow",
    "Tranche",
]
