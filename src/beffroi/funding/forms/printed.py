from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.funding.enums import PrintedState
from beffroi.funding.forms.filters import OperationFilter


class PrintedFilter(OperationFilter):
    q = None  # type: ignore[assignment]
    state = forms.ChoiceField(
        label=_("Ce que disent les lignes"), required=False, choices=[("", _("tous")), *PrintedState.choices]
    )
