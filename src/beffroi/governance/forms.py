from django import forms
from django.utils.translation import gettext_lazy as _


class BodyFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False)


class MeetingFilter(forms.Form):
    q = forms.CharField(label=_("Mots de l’objet"), required=False)
    state = forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("toutes")), ("held", _("tenues")), ("planned", _("prévues"))]
    )
