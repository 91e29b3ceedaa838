"""How an operator shares its activity between its agreements, in percents."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.core.formats import number_text
from beffroi.funding.models import Agreement
from beffroi.interactions.forms.fields import day
from beffroi.interactions.rules.shares import OWN, Part
from beffroi.reference.models import Item

HUNDRED = Decimal(100)


class PercentField(forms.Field):
    """A percentage as people write it: 33,33 or 33.33 %. Nothing written is nothing."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace("%", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
        if not text:
            return Decimal(0)
        try:
            share = Decimal(text) / HUNDRED
        except InvalidOperation as error:
            raise forms.ValidationError(_("Un pourcentage est attendu, par exemple 33,3.")) from error
        if not 0 <= share <= 1:
            raise forms.ValidationError(_("Une part va de 0 à 100."))
        return share


class PartsForm(forms.Form):
    """One field for each agreement, and one for what the operator pays itself."""

    def __init__(self, *args: Any, agreements: Sequence[Agreement], parts: Sequence[Part] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = list(agreements)
        known = {part.agreement: part.share for part in parts}
        for row in self.agreements:
            self.fields[f"part_{row.pk}"] = self._field(str(row), known.get(row.pk))
        self.fields["part_own"] = self._field(_("part de l’opérateur"), known.get(OWN))

    def _field(self, label: Any, share: Decimal | None) -> PercentField:
        shown = number_text(share * HUNDRED, decimals=4) if share else ""
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        return PercentField(label=label, required=False, initial=shown, help_text="%", widget=widget)

    def parts(self) -> list[Part]:
        told = self.cleaned_data
        found = [Part(row.pk, told[f"part_{row.pk}"]) for row in self.agreements] + [Part(OWN, told["part_own"])]
        return [part for part in found if part.share]


class KeyForm(PartsForm):
    kind = forms.ModelChoiceField(Item.objects.none(), label=_("Nature d’activité"))
    since = day(label=_("À partir du"))

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.queryset = kinds


class CostForm(forms.Form):
    since = day(label=_("À partir du"))
    euros = forms.DecimalField(
        label=_("Coût d’une heure, en euros"), min_value=Decimal("0.01"), max_digits=8, decimal_places=2, localize=True
    )


class ExclusionForm(forms.Form):
    agreement = forms.ModelChoiceField(Agreement.objects.none(), label=_("Cette convention"))
    other = forms.ModelChoiceField(Agreement.objects.none(), label=_("exclut ce que paie"))

    def __init__(self, *args: Any, agreements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agreement", "other"):
            field: Any = self.fields[name]
            field.queryset = agreements
