"""Fields that read what people write of places and of operators, and the number of what they send."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner
from beffroi.actors.models import Organisation
from beffroi.core.days import within
from beffroi.core.text import search_key
from beffroi.funding.queries.named import areas_called, named_areas
from beffroi.interactions.queries import subjects
from beffroi.reference.models import Item

CODED = re.compile(r"^(?P<name>.*?)\s*\((?P<code>\w+)\)$")

DURATION = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d{1,2})?)\s*h(?:eures?)?)?\s*(?:(?P<minutes>\d{1,4})\s*(?:min(?:utes?)?)?)?"
)
NEAR = 5  # names offered for one that nobody has
DETAIL_LEVELS = [(level.value, level.label) for level in (Visibility.OWNER, Visibility.PARTNERS)]
OPEN_LEVELS = [(level.value, level.label) for level in (Visibility.PARTNERS, Visibility.PUBLIC)]


class NumberedForm(forms.Form):
    """What it writes has a number that the page gives: sent again, it is the same row. A number that another content has taken
    is replaced, so that the next try is a row of its own."""

    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: f"web-{uuid4()}")

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        if getattr(error, "code", "") == "number_taken":
            given: Any = self.data
            self.data = given.copy()
            self.data["client_id"] = f"web-{uuid4()}"  # type: ignore[index]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def written(place: Item) -> str:
    return f"{place.label} ({place.code})"


def place_called(text: str) -> Item:
    """An official territory by its name, its code, or both. Raises ValidationError, with what to write instead."""
    coded = CODED.match(text)
    asked = coded["code"] if coded else text
    if pk := named_areas([asked]).get(asked.strip()):
        found: Item = Item.objects.select_related("version").get(pk=pk)
        return found
    if several := areas_called(asked):
        names = ", ".join(map(written, several))
        raise ValidationError(
            _("Plusieurs territoires s’appellent « %(text)s » : %(names)s. Donnez le code.") % {"text": text, "names": names}
        )
    raise ValidationError(_("Aucun territoire officiel ne s’appelle « %(text)s », ni n’a ce code.") % {"text": text})


class PlaceField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return place_called(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Item) else value


class PlacesField(forms.CharField):
    """Several, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        found: dict[int, Item] = {}
        wrong: list[ValidationError] = []
        for line in filter(None, lines):
            try:
                place = place_called(line)
                found[place.pk] = place
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return list(found.values())

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(map(written, _items(value)))


def _items(value: Iterable[Any]) -> Iterable[Item]:
    return (one for one in value if isinstance(one, Item))


class PartnersField(forms.CharField):
    """Operators by their names or codes, a semicolon apart."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"help_text": gettext_lazy("Noms des opérateurs, séparés par des points-virgules.")} | options))

    def prepare_value(self, value: Any) -> Any:
        return " ; ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[Partner]:
        names = [name.strip() for name in super().clean(value).split(";") if name.strip()]
        by_key = {key: row for row in Partner.objects.order_by("pk") for key in (search_key(row.name), search_key(row.code))}
        unknown = [name for name in names if search_key(name) not in by_key]
        if unknown:
            raise ValidationError(_("Opérateur inconnu : %(names)s") % {"names": " ; ".join(unknown)})
        return list(dict.fromkeys(by_key[search_key(name)] for name in names))


class DayField(forms.DateField):
    """Of the years that sums of days never leave."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        try:
            return within(day) if day else day
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PastDayField(DayField):
    """Of what took place: today at the latest."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError(_("Ce jour est à venir : donnez celui où cela a eu lieu."))
        return day


def day(**options: Any) -> DayField:
    return DayField(**{"widget": day_input(), **options})


def past_day(**options: Any) -> PastDayField:
    return PastDayField(**{"widget": day_input(), **options})


class SubjectField(forms.CharField):
    """A company or a project holder known here, by number or name: none is made, none guessed. The form sets `viewer`."""

    viewer: AnyUser

    def __init__(self, *, companies_only: bool = False, **options: Any) -> None:
        super().__init__(**({"help_text": gettext_lazy("SIREN, ou nom tel qu’il est sur sa fiche.")} | options))
        self.companies_only = companies_only

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else getattr(value, "siren", None) or str(value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        known = subjects.of_key(text, viewer=self.viewer)
        found = [known] if known else subjects.named(text, viewer=self.viewer)
        found = self._asked(found)
        if len(found) == 1:
            return found[0]
        near = found or self._asked(subjects.offered(text, viewer=self.viewer))[:NEAR]
        if not near:
            raise ValidationError(_("Personne ici n’a ce nom ni ce numéro : vérifiez, ou donnez son SIREN."))
        names = " ; ".join(f"{subjects.told(one)} [{subjects.key_of(one)}]" for one in near)
        raise ValidationError(_("Laquelle ? Écrivez le SIREN, ou le code entre crochets. %(names)s") % {"names": names})

    def _asked(self, found: Iterable[subjects.Subject]) -> list[subjects.Subject]:
        return [one for one in found if isinstance(one, Organisation) or not self.companies_only]


class MinutesField(forms.CharField):
    """« 1 h 30 », « 1,5 h », « 45 min » or « 90 »: minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"help_text": gettext_lazy("1 h 30, 1,5 h, 45 min, ou un nombre de minutes.")} | options))

    def prepare_value(self, value: Any) -> Any:
        return f"{value} min" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip().lower()
        if not text:
            return None
        read = DURATION.fullmatch(text)
        if read is None or not any(read.groups()):
            raise ValidationError(_("« %(text)s » n’est pas une durée : écrivez par exemple 1 h 30.") % {"text": text})
        hours, minutes = read["hours"] or "0", read["minutes"] or "0"
        return int(Decimal(hours.replace(",", ".")) * 60) + int(minutes)
