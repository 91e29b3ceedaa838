"""Fields that read what people write: euros, organisations, territories, periods."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.connectors.numbers import exact_number, without_currency
from beffroi.connectors.periods import Period, UnreadablePeriod, parse_period
from beffroi.funding.models import Programme
from beffroi.funding.queries.named import areas_called, named_areas, named_items, named_organisations
from beffroi.reference.models import Item

LARGEST = Decimal(10) ** 13


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EurosField(forms.CharField):
    """« 1 234,50 », « 1234.5 » or « 1 234 € », to the cent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        plain, currency = without_currency(text)
        number = exact_number(plain)
        if number is None or currency not in (None, "EUR"):
            raise ValidationError(
                _("« %(text)s » n’est pas un montant en euros : écrivez par exemple 1 234,50.") % {"text": text}
            )
        amount = Decimal(number)
        if amount != round(amount, 2) or abs(amount) >= LARGEST:
            raise ValidationError(_("Un montant s’écrit au centime près, et reste sous dix mille milliards d’euros."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


class OrganisationField(forms.CharField):
    """An organisation by its number or its name. `viewer` is set by the form."""

    viewer: AnyUser

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, **kwargs)

    def found(self, text: str) -> Organisation | None:
        known = named_organisations(text, viewer=self.viewer)
        if len(known) > 1:
            names = ", ".join(f"{one} ({one.siren or _('sans SIREN')})" for one in known)
            raise ValidationError(
                _("Plusieurs organisations répondent à ce nom : %(names)s. Donnez le SIREN.") % {"names": names}
            )
        return known[0] if known else None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.found(text)
        if found is None:
            raise ValidationError(_("Aucune organisation connue n’a ce nom ni ce numéro : vérifiez, ou donnez son SIREN."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return (value.siren or value.name) if isinstance(value, Organisation) else value


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
