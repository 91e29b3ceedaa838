from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser, Partner
from beffroi.actors.enums import CLUSTERS, OrganisationKind
from beffroi.connectors.identifiers import siren_of
from beffroi.funding.models import Programme
from beffroi.observatory.queries.portfolios import framework_choices
from beffroi.provenance.queries import Moment
from beffroi.publishing.datasets.standards.declared import Asked
from beffroi.publishing.enums import SignatureKind
from beffroi.reference.enums import level_label
from beffroi.reference.models import Framework, Item


class ClaimChoice(forms.ModelChoiceField[Any]):
    def label_from_instance(self, obj: Any) -> str:
        source = obj.load.snapshot.source if obj.load else obj.by
        stated = obj.stated_on.strftime("%d/%m/%Y") if obj.stated_on else _("sans date")
        line = _("ligne %(row)s") % {"row": obj.row} if obj.row is not None else ""
        return f"{obj.as_written} · {source} ({', '.join(part for part in (stated, obj.place, line) if part)})"


class SettleClaimsForm(forms.Form):
    claim = ClaimChoice(None, label=gettext_lazy("La valeur qui tient"), widget=forms.RadioSelect, empty_label=None)
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ce que vous avez vérifié, et auprès de qui : la raison reste, avec votre nom."),
    )

    def __init__(self, *args: Any, claims: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["claim"]
        choice.queryset = claims


TEMPLATE_BYTES = 5 * 1024 * 1024


class TextForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.none(), label=gettext_lazy("Au nom de"), empty_label=None)
    text = forms.CharField(
        label=gettext_lazy("Texte"), widget=forms.Textarea(attrs={"rows": 8}), max_length=10_000, required=False
    )


class FreezeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre de l’édition"), max_length=300)


class SignatureForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.none(), label=gettext_lazy("Au nom de"), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("Engagement"), choices=SignatureKind.choices)
    section = forms.ChoiceField(label=gettext_lazy("Lignes signées"), required=False)
    reservation = forms.CharField(
        label=gettext_lazy("Réserve"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5_000, required=False
    )


class TemplateForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Modèle Word (.docx)"))


COMPARED = (*CLUSTERS, OrganisationKind.AGENCY, OrganisationKind.ASSOCIATION, OrganisationKind.LABORATORY)
CLUSTER_CHOICES = [(kind.value, kind.label) for kind in COMPARED]


class OverlapFilter(forms.Form):
    """Which organisations are compared; without a choice, the clusters of every kind."""

    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Natures comparées"), required=False, choices=CLUSTER_CHOICES, widget=forms.CheckboxSelectMultiple
    )


class TerritoryFilter(forms.Form):
    """Words or a code; a geography and what contains it come by the address."""

    q = forms.CharField(label=gettext_lazy("Nom ou code"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Niveau"), required=False)
    framework: Any = forms.ModelChoiceField(None, required=False, to_field_name="code", widget=forms.HiddenInput)
    inside = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, frameworks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["framework"]
        choice.queryset = Framework.objects.filter(pk__in=[row.pk for row in frameworks])
        levels = (
            Item.objects.filter(version__framework__in=frameworks).order_by("level").values_list("level", flat=True).distinct()
        )
        self.fields["level"].choices = [("", _("tous")), *((level, level_label(level)) for level in levels)]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data


class PublicationFilter(forms.Form):
    """What may be asked of a list: only its own options are shown."""

    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=Framework.objects.none(),
        required=False,
        empty_label=gettext_lazy("tous"),
        to_field_name="code",
    )
    publisher = forms.CharField(label=gettext_lazy("SIREN ou SIRET de qui attribue"), required=False, max_length=20)
    lang = forms.ChoiceField(
        label=gettext_lazy("Langue des en-têtes"),
        required=False,
        choices=[("fr", gettext_lazy("français")), ("en", gettext_lazy("anglais"))],
    )
    identifiers = forms.RegexField(label=gettext_lazy("Préfixe des identifiants"), regex=r"^[\w-]{1,40}$", required=False)

    def __init__(self, *args: Any, options: Sequence[str], viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"identifiers" if option == "prefix" else option for option in options}:
            del self.fields[name]
        if "programme" in self.fields:
            programmes = Framework.objects.visible_to(viewer).filter(programme__operations__isnull=False).distinct()
            self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]

    def clean_publisher(self) -> str:
        written = "".join(self.cleaned_data["publisher"].split())
        if written and not siren_of(written):
            raise forms.ValidationError(_("Ce n’est ni un SIREN ni un SIRET : un chiffre est faux."))
        return written

    def asked(self, moment: Moment) -> Asked:
        """What is right of the question; what is wrong is said beside its field."""
        answers = getattr(self, "cleaned_data", {})
        programme = answers.get("programme")
        return Asked(
            moment=moment,
            programme=programme.code if programme else "",
            publisher=answers.get("publisher", ""),
            prefix=answers.get("identifiers", ""),
            language=answers.get("lang") or "fr",
        )


class PublishedOnForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Publiée le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Une publication à venir ne se note pas : revenez ce jour-là."))
        return day


class ClassifyOperationsForm(forms.Form):
    """Which operations to take to the desk of texts."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=gettext_lazy("Programme"), required=False, empty_label=gettext_lazy("tous")
    )
    framework = forms.ChoiceField(label=gettext_lazy("Classer dans les domaines de"))

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        rows = Programme.objects.visible_to(viewer).filter(operations__isnull=False).distinct()
        fields["programme"].queryset = rows.select_related("framework")
        fields["framework"].choices = framework_choices()


class BoosterFilter(forms.Form):
    """The month that a dashboard shows, and what it looks at."""

    mois = forms.ChoiceField(label=gettext_lazy("Mois"), required=False)
    operateur = forms.TypedChoiceField(label=gettext_lazy("Opérateur"), required=False, coerce=int, empty_value=None)
    domaine = forms.TypedChoiceField(label=gettext_lazy("Domaine prioritaire"), required=False, coerce=int, empty_value=None)
    territoire = forms.TypedChoiceField(label=gettext_lazy("Territoire"), required=False, coerce=int, empty_value=None)
    par = forms.ChoiceField(label=gettext_lazy("Territoires listés par"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, listed in choices.items():
            field: Any = self.fields[name]
            field.choices = listed if name in ("mois", "par") else [("", gettext_lazy("tous")), *listed]
