"""What people type in the forms of funding: euros, percentages, an organisation by its number or name."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.connectors.identifiers import siren_of
from beffroi.connectors.numbers import exact_number, without_currency
from beffroi.core.formats import exact_text
from beffroi.core.text import search_key

NAMED = 6
MOST_CENTS = 10**15  # ten thousand billion euros: beyond, it is a slip


class CentsField(forms.CharField):
    """Euros as people write them; integer cents for the database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"help_text": gettext_lazy("En euros : 12 500,50")} | options))
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return exact_text(Decimal(value) / 100) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        number = exact_number(without_currency(text)[0])
        cents = None if number is None else Decimal(number) * 100
        if cents is None or cents != cents.to_integral_value() or not 0 <= cents < MOST_CENTS:
            raise ValidationError(_("« %(text)s » n’est pas un montant en euros et centimes.") % {"text": text})
        return int(cents)


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


class OrganisationField(forms.CharField):
    """An organisation known here, by its SIREN, its SIRET or its whole name. None is made, none is guessed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"help_text": gettext_lazy("SIREN, ou nom tel qu’il est sur sa fiche.")} | options))
        self.viewer: AnyUser | None = None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            found = Organisation.objects.filter(pk=value).first()
            return (found.siren or found.name) if found else ""
        return value

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value).strip()
        if not text:
            return None
        assert self.viewer is not None
        seen = Organisation.objects.visible_to(self.viewer)
        siren = siren_of(text)
        found = list((seen.filter(siren=siren) if siren else _named(seen, text)).order_by("sort_key", "pk")[: NAMED + 1])
        if len(found) == 1:
            only: Organisation = found[0]
            return only
        raise ValidationError(_none(seen, text) if not found else _several(found))


def _named(seen: Any, text: str) -> Any:
    key = search_key(text)
    return (seen.filter(sort_key=key) | seen.filter(acronym__iexact=text) | seen.filter(names__key=key)).distinct()


def _none(seen: Any, text: str) -> str:
    near = seen.filter(sort_key__contains=search_key(text)).order_by("sort_key", "pk")[:NAMED]
    names = " ; ".join(row.name for row in near)
    if names:
        return _("Aucune organisation ne s’appelle ainsi. En est-ce une ? %(names)s") % {"names": names}
    return _("Aucune organisation connue n’a ce numéro ni ce nom : chargez-la d’abord, ou corrigez l’écriture.")


def _several(found: list[Organisation]) -> str:
    names = " ; ".join(f"{row.name} ({row.siren or row.get_kind_display()})" for row in found[:NAMED])
    return _("Plusieurs organisations ont ce nom : écrivez le SIREN. %(names)s") % {"names": names}
