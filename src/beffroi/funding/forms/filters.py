from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.funding.enums import Origin, Stage
from beffroi.reference.models import Framework


class OperationFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False)
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Framework.objects.none(), required=False, empty_label=_("tous"), to_field_name="code"
    )

    def __init__(self, *args: object, programmes: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]


class AmountFilter(OperationFilter):
    stage = forms.ChoiceField(label=_("Stade"), required=False, choices=[("", _("tous")), *Stage.choices])
    origin = forms.ChoiceField(label=_("Origine"), required=False, choices=[("", _("toutes")), *Origin.choices])
    role = forms.ChoiceField(
        label=_("Nature"),
        required=False,
        choices=[
            ("line", _("montants des financeurs")),
            ("sum", _("totaux imprimés et coûts")),
            ("expenditure", _("dépenses")),
        ],
    )
