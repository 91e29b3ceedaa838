"""What the address of an analysis may ask, as fields."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.observatory.methods.declared import Method, Option
from beffroi.observatory.queries import inputs, looks
from beffroi.observatory.queries.inputs import Asked
from beffroi.provenance.queries import Moment


class LookForm(forms.Form):
    """Every field has a value: what is not asked, or cannot be, is what the indicator offers first."""

    indicator = forms.ChoiceField(label=_("Indicateur"), required=False)
    level = forms.ChoiceField(label=_("Niveau"), required=False)
    start = forms.ChoiceField(label=_("De"), required=False)
    end = forms.ChoiceField(label=_("Période"), required=False)
    dimension = forms.ChoiceField(label=_("Activité lue dans"), required=False)
    depth = forms.ChoiceField(label=_("Niveau d’activité"), required=False)
    rest = forms.ChoiceField(label=_("Autres dimensions"), required=False)

    def __init__(self, given: QueryDict, *, viewer: AnyUser, moment: Moment, hidden: tuple[str, ...] = ()) -> None:
        self.offer = looks.offer(given, viewer=viewer, moment=moment, hidden=hidden)
        said = given.copy()
        for name, value in self.offer.said.items():
            said[name] = value
        super().__init__(said)
        for name in self.offer.said:
            self._show(name, self.offer.choices.get(name, []), is_hidden=name in hidden)

    def _show(self, name: str, choices: looks.Choices, *, is_hidden: bool) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        is_alone = name in ("dimension", "rest") and len(choices) <= 1
        if is_hidden or is_alone or not choices:
            field.widget = forms.HiddenInput()

    def asked(self, *, with_rest: bool = True) -> Asked | None:
        return self.offer.asked(with_rest=with_rest)


class OptionsForm(forms.Form):
    """The options of a method, as its declaration says them."""

    def __init__(self, method: Method, given: QueryDict) -> None:
        super().__init__(given or None)
        self.method = method
        for option in method.options:
            if option.name not in inputs.FROM_DATA:
                self.fields[f"o_{option.name}"] = _field(option)

    @property
    def options(self) -> dict[str, Any]:
        return looks.options_said(self.method, self.data)


def _field(option: Option) -> forms.Field:
    shown = ", ".join(option.default) if isinstance(option.default, list) else option.default
    words = option.meaning[:1].upper() + option.meaning[1:]
    help_text = "" if shown in (None, False) else f"{option.name} ; {shown}"
    return looks.FIELDS.get(option.kind, forms.CharField)(label=words, required=False, help_text=help_text)
