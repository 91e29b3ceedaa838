from beffroi.funding.forms.agreements import AgreementFilter, AgreementForm, PaymentForm, ReceiveForm
from beffroi.funding.forms.filters import AmountFilter, OperationFilter
from beffroi.funding.forms.printed import PrintedFilter

__all__ = [
    "AgreementFilter",
    "AgreementForm",
    "AmountFilter",
    "OperationFilter",
    "PaymentForm",
    "PrintedFilter",
    "ReceiveForm",
]
