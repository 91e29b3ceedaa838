from beffroi.funding.forms.filters import AmountFilter, OperationFilter
from beffroi.funding.forms.printed import PrintedFilter

__all__ = ["AmountFilter", "OperationFilter", "PrintedFilter"]
