from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.reference.enums import FrameworkKind, RuleKind, Strength, SystemKind
from beffroi.reference.models import Item


class FrameworkFilter(forms.Form):
    q = forms.CharField(label=_("Mots de l’intitulé"), required=False)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *FrameworkKind.choices])


class CrosswalkFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False)
    strength = forms.ChoiceField(label=_("Force"), required=False, choices=[("", _("toutes")), *Strength.choices])


class CorrespondenceForm(forms.Form):
    source = forms.ModelChoiceField(label=_("De"), queryset=Item.objects.none())
    target = forms.ModelChoiceField(label=_("Vers"), queryset=Item.objects.none())
    strength = forms.ChoiceField(
        label=_("Force"), required=False, choices=[("", _("plus de correspondance")), *Strength.choices]
    )
    weight = forms.DecimalField(label=_("Part (0 à 1), si elle est connue"), required=False, max_digits=7, decimal_places=6)
    reason = forms.CharField(label=_("Pourquoi"), max_length=500)

    def __init__(self, *args: object, sources: object, targets: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]


class SystemFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *SystemKind.choices])


class RuleFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *RuleKind.choices])
