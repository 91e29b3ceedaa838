"""What the money explorer is asked: the form of its address, the question it makes, and that question in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.core.text import row_number
from beffroi.funding.enums import Instrument, Origin, PlaceBasis, Stage
from beffroi.funding.models import Operation, Programme
from beffroi.funding.queries.conversions import frameworks_to_read_in
from beffroi.funding.queries.questions import EITHER, PUBLIC, Question
from beffroi.funding.queries.territories import territory_called
from beffroi.publishing.sheets.money.maps import LEVELS
from beffroi.reference.models import Item

KEYS = {
    "fund": gettext_lazy("financeur"),
    "item": gettext_lazy("élément du programme"),
    "programme": gettext_lazy("programme"),
    "territory": gettext_lazy("territoire"),
    "receiver": gettext_lazy("bénéficiaire"),
    "year": gettext_lazy("année"),
    "origin": gettext_lazy("origine"),
    "instrument": gettext_lazy("instrument"),
    "operation": gettext_lazy("opération"),
    "stage": gettext_lazy("stade"),
    "contract_status": gettext_lazy("statut au contrat"),
    "section": gettext_lazy("section"),
}
PICTURES = {
    "": gettext_lazy("Tableau"),
    "bars": gettext_lazy("Barres"),
    "flow": gettext_lazy("Flux"),
    "map": gettext_lazy("Carte"),
}
FIRST_FIELDS = ("stage", "by", "territory", "programme")
MORE_FIELDS = ("then", "into", "since", "until", "origin", "instrument", "place_basis", "level")
ALL_STAGES = "all"
FIRST, LAST = 1950, 2100


class MoneyForm(forms.Form):
    """The default stage is « voté »: what an assembly decided is what an elected person answers for."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Argent"), choices=[*Stage.choices, (ALL_STAGES, gettext_lazy("à tous les stades, chacun à part"))]
    )
    by = forms.ChoiceField(label=gettext_lazy("Par"), choices=list(KEYS.items()))
    then = forms.ChoiceField(label=gettext_lazy("Puis par"), choices=[("", "—"), *KEYS.items()], required=False)
    territory = forms.CharField(
        label=gettext_lazy("Territoire"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Nom ou code : 59350, DEP-59…"),
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=gettext_lazy("Programme"), required=False, empty_label=gettext_lazy("tous")
    )
    into = forms.ChoiceField(label=gettext_lazy("Lu à travers"), required=False)
    since = forms.IntegerField(label=gettext_lazy("De l’année"), min_value=FIRST, max_value=LAST, required=False)
    until = forms.IntegerField(label=gettext_lazy("À l’année"), min_value=FIRST, max_value=LAST, required=False)
    origin = forms.ChoiceField(
        label=gettext_lazy("Origine"),
        required=False,
        choices=[("", gettext_lazy("toutes")), (PUBLIC, gettext_lazy("publique")), *Origin.choices],
    )
    instrument = forms.ChoiceField(
        label=gettext_lazy("Instrument"), required=False, choices=[("", gettext_lazy("tous")), *Instrument.choices]
    )
    place_basis = forms.ChoiceField(
        label=gettext_lazy("Base du lieu"),
        required=False,
        choices=[("", gettext_lazy("toutes, chacune à part")), *PlaceBasis.choices],
    )
    level = forms.ChoiceField(label=gettext_lazy("Carte par"), required=False, choices=list(LEVELS.items()))
    view = forms.ChoiceField(required=False, choices=list(PICTURES.items()), widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, viewer: AnyUser) -> None:
        filled = data.copy()
        filled.setdefault("stage", Stage.VOTED)
        filled.setdefault("by", "fund")
        super().__init__(filled)
        rows = Programme.objects.visible_to(viewer).select_related("framework")
        programmes, into = self.fields["programme"], self.fields["into"]
        programmes.queryset = rows.order_by("framework__sort_key")  # type: ignore[attr-defined]
        readable = [(framework.code, framework.label) for framework in frameworks_to_read_in(viewer)]
        into.choices = [("", gettext_lazy("les éléments des programmes")), *readable]  # type: ignore[attr-defined]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST_FIELDS]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE_FIELDS]

    @property
    def map_level(self) -> str:
        return self.cleaned_data["level"] or "department"

    @property
    def has_more(self) -> bool:
        return any(self.data.get(name) for name in MORE_FIELDS if name != "level") or self.data.get("view") == "map"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("La dernière année ne précède pas la première."))
        return said


