"""Fields that read what people write: euros, percentages, organisations, agreements, territories, periods."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.connectors.numbers import exact_number, without_currency
from beffroi.connectors.periods import Period, UnreadablePeriod, parse_period
from beffroi.core.formats import exact_text
from beffroi.core.text import search_key
from beffroi.funding.models import CENTS, Agreement, Programme
from beffroi.funding.queries.named import (
    SHOWN,
    actions_of_plans,
    areas_called,
    named_actions,
    named_agreements,
    named_areas,
    named_indicators,
    named_items,
    named_organisations,
)
from beffroi.indicators.models import Indicator
from beffroi.reference.models import Item

LARGEST = Decimal(10) ** 13


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CentsField(forms.CharField):
    """« 1 234,50 », « 1234.5 » or « 1 234 € », to the cent; integer cents for the database. `is_signed`: what is taken back is
    written with a minus."""

    def __init__(self, *, is_signed: bool = False, **options: Any) -> None:
        about: dict[str, Any] = {"help_text": gettext_lazy("En euros : 12 500,50"), "max_length": 40} | options
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **about)
        self.is_signed = is_signed

    def prepare_value(self, value: Any) -> Any:
        return exact_text(Decimal(value) / CENTS) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        plain, currency = without_currency(text)
        number = exact_number(plain)
        amount = None if number is None else Decimal(number)
        if amount is None or currency not in (None, "EUR") or (amount < 0 and not self.is_signed):
            raise ValidationError(
                _("« %(text)s » n’est pas un montant en euros : écrivez par exemple 1 234,50.") % {"text": text}
            )
        if amount != round(amount, 2) or abs(amount) >= LARGEST:
            raise ValidationError(_("Un montant s’écrit au centime près, et reste sous dix mille milliards d’euros."))
        return int(amount * CENTS)


class RateField(forms.CharField):
    """A percentage as people write it; 0 to 1 for the database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"help_text": gettext_lazy("En pourcentage de la base éligible : 50 %")} | options))
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return f"{exact_text(value * 100)} %" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        number = exact_number(text.replace("%", "").strip())
        if number is None or not 0 <= Decimal(number) <= 100:
            raise ValidationError(_("« %(text)s » n’est pas un pourcentage entre 0 et 100.") % {"text": text})
        return Decimal(number) / 100


class NamedField(forms.CharField):
    """Something known here, by its number or its whole name, among what `viewer` sees: none is made, none is guessed. A choice
    among thousands is no list to scroll."""

    viewer: AnyUser
    nature: Any
    none: Any
    rows: Callable[[AnyUser], Any]
    named: Callable[..., list[Any]]
    written: Callable[[Any], str]

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"max_length": 300, "help_text": self.nature} | options))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = type(self).rows(self.viewer).filter(pk=value).first()
        return value if value is None or isinstance(value, str) else type(self).written(value)

    def found(self, text: str) -> Any:
        known = type(self).named(text, viewer=self.viewer)
        if len(known) > 1:
            raise ValidationError(self.several(known))
        return known[0] if known else None

    def several(self, known: list[Any]) -> str:
        said = {"names": ", ".join(f"{type(self).written(one)} ({one})" for one in known)}
        return _("Plusieurs répondent à ce nom : %(names)s. Écrivez le numéro ou le code.") % said

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.found(text)
        if found is None:
            near = type(self).rows(self.viewer).filter(sort_key__contains=search_key(text)).order_by("sort_key", "pk")[:SHOWN]
            names = " ; ".join(str(one) for one in near)
            raise ValidationError(_("Rien ne s’appelle ainsi. Est-ce : %(names)s ?") % {"names": names} if names else self.none)
        return found


class OrganisationField(NamedField):
    nature = gettext_lazy("SIREN, ou nom tel qu’il est sur sa fiche.")
    none = gettext_lazy("Aucune organisation connue n’a ce nom ni ce numéro : vérifiez, ou donnez son SIREN.")
    rows = staticmethod(lambda viewer: Organisation.objects.visible_to(viewer))
    named = staticmethod(named_organisations)
    written = staticmethod(lambda one: one.siren or one.name)

    def several(self, known: list[Any]) -> str:
        names = ", ".join(f"{one} ({one.siren or _('sans SIREN')})" for one in known)
        return _("Plusieurs organisations répondent à ce nom : %(names)s. Donnez le SIREN.") % {"names": names}


class AgreementField(NamedField):
    nature = gettext_lazy("Son numéro, ou son intitulé entier.")
    none = gettext_lazy("Aucune convention connue n’a ce numéro ni cet intitulé.")
    rows = staticmethod(lambda viewer: Agreement.objects.visible_to(viewer))
    named = staticmethod(named_agreements)
    written = staticmethod(lambda one: one.code)


class ActionField(NamedField):
    nature = gettext_lazy("Le code de l’action, ou son intitulé entier ; « plan:code » s’il faut dire de quel plan.")
    none = gettext_lazy("Aucune action d’un plan ou d’un programme n’a ce code ni cet intitulé.")
    rows = staticmethod(actions_of_plans)
    named = staticmethod(named_actions)
    written = staticmethod(lambda one: f"{one.version.framework.code}:{one.code}")


class IndicatorField(NamedField):
    nature = gettext_lazy("Son code, ou son intitulé entier.")
    none = gettext_lazy("Aucun indicateur connu n’a ce code ni cet intitulé.")
    rows = staticmethod(lambda viewer: Indicator.objects.visible_to(viewer))
    named = staticmethod(named_indicators)
    written = staticmethod(lambda one: one.code)


class ApplicantField(OrganisationField):
    """An organisation that nobody knows yet keeps its name as written."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        return (self.found(text) or text) if text else None


class AreaField(forms.CharField):
    """An official territory by its name or its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if pk := named_areas([text]).get(text.strip()):
            return Item.objects.get(pk=pk)
        if several := areas_called(text):
            names = ", ".join(f"{one} ({one.code})" for one in several)
            raise ValidationError(_("Plusieurs territoires portent ce nom : %(names)s. Donnez le code.") % {"names": names})
        raise ValidationError(_("Aucun territoire officiel n’a ce nom ni ce code."))

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Item) else value


class PeriodField(forms.CharField):
    """2026, 2026-03, 2026-03-31, 2026-S1 or 2021/2027."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return Period(None, None)
        try:
            return parse_period(text)
        except UnreadablePeriod as error:
            raise ValidationError(str(error)) from error


def item_of(text: str, programme: Programme, *, viewer: AnyUser) -> Item | None:
    """The item that a person names in a programme. Raises ValidationError, with what to write instead."""
    if not text.strip():
        return None
    found = named_items(text, programme, viewer=viewer)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(_("Ce programme n’a aucun élément de ce code ni de cet intitulé."))
    names = ", ".join(f"{one.code} ({one.label})" for one in found)
    raise ValidationError(_("Plusieurs éléments répondent : %(names)s. Donnez le code.") % {"names": names})


class InProgramme(forms.Form):
    """A form that names an item of the programme that it chooses."""

    viewer: AnyUser

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        text, programme = data.get("item_name", ""), data.get("programme")
        data["item"] = None
        if programme:
            try:
                data["item"] = item_of(text, programme, viewer=self.viewer)
            except ValidationError as error:
                self.add_error("item_name", error)
        return data
