"""The half-yearly information on the activity, for the conferences: six months beside the six of a year before."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import formats as local
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.charts import Spec, Table, line_chart
from beffroi.core.days import month_named
from beffroi.interactions.enums import Measure
from beffroi.interactions.queries.counted import KINDS, Scope
from beffroi.interactions.queries.counts import Month, companies_reached, expected_operators, months
from beffroi.interactions.queries.s3 import Period, S3Row, s3_indicators
from beffroi.interactions.queries.shelf import Shelf
from beffroi.interactions.rules.counts import end_of, months_before
from beffroi.publishing.dashboards.booster import MeasureRow, Number, month_text

HALF = 6  # months
DRAWN = (Measure.VISITS, Measure.NEEDS, Measure.SUPPORTS)


class NotAHalfYear(ValueError):
    pass


def first_of(code: str) -> date:
    """`2026-S1`: January to June; raises NotAHalfYear."""
    year, _dash, half = code.partition("-S")
    first = month_named(f"{year}-{'01' if half == '1' else '07'}")
    if first is None or half not in ("1", "2"):
        raise NotAHalfYear(code)
    return first


def code_of(day: date) -> str:
    return f"{day.year}-S{1 if day.month <= HALF else 2}"


@dataclass
class Digest:
    first: date
    viewer: AnyUser
    on: date

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf(self.viewer, self.on)

    @property
    def code(self) -> str:
        return code_of(self.first)

    @property
    def title(self) -> str:
        half = _("premier semestre") if self.first.month == 1 else _("second semestre")
        return f"{half} {self.first.year}"

    @property
    def period(self) -> Period:
        return Period(self.first, end_of(months_before(self.first, 1 - HALF)))

    @property
    def is_over(self) -> bool:
        return self.period.last < self.on

    def _half(self, first: date) -> list[date]:
        return [months_before(first, -place) for place in range(HALF)]

    @cached_property
    def _months(self) -> dict[date, Month]:
        starts = (months_before(self.first, 12), months_before(self.first, HALF), self.first)
        wanted = [month for first in starts for month in self._half(first) if month <= self.on]
        return months(wanted, shelf=self._shelf, scope=Scope())

    @cached_property
    def operators(self) -> dict[int, str]:
        return expected_operators(viewer=self.viewer, heard=[pk for found in self._months.values() for pk in found.heard])

    @property
    def heard(self) -> int:
        return len({pk for month in self._half(self.first) if month in self._months for pk in self._months[month].heard})

    @cached_property
    def measures(self) -> list[MeasureRow]:
        """Companies and events with several areas are counted anew: what is distinct in a month is not in six."""
        year, half = months_before(self.first, 12), months_before(self.first, HALF)
        return [
            MeasureRow(
                str(name), name.label, self._number(name, self.first), self._number(name, half), self._number(name, year)
            )
            for name in Measure
        ]

    def _number(self, name: Measure, first: date) -> Number:
        told = [
            value for month in self._half(first) if month in self._months if (value := self._months[month].of(name)) is not None
        ]
        if not told:
            return Number(None)
        return Number(self._companies(first) if name == Measure.COMPANIES else sum(told))

    def _companies(self, first: date) -> int:
        last = min(end_of(months_before(first, 1 - HALF)), self.on)
        return companies_reached(first, last, shelf=self._shelf)

    @cached_property
    def indicators(self) -> list[S3Row]:
        return s3_indicators(self.period, shelf=self._shelf)

    @property
    def has_picture(self) -> bool:
        """A line without a point draws nothing that could be described."""
        return any(found.of(name) is not None for found in self._months.values() for name in DRAWN)

    @property
    def picture(self) -> tuple[Any, Spec, Table]:
        rows = [
            {"x": local.date_format(month, "M y"), "y": found.of(name), "series": str(name.label)}
            for name in DRAWN
            for month, found in self._months.items()
        ]
        table = Table(
            [_("Mois"), *(name.label for name in KINDS)],
            [[month_text(month), *(found.of(name) for name in KINDS)] for month, found in self._months.items()],
        )
        return _("Mois par mois"), line_chart(rows, x="x", y="y", series="series"), table


__all__ = ["Digest", "NotAHalfYear", "code_of", "first_of"]
