from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.funding.enums import Family
from beffroi.funding.forms.fields import CentsField
from beffroi.funding.models import AidRegime

DAY = {"type": "date"}


class NewAidForm(forms.Form):
    """What a new aid would give: answered at once, kept nowhere."""

    amount = CentsField(label=_("Une nouvelle aide de"))
    on = forms.DateField(label=_("octroyée le"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    family = forms.ChoiceField(
        label=_("Plafond de"), choices=[row for row in Family.choices if row[0] != Family.NONE], initial=Family.GENERAL
    )


class AidRegimeForm(forms.ModelForm[AidRegime]):
    ceiling_cents = CentsField(label=_("Plafond"), required=False)
    start = forms.DateField(label=_("S’applique du"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    end = forms.DateField(label=_("Au"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    class Meta:
        model = AidRegime
        fields = ("code", "label", "kind", "legal_basis", "start", "end", "ceiling_cents", "family", "window", "years")

    def _post_clean(self) -> None:
        """The action checks the whole regime."""


class GiveRegimeForm(forms.Form):
    regime = forms.ModelChoiceField(
        label=_("Régime d’aide"), queryset=AidRegime.objects.none(), required=False, empty_label=_("non dit")
    )
    decided_on = forms.DateField(label=_("Date d’octroi"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regime"].queryset = AidRegime.objects.all()  # type: ignore[attr-defined]
