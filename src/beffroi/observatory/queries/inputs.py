"""The tables that a method reads, made from an indicator, a level of territories, a level of activities and periods."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.analytics import tables
from beffroi.indicators.enums import Aggregation
from beffroi.indicators.models import Cell, Indicator, Observation
from beffroi.indicators.queries import known_claims
from beffroi.indicators.queries.values import visible_cells
from beffroi.observatory.methods.declared import Input, Method
from beffroi.observatory.queries import cells
from beffroi.observatory.queries.cells import Look
from beffroi.provenance.models import Snapshot
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item


@dataclass(frozen=True)
class Asked:
    """What a page's address says of the data of an analysis. `rest`: the dimensions held, as a breakdown."""

    indicator: Indicator
    level: str
    viewer: AnyUser
    moment: Moment
    start: str = ""
    end: str = ""
    dimension: str = ""
    depth: str = ""
    rest: str = ""
    place: int | None = None
    others: Sequence[Indicator] = ()

    @property
    def periods(self) -> list[str]:
        return [period for period in dict.fromkeys((self.start, self.end)) if period]

    def held(self, values: pl.DataFrame) -> pl.DataFrame:
        """The values of the other dimensions that were asked: all of them together when values add up and none is."""
        if not self.rest and self.indicator.aggregation == Aggregation.SUM:
            return values
        return values.filter(pl.col("breakdown") == self.rest)

    def why(self, place: int) -> str:
        """The key of the evidence for the value of a territory."""
        held = f"|{self.rest}" if self.rest else ""
        return f"survey:{self.indicator.pk}/{self.level}/{place}/{self.end}{held}"

    def why_computed(self, kind: str, place: int, about: str) -> str:
        """The key of the evidence for a figure that a method computes: of an activity, or of an effect."""
        held = f"|{self.rest}" if self.rest else ""
        said = (self.indicator.pk, self.level, place, self.start, self.end, self.dimension, self.depth, about)
        return f"{kind}:{'/'.join(map(str, said))}{held}"

    @property
    def look(self) -> Look:
        return Look(self.indicator, self.viewer, self.moment)


@dataclass
class Read:
    """Tables in the order of a method's inputs, and the territories whose names they hold."""

    given: list[pl.DataFrame | None] = field(default_factory=list)
    places: dict[str, Item] = field(default_factory=dict)
    activities: dict[str, str] = field(default_factory=dict)


def supports(method: Method) -> bool:
    """Whether the tables that the method needs can be made from indicators."""
    return all(_maker(entry) is not None for entry in method.inputs if entry.required)


def read_for(method: Method, asked: Asked) -> Read:
    """Raises tables.Refusal when there is nothing to read, with a sentence."""
    read = Read()
    for entry in method.inputs:
        maker = _maker(entry) if entry.required else None
        read.given.append(maker(entry, asked, read) if maker else None)
    return read


# Options that the choice of data answers already
FROM_DATA = frozenset({"start", "end", "total"})
Maker = Callable[[Input, Asked, Read], pl.DataFrame]


def _maker(entry: Input) -> Maker | None:
    if entry.is_open:
        return _units
    names = frozenset(column.name for column in entry.columns if column.required)
    return MAKERS.get(names)


class NothingKnown(tables.Refusal):
    def __init__(self) -> None:
        super().__init__(str(_("Aucune valeur n’est connue pour ce choix : changez le niveau, la période ou l’indicateur.")))


class NoActivity(tables.Refusal):
    def __init__(self, indicator: Indicator) -> None:
        text = _(
            "Cette méthode lit des valeurs par activité, et « %(indicator)s » n’en a pas : choisissez un autre indicateur, ou "
            "chargez les effectifs de l’Urssaf (profil « urssaf-effectifs »)."
        )
        super().__init__(text % {"indicator": indicator})


def _jobs(entry: Input, asked: Asked, read: Read) -> pl.DataFrame:
    """territory, activity, (year,) value."""
    has_year = any(column.name == "year" and column.required for column in entry.columns)
    periods = asked.periods if has_year else [asked.end]
    found = _summed(asked, periods, keys=["part"])
    read.activities |= cells.activity_names(found["part"].unique().to_list(), asked.indicator.framework.code, asked.viewer)
    names = ["territory", "activity", *(["year"] if has_year else []), "value"]
    return _named(found.rename({"part": "activity"}), asked, read).select(names)


