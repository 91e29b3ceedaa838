"""The chosen specialisations seen by the numbers: their industries through a crosswalk from the activities."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from beffroi.accounts.models import AnyUser
from beffroi.analytics import relatedness, tables
from beffroi.core.figures import Figure
from beffroi.observatory.queries import cells
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.queries.secrets import counting, reasons_of
from beffroi.reference.enums import FrameworkKind, Strength
from beffroi.reference.models import Correspondence, Crosswalk, Item, Version

SPECIALISATION = "specialisation"
ACTIVITIES = "naf-rev2"
KEYS = ["place", "period"]
COUNTED = (Strength.FULL, Strength.PARTIAL)


@dataclass(frozen=True)
class Industry:
    """An activity that a specialisation has, as the crosswalk says: all of it, a part (weight known or not)."""

    code: str
    label: str
    strength: str
    weight: float | None


Said = Mapping[int, Sequence[Industry]]


@dataclass(frozen=True)
class Numbers:
    """A specialisation in one territory. `jobs`: least and most when the part of an industry is not known."""

    specialisation: Item
    place: Item
    industries: Sequence[Industry]
    jobs: Figure
    quotient: Figure
    growth: Figure
    density: Figure
    is_secret: bool = False


@dataclass(frozen=True)
class Compared:
    """`lacking`: specialisations of which no industry is said. `source`, `target`: the versions that a crosswalk would join."""

    rows: Sequence[Numbers]
    others: Sequence[Numbers]
    lacking: Sequence[Item]
    places: Sequence[Item]
    place: Item | None
    chosen: Item | None
    crosswalk: Crosswalk | None
    source: Version | None
    target: Version | None
    refusal: str = ""
    has_largest: bool = False

    @property
    def hidden(self) -> int:
        """How many numbers of the page secrecy keeps."""
        return len({(row.specialisation.pk, row.place.pk) for row in (*self.rows, *self.others) if row.is_secret})


def strategies(viewer: AnyUser) -> list[Item]:
    """The specialisations of strategies, those of the latest strategy first."""
    rows = Item.objects.visible_to(viewer).filter(level=SPECIALISATION, version__framework__kind=FrameworkKind.STRATEGY)
    found = rows.select_related("version__framework").order_by("-version__valid_from", "version", "position", "sort_key")
    first = next(iter(found), None)
    return [item for item in found if first and item.version_id == first.version_id]


def industries_of(items: Iterable[Item], viewer: AnyUser) -> dict[int, list[Industry]]:
    rows = Correspondence.objects.current().visible_to(viewer).filter(target__in=list(items), strength__in=COUNTED)
    named = rows.filter(source__version__framework__code=ACTIVITIES).select_related("source").order_by("source__code")
    found: dict[int, list[Industry]] = {}
    for row in named:
        weight = 1.0 if row.strength == Strength.FULL else None if row.weight is None else float(row.weight)
        found.setdefault(row.target_id, []).append(Industry(row.source.code, row.source.label, row.strength, weight))
    return found


def compared(asked: Asked | None, viewer: AnyUser, *, place: str = "", chosen: str = "") -> Compared:
    items = strategies(viewer)
    said = industries_of(items, viewer)
    lacking = [item for item in items if item.pk not in said]
    source = Version.objects.filter(framework__code=ACTIVITIES, code="1").first()
    target = items[0].version if items else None
    walk = Crosswalk.objects.visible_to(viewer).filter(source=source, target=target).first() if source and target else None
    jobs = _jobs(asked) if asked else pl.DataFrame()
    if jobs.is_empty() or asked is None:
        return Compared([], [], lacking, [], None, None, walk, source, target)
    places = cells.places_named(jobs["place"].unique().to_list(), viewer)
    ordered = sorted(places.values(), key=lambda item: item.sort_key)
    here = next((item for item in ordered if str(item.pk) == place), _largest(jobs, places))
    densities, refusal = _densities(jobs, asked)
    secret, has_largest = _secret(jobs, asked, said)
    reader = Reader(jobs, asked, densities, secret)
    with_industries = [item for item in items if item.pk in said]
    one = next((item for item in with_industries if str(item.pk) == chosen), next(iter(with_industries), None))
    rows = [reader.numbers(item, here, said[item.pk]) for item in with_industries]
    others = [reader.numbers(one, other, said[one.pk]) for other in ordered] if one else []
    ranked = sorted(others, key=lambda row: (row.quotient.value is None, -(row.quotient.value or 0)))
    return Compared(rows, ranked, lacking, ordered, here, one, walk, source, target, refusal, has_largest)


def _jobs(asked: Asked, *, greatest: bool = False) -> pl.DataFrame:
    values = cells.split_dimension(asked.look.values(asked.periods), asked.dimension).filter(pl.col("part").is_not_null())
    return (
        cells.at_level(values, asked.level, viewer=asked.viewer, keys=["part"], greatest=greatest) if values.height else values
    )


def _secret(jobs: pl.DataFrame, asked: Asked, said: Said) -> tuple[frozenset[tuple[int, int]], bool]:
    """The specialisations (first) and territories whose number is hidden: too few establishments at one of the dates, one that
    outweighs the others, or what a subtraction from the other territories would give. Whether the largest one is known."""
    units, largest = (counting(asked, role) for role in ("units", "largest"))
    if units is None:
        return frozenset(), False
    counts, tops = _jobs(units), _jobs(largest, greatest=True) if largest else None
    hidden = {
        (pk, int(place))
        for pk, industries in said.items()
        for cells_of_date in _counted(jobs, counts, tops, industries).partition_by("period")
        for place, _activity in reasons_of(cells_of_date.drop("period"))
    }
    return frozenset(hidden), largest is not None


def _counted(
    jobs: pl.DataFrame, counts: pl.DataFrame, tops: pl.DataFrame | None, industries: Sequence[Industry]
) -> pl.DataFrame:
    """territory, activity, value, units, largest, period: the industries of one specialisation taken together."""
    value = pl.col("value")
    found = _together(jobs, industries, value.sum())
    found = found.join(_together(counts, industries, value.sum().alias("units").cast(pl.Int64)), on=KEYS, how="left")
    found = found.with_columns(largest=pl.lit(0.0)) if tops is None else found.join(
        _together(tops, industries, value.max().alias("largest")), on=KEYS, how="left"
    )  # fmt: skip
    return found.select(
        pl.col("place").cast(pl.String).alias("territory"), pl.lit("*").alias("activity"), pl.all().exclude("place")
    )


def _together(rows: pl.DataFrame, industries: Sequence[Industry], number: pl.Expr) -> pl.DataFrame:
    if rows.is_empty():
        name = number.meta.output_name()
        return pl.DataFrame(schema={"place": pl.Int64, "period": pl.String, name: pl.Float64})
    codes = [one.code.replace(".", "") for one in industries]
    inside = pl.any_horizontal(pl.col("part").str.starts_with(code) for code in codes)
    return rows.filter(inside & pl.col("value").is_not_null()).group_by(KEYS).agg(number)


def _largest(jobs: pl.DataFrame, places: dict[int, Item]) -> Item:
    sums = jobs.group_by("place").agg(pl.col("value").sum()).sort("value", "place", descending=True)
    return next(places[pk] for pk in sums["place"] if pk in places)


def _densities(jobs: pl.DataFrame, asked: Asked) -> tuple[dict[tuple[int, str], float], str]:
    """How near each activity is to those that the territory already has, at the level of activities that was asked."""
    parts = cells.at_depth(jobs.filter(pl.col("period") == asked.end), asked.depth)
    table = parts.filter(pl.col("value").is_not_null()).select(
        territory=pl.col("place").cast(pl.String), activity=pl.col("part"), value=pl.col("value")
    )
    try:
        found = relatedness.density(table.group_by("territory", "activity").agg(pl.col("value").sum()))
    except tables.Refusal as error:
        return {}, str(error)
    rows = found.select("territory", "activity", "density").iter_rows()
    return {(int(place), activity): density for place, activity, density in rows if density is not None}, ""


@dataclass(frozen=True)
class Jobs:
    """Of the industries of a specialisation: at least, at most, and of how many of them a number is known."""

    low: float
    high: float
    known: int
    industries: int

    @property
    def exact(self) -> float | None:
        return self.low if self.known and self.low == self.high else None

    def figure(self, *, unit: str, period: str) -> Figure:
        """Nothing known is not nothing."""
        said = {"known": self.known, "parts": self.industries} if self.known < self.industries else {}
        bounds = {"low": self.low, "high": self.high} if self.known and self.low != self.high else {}
        return Figure(value=self.exact, unit=unit, period=period, **bounds, **said)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reader:
    jobs: pl.DataFrame
    asked: Asked
    densities: dict[tuple[int, str], float]
    secret: frozenset[tuple[int, int]] = frozenset()

    def numbers(self, item: Item, place: Item, industries: Sequence[Industry]) -> Numbers:
        if (item.pk, place.pk) in self.secret:
            near = Figure(value=self._density(industries, place.pk))
            return Numbers(item, place, industries, Figure(), Figure(), Figure(), near, is_secret=True)
        end, start = (self._of(industries, place.pk, period) for period in (self.asked.end, self.asked.start))
        quotient, growth = self._quotient(industries, place.pk), _growth(start, end)
        density = self._density(industries, place.pk)
        return Numbers(
            item,
            place,
            industries,
            end.figure(unit=self.asked.indicator.unit, period=self.asked.end),
            Figure(value=quotient),
            Figure(value=growth, unit="ratio"),
            Figure(value=density),
        )

    def _of(self, industries: Sequence[Industry], place: int | None, period: str) -> Jobs:
        """At least and at most: an industry of which the part is unknown counts in the most only. One of which no number is
        known counts nowhere, and is said."""
        rows = self.jobs.filter((pl.col("period") == period) & pl.col("value").is_not_null())
        rows = rows if place is None else rows.filter(pl.col("place") == place)
        low = high = 0.0
        known = 0
        for one in industries:
            inside = rows.filter(pl.col("part").str.starts_with(one.code.replace(".", "")))["value"]
            jobs = float(inside.sum())
            known += inside.len() > 0
            low, high = low + jobs * (one.weight or 0.0), high + jobs * (1.0 if one.weight is None else one.weight)
        return Jobs(round(low, 1), round(high, 1), known, len(industries))

    def _quotient(self, industries: Sequence[Industry], place: int) -> float | None:
        """Share of the specialisation here over its share everywhere known; unknown when a part is."""
        rows = self.jobs.filter(pl.col("period") == self.asked.end)
        here, everywhere = (self._of(industries, one, self.asked.end).exact for one in (place, None))
        total_here = float(rows.filter(pl.col("place") == place)["value"].sum() or 0)
        total = float(rows["value"].sum() or 0)
        if here is None or not everywhere or not (total_here and total):
            return None
        return round((here / total_here) / (everywhere / total), 2)

    def _density(self, industries: Sequence[Industry], place: int) -> float | None:
        found = [
            density
            for (pk, activity), density in self.densities.items()
            if pk == place and any(_meets(activity, one.code.replace(".", "")) for one in industries)
        ]
        return round(sum(found) / len(found), 3) if found else None


def _meets(activity: str, code: str) -> bool:
    return activity.startswith(code) or code.startswith(activity)


def _growth(start: Jobs, end: Jobs) -> float | None:
    """Of industries that are all known at both dates: one that is not would grow from nothing."""
    before, after = start.exact, end.exact
    return (after - before) / before if before and after is not None and start.known == end.known else None


def options_of(items: Iterable[Item]) -> list[tuple[str, Any]]:
    return [(str(item.pk), item.label) for item in items]
