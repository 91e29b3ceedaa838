from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.interactions.forms.fields import PlacesField
from beffroi.reference.enums import level_label
from beffroi.reference.models import Item


class WorkAreaForm(forms.Form):
    items = forms.ModelMultipleChoiceField(
        label=_("Domaines prioritaires"),
        required=False,
        queryset=Item.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun : tous."),
    )
    places = PlacesField(
        label=_("Territoires"),
        required=False,
        help_text=_(
            "Un par ligne : une commune, une intercommunalité, un département, par son nom ou son code. Aucun : partout."
        ),
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = items  # type: ignore[attr-defined]
        self.fields["items"].label_from_instance = item_name  # type: ignore[attr-defined]


def item_name(item: Item) -> str:
    return f"{item.label} · {level_label(item.level)}"
