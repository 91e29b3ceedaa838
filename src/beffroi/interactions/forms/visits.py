"""The visit as a person types it, on a phone or at a desk; the device's queue sends the same fields."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.actors.models import Organisation, ProjectHolder
from beffroi.core.text import search_key
from beffroi.interactions.actions import Heard, Newcomer, Note
from beffroi.interactions.enums import ConsentPurpose, Maturity, Potential, VisitMeans, VisitState
from beffroi.interactions.forms.fields import NumberedForm, PlaceField, day
from beffroi.interactions.models import Visit, VisitNote
from beffroi.interactions.queries import subjects
from beffroi.reference.models import Item, Version

LEVELS = [(Visibility.OWNER.value, _("mon institution seule")), (Visibility.PARTNERS.value, _("les partenaires"))]
STATES = [(VisitState.DONE.value, _("elle a eu lieu")), (VisitState.PLANNED.value, _("elle est prévue"))]
NEWCOMERS = [
    ("", _("déjà connue de Beffroi")),
    ("company", _("une entreprise pas encore connue")),
    ("holder", _("un porteur de projet, sans entreprise")),
]
NOT_SAID = ("", _("non dit"))
PER_ITEM = ("note_", "need_")  # fields that the guide and the subjects of needs make
NEAR = 4
FACTS = ("on", "state", "means", "item", "potential", "green", "digital", "minutes", "reserved_until", "detail_visibility")


@dataclass(frozen=True)
class ThemeRow:
    """A theme of the guide with its two fields."""

    theme: Any
    text: Any
    kept: Any


@dataclass(frozen=True)
class NeedRow:
    subject: Item
    ticked: Any
    text: Any


class HeardForm(NumberedForm):
    """What a visit says, whomever it is about."""

    guide = forms.ModelChoiceField(queryset=Version.objects.all(), required=False, widget=forms.HiddenInput)
    place = PlaceField(label=_("Où"), required=False, help_text=_("Commune : nom ou code."))
    on = day(label=_("Date"))
    state = forms.ChoiceField(label=_("La visite"), choices=STATES, initial=VisitState.DONE)
    means = forms.ChoiceField(label=_("Où et comment"), choices=VisitMeans, initial=VisitMeans.ON_SITE)
    met_name = forms.CharField(label=_("Personne rencontrée"), required=False, max_length=150)
    met_role = forms.CharField(label=_("Sa fonction"), required=False, max_length=150)
    remarks = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    potential = forms.ChoiceField(
        label=_("Potentiel"), required=False, choices=[NOT_SAID, *Potential.choices], widget=forms.RadioSelect
    )
    green = forms.TypedChoiceField(
        label=_("Transition écologique"), required=False, choices=[NOT_SAID, *Maturity.choices], coerce=int, empty_value=None
    )
    digital = forms.TypedChoiceField(
        label=_("Transition numérique"), required=False, choices=[NOT_SAID, *Maturity.choices], coerce=int, empty_value=None
    )
    minutes = forms.IntegerField(label=_("Durée, en minutes"), required=False, min_value=1, max_value=1440)
    item = forms.ModelChoiceField(
        label=_("Domaine prioritaire"), required=False, queryset=Item.objects.none(), empty_label=_("aucun, ou je ne sais pas")
    )
    consents = forms.MultipleChoiceField(
        label=_("L’entreprise est d’accord pour"),
        required=False,
        choices=ConsentPurpose.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    detail_visibility = forms.TypedChoiceField(
        label=_("Qui lit vos notes, les besoins et votre avis"),
        coerce=int,
        choices=LEVELS,
        initial=Visibility.OWNER,
        help_text=_("Les partenaires savent toujours que la visite a eu lieu, jamais plus que ce que vous choisissez ici."),
    )
    reserved_until = day(
        label=_("Prospect réservé jusqu’au"),
        required=False,
        help_text=_("Jusque-là, les autres opérateurs ne savent pas que vous l’avez vue. 30 jours au plus."),
    )

    def __init__(self, *args: Any, viewer: User, themes: Sequence[Item], needs: Sequence[Item], items: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.viewer, self.themes, self.needs = viewer, themes, needs
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        for theme in themes:
            self.fields[f"note_{theme.pk}"] = _text(theme.label, rows=3)
            self.fields[f"kept_{theme.pk}"] = _tick(_("pour mon institution seule"))
        for subject in needs:
            self.fields[f"need_{subject.pk}"] = _tick(subject.label)
            self.fields[f"need_text_{subject.pk}"] = forms.CharField(
                label=_("Précisez : %(subject)s") % {"subject": subject.label}, required=False, max_length=1000
            )

    @property
    def theme_rows(self) -> list[ThemeRow]:
        return [ThemeRow(one, self[f"note_{one.pk}"], self[f"kept_{one.pk}"]) for one in self.themes]

    @property
    def need_rows(self) -> list[NeedRow]:
        return [NeedRow(one, self[f"need_{one.pk}"], self[f"need_text_{one.pk}"]) for one in self.needs]

    def _heard(self) -> Heard:
        data = self.cleaned_data
        level = Visibility(data["detail_visibility"])
        notes = [Note(None, data["remarks"], level)] if data["remarks"] else []
        for theme in self.themes:
            if text := data[f"note_{theme.pk}"]:
                notes.append(Note(theme, text, Visibility.OWNER if data[f"kept_{theme.pk}"] else level))
        needs = [(one, data[f"need_text_{one.pk}"]) for one in self.needs if data[f"need_{one.pk}"]]
        return Heard(notes, needs, data["consents"], (data["met_name"], data["met_role"]))


class VisitForm(HeardForm):
    visit = forms.ModelChoiceField(queryset=Visit.objects.none(), required=False, widget=forms.HiddenInput)
    about = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    who = forms.CharField(
        label=_("Entreprise ou porteur de projet"),
        max_length=300,
        help_text=_("Nom, sigle, SIREN ou SIRET."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    newcomer = forms.ChoiceField(label=_("Elle est"), required=False, choices=NEWCOMERS, widget=forms.RadioSelect)
    project = forms.CharField(label=_("Son projet"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["visit"].queryset = Visit.objects.of(self.viewer)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("newcomer") == "holder" and not data.get("project"):
            self.add_error("project", _("Dites en quelques mots ce qu’est le projet."))
        if "who" in data and not data.get("newcomer"):
            try:
                data["subject"] = self._subject(data.get("about", ""), data["who"])
            except ValidationError as error:
                self.add_error("who", error)
        if data.get("visit") and data["visit"].subject != data.get("subject"):
            data["visit"] = None  # somebody else was seen than the one of the diary
        if lost := [name for name in self.data if name.startswith(PER_ITEM) and name not in self.fields and self.data[name]]:
            told = _("Le guide a changé depuis cette saisie ; réponses sans question : %(n)s. Recopiez-les dans les notes.")
            self.add_error(None, told % {"n": len(lost)})
        return data

    def _subject(self, about: str, who: str) -> Organisation | ProjectHolder:
        found = subjects.of_key(about, viewer=self.viewer)
        if found and search_key(str(found)) == search_key(who):  # the name may have been changed since it was chosen
            return found
        known = subjects.named(who, viewer=self.viewer)
        if len(known) > 1:
            names = ", ".join(subjects.told(one) for one in known)
            raise ValidationError(_now("Plusieurs répondent à ce nom : %(names)s. Donnez le SIREN.") % {"names": names})
        if not known:
            raise ValidationError(self._unknown(who))
        return known[0]

    def _unknown(self, who: str) -> str:
        told = _now("Personne de connu ne s’appelle « %(who)s » : vérifiez, ou dites qu’elle n’est pas encore connue.")
        near = ", ".join(subjects.told(one) for one in subjects.offered(who, viewer=self.viewer)[:NEAR])
        meant = _now("Vouliez-vous dire : %(near)s ?") % {"near": near} if near else ""
        return " ".join(filter(None, [told % {"who": who}, meant]))

    @cached_property
    def said(self) -> dict[str, Any]:
        """What the action receives."""
        data = self.cleaned_data
        facts = {name: data[name] for name in FACTS}
        facts |= {"guide": data["guide"], "client_id": data["client_id"], "planned": data["visit"], "heard": self._heard()}
        subject = data.get("subject")
        if subject is None:
            project = data["project"] if data["newcomer"] == "holder" else ""
            return {**facts, "newcomer": Newcomer(data["who"], project, data["place"])}
        is_holder = isinstance(subject, ProjectHolder)
        about = {"organisation": None if is_holder else subject, "holder": subject if is_holder else None}
        return {**facts, **about, **({"place": data["place"]} if data["place"] else {})}


class VisitChangeForm(HeardForm):
    """The same visit corrected: whom it was about does not change, and each note that was written keeps its own readers."""

    def __init__(self, *args: Any, notes: Sequence[VisitNote], themes: Sequence[Item], **kwargs: Any):
        said = {note.theme_id for note in notes}
        super().__init__(*args, themes=[one for one in themes if one.pk not in said], **kwargs)
        self.notes = notes
        for note in notes:
            self.fields[f"said_{note.pk}"] = _text(str(note.theme or _("Notes")), rows=3)
            self.fields[f"said_{note.pk}"].initial = note.text
            self.fields[f"kept_said_{note.pk}"] = _tick(_("pour mon institution seule"))
            self.fields[f"kept_said_{note.pk}"].initial = note.visibility > Visibility.PARTNERS

    @property
    def note_rows(self) -> list[ThemeRow]:
        return [ThemeRow(one.theme or _("Notes"), self[f"said_{one.pk}"], self[f"kept_said_{one.pk}"]) for one in self.notes]

    def _heard(self) -> Heard:
        heard = super()._heard()
        rewritten = [note for one in self.notes if (note := self._rewritten(one)).text]
        return replace(heard, notes=[*rewritten, *heard.notes])

    def _rewritten(self, note: VisitNote) -> Note:
        """As it was when nobody touched it, or when it came after the page was opened."""
        same = Note(note.theme, note.text, Visibility(note.visibility))
        if f"said_{note.pk}" not in self.data:
            return same
        text, kept = self.cleaned_data[f"said_{note.pk}"], self.cleaned_data[f"kept_said_{note.pk}"]
        if text.splitlines() == note.text.strip().splitlines():
            text = note.text
        if not {"detail_visibility", f"kept_said_{note.pk}"}.intersection(self.changed_data):
            return replace(same, text=text)
        level = Visibility.OWNER if kept else Visibility(self.cleaned_data["detail_visibility"])
        return Note(note.theme, text, level)

    @property
    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**{name: data[name] for name in FACTS}, "heard": self._heard()}


class VisitFilter(forms.Form):
    q = forms.CharField(label=_("Entreprise ou projet"), required=False, widget=forms.SearchInput)
    whose = forms.ChoiceField(
        label=_("De"),
        required=False,
        choices=[("", _("mon institution")), ("me", _("moi")), ("all", _("tous les opérateurs"))],
    )
    state = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("tous")), *VisitState.choices])
    since = day(label=_("Depuis le"), required=False, help_text=_("Pour tous les opérateurs, à défaut : un an."))
    until = day(label=_("Jusqu’au"), required=False)


class PlanForm(forms.Form):
    about = forms.CharField(max_length=40)
    on = day(label=_("Jour"))


def _text(label: str, *, rows: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}))


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)
