from beffroi.funding.forms.filters import AmountFilter, OperationFilter

__all__ = ["AmountFilter", "OperationFilter"]