def _summed(asked: Asked, periods: Sequence[str], *, keys: Sequence[str]) -> pl.DataFrame:
    if keys and not asked.dimension:
        raise NoActivity(asked.indicator)
    values = asked.look.values([period for period in periods if period])
    if keys:
        values = cells.split_dimension(values, asked.dimension).filter(pl.col("part").is_not_null())
        values = cells.at_depth(values, asked.depth)
        values = values.filter(pl.col("rest") == asked.rest) if asked.rest else values
    else:
        values = asked.held(values)
    found = cells.at_level(values, asked.level, viewer=asked.viewer, keys=keys)
    if found.is_empty():
        raise NothingKnown
    return found


def _named(found: pl.DataFrame, asked: Asked, read: Read) -> pl.DataFrame:
    """Territories by their name; those that share one have their code beside it."""
    items = cells.places_named(found["place"].unique().to_list(), asked.viewer)
    times = Counter(item.label for item in items.values())
    names = {pk: item.label if times[item.label] == 1 else f"{item.label} ({item.code})" for pk, item in items.items()}
    read.places |= {name: items[pk] for pk, name in names.items()}
    return found.with_columns(territory=pl.col("place").replace_strict(names, default=None, return_dtype=pl.String)).filter(
        pl.col("territory").is_not_null()
    )


def _parts(entry: Input, asked: Asked, read: Read) -> pl.DataFrame:
    """item, value_0, value_1: the activities of one territory, or of all of them together, at two dates; what no source says
    at a date is unknown, not zero."""
    found = _summed(asked, asked.periods, keys=["part"])
    if asked.place is not None:
        found = found.filter(pl.col("place") == asked.place)
    sides = [
        found.filter(pl.col("period") == period).group_by("part").agg(_whole().alias(f"value_{side}"))
        for side, period in enumerate((asked.start, asked.end))
    ]
    read.activities |= cells.activity_names(found["part"].unique().to_list(), asked.indicator.framework.code, asked.viewer)
    joined = sides[0].join(sides[1], on="part", how="full", coalesce=True)
    return joined.rename({"part": "item"}).sort("item")


def _whole() -> pl.Expr:
    """A sum of which a part is unknown is unknown."""
    return pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum())


def _panel(entry: Input, asked: Asked, read: Read) -> pl.DataFrame:
    found = _summed(asked, [], keys=[])
    years = found.filter(pl.col("year").is_not_null())
    return _named(years, asked, read).select("territory", pl.col("year").cast(pl.Int64), "value")


def _distribution(entry: Input, asked: Asked, read: Read) -> pl.DataFrame:
    return _named(_summed(asked, [asked.end], keys=[]), asked, read).select("value")


def _units(entry: Input, asked: Asked, read: Read) -> pl.DataFrame:
    """One row a territory, one column an indicator: its last known value."""
    wide: pl.DataFrame | None = None
    for indicator in (asked.indicator, *asked.others):
        one = Asked(indicator, asked.level, asked.viewer, asked.moment, rest=asked.rest)
        last = _summed(one, [], keys=[]).sort("year").group_by("place", maintain_order=True).last()
        column = _named(last, one, read).select("territory", pl.col("value").alias(indicator.label))
        wide = column if wide is None else wide.join(column, on="territory", how="full", coalesce=True)
    return pl.DataFrame() if wide is None else wide.sort("territory")


MAKERS: dict[frozenset[str], Maker] = {
    frozenset({"territory", "activity", "value"}): _jobs,
    frozenset({"territory", "activity", "year", "value"}): _jobs,
    frozenset({"item", "value_0", "value_1"}): _parts,
    frozenset({"territory", "year", "value"}): _panel,
    frozenset({"value"}): _distribution,
}


def snapshots_of(asked: Asked) -> list[Snapshot]:
    """The files from which the values that the reader may see come."""
    read = visible_cells(Cell.objects.filter(indicator__in=[asked.indicator, *asked.others]), asked.viewer)
    claims = known_claims(asked.viewer, asked.moment).filter(cell__in=read).order_by()
    return list(Snapshot.objects.filter(pk__in=claims.values("load__snapshot")).select_related("source").order_by("pk"))


def rights_of(asked: Asked) -> tuple[int, set[int]]:
    """How far what an analysis reads may be shown, and the partners whose own rows it reads."""
    read = [asked.indicator, *asked.others]
    claims = Observation.objects.visible_to(asked.viewer).filter(cell__indicator__in=read)
    cells_read = Cell.objects.visible_to(asked.viewer).filter(indicator__in=read)
    own = [(row.visibility, row.owner_id) for row in read]
    for rows in (claims, cells_read):
        own += rows.order_by().values_list("visibility", "owner_id").distinct()
    owners = {owner for level, owner in own if level > Visibility.PARTNERS and owner is not None}
    return max(level for level, _owner in own), owners
