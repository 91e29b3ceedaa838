from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ClaimChoice(forms.ModelChoiceField[Any]):
    def label_from_instance(self, obj: Any) -> str:
        source = obj.load.snapshot.source if obj.load else obj.by
        stated = obj.stated_on.strftime("%d/%m/%Y") if obj.stated_on else _("sans date")
        return f"{obj.as_written} · {source} ({stated}{f', {obj.place}' if obj.place else ''})"


class SettleClaimsForm(forms.Form):
    claim = ClaimChoice(None, label=gettext_lazy("La valeur qui tient"), widget=forms.RadioSelect, empty_label=None)
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ce que vous avez vérifié, et auprès de qui : la raison reste, avec votre nom."),
    )

    def __init__(self, *args: Any, claims: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["claim"]
        choice.queryset = claims
