"""A layout of file described on screen: one row for each column, and what holds for the whole file."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.connectors.profile import Column, Type
from beffroi.provenance.forms.imports import sound_name
from beffroi.provenance.queries.profiles import TYPES

SAMPLE_BYTES = 5 * 1024 * 1024
UNKNOWN = [
    ("refuse", gettext_lazy("refuser le fichier")),
    ("ignore", gettext_lazy("les ignorer")),
    ("keep", gettext_lazy("les garder avec la ligne")),
]


def pairs(text: str) -> dict[str, str]:
    """« écrit = valeur », one for each line."""
    lines = [line.partition("=") for line in text.splitlines() if line.strip()]
    if any(not equals or not name.strip() for name, equals, _value in lines):
        raise forms.ValidationError(_("Écrivez une paire par ligne : ce qui est écrit = la valeur gardée."))
    return {name.strip(): value.strip() for name, _equals, value in lines}


def as_text(values: dict[str, str]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in values.items())


def plain_number(value: Decimal) -> str:
    """1000, not 1E+3."""
    return format(value.normalize(), "f")


class ProfileForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Nom du profil"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Pour quels fichiers"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    unknown_columns = forms.ChoiceField(label=gettext_lazy("Colonnes non prévues"), choices=UNKNOWN)
    header_row = forms.IntegerField(label=gettext_lazy("Ligne des en-têtes"), min_value=1, max_value=1000, initial=1)
    constants = forms.CharField(
        label=gettext_lazy("Ce que le fichier ne dit pas"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Une paire par ligne, par exemple « indicator = effectifs » : la même valeur pour chaque ligne."
        ),
    )
    sample = forms.FileField(
        label=gettext_lazy("Fichier d’essai"),
        required=False,
        help_text=gettext_lazy(
            "Un échantillon de 5 Mo au plus. Il sert à proposer les en-têtes et à essayer ; il n’est pas chargé."
        ),
    )
    kept_sample = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_constants(self) -> dict[str, str]:
        return pairs(self.cleaned_data["constants"])

    def clean_sample(self) -> Any:
        upload = self.cleaned_data.get("sample")
        if upload is None:
            return None
        sound_name(upload)
        if upload.size > SAMPLE_BYTES:
            raise forms.ValidationError(_("L’échantillon dépasse 5 Mo : gardez-en les premières lignes."))
        return upload


def narrow(size: int) -> forms.TextInput:
    """A row of a table has seven fields."""
    return forms.TextInput(attrs={"size": size})


class ColumnForm(forms.Form):
    """An empty header means that the file does not have this field."""

    to = forms.ChoiceField(label=gettext_lazy("Champ"))
    name = forms.CharField(label=gettext_lazy("En-tête dans le fichier"), required=False, max_length=300, widget=narrow(20))
    aliases = forms.CharField(label=gettext_lazy("Autres en-têtes"), required=False, max_length=1000, widget=narrow(20))
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=[(kind.value, label) for kind, label in TYPES.items()])
    required = forms.BooleanField(label=gettext_lazy("Obligatoire"), required=False)
    multiplier = forms.DecimalField(
        label=gettext_lazy("Multiplié par"), required=False, min_value=0, max_digits=16, decimal_places=6, widget=narrow(6)
    )
    choices = forms.CharField(label=gettext_lazy("Choix"), required=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 20}))

    def __init__(self, *args: Any, targets: dict[str, Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["to"].choices = [("", "—"), *((name, name) for name in targets)]
        fields["to"].required = False
        self.targets = targets

    def clean_choices(self) -> dict[str, str]:
        return pairs(self.cleaned_data["choices"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not given.get("to"):
            self.add_error("to", _("Dites quel champ cette colonne remplit."))
        return given

    def column(self) -> dict[str, Any] | None:
        """The column as a profile says it, with what the form does not show kept from the field's usual reading."""
        given = self.cleaned_data
        if not given.get("name") or not given.get("to"):
            return None
        usual = self.targets[given["to"]].model_dump(mode="json")
        kind = Type(given["type"])
        return usual | {
            "name": given["name"],
            "aliases": [alias.strip() for alias in given["aliases"].split(";") if alias.strip()],
            "type": kind.value,
            "required": given["required"],
            "multiplier": plain_number(given["multiplier"] or Decimal(1)),
            "choices": given["choices"] if kind is Type.CHOICE else {},
        }


ColumnFormSet = forms.formset_factory(ColumnForm, extra=0, max_num=200, absolute_max=200)


def initial_of(column: Column) -> dict[str, Any]:
    return {
        "to": column.to,
        "name": column.name,
        "aliases": "; ".join(column.aliases),
        "type": column.type.value,
        "required": column.required,
        "multiplier": plain_number(column.multiplier) if column.multiplier != 1 else None,
        "choices": as_text(column.choices),
    }
