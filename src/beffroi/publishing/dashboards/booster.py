"""The monthly dashboard of the operators' activity (BOOSTER): its figures, and the lists that they open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats as local
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.core import formats
from beffroi.core.charts import Spec, Table, line_chart
from beffroi.core.figures import Figure
from beffroi.interactions.enums import Measure
from beffroi.interactions.queries.counted import unconfirmed
from beffroi.interactions.queries.counts import (
    DEPARTMENTS,
    Month,
    Scope,
    conversion,
    expected_operators,
    months,
    series_of,
)
from beffroi.interactions.queries.shelf import Shelf
from beffroi.interactions.rules.counts import ALL, Step, difference, end_of, key, months_before
from beffroi.reference.models import Item

LEVELS = {DEPARTMENTS: gettext_lazy("départements"), "geo-epci": gettext_lazy("intercommunalités")}
AREA_LEVEL = "priority_area"
CHOSEN_MONTHS = 36
LISTED = {"operator": "operateur", "area": "domaine", "zone": "territoire"}
NOWHERE = {
    "operator": gettext_lazy("sans opérateur"),
    "area": gettext_lazy("sans domaine prioritaire"),
    "zone": gettext_lazy("lieu non précisé, ou hors de ces territoires"),
}
STEPS = {
    "visited": gettext_lazy("entreprises visitées dans le mois"),
    "need": gettext_lazy("dont un besoin exprimé"),
    "taken_up": gettext_lazy("dont un besoin pris en charge"),
    "supported": gettext_lazy("dont un accompagnement commencé"),
    "result": gettext_lazy("dont un résultat constaté"),
}


@dataclass(frozen=True)
class Number:
    """A count and the address of its list; `value` is None where nothing was received."""

    value: int | None
    address: str = ""

    @property
    def text(self) -> str:
        return _("rien reçu") if self.value is None else formats.number_text(self.value)


@dataclass(frozen=True)
class MeasureRow:
    name: str
    label: Any
    now: Number
    before: Number
    year_before: Number

    @property
    def since_before(self) -> str:
        return change(self.now.value, self.before.value)

    @property
    def since_year(self) -> str:
        return change(self.now.value, self.year_before.value)


@dataclass(frozen=True)
class Line:
    """An operator, an area or a territory: one number a measure, written when it is shown."""

    label: str
    where: str
    is_heard: bool
    visits: int
    board: "Booster"

    @property
    def numbers(self) -> list[Number]:
        return [self.board.number(name, self.board.month, self.where) for name in Measure]


def change(now: int | None, before: int | None) -> str:
    """With its sign; nothing to compare is said, never zero."""
    gap = difference(now, before)
    if gap is None:
        return _("pas de comparaison")
    sign = "+" if gap > 0 else ""
    share = f" ({sign}{formats.number_text(100 * gap / before, decimals=0)}{formats.NO_BREAK}%)" if before else ""
    return f"{sign}{formats.number_text(gap)}{share}"


def month_text(month: date) -> str:
    return local.date_format(month, "F Y")


@dataclass
class Booster:
    """A month of activity, for the audience of a reader, as it stands on a day."""

    month: date
    scope: Scope
    viewer: AnyUser
    on: date
    is_dated: bool = False

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf(self.viewer, self.on)

    @cached_property
    def months(self) -> dict[date, Month]:
        return months(series_of(self.month), shelf=self._shelf, scope=self.scope)

    @property
    def now(self) -> Month:
        return self.months[self.month]

    @property
    def title(self) -> str:
        return month_text(self.month)

    @property
    def is_over(self) -> bool:
        return months_before(self.month, -1) <= self.on

    @cached_property
    def unconfirmed(self) -> int:
        return unconfirmed(self.month, min(end_of(self.month), self.on), viewer=self.viewer)

    @property
    def is_empty(self) -> bool:
        return not any(found.counts.get(ALL) for found in self.months.values())

    @cached_property
    def operators(self) -> dict[int, str]:
        heard = {pk for found in self.months.values() for pk in found.heard}
        known = expected_operators(viewer=self.viewer, heard=heard)
        return {pk: known[pk] for pk in known if self.scope.operator in (None, pk)}

    @property
    def complete(self) -> Figure:
        heard = self.now.heard & set(self.operators)
        label = _("opérateurs qui ont envoyé quelque chose ce mois-ci")
        return Figure(value=len(heard), known=len(heard), parts=len(self.operators), label=label)

    @cached_property
    def measures(self) -> list[MeasureRow]:
        before, year = months_before(self.month, 1), months_before(self.month, 12)
        return [
            MeasureRow(str(name), name.label, *(self.number(name, at) for at in (self.month, before, year))) for name in Measure
        ]

    def number(self, name: str, month: date, where: str = ALL) -> Number:
        value = self.months[month].of(name, where)
        return Number(value, self._list_address(name, month, where) if value else "")

    def _list_address(self, name: str, month: date, where: str) -> str:
        asked = self.asked | {"mois": f"{month:%Y-%m}", "mesure": str(name)}
        dimension, _colon, value = where.partition(":")
        if dimension and value:
            asked[LISTED[dimension]] = value
        elif dimension:
            return ""
        return f"{self._list_page}?{urlencode(asked)}"

    @cached_property
    def _list_page(self) -> str:
        return reverse("publishing:booster_list")

    @property
    def asked(self) -> dict[str, str]:
        told = {"operateur": self.scope.operator, "domaine": self.scope.area, "territoire": self.scope.place}
        clocks = {"as_of": self.on.isoformat()} if self.is_dated else {}
        return {name: str(value) for name, value in told.items() if value is not None} | clocks

    @cached_property
    def steps(self) -> list[tuple[Any, Step]]:
        found = conversion(self.month, shelf=self._shelf, scope=self.scope)
        return [(STEPS[step.name], step) for step in found]

    def lines(self, dimension: str, labels: Mapping[int, str]) -> list[Line]:
        """Every known one, those of which nothing came included; then what has none."""
        found = {name for name in self.now.counts if name.startswith(f"{dimension}:")}
        keys = [*(key(dimension, pk) for pk in labels), *sorted(found - {key(dimension, pk) for pk in labels})]
        return sorted(
            (self._line(where, labels) for where in keys), key=lambda line: (not line.is_heard, -line.visits, line.label)
        )

    def _line(self, where: str, labels: Mapping[int, str]) -> Line:
        dimension, _colon, value = where.partition(":")
        label = labels.get(int(value), value) if value else str(NOWHERE[dimension])
        return Line(label, where, where in self.now.counts, self.now.of(Measure.VISITS, where) or 0, self)

    @cached_property
    def items(self) -> dict[str, dict[int, str]]:
        """The names of areas and territories, in one query."""
        told = {
            dimension: {_number(name) for name in self.now.counts if name.startswith(f"{dimension}:")} for dimension in LISTED
        }
        ids = (told["area"] | told["zone"]) - {None}
        rows = Item.objects.visible_to(self.viewer).filter(pk__in=ids).values_list("pk", "label")
        names = dict(rows)
        return {
            dimension: {pk: names[pk] for pk in told[dimension] if pk is not None and pk in names}
            for dimension in ("area", "zone")
        }

    @property
    def by_area(self) -> list[Line]:
        return self.lines("area", self.items["area"])

    @property
    def by_zone(self) -> list[Line]:
        return self.lines("zone", self.items["zone"])

    @cached_property
    def by_operator(self) -> list[Line]:
        return self.lines("operator", self.operators)

    @property
    def picture(self) -> tuple[Any, Spec, Table]:
        names = (Measure.VISITS, Measure.COMPANIES, Measure.SUPPORTS)
        rows = [
            {"x": local.date_format(month, "M y"), "y": found.of(name), "series": str(name.label)}
            for name in names
            for month, found in self.months.items()
        ]
        table = Table(
            [_("Mois"), *(name.label for name in names)],
            [[month_text(month), *(found.of(name) for name in names)] for month, found in self.months.items()],
        )
        return _("Treize mois"), line_chart(rows, x="x", y="y", series="series"), table


def _number(name: str) -> int | None:
    value = name.partition(":")[2]
    return int(value) if value else None


def month_choices(on: date) -> list[tuple[str, str]]:
    first = on.replace(day=1)
    return [(f"{month:%Y-%m}", month_text(month)) for month in reversed(series_of(first, CHOSEN_MONTHS))]


def area_choices(viewer: AnyUser) -> Iterator[tuple[str, str]]:
    rows = Item.objects.visible_to(viewer).at_level(AREA_LEVEL).order_by("version", "position", "pk")
    return ((str(pk), label) for pk, label in rows.values_list("pk", "label"))


def place_choices(level: str, viewer: AnyUser) -> Iterator[tuple[str, str]]:
    """The zones of this geography in which something lies, as of its last year."""
    rows = (
        Item.objects.visible_to(viewer)
        .of_framework(level)
        .filter(contains__isnull=False)
        .order_by("-version__code", "sort_key")
    )
    return ((str(pk), label) for pk, label in rows.values_list("pk", "label").distinct())
