"""What people type at the desk of a programme: envelopes, tranches, versions of the plan and moves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.funding.enums import ContractStatus, Origin, Stage, VersionKind
from beffroi.funding.forms.fields import CentsField, NamedField, OrganisationField
from beffroi.funding.models import DeadlineRule, PlanVersion, Programme
from beffroi.funding.rules.plans import CellKey
from beffroi.reference.models import Item

LEVELS = [(level.value, level.label) for level in (Visibility.PUBLIC, Visibility.PARTNERS, Visibility.OWNER)]
SAME = ""


class ItemField(forms.ModelChoiceField[Item]):
    def label_from_instance(self, item: Item) -> str:
        return f"{item.code} · {item.label}"[:120]


class DeskForm(forms.Form):
    """`seen`: the state of the row that the form shows, so that nobody overwrites what they have not read."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, programme: Programme, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = Item.objects.visible_to(viewer).filter(version__framework=programme.framework_id).order_by("code")
        for field in self.fields.values():
            if isinstance(field, NamedField):
                field.viewer = viewer
            if isinstance(field, ItemField):
                field.queryset = items

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def _item(label: Any) -> ItemField:
    return ItemField(label=label, queryset=Item.objects.none(), required=False, empty_label=gettext_lazy("tout le programme"))


def _year(label: Any, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=1950, max_value=2100)


def _visibility() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Qui la voit"), choices=LEVELS, coerce=int, initial=Visibility.PARTNERS.value
    )


class EnvelopeForm(DeskForm):
    item = _item(gettext_lazy("Élément"))
    fund = OrganisationField(label=gettext_lazy("Fonds"), max_length=300)
    manager = OrganisationField(label=gettext_lazy("Gestionnaire"), max_length=300, required=False)
    year = _year(gettext_lazy("Année"))
    stage = forms.ChoiceField(label=gettext_lazy("Stade"), choices=Stage.choices, initial=Stage.PLANNED)
    cents = CentsField(label=gettext_lazy("Montant"))
    note = forms.CharField(label=gettext_lazy("Précision"), max_length=300, required=False)
    visibility = _visibility()


class TrancheForm(DeskForm):
    item = _item(gettext_lazy("Axe"))
    fund = OrganisationField(label=gettext_lazy("Fonds"), max_length=300, required=False)
    year = _year(gettext_lazy("Année d’engagement"), required=True)
    cents = CentsField(label=gettext_lazy("Montant engagé"))
    prefinancing_cents = CentsField(label=gettext_lazy("Préfinancement imputé"), required=False)
    rule = forms.ModelChoiceField(
        label=gettext_lazy("Règle de dégagement"), queryset=DeadlineRule.objects.order_by("first_year")
    )
    note = forms.CharField(label=gettext_lazy("Précision"), max_length=300, required=False)
    visibility = _visibility()


class VersionForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Intitulé"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=VersionKind.choices)
    based_on = forms.ModelChoiceField(
        label=gettext_lazy("Partir de"),
        queryset=PlanVersion.objects.none(),
        required=False,
        empty_label=gettext_lazy("une maquette vide"),
    )
    justification = forms.CharField(
        label=gettext_lazy("Justification"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    visibility = _visibility()

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].queryset = versions  # type: ignore[attr-defined]


class CellForm(DeskForm):
    item = _item(gettext_lazy("Élément"))
    funder = OrganisationField(label=gettext_lazy("Financeur"), max_length=300, required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Origine"), choices=Origin.choices)
    year = _year(gettext_lazy("Année"))
    contract_status = forms.ChoiceField(label=gettext_lazy("Statut au contrat"), choices=ContractStatus.choices)
    cents = CentsField(label=gettext_lazy("Montant"))


class AdoptForm(forms.Form):
    decided_on = forms.DateField(
        label=gettext_lazy("Date de la décision"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SandboxForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Ce que vous voulez essayer"), max_length=200)


def written_key(key: CellKey) -> str:
    return f"{key.item}|{key.funder}|{key.origin}|{key.year}|{key.status}"


def read_key(text: str) -> CellKey:
    item, funder, origin, year, status = text.split("|")
    return CellKey(int(item), int(funder), origin, int(year), status)


class MoveForm(forms.Form):
    """From a place of the plan to another; what is left as it is stays the same."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    source = forms.ChoiceField(label=gettext_lazy("Prendre à"))
    cents = CentsField(label=gettext_lazy("Montant"))
    item = forms.ChoiceField(label=gettext_lazy("Pour l’élément"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Au compte du financeur"), required=False)
    year = forms.CharField(
        label=gettext_lazy("L’année"), required=False, max_length=4, help_text=gettext_lazy("Vide : la même année.")
    )
    reason = forms.CharField(label=gettext_lazy("Raison"), max_length=300, required=False)

    def __init__(self, *args: Any, sources: Any, items: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]
        self.fields["item"].choices = [(SAME, _("le même")), *items]  # type: ignore[attr-defined]
        self.fields["place"].choices = [(SAME, _("le même")), *places]  # type: ignore[attr-defined]

    def clean_year(self) -> int | None:
        text = self.cleaned_data["year"].strip()
        if text and not (text.isdigit() and 1950 <= int(text) <= 2100):
            raise ValidationError(_("Une année s’écrit avec quatre chiffres, de 1950 à 2100."))
        return int(text) if text else None

    @property
    def keys(self) -> tuple[CellKey, CellKey]:
        said = self.cleaned_data
        source = read_key(said["source"])
        funder, origin = said["place"].split("|") if said["place"] else (source.funder, source.origin)
        year = source.year if said["year"] is None else said["year"]
        item = int(said["item"]) if said["item"] else source.item
        return source, CellKey(item, int(funder), origin, year, source.status)


class RevisionForm(forms.Form):
    """A button of a sandbox: it acts on what its page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ProposeForm(RevisionForm):
    label = forms.CharField(label=gettext_lazy("Intitulé de l’avenant"), max_length=200)
    justification = forms.CharField(label=gettext_lazy("Justification"), widget=forms.Textarea(attrs={"rows": 5}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Raison"), max_length=500)
