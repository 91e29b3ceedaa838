from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Act
from beffroi.accounts.models import Membership, User
from beffroi.accounts.queries import acts_of_the_trail


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RoleForm(forms.ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = ["partner", "role", "since"]
        widgets = {"since": DayInput()}


class UserForm(RoleForm):
    """A new account comes with its first role: without one it sees what everybody sees."""

    name = forms.CharField(label=_("Nom"), max_length=150)
    email = forms.EmailField(label=_("Courriel"), help_text=_("La personne y reçoit l’invitation à choisir son mot de passe."))
    field_order = ["name", "email", "partner", "role", "since"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Un compte porte déjà cette adresse de courriel."))
        return email


class EndForm(forms.Form):
    until = forms.DateField(label=_("Dernier jour"), widget=DayInput())


class TrailForm(forms.Form):
    act = forms.ChoiceField(label=_("Acte"), required=False)
    person = forms.ModelChoiceField(User.objects.order_by("name"), label=_("Personne"), required=False, empty_label=_("tous"))
    start = forms.DateField(label=_("Depuis le"), required=False, widget=DayInput())
    end = forms.DateField(label=_("Jusqu’au"), required=False, widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Act.choices)
        choices = [(act, labels.get(act, act.replace("_", " "))) for act in acts_of_the_trail()]
        self.fields["act"] = forms.ChoiceField(label=_("Acte"), required=False, choices=[("", _("tous")), *choices])
