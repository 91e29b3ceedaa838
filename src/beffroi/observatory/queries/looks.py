"""What the address of an analysis may ask: an indicator of the database, then what that indicator offers. A page shows it as a
form; a kept analysis is done again from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.forms import BooleanField, CharField, Field, FloatField, IntegerField
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.indicators.enums import Aggregation
from beffroi.indicators.models import Indicator
from beffroi.observatory.methods import method_named
from beffroi.observatory.methods.declared import Method, Option
from beffroi.observatory.queries import cells, inputs, runs
from beffroi.observatory.queries.cells import NAF, Look
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.queries.runs import Analysis
from beffroi.observatory.rules import NAF_DEPTHS
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import level_label

MOST_OFFERED = 300
DEFAULT_DEPTH = "division"
ASKED = ("indicator", "level", "start", "end", "dimension", "depth", "rest")
FIELDS: dict[type, type[Field]] = {int: IntegerField, float: FloatField, bool: BooleanField}
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Offer:
    """`choices`: by name, what may be asked; `said`: what is, or what the indicator offers first where nothing possible is."""

    chosen: Indicator | None
    choices: Mapping[str, Choices]
    said: Mapping[str, str]
    viewer: AnyUser
    moment: Moment

    def asked(self, *, with_rest: bool = True) -> Asked | None:
        """Nothing when no indicator has a value of a territory."""
        if self.chosen is None:
            return None
        said = self.said
        return Asked(
            self.chosen,
            said["level"],
            self.viewer,
            self.moment,
            start=said["start"],
            end=said["end"],
            dimension=said["dimension"],
            depth=said["depth"],
            rest=said["rest"] if with_rest else "",
        )


def offer(given: Mapping[str, str], *, viewer: AnyUser, moment: Moment, hidden: tuple[str, ...] = ()) -> Offer:
    known = [row for row, _places in cells.offered(viewer, most=MOST_OFFERED)]
    asked = (row for row in known if str(row.pk) == given.get("indicator"))
    chosen = next(asked, _first(known, hidden))
    choices: dict[str, Choices] = {"indicator": [(str(row.pk), row.label) for row in known]}
    choices |= _choices(chosen, viewer, moment) if chosen else {}
    firsts = {"indicator": str(chosen.pk) if chosen else "", "depth": DEFAULT_DEPTH}
    said = {name: _said(given.get(name), choices.get(name, []), firsts.get(name)) for name in ASKED}
    return Offer(chosen, choices, said, viewer, moment)


def _first(known: list[Indicator], hidden: tuple[str, ...]) -> Indicator | None:
    """One that has activities where activities are asked."""
    broken = known if "dimension" in hidden else [row for row in known if row.is_additive]
    return next(iter(broken or known), None)


def _said(given: str | None, choices: Choices, first: str | None) -> str:
    values = [value for value, _label in choices]
    if given in values:
        return given or ""
    return first or values[0] if values else ""


def _choices(chosen: Indicator, viewer: AnyUser, moment: Moment) -> dict[str, Choices]:
    look = Look(chosen, viewer, moment)
    periods = [(period, period) for period in look.periods]
    sizes = chosen.cells.order_by().values("breakdown").annotate(n=Count("territory", distinct=True))
    breakdowns = [row["breakdown"] for row in sizes.order_by("-n", "breakdown")]
    names = sorted(cells.dimensions_of(breakdowns), key=lambda name: (name != NAF, name))
    return {
        "level": [(level, level_label(level)) for level in [*look.levels, *look.wholes]],
        "start": periods[::-1],
        "end": periods,
        "dimension": [(name, name) for name in names],
        "depth": [(name, _(name)) for name in NAF_DEPTHS] if NAF in names else [],
        "rest": _rests(chosen, breakdowns),
    }


def _rests(chosen: Indicator, breakdowns: list[str]) -> Choices:
    """What adds up may be added up over every dimension; the rest has to be said, what most territories have first."""
    adds = chosen.aggregation == Aggregation.SUM
    whole = [("", _("ensemble"))] if adds or "" in breakdowns or not breakdowns else []
    return [*whole, *((text, text.replace(";", " · ").replace("=", " : ")) for text in breakdowns if text)]


def options_said(method: Method, given: Mapping[str, str]) -> dict[str, Any]:
    """Those that were given and can be read; what the data say of an option is not asked."""
    asked = (option for option in method.options if option.name not in inputs.FROM_DATA)
    found = {option.name: _option(option, given.get(f"o_{option.name}")) for option in asked}
    return {name: value for name, value in found.items() if value not in (None, "")}


def _option(option: Option, written: str | None) -> Any:
    try:
        value = FIELDS.get(option.kind, CharField)(required=False).clean(written)
    except ValidationError:
        return None
    if option.kind is bool:
        return value or None
    return [part.strip() for part in value.split(",") if part.strip()] if option.kind is list and value else value


def replayed(name: str, parameters: Mapping[str, str], *, viewer: AnyUser, moment: Moment) -> Analysis | None:
    """The same question to what is known at a moment; None when the method or its indicator is no more."""
    method = method_named(name)
    if method is None:
        return None
    offered = offer(parameters, viewer=viewer, moment=moment, hidden=runs.hidden_fields(method))
    asked = offered.asked(with_rest=not runs.needs_activity(method))
    return runs.analysed(method, asked, options_said(method, parameters)) if asked else None
