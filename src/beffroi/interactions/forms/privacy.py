from django import forms
from django.utils.translation import gettext_lazy as _


class PersonSearch(forms.Form):
    q = forms.CharField(
        label=_("Nom, courriel ou téléphone"),
        required=False,
        max_length=200,
        widget=forms.SearchInput,
        help_text=_("Chaque mot doit s’y trouver ; un numéro se cherche en entier."),
    )


class ErasureForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        help_text=_("« Demande de la personne du 3 novembre », par exemple. Sans nom : ce motif reste."),
    )
