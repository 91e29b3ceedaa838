from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.actors.enums import CLUSTERS, OrganisationKind
from beffroi.actors.models import Contact, ProjectHolder
from beffroi.provenance.models import Load, Source
from beffroi.reference.models import Item

ANY_CLUSTER = "clusters"
KINDS = [("", _("toutes")), (ANY_CLUSTER, _("pôles de toutes natures")), *OrganisationKind.choices]
LEVELS = [(level.value, level.label) for level in (Visibility.PARTNERS, Visibility.OWNER)]


class DirectoryFilter(forms.Form):
    """What the directory's address asks; a value that does not exist is left out."""

    q = forms.CharField(label=_("Nom, sigle ou autre nom"), required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=KINDS)
    place = forms.ModelChoiceField(label=_("Lieu"), required=False, queryset=Item.objects.none(), empty_label=_("partout"))
    source = forms.ModelChoiceField(
        label=_("Nommé par"), required=False, queryset=Source.objects.none(), empty_label=_("tous les documents")
    )
    other = forms.CharField(label=_("En relation avec (nom ou sigle)"), required=False, widget=forms.SearchInput)

    def __init__(self, *args: Any, places: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("place", places), ("source", sources)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @property
    def kinds(self) -> list[str]:
        asked = self.cleaned_data.get("kind")
        return [kind.value for kind in CLUSTERS] if asked == ANY_CLUSTER else [asked] if asked else []


BANDS = [
    ("", _("toutes")),
    ("high", _("de 90 à 100 %")),
    ("middle", _("de 50 à 90 %")),
    ("low", _("moins de 50 %")),
    ("none", _("sans chance chiffrée")),
]


class PairFilter(forms.Form):
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Nom"), required=False, widget=forms.SearchInput)
    band = forms.ChoiceField(label=_("Chance estimée"), required=False, choices=BANDS)
    load = forms.ModelChoiceField(label=_("Liste"), required=False, queryset=Load.objects.none(), empty_label=_("toutes"))

    def __init__(self, *args: Any, loads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["load"].queryset = loads  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    state = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Pourquoi"), max_length=500)


class SirenForm(forms.Form):
    siren = forms.CharField(label=_("SIREN"), max_length=40, help_text=_("Neuf chiffres, tels que le répertoire les donne."))
    reason = forms.CharField(label=_("D’où vient ce numéro"), max_length=500)


class EstablishmentForm(forms.Form):
    siret = forms.CharField(
        label=_("SIRET"), max_length=40, help_text=_("Quatorze chiffres : le SIREN puis le numéro interne.")
    )
    name = forms.CharField(label=_("Enseigne"), max_length=300, required=False)
    reason = forms.CharField(label=_("D’où vient ce numéro"), max_length=500)


class ContactForm(forms.ModelForm[Contact]):
    visibility = forms.TypedChoiceField(label=_("Qui le voit"), choices=LEVELS, coerce=int)

    class Meta:
        model = Contact
        fields = ("name", "role", "email", "phone", "last_contact", "visibility")
        widgets = {"last_contact": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012


class ProjectHolderForm(forms.ModelForm[ProjectHolder]):
    visibility = forms.TypedChoiceField(label=_("Qui le voit"), choices=LEVELS, coerce=int)

    class Meta:
        model = ProjectHolder
        fields = ("name", "project", "place", "since", "visibility")
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class BecomeForm(forms.Form):
    name = forms.CharField(label=_("Nom de l’organisation"), max_length=300)
    kind = forms.ChoiceField(label=_("Nature"), choices=OrganisationKind)
    created = forms.DateField(label=_("Créée le"), widget=forms.DateInput(attrs={"type": "date"}))
