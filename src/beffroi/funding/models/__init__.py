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
from beffroi.funding.models.links import LineLink
from beffroi.funding.models.money import Expenditure, Line, Money, Sum
from beffroi.funding.models.operations import Operation, OperationPartner
from beffroi.funding.models.programmes import Programme

__all__ = [
    "CENTS",
    "AmountClaim",
    "Expenditure",
    "ExpenditureClaim",
    "ExpenditureSettlement",
    "Line",
    "LineClaim",
    "LineLink",
    "LineSettlement",
    "Money",
    "Operation",
    "OperationPartner",
    "Programme",
    "Sum",
    "SumClaim",
    "SumSettlement",
]
