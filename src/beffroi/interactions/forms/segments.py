from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.interactions.models import SegmentationRun
from beffroi.interactions.queries.segments import methods, run_text

LEVELS = [(level.value, level.label) for level in (Visibility.PARTNERS, Visibility.OWNER)]


class RunForm(forms.Form):
    method = forms.ChoiceField(label=_("Méthode"))
    year = forms.TypedChoiceField(label=_("Dernier exercice"), coerce=int)
    visibility = forms.TypedChoiceField(
        label=_("Qui voit le classement"),
        choices=LEVELS,
        coerce=int,
        help_text=_("Un classement ne lit que des comptes que ses lecteurs peuvent voir."),
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(method.code, method.label) for method in methods().values()]  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class RunField(forms.ModelChoiceField[SegmentationRun]):
    def label_from_instance(self, obj: SegmentationRun) -> str:
        return run_text(obj)


class CrossForm(forms.Form):
    one = RunField(label=_("Premier classement"), queryset=SegmentationRun.objects.none())
    other = RunField(label=_("Second classement"), queryset=SegmentationRun.objects.none())

    def __init__(self, *args: Any, runs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].queryset = runs  # type: ignore[attr-defined]


class ClassFilter(forms.Form):
    segment = forms.ChoiceField(label=_("Classe"), required=False)

    def __init__(self, *args: Any, classes: Sequence[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].choices = [("", _("toutes")), *((code or UNKNOWN_CLASS, label) for label, code in classes)]  # type: ignore[attr-defined]

    @property
    def asked(self) -> str | None:
        """The class of the filter; an empty one is « not enough figures »."""
        self.full_clean()
        found = self.cleaned_data.get("segment")
        return None if not found else "" if found == UNKNOWN_CLASS else str(found)


UNKNOWN_CLASS = "inconnue"
