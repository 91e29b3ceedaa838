from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.indicators.enums import Age, IndicatorKind, Progress, Status
from beffroi.indicators.models import Indicator
from beffroi.indicators.queries.values import EURO
from beffroi.provenance.models import Source
from beffroi.provenance.queries.desk import visible_sources
from beffroi.reference.models import Framework

ALL = ("", _("tous"))
ALL_F = ("", _("toutes"))


class FrameworkField(forms.ModelChoiceField[Framework]):
    """The frameworks that have indicators, by their code."""

    def __init__(self) -> None:
        super().__init__(
            Framework.objects.none(), label=_("Cadre"), required=False, empty_label=_("tous"), to_field_name="code"
        )


class PlaceFilter(forms.Form):
    """A framework and a territory; a territory chosen on another page comes by its number."""

    framework = FrameworkField()
    place = forms.CharField(label=_("Territoire"), required=False)
    territory = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = Indicator.objects.visible_to(viewer)
        frameworks: Any = self.fields["framework"]
        frameworks.queryset = Framework.objects.visible_to(viewer).filter(indicators__in=shown).distinct().order_by("sort_key")

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and could be read; the rest asks nothing."""
        self.full_clean()
        return self.cleaned_data


class IndicatorFilter(PlaceFilter):
    q = forms.CharField(label=_("Mots"), required=False)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[ALL_F, *IndicatorKind.choices])
    unit = forms.ChoiceField(label=_("Unité"), required=False)
    progress = forms.ChoiceField(label=_("Objectif"), required=False, choices=[ALL, *Progress.choices])
    age = forms.ChoiceField(label=_("Dernier résultat"), required=False, choices=[ALL, *Age.choices])
    field_order = ("q", "kind", "unit", "framework", "place", "progress", "age", "territory")

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        units = Indicator.objects.visible_to(viewer).exclude(unit="").order_by("unit").values_list("unit", flat=True).distinct()
        choices: Any = self.fields["unit"]
        choices.choices = [ALL_F, *((unit, "€" if unit == EURO else unit) for unit in units)]


class ValueFilter(PlaceFilter):
    q = forms.CharField(label=_("Indicateur"), required=False)
    year = forms.IntegerField(label=_("Année"), required=False, min_value=1800, max_value=2200)
    status = forms.ChoiceField(label=_("Statut"), required=False, choices=[ALL, *Status.choices])
    breakdown = forms.CharField(label=_("Ventilation"), required=False)
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Source"), required=False, empty_label=_("toutes"), to_field_name="code"
    )
    indicator = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("q", "framework", "place", "year", "status", "breakdown", "source")

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        sources: Any = self.fields["source"]
        sources.queryset = visible_sources(viewer).order_by("title")


class TargetFilter(PlaceFilter):
    q = forms.CharField(label=_("Indicateur"), required=False)
    field_order = ("q", "framework", "place", "territory")


class FreshnessFilter(PlaceFilter):
    q = forms.CharField(label=_("Indicateur"), required=False)
    age = forms.ChoiceField(label=_("Dernier résultat"), required=False, choices=[ALL, *Age.choices])
    field_order = ("q", "framework", "age", "place", "territory")
