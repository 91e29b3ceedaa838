"""What the address of an analysis may ask: an indicator of the database, then what that indicator offers."""

from typing import Any

from django import forms
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.indicators.enums import Aggregation
from beffroi.indicators.models import Indicator
from beffroi.observatory.methods.declared import Method, Option
from beffroi.observatory.queries import cells, inputs
from beffroi.observatory.queries.cells import NAF, Look
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.rules import NAF_DEPTHS
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import level_label

MOST_OFFERED = 300
DEFAULT_DEPTH = "division"


class LookForm(forms.Form):
    """Every field has a value: what is not asked, or cannot be, is what the indicator offers first."""

    indicator = forms.ChoiceField(label=_("Indicateur"), required=False)
    level = forms.ChoiceField(label=_("Niveau"), required=False)
    start = forms.ChoiceField(label=_("De"), required=False)
    end = forms.ChoiceField(label=_("Période"), required=False)
    dimension = forms.ChoiceField(label=_("Activité lue dans"), required=False)
    depth = forms.ChoiceField(label=_("Niveau d’activité"), required=False, choices=[(name, _(name)) for name in NAF_DEPTHS])
    rest = forms.ChoiceField(label=_("Autres dimensions"), required=False)

    def __init__(self, given: QueryDict, *, viewer: AnyUser, moment: Moment, hidden: tuple[str, ...] = ()) -> None:
        self.viewer, self.moment = viewer, moment
        self.offered = [row for row, _places in cells.offered(viewer, most=MOST_OFFERED)]
        self.chosen: Indicator | None = next(
            (row for row in self.offered if str(row.pk) == given.get("indicator")), self._first(hidden)
        )
        super().__init__(given.copy())
        self.said: Any = self.data
        choices: dict[str, list[tuple[str, Any]]] = {"indicator": [(str(row.pk), row.label) for row in self.offered]}
        choices |= self._choices() if self.chosen else {}
        for name in list(self.fields):
            self._offer(name, choices.get(name, []), given, is_hidden=name in hidden)

    def _first(self, hidden: tuple[str, ...]) -> Indicator | None:
        """One that has activities where activities are asked."""
        broken = self.offered if "dimension" in hidden else [row for row in self.offered if row.is_additive]
        return next(iter(broken or self.offered), None)

    def _choices(self) -> dict[str, list[tuple[str, Any]]]:
        assert self.chosen is not None
        look = Look(self.chosen, self.viewer, self.moment)
        periods = [(period, period) for period in look.periods]
        sizes = self.chosen.cells.order_by().values("breakdown").annotate(n=Count("territory", distinct=True))
        breakdowns = [row["breakdown"] for row in sizes.order_by("-n", "breakdown")]
        names = sorted(cells.dimensions_of(breakdowns), key=lambda name: (name != NAF, name))
        return {
            "level": [(level, level_label(level)) for level in [*look.levels, *look.wholes]],
            "start": periods[::-1],
            "end": periods,
            "dimension": [(name, name) for name in names],
            "depth": [(name, _(name)) for name in NAF_DEPTHS] if NAF in names else [],
            "rest": self._rests(breakdowns),
        }

    def _rests(self, breakdowns: list[str]) -> list[tuple[str, Any]]:
        """What adds up may be added up over every dimension; the rest has to be said, what most territories have first."""
        adds = self.chosen is not None and self.chosen.aggregation == Aggregation.SUM
        whole = [("", _("ensemble"))] if adds or "" in breakdowns or not breakdowns else []
        return [*whole, *((text, text.replace(";", " · ").replace("=", " : ")) for text in breakdowns if text)]

    def _offer(self, name: str, choices: list[tuple[str, Any]], given: QueryDict, *, is_hidden: bool) -> None:
        known = [value for value, _label in choices]
        first = DEFAULT_DEPTH if name == "depth" and known else next(iter(known), "")
        if name == "indicator" and self.chosen:
            first = str(self.chosen.pk)
        if name in ("dimension", "rest") and len(known) <= 1:
            is_hidden = True
        self.said[name] = given.get(name) if given.get(name) in known else first
        field: Any = self.fields[name]
        field.choices = choices
        if is_hidden or not choices:
            field.widget = forms.HiddenInput()

    def asked(self, *, with_rest: bool = True) -> Asked | None:
        """Nothing when no indicator has a value of a territory."""
        if self.chosen is None:
            return None
        said = {name: self.data.get(name, "") for name in self.fields}
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


class OptionsForm(forms.Form):
    """The options of a method, as its declaration says them."""

    def __init__(self, method: Method, given: QueryDict) -> None:
        super().__init__(given or None)
        self.method = method
        for option in method.options:
            if option.name not in inputs.FROM_DATA:
                self.fields[f"o_{option.name}"] = _field(option)

    @property
    def options(self) -> dict[str, Any]:
        """Those that were given and could be read."""
        if not self.is_bound:
            return {}
        self.full_clean()
        found = {}
        for option in self.method.options:
            value = self.cleaned_data.get(f"o_{option.name}")
            if value in (None, "") or (option.kind is bool and not value):
                continue
            found[option.name] = [part.strip() for part in value.split(",") if part.strip()] if option.kind is list else value
        return found


FIELDS: dict[type, type[forms.Field]] = {int: forms.IntegerField, float: forms.FloatField, bool: forms.BooleanField}


def _field(option: Option) -> forms.Field:
    shown = ", ".join(option.default) if isinstance(option.default, list) else option.default
    words = option.meaning[:1].upper() + option.meaning[1:]
    help_text = "" if shown in (None, False) else f"{option.name} ; {shown}"
    return FIELDS.get(option.kind, forms.CharField)(label=words, required=False, help_text=help_text)
