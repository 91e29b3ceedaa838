"""The shape of what is typed of services of operators and of what companies offer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, Partner
from beffroi.interactions.enums import OfferKind
from beffroi.interactions.forms.fields import OPEN_LEVELS, PlaceField, PlacesField, SubjectField, day
from beffroi.interactions.models import Offer, Service
from beffroi.interactions.queries.areas import priority_areas
from beffroi.interactions.queries.needs import need_subjects
from beffroi.reference.models import Item


class ServiceFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False, widget=forms.SearchInput)
    subject = forms.ModelChoiceField(label=_("Sujet"), required=False, queryset=Item.objects.none(), empty_label=_("tous"))
    place = PlaceField(label=_("Pour une entreprise de"), required=False)
    audience = forms.CharField(label=_("Pour qui"), required=False)
    owner = forms.ModelChoiceField(label=_("Opérateur"), required=False, queryset=Partner.objects.none(), empty_label=_("tous"))
    ended = forms.BooleanField(label=_("Montrer aussi ce qui n’est plus offert"), required=False)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = need_subjects()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class ServiceForm(forms.ModelForm[Service]):
    subjects = forms.ModelMultipleChoiceField(
        label=_("Sujets"), queryset=Item.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    places = PlacesField(
        label=_("Territoires"),
        required=False,
        help_text=_("Un par ligne, par son nom ou son code : Nord, 62, Lens. Vide : partout."),
    )
    visibility = forms.TypedChoiceField(label=_("Qui le voit"), choices=OPEN_LEVELS, coerce=int)

    class Meta:
        model = Service
        fields = ("title", "description", "subjects", "places", "audience", "terms", "reply_days", "email", "visibility")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subjects"].queryset = need_subjects()  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["places"] = list(self.instance.places.all())

    def _post_clean(self) -> None:
        """The action checks the whole service, with its owner."""


class EndForm(forms.Form):
    on = day(label=_("Depuis le"))


class OfferFilter(forms.Form):
    q = forms.CharField(label=_("Mots : ce que l’on cherche"), required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *OfferKind.choices])
    place = PlaceField(label=_("Dans le territoire"), required=False)
    item = forms.ModelChoiceField(
        label=_("Domaine prioritaire"), required=False, queryset=Item.objects.none(), empty_label=_("tous")
    )

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = priority_areas(viewer)  # type: ignore[attr-defined]


class OfferForm(forms.ModelForm[Offer]):
    organisation = SubjectField(label=_("Entreprise"), companies_only=True)
    place = PlaceField(label=_("Lieu"), required=False, help_text=_("Nom ou code. Vide : le lieu de l’entreprise."))
    declared_on = day(label=_("Déclarée le"))
    consented_on = day(label=_("L’entreprise est d’accord pour paraître ici depuis le"))
    visibility = forms.TypedChoiceField(label=_("Qui la voit"), choices=OPEN_LEVELS, coerce=int)

    class Meta:
        model = Offer
        fields = (
            "organisation",
            "kind",
            "text",
            "detail",
            "item",
            "place",
            "declared_on",
            "told_by",
            "consented_on",
            "visibility",
        )

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].viewer = viewer  # type: ignore[attr-defined]
        self.fields["item"].queryset = priority_areas(viewer)  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["organisation"], self.initial["place"] = self.instance.organisation, self.instance.place

    def _post_clean(self) -> None:
        """The action checks the whole offer, with its owner."""
