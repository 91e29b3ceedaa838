from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.provenance.enums import AnomalyState, check_label
from beffroi.provenance.models import Source
from beffroi.provenance.queries.desk import visible_sources


class AnomalyFilterForm(forms.Form):
    check = forms.ChoiceField(label=gettext_lazy("Contrôle"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("État"), required=False)
    source = forms.ModelChoiceField(
        Source.objects.none(), label=gettext_lazy("Document"), required=False, empty_label=gettext_lazy("tous")
    )
    q = forms.CharField(label=gettext_lazy("Mots"), required=False, max_length=100)

    def __init__(self, *args: Any, user: Any, checks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["check"].choices = [("", _("tous")), *((name, check_label(name)) for name in checks)]
        fields["state"].choices = [("", _("à régler")), *AnomalyState.choices[1:], ("all", _("toutes"))]
        fields["source"].queryset = visible_sources(user).order_by("title")

    def choices(self) -> dict[str, Any]:
        """Open ones unless another state is asked for; "all" is every state."""
        given = self.cleaned_data if self.is_valid() else {}
        state = given.get("state") or AnomalyState.OPEN
        return {"check": given.get("check", ""), "state": state, "source": given.get("source"), "words": given.get("q", "")}


class SettleForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ce que vous avez vérifié, et auprès de qui : la raison reste, avec votre nom."),
    )
