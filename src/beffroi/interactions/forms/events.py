from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner
from beffroi.core.text import row_numbers
from beffroi.interactions.enums import EventState
from beffroi.interactions.forms.fields import NumberedForm, PartnersField, PlaceField, day
from beffroi.interactions.models import Event
from beffroi.interactions.queries.events import event_kinds, main_areas
from beffroi.interactions.rules.follow_up import FOLLOWED_DAYS
from beffroi.reference.models import Item

LEVELS = [(level.value, level.label) for level in (Visibility.PARTNERS, Visibility.PUBLIC, Visibility.OWNER)]
LONGEST = timedelta(days=31)


def hour(**options: Any) -> forms.TimeField:
    return forms.TimeField(**{"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options})


class EventForm(NumberedForm):
    """`seen`: the close events that the person was shown; a new one is shown before anything is written."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=gettext_lazy("Événement"), max_length=300)
    kind = forms.ModelChoiceField(
        label=gettext_lazy("Nature"), required=False, queryset=Item.objects.none(), empty_label=gettext_lazy("non précisée")
    )
    items = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Domaines prioritaires"),
        required=False,
        queryset=Item.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    first_day = day(label=gettext_lazy("Premier jour"))
    begins = hour(label=gettext_lazy("Début"))
    last_day = day(label=gettext_lazy("Dernier jour"), required=False, help_text=gettext_lazy("S’il dure plusieurs jours."))
    finishes = hour(label=gettext_lazy("Fin"))
    place = PlaceField(
        label=gettext_lazy("Lieu"),
        required=False,
        help_text=gettext_lazy("Commune, intercommunalité, département : nom ou code."),
    )
    venue = forms.CharField(label=gettext_lazy("Adresse ou lien"), required=False, max_length=300)
    with_partners = PartnersField(label=gettext_lazy("Organisé avec"), required=False)
    capacity = forms.IntegerField(label=gettext_lazy("Places"), required=False, min_value=1, max_value=100_000)
    description = forms.CharField(label=gettext_lazy("Description"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    visibility = forms.TypedChoiceField(
        label=gettext_lazy("Qui le voit"),
        choices=LEVELS,
        coerce=int,
        initial=Visibility.PARTNERS,
        help_text=gettext_lazy("Les partenaires voient ce qui se prépare : c’est ce qui évite deux événements le même jour."),
    )

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = event_kinds()  # type: ignore[attr-defined]
        self.fields["items"].queryset = main_areas(viewer)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not {"first_day", "begins", "finishes"} <= told.keys() or "last_day" not in told:
            return told
        first, last = told.pop("first_day"), told.pop("last_day")
        starts = moment_of(first, told.pop("begins"))
        ends = moment_of(last or first, told.pop("finishes"))
        if ends <= starts:
            self.add_error("finishes", _("Un événement finit après avoir commencé."))
        elif ends - starts > LONGEST:
            self.add_error("last_day", _("Un événement dure un mois au plus : notez-en plusieurs."))
        return {**told, "starts": starts, "ends": ends}

    @property
    def fields_of_event(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("client_id", "seen")}

    @property
    def seen_keys(self) -> set[int]:
        return set(row_numbers(self.cleaned_data["seen"].split(",")))

    def draft(self, event: Event | None = None) -> Event | None:
        """The event as typed so far, when enough is typed to compare it with others; never saved."""
        wrong = self.errors
        told = self.cleaned_data
        if "starts" not in told or {"finishes", "last_day"} & wrong.keys():
            return None
        typed = {name: told[name] for name in ("starts", "ends")}
        return Event(pk=event.pk if event else None, title=told.get("title", ""), place=told.get("place"), **typed)


def moment_of(on: date, at: Any) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))


def initial_of(event: Event) -> dict[str, Any]:
    starts, ends = timezone.localtime(event.starts), timezone.localtime(event.ends)
    same = ("client_id", "title", "venue", "capacity", "description", "visibility", "place", "kind")
    return {
        **{name: getattr(event, name) for name in same},
        "items": list(event.items.all()),
        "with_partners": list(event.with_partners.all()),
        "first_day": starts.date(),
        "begins": starts.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
        "finishes": ends.time(),
    }


class CalendarFilter(forms.Form):
    view = forms.ChoiceField(required=False, choices=[("month", ""), ("list", "")], widget=forms.HiddenInput)
    month = forms.CharField(required=False, widget=forms.HiddenInput)
    area = forms.ModelChoiceField(
        label=gettext_lazy("Domaine"), required=False, queryset=Item.objects.none(), empty_label=gettext_lazy("tous")
    )
    place = PlaceField(label=gettext_lazy("Lieu"), required=False)
    operator = forms.ModelChoiceField(
        label=gettext_lazy("Opérateur"), required=False, queryset=Partner.objects.none(), empty_label=gettext_lazy("tous")
    )
    state = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[("", gettext_lazy("non annulés")), *EventState.choices]
    )
    q = forms.CharField(label=gettext_lazy("Mots du titre"), required=False, widget=forms.SearchInput)

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = main_areas(viewer)  # type: ignore[attr-defined]
        self.fields["operator"].queryset = Partner.objects.order_by("name", "pk")  # type: ignore[attr-defined]

    def asked(self) -> Mapping[str, Any]:
        """A filter that says nothing known is left out."""
        self.full_clean()
        return self.cleaned_data


class InviteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Entreprises à inviter"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Une par ligne : SIREN ou nom, puis si vous les avez la personne et le courriel, séparés par des points-virgules."
        ),
    )


class SignInForm(forms.Form):
    company = forms.CharField(label=gettext_lazy("Votre entreprise (SIREN ou nom)"), max_length=300)
    person = forms.CharField(label=gettext_lazy("Votre nom"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("Votre courriel"), required=False)


class FollowFilter(forms.Form):
    since = day(label=gettext_lazy("Événements du"), required=False)
    until = day(label=gettext_lazy("au"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Visite dans les (jours)"), required=False, min_value=1, max_value=1000)
    area = forms.ModelChoiceField(
        label=gettext_lazy("Domaine"), required=False, queryset=Item.objects.none(), empty_label=gettext_lazy("tous")
    )
    operator = forms.ModelChoiceField(
        label=gettext_lazy("Organisé par"), required=False, queryset=Partner.objects.none(), empty_label=gettext_lazy("tous")
    )

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = main_areas(viewer)  # type: ignore[attr-defined]
        self.fields["operator"].queryset = Partner.objects.order_by("name", "pk")  # type: ignore[attr-defined]

    def asked(self, today: date) -> dict[str, Any]:
        self.full_clean()
        told = self.cleaned_data
        until = told.get("until") or today
        since = told.get("since") or until - timedelta(days=365)
        return {**told, "since": since, "until": until, "days": told.get("days") or FOLLOWED_DAYS}


class ArrivalForm(forms.Form):
    company = forms.CharField(label=gettext_lazy("SIREN ou nom"), max_length=300, required=False)

    def refuse(self, text: str) -> None:
        self.add_error("company", ValidationError(text))
