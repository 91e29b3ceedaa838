from beffroi.funding.forms.agreements import AgreementFilter, AgreementForm, PaymentForm, ReceiveForm
from beffroi.funding.forms.calls import CallFilter, CallForm
from beffroi.funding.forms.files import (
    ApplicationForm,
    BecomeForm,
    CorrectionForm,
    DelayFilter,
    FileFilter,
    LineForm,
    StepForm,
    SubmissionForm,
)
from beffroi.funding.forms.filters import AmountFilter, OperationFilter
from beffroi.funding.forms.printed import PrintedFilter
from beffroi.funding.forms.regimes import AidRegimeForm, GiveRegimeForm, NewAidForm

__all__ = [
    "AgreementFilter",
    "AgreementForm",
    "AidRegimeForm",
    "AmountFilter",
    "ApplicationForm",
    "BecomeForm",
    "CallFilter",
    "CallForm",
    "CorrectionForm",
    "DelayFilter",
    "FileFilter",
    "GiveRegimeForm",
    "LineForm",
    "NewAidForm",
    "OperationFilter",
    "PaymentForm",
    "PrintedFilter",
    "ReceiveForm",
    "StepForm",
    "SubmissionForm",
]