@dataclass(frozen=True)
class Chosen:
    """A choice that came by a link: what it is called, and the name under which the address keeps it."""

    name: str
    value: str
    label: str
    thing: Any
    without: str


def question_asked(form: MoneyForm, data: QueryDict, *, viewer: AnyUser) -> Question:
    """Raises UnaskedMoney, UnknownTerritory."""
    said = form.cleaned_data
    into = said.get("into") or ""
    by = list(dict.fromkeys(key for key in ("item" if into else said["by"], said.get("then")) if key))
    where = {name: said[name] for name in ("origin", "instrument", "place_basis") if said.get(name)}
    if programme := said.get("programme"):
        where["programme"] = str(programme.pk)
    for name in NAMED:
        if data.get(name):
            where["item" if name == "element" else name] = data[name]
    return Question(
        by=by,
        territory=territory_called(said["territory"], viewer=viewer) if said.get("territory") else "",
        stage="" if said["stage"] == ALL_STAGES else said["stage"],
        into=into,
        item=data.get("item", ""),
        period=_period(said.get("since"), said.get("until")),
        where=where,
    )


def _period(since: int | None, until: int | None) -> tuple[date, date] | None:
    if not since and not until:
        return None
    return date(since or FIRST, 1, 1), date(until or LAST, 12, 31)


def chosen(data: QueryDict, *, viewer: AnyUser) -> Iterator[Chosen]:
    """The choices that came by links, named; a thing that this reader may not see keeps its number, to be taken off."""
    for name, (label, found) in NAMED.items():
        if value := data.get(name):
            number = row_number(value)
            thing = None if number is None else found(viewer).filter(pk=number).first()
            yield Chosen(name, value, label, thing, _without(data, name))
    item = data.get("item") or ""
    framework, _colon, code = item.rpartition(":")
    if item:
        named = Item.objects.visible_to(viewer).of_framework(framework).filter(code=code).last() if framework else None
        yield Chosen("item", item, _("élément, et ce qui est dessous"), named, _without(data, "item"))


def _bodies(viewer: AnyUser) -> QuerySet[Any]:
    return Organisation.objects.named_to(viewer)


# Chosen by following a link, taken off by another: what it is called, and where it is found
NAMED: dict[str, tuple[Any, Callable[[AnyUser], QuerySet[Any]]]] = {
    "fund": (gettext_lazy("financeur"), _bodies),
    "receiver": (gettext_lazy("bénéficiaire"), _bodies),
    "payer": (gettext_lazy("payeur"), _bodies),
    EITHER: (gettext_lazy("reçu ou donné par"), _bodies),
    "element": (gettext_lazy("élément"), lambda viewer: Item.objects.visible_to(viewer)),
    "operation": (gettext_lazy("opération"), lambda viewer: Operation.objects.visible_to(viewer)),
}


def _without(data: QueryDict, name: str) -> str:
    kept = data.copy()
    for gone in (name, "page"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"


def in_words(form: MoneyForm, question: Question) -> str:
    """The question as one would say it aloud."""
    said = form.cleaned_data
    parts = [stage_in_words(question.stage)]
    if said.get("territory"):
        parts.append(_("pour %(place)s") % {"place": said["territory"]})
    parts.append(_("par %(key)s") % {"key": _(" et ").join(str(KEYS[key]) for key in question.by)})
    since, until = said.get("since"), said.get("until")
    if since or until:
        parts.append(f"{since or '…'}–{until or '…'}" if since != until else str(since))
    return ", ".join(parts)


def stage_in_words(stage: str) -> str:
    if not stage:
        return _("Argent à chaque stade")
    return (
        _("Argent dont le stade n’est pas précisé")
        if stage == Stage.UNSTATED
        else _("Argent %(stage)s") % {"stage": Stage(stage).label}
    )
