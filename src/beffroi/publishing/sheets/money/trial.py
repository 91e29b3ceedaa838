"""A correspondence tried: the totals of the other framework without it and with it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.analytics.conversion import Tie
from beffroi.core.figures import Figure
from beffroi.funding.enums import Stage
from beffroi.funding.queries.conversions import Carried, Reading, money_through
from beffroi.funding.queries.questions import Question
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money.answers import EUROS, apart_words, euros
from beffroi.reference.enums import Strength
from beffroi.reference.models import Crosswalk, Item


class TrialForm(forms.Form):
    source = forms.ModelChoiceField(label=gettext_lazy("De"), queryset=Item.objects.none())
    target = forms.ModelChoiceField(label=gettext_lazy("Vers"), queryset=Item.objects.none())
    strength = forms.ChoiceField(label=gettext_lazy("Force"), choices=Strength.choices)
    weight = forms.DecimalField(
        label=gettext_lazy("Part (0 à 1), si elle est connue"),
        required=False,
        max_digits=7,
        decimal_places=6,
        min_value=0,
        max_value=1,
    )

    def __init__(self, *args: Any, crosswalk: Crosswalk, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, side in (("source", crosswalk.source), ("target", crosswalk.target)):
            choice: Any = self.fields[name]
            choice.queryset = Item.objects.visible_to(viewer).filter(version=side)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("weight") is not None and said.get("strength") != Strength.PARTIAL:
            self.add_error("weight", _("Une part ne se donne que pour une correspondance partielle."))
        return said


@dataclass(frozen=True)
class Change:
    """One total before and after; `target` is none for what nothing carries."""

    apart: str
    target: Item | None
    before: Figure
    after: Figure

    @property
    def is_changed(self) -> bool:
        return (self.before.low, self.before.high) != (self.after.low, self.after.high)


def tried(crosswalk: Crosswalk, said: dict[str, Any], *, viewer: AnyUser, moment: Moment) -> list[Change]:
    """Every total that the correspondence would change, at every stage."""
    tie = Tie(str(said["source"].pk), str(said["target"].pk), said["strength"], said["weight"])
    question = Question(into=crosswalk.target.framework.code)
    before = money_through(question, viewer=viewer, moment=moment)
    after = money_through(question, viewer=viewer, moment=moment, tried=tie)
    sums = [_sums(reading, question) for reading in (before, after)]
    keys = sorted({*sums[0], *sums[1]}, key=str)
    items = Item.objects.visible_to(viewer).in_bulk([target for _, target in keys if target is not None])
    changes = [
        Change(" · ".join(key[0][:2]), items.get(key[1]), *(_figure(found.get(key), key[0][2]) for found in sums))
        for key in keys
    ]
    return [change for change in changes if change.is_changed]


Key = tuple[tuple[str, str, str], int | None]


def _sums(reading: Reading, question: Question) -> dict[Key, tuple[int, int]]:
    return {key: amounts for part in reading.parts for key, amounts in _of_part(part, question)}


def _of_part(part: Carried, question: Question) -> list[tuple[Key, tuple[int, int]]]:
    stage = str(Stage(part.keys["stage"]).label)
    words = apart_words(part.keys, question)
    apart = (stage, ", ".join(word for word in words if word != stage), str(part.keys["currency"]))
    carried: list[tuple[Key, tuple[int, int]]] = [
        ((apart, target), (certain, at_most)) for target, certain, _, at_most in part.shares
    ]
    return [*carried, ((apart, None), (part.sure.unallocated, part.possible.unallocated))]


def _figure(amounts: tuple[int, int] | None, currency: str) -> Figure:
    low, high = (euros(cents) for cents in amounts or (0, 0))
    same = low == high
    return Figure(value=low if same else None, low=low, high=high, unit=EUROS.get(currency, currency))
