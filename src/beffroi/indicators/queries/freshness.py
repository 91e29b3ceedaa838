"""How old the last results are: of each source, each framework, each indicator, against how often they should come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.indicators.enums import Status
from beffroi.indicators.models import Indicator
from beffroi.indicators.queries.listing import indicators_asked
from beffroi.indicators.queries.scope import Listed
from beffroi.indicators.queries.values import known_cells, known_claims
from beffroi.indicators.rules import months_late
from beffroi.provenance.models import Source
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework


@dataclass(frozen=True)
class SourceAge:
    source: Source
    values: int
    indicators: int
    last_end: date | None
    last_stated: date | None

    @property
    def listed(self) -> Listed:
        return Listed("indicators:values", (("source", self.source.code),))


@dataclass(frozen=True)
class FrameworkAge:
    framework: Framework
    indicators: int
    with_result: int
    last_end: date | None

    @property
    def listed(self) -> Listed:
        return Listed("indicators:list", (("framework", self.framework.code),))


@dataclass(frozen=True)
class IndicatorAge:
    indicator: Any
    last: date | None
    has_result: bool
    late: int | None


def source_ages(*, moment: Moment, viewer: AnyUser) -> list[SourceAge]:
    """The sources that give values, the least recent last result first."""
    claims = known_claims(viewer, moment).filter(load__isnull=False, cell__in=known_cells(viewer, moment))
    counts = (
        claims.order_by()
        .values("load__snapshot__source")
        .annotate(
            values_given=Count("pk"),
            told=Count("cell__indicator", distinct=True),
            last_end=Max("cell__end", filter=Q(cell__status=Status.ACTUAL)),
            last_stated=Max("stated_on"),
        )
    )
    rows = {row["load__snapshot__source"]: row for row in counts}
    sources = Source.objects.in_bulk(rows)
    found = [
        SourceAge(sources[pk], row["values_given"], row["told"], row["last_end"], row["last_stated"])
        for pk, row in rows.items()
    ]
    return sorted(found, key=lambda row: (row.last_end or date.min, row.source.title))


def framework_ages(*, moment: Moment, viewer: AnyUser) -> list[FrameworkAge]:
    actual = known_cells(viewer, moment).filter(status=Status.ACTUAL).order_by().values("indicator__framework")
    told = {
        row["indicator__framework"]: row for row in actual.annotate(last=Max("end"), told=Count("indicator", distinct=True))
    }
    defined = Indicator.objects.visible_to(viewer).order_by().values("framework").annotate(n=Count("pk"))
    sizes = {row["framework"]: row["n"] for row in defined}
    frameworks = Framework.objects.visible_to(viewer).filter(pk__in=sizes).order_by("sort_key")
    return [
        FrameworkAge(row, sizes[row.pk], told.get(row.pk, {}).get("told", 0), told.get(row.pk, {}).get("last"))
        for row in frameworks
    ]


def indicators_by_age(asked: dict[str, Any], *, moment: Moment, viewer: AnyUser) -> QuerySet[Indicator]:
    """Those without any result first, then the oldest last result."""
    rows: QuerySet[Any] = indicators_asked(asked, moment=moment, viewer=viewer)
    return rows.order_by("has_result", "last_end", "sort_key", "pk")


def indicator_age(row: Any, *, on: date) -> IndicatorAge:
    return IndicatorAge(row, row.last_end, row.has_result, months_late(row.last_end, row.periodicity, on=on))
