"""The shape of what is typed of accompaniments and of awareness actions in schools."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, User
from beffroi.interactions.enums import SupportResultKind, SupportState, SupportStepKind
from beffroi.interactions.forms.crisis import CentsField
from beffroi.interactions.forms.fields import DETAIL_LEVELS, OPEN_LEVELS, MinutesField, PlaceField, SubjectField, day, past_day
from beffroi.interactions.forms.needs import AboutForm
from beffroi.interactions.models import SchoolAction, Service
from beffroi.interactions.queries.areas import priority_areas
from beffroi.interactions.queries.supports import support_kinds
from beffroi.interactions.rules.support import AGES
from beffroi.reference.models import Item

STATES = [("", _("tous")), *SupportState.choices]


class SupportFilter(forms.Form):
    q = forms.CharField(label=_("Entreprise, projet ou objet"), required=False, widget=forms.SearchInput)
    kind = forms.ModelChoiceField(label=_("Nature"), required=False, queryset=Item.objects.none(), empty_label=_("toutes"))
    state = forms.ChoiceField(label=_("État"), required=False, choices=STATES)
    mine = forms.BooleanField(label=_("Ceux de mon institution"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = support_kinds()  # type: ignore[attr-defined]


class SupportForm(AboutForm):
    """`viewer`: the services proposed are those of their institutions. From a need, the company is known."""

    kind = forms.ModelChoiceField(label=_("Nature"), queryset=Item.objects.none())
    title = forms.CharField(label=_("Objet"), max_length=300)
    since = day(label=_("Depuis le"))
    service = forms.ModelChoiceField(
        label=_("Service"), required=False, queryset=Service.objects.none(), empty_label=_("aucun en particulier")
    )
    item = forms.ModelChoiceField(
        label=_("Domaine prioritaire"), required=False, queryset=Item.objects.none(), empty_label=_("aucun, ou je ne sais pas")
    )
    detail_visibility = forms.TypedChoiceField(
        label=_("Qui lit ce qui est fait"), choices=DETAIL_LEVELS, coerce=int,
        help_text=_("Les partenaires savent que vous accompagnez l’entreprise, jamais plus que ce que vous choisissez ici."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: User, is_known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["kind"].queryset = support_kinds()  # type: ignore[attr-defined]
        own = Service.objects.filter(owner__in=viewer.partner_ids, ended_on__isnull=True)
        self.fields["service"].queryset = own  # type: ignore[attr-defined]
        self.fields["item"].queryset = priority_areas(viewer)  # type: ignore[attr-defined]
        if is_known:
            del self.fields["about"]

    @property
    def said(self) -> dict[str, Any]:
        return super().said if "about" in self.fields else dict(self.cleaned_data)


class StepForm(forms.Form):
    """`kinds`: the steps that may come now."""

    kind = forms.ChoiceField(label=_("Étape"), choices=[])
    on = past_day(label=_("Date"))
    minutes = MinutesField(label=_("Durée"), required=False)
    text = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    name = forms.CharField(
        label=_("Nom de l’entreprise créée"), required=False, max_length=300,
        help_text=_("À la création : le porteur de projet devient cette entreprise. Vide : le nom du projet."),
    )  # fmt: skip
    cents = CentsField(label=_("Prime versée"), help_text=_("Pour une entreprise en vie à un an ou à trois ans, en euros."))

    def __init__(self, *args: Any, kinds: Sequence[SupportStepKind], has_holder: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if not (has_holder and SupportStepKind.CREATED in kinds):
            del self.fields["name"]
        if not set(AGES) & set(kinds):
            del self.fields["cents"]


class ResultForm(forms.Form):
    kind = forms.ChoiceField(label=_("Résultat"), choices=SupportResultKind)
    on = past_day(label=_("Constaté le"))
    value = forms.DecimalField(
        label=_("Nombre"), required=False, min_value=0, max_digits=14, decimal_places=2, localize=True,
        help_text=_("D’emplois, de projets… Vide : pas compté, ce qui n’est pas zéro."),
    )  # fmt: skip
    text = forms.CharField(label=_("Précision"), required=False, max_length=300)


class EndSupportForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Fin"), choices=[(SupportState.CLOSED, _("mené à son terme")), (SupportState.STOPPED, _("interrompu avant"))]
    )
    on = past_day(label=_("Le"))


class SchoolFilter(forms.Form):
    start = day(label=_("Du"), required=False)
    end = day(label=_("au"), required=False)
    mine = forms.BooleanField(label=_("Celles de mon institution"), required=False)


class SchoolForm(forms.ModelForm[SchoolAction]):
    school = SubjectField(label=_("Établissement, s’il est connu ici"), required=False, companies_only=True)
    place = PlaceField(label=_("Lieu"), required=False, help_text=_("Commune : nom ou code."))
    on = day(label=_("Date"))
    minutes = MinutesField(label=_("Durée"), required=False)
    visibility = forms.TypedChoiceField(label=_("Qui la voit"), choices=OPEN_LEVELS, coerce=int)

    class Meta:
        model = SchoolAction
        fields = ("title", "school", "school_name", "on", "pupils", "minutes", "place", "visibility")

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].viewer = viewer  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["school"], self.initial["place"] = self.instance.school, self.instance.place

    def _post_clean(self) -> None:
        """The action checks the whole action, with its owner."""
