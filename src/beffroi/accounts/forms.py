from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Act, Reading
from beffroi.accounts.models import Membership, Partner, User
from beffroi.accounts.queries import colleagues


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
    person = forms.ModelChoiceField(User.objects.none(), label=_("Personne"), required=False, empty_label=_("tous"))
    start = forms.DateField(label=_("Depuis le"), required=False, widget=DayInput())
    end = forms.DateField(label=_("Jusqu’au"), required=False, widget=DayInput())

    def __init__(self, *args: Any, viewer: User, acts: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict([*Act.choices, *Reading.choices])
        choices = [(act, labels.get(act, act.replace("_", " "))) for act in acts]
        self.fields["act"] = forms.ChoiceField(label=_("Acte"), required=False, choices=[("", _("tous")), *choices])
        self.fields["person"].queryset = colleagues(viewer)  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    label = forms.CharField(
        label=_("Usage"), max_length=100, help_text=_("Le logiciel qui s’en servira : « CRM de l’agence », par exemple.")
    )
    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Institution"))

    def __init__(self, *args: Any, partners: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.filter(pk__in=partners)  # type: ignore[attr-defined]
        self.fields["partner"].initial = min(partners, default=None)
