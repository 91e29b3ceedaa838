"""The answer of the money explorer as a file: every group with its codes, its bounds and its counts."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Column, Type
from beffroi.funding.queries.questions import Question
from beffroi.publishing.sheets.money.answers import Group, euros
from beffroi.publishing.sheets.money.asked import KEYS

AMOUNTS = {
    "certain": (_("Certain"), _("Ce que toutes les sources admettent, chaque ligne une fois.")),
    "weighted": (_("Pondéré"), _("Avec les parts connues des correspondances partielles.")),
    "at_most": (_("Au plus"), _("Ce que l’une des sources permet.")),
    "transit": (_("De passage"), _("Ne fait que passer par un fonds : dans aucun total.")),
}
COUNTS = {
    "lines": _("Lignes"),
    "unknown": _("Lignes sans montant"),
    "rivals": _("Lignes contredites"),
    "possible_doubles": _("Doubles possibles"),
}
ABOUT = {
    "source": _(
        "Beffroi : chaque ligne compte une fois ; les stades, les instruments et les monnaies ne s’additionnent pas entre eux"
    )
}


def columns(question: Question) -> Iterator[Column]:
    for place, key in enumerate(question.by):
        yield Column(key, KEYS[key], Type.TEXT, "", _cell(place))
        yield Column(f"{key}_code", _("%(label)s, code") % {"label": KEYS[key]}, Type.CODE, "", _code(place))
    for place, (name, label) in enumerate((("place_basis", _("Base du lieu")),), len(question.by)):
        yield Column(name, label, Type.TEXT, _("Où le travail se fait, ou le siège : jamais l’un pour l’autre."), _cell(place))
    for name, label in (("stage", _("Stade")), ("instrument", _("Instrument")), ("currency", _("Monnaie"))):
        yield Column(name, label, Type.CODE, "", _raw(name))
    for name, (label, meaning) in AMOUNTS.items():
        yield Column(name, label, Type.EUROS, meaning, _amount(name))
    for name, label in COUNTS.items():
        yield Column(name, label, Type.INTEGER, "", _raw(name))


def _cell(place: int) -> Callable[[Group], Any]:
    return lambda group: group.cells[place].text if place < len(group.cells) else ""


def _code(place: int) -> Callable[[Group], Any]:
    return lambda group: group.cells[place].code


def _raw(name: str) -> Callable[[Group], Any]:
    return lambda group: group.raw.get(name)


def _amount(name: str) -> Callable[[Group], Any]:
    """Nothing where no line has a known amount: that is not zero."""
    return lambda group: None if group.raw.get(name) is None or not group.figure.is_known else euros(group.raw[name])
