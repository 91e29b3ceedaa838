from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.funding.enums import CallKind, CriterionKind
from beffroi.funding.forms.fields import AreaField, CentsField, InProgramme, day_input
from beffroi.funding.models import Call, Programme
from beffroi.funding.rules.criteria import Criterion, WrongCriterion, read_criteria, written_criteria
from beffroi.reference.models import Item

STATES = [("open", _("ouverts")), ("coming", _("à venir")), ("closed", _("clos")), ("all", _("tous"))]


class CallFilter(forms.Form):
    q = forms.CharField(label=_("Mots"), required=False, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("État"), required=False, choices=STATES)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *CallKind.choices])
    programme = forms.ModelChoiceField(
        label=_("Programme"), required=False, queryset=Programme.objects.none(), empty_label=_("tous")
    )
    item = forms.ModelChoiceField(label=_("Objectif"), required=False, queryset=Item.objects.none(), empty_label=_("tous"))
    territory = forms.CharField(label=_("Territoire (nom ou code)"), required=False)
    before = forms.DateField(label=_("Clôture au plus tard le"), required=False, widget=day_input())

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calls = Call.objects.visible_to(viewer).order_by()
        programmes = Programme.objects.visible_to(viewer).filter(pk__in=calls.values("programme")).select_related("framework")
        items = Item.objects.visible_to(viewer).filter(pk__in=calls.exclude(item=None).values("item"))
        for name, rows in (("programme", programmes), ("item", items.order_by("sort_key", "pk"))):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class CallForm(InProgramme, forms.ModelForm[Call]):
    """Criteria are written one on a line, and kept as rows."""

    area = AreaField(
        label=_("Zone géographique"), required=False, help_text=_("Nom ou code officiel ; vide : voir ci-dessous.")
    )
    item_name = forms.CharField(
        label=_("Objectif ou élément du programme"), required=False, help_text=_("Son code, ou des mots de son intitulé.")
    )
    total = CentsField(label=_("Montant total de l’aide"), required=False)
    eligibility = forms.CharField(
        label=_("Critères d’éligibilité"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Un par ligne."),
    )
    selection = forms.CharField(
        label=_("Critères de sélection"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Un par ligne ; les points après un point-virgule : « Emplois créés ; 30 »."),
    )
    address = forms.URLField(label=_("Adresse de l’appel"), required=False, max_length=500, assume_scheme="https")
    visibility = forms.TypedChoiceField(
        label=_("Qui le voit"),
        coerce=int,
        choices=[(level.value, level.label) for level in Visibility if level != Visibility.BODIES],
    )

    field_order = ("title", "kind", "programme", "item_name", "cycle", "opens", "closes", "description", "eligible_applicants",
                   "area", "written_area", "total", "eligibility", "selection", "decision_days", "address", "code",
                   "visibility")  # fmt: skip

    class Meta:
        model = Call
        fields = ("title", "kind", "programme", "cycle", "code", "description", "opens", "closes", "area", "written_area",
                  "eligible_applicants", "decision_days", "address", "visibility")  # fmt: skip
        widgets = {  # noqa: RUF012
            "opens": day_input(),
            "closes": day_input(),
            "description": forms.Textarea(attrs={"rows": 5}),
            "eligible_applicants": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {  # noqa: RUF012
            "code": _("Celui de votre institution ; vide : Beffroi en donne un."),
            "cycle": _("Les étapes que suivront les dossiers de cet appel."),
            "decision_days": _("Du dépôt à la décision : au-delà, un dossier est en retard."),
        }

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.visible_to(viewer).select_related("framework")  # type: ignore[attr-defined]
        self.viewer = viewer
        self.fields["code"].required = False
        if self.instance.pk:
            self._show_what_is_written()

    def _show_what_is_written(self) -> None:
        rows = [Criterion(CriterionKind(one.kind), one.text, one.points) for one in self.instance.criteria.all()]
        for kind in CriterionKind:
            self.initial[kind.value] = written_criteria(rows, kind)
        self.initial["total"] = self.instance.total_cents
        self.initial["area"] = self.instance.area
        self.initial["item_name"] = self.instance.item.code if self.instance.item else ""

    def clean_eligibility(self) -> list[Criterion]:
        return self._criteria("eligibility")

    def clean_selection(self) -> list[Criterion]:
        return self._criteria("selection")

    def _criteria(self, name: str) -> list[Criterion]:
        try:
            return read_criteria(self.cleaned_data[name], CriterionKind(name))
        except WrongCriterion as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def said(self) -> dict[str, Any]:
        """What the action receives."""
        data = dict(self.cleaned_data)
        del data["item_name"]
        total = data.pop("total")
        criteria = [*data.pop("eligibility"), *data.pop("selection")]
        return {**data, "total_cents": total, "criteria": criteria}
