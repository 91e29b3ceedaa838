from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.provenance.models import Load

BANDS = [("", _("toutes")), ("high", _("de 90 à 100 %")), ("middle", _("de 70 à 90 %")), ("low", _("moins de 70 %"))]


class LinkFilter(forms.Form):
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Opération ou bénéficiaire"), required=False, widget=forms.SearchInput)
    band = forms.ChoiceField(label=_("Ressemblance"), required=False, choices=BANDS)
    load = forms.ModelChoiceField(label=_("Liste"), required=False, queryset=Load.objects.none(), empty_label=_("toutes"))

    def __init__(self, *args: Any, loads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["load"].queryset = loads  # type: ignore[attr-defined]
