from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.funding.enums import AgreementKind
from beffroi.funding.forms.fields import (
    ActionField,
    AgreementField,
    CentsField,
    IndicatorField,
    NamedField,
    OrganisationField,
    RateField,
)
from beffroi.funding.models import (
    Agreement,
    AgreementIndicator,
    AgreementMeasure,
    AgreementParty,
    AidRegime,
    Amendment,
    Deliberation,
    DocumentDue,
    Instalment,
    Programme,
)
from beffroi.funding.models.agreements import AgreementPart

LEVELS = [(level.value, level.label) for level in (Visibility.PUBLIC, Visibility.PARTNERS, Visibility.OWNER)]


def day(**options: Any) -> forms.DateField:
    return forms.DateField(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options})


class AgreementFilter(forms.Form):
    q = forms.CharField(label=_("Intitulé, numéro ou partie"), required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *AgreementKind.choices])
    late = forms.BooleanField(label=_("Un document en retard"), required=False)


class AgreementForm(forms.ModelForm[Agreement]):
    """`viewer`: what may be chosen is what this person may see."""

    funder = OrganisationField(label=_("Financeur"), required=False)
    beneficiary = OrganisationField(label=_("Bénéficiaire"), required=False)
    parent = AgreementField(label=_("Sous la convention"), required=False)
    signed_on = day(label=_("Signée le"), required=False)
    start = day(label=_("Du"), required=False)
    end = day(label=_("Au"), required=False)
    ceiling_cents = CentsField(label=_("Plafond"), required=False)
    base_cents = CentsField(label=_("Montant de la base éligible"), required=False)
    rate = RateField(label=_("Taux"), required=False)
    visibility = forms.TypedChoiceField(label=_("Qui la voit"), choices=LEVELS, coerce=int, initial=Visibility.PARTNERS)

    class Meta:
        model = Agreement
        fields = (
            "kind", "title", "code", "funder", "beneficiary", "parent", "programme", "signed_on", "start", "end",
            "ceiling_cents", "base", "base_cents", "rate", "aid_regime", "note", "visibility",
        )  # fmt: skip

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = {
            "programme": Programme.objects.visible_to(viewer).select_related("framework"),
            "aid_regime": AidRegime.objects.all(),
        }
        for name, rows in chosen.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.viewer = viewer
        for name in ("funder", "beneficiary", "parent"):
            self.fields[name].viewer = viewer  # type: ignore[attr-defined]
        for name in ("funder", "beneficiary") if self.instance.pk else ():
            del self.fields[name]

    def clean_parent(self) -> Agreement | None:
        """One that this person may not see is not shown, and stays."""
        found: Agreement | None = self.cleaned_data["parent"]
        if found is not None and found.pk == self.instance.pk:
            raise forms.ValidationError(_("Une convention n’est pas sous elle-même."))
        above = self.instance.parent
        is_hidden = above is not None and not above.is_seen_by(self.viewer)
        return above if found is None and is_hidden else found

    def _post_clean(self) -> None:
        """The action checks the whole agreement, with its owner."""


class PartForm(forms.ModelForm[Any]):
    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, NamedField):
                field.viewer = viewer

    def _post_clean(self) -> None:
        """The action checks the whole row, with its agreement."""


class PartyForm(PartForm):
    organisation = OrganisationField(label=_("Organisation"))

    class Meta:
        model = AgreementParty
        fields = ("organisation", "role", "detail")


class DeliberationForm(PartForm):
    on = day(label=_("Date"))
    cents = CentsField(label=_("Montant voté"), required=False)

    class Meta:
        model = Deliberation
        fields = ("number", "on", "body", "cents", "year")


class InstalmentForm(PartForm):
    due_on = day(label=_("Due le"), required=False)
    cents = CentsField(label=_("Montant"))

    class Meta:
        model = Instalment
        fields = ("label", "due_on", "cents", "condition")


class AmendmentForm(PartForm):
    signed_on = day(label=_("Signé le"))
    ceiling_cents = CentsField(label=_("Nouveau plafond"), required=False)
    end = day(label=_("Nouvelle fin"), required=False)

    class Meta:
        model = Amendment
        fields = ("number", "signed_on", "subject", "ceiling_cents", "end")


class MeasureForm(PartForm):
    item = ActionField(label=_("Action du plan"))
    cents = CentsField(label=_("Montant prévu"), required=False)

    class Meta:
        model = AgreementMeasure
        fields = ("item", "cents", "detail")


class IndicatorForm(PartForm):
    indicator = IndicatorField(label=_("Indicateur"))

    class Meta:
        model = AgreementIndicator
        fields = ("indicator", "expected")


class DocumentForm(PartForm):
    due_on = day(label=_("Attendu le"), required=False)

    class Meta:
        model = DocumentDue
        fields = ("label", "due_on", "note")


class PaymentForm(forms.Form):
    cents = CentsField(label=_("Montant payé"))
    on = day(label=_("Payé le"))


class ReceiveForm(forms.Form):
    on = day(label=_("Reçu le"))
    note = forms.CharField(label=_("Remarque"), required=False, max_length=500)


@dataclass(frozen=True)
class PartKind:
    """A kind of row of an agreement: its form and what the page says."""

    form: Callable[..., PartForm]
    model: type[AgreementPart]
    title: Any


PARTS: dict[str, PartKind] = {
    "parties": PartKind(PartyForm, AgreementParty, _("Une partie de la convention")),
    "votes": PartKind(DeliberationForm, Deliberation, _("Une délibération")),
    "echeances": PartKind(InstalmentForm, Instalment, _("Une échéance de paiement")),
    "avenants": PartKind(AmendmentForm, Amendment, _("Un avenant")),
    "actions": PartKind(MeasureForm, AgreementMeasure, _("Une action du plan")),
    "indicateurs": PartKind(IndicatorForm, AgreementIndicator, _("Un indicateur")),
    "documents": PartKind(DocumentForm, DocumentDue, _("Un document attendu")),
}
