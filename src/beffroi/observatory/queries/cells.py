"""What is known of an indicator as one table: set-based, whatever the number of cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import Count, Max, Q

from beffroi.accounts.models import AnyUser
from beffroi.core.models import believed_at
from beffroi.indicators.enums import Aggregation, Status
from beffroi.indicators.models import Cell, Indicator, ObservationSettlement
from beffroi.indicators.queries import known_claims
from beffroi.indicators.queries.values import visible_cells
from beffroi.observatory.rules import NAF_DEPTHS, naf_at
from beffroi.provenance.models import Snapshot
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item, PlaceMembership
from beffroi.reference.queries import wholes_of

NAF = "naf"
SCHEMA = {
    "cell": pl.Int64, "claim": pl.Int64, "place": pl.Int64, "period": pl.String, "year": pl.Int64, "breakdown": pl.String,
    "value": pl.Float64, "source": pl.String, "snapshot": pl.Int64,
}  # fmt: skip


FIELDS = (
    "cell_id", "pk", "cell__territory_id", "cell__written_period", "cell__end__year", "cell__breakdown", "value",
    "load__snapshot__source__code", "load__snapshot_id", "stated_on",
)  # fmt: skip
MOST_STEPS = 3  # a commune in an intercommunality, in a department, in a region


@dataclass(frozen=True)
class Look:
    """Who looks, from when, and at which indicator."""

    indicator: Indicator
    viewer: AnyUser
    moment: Moment

    @cached_property
    def _kinds(self) -> list[dict[str, Any]]:
        """What the cells are: each period and level once, with the last day of the period."""
        rows = self._cells.order_by().values("written_period", "territory__level")
        return list(rows.annotate(last=Max("end")))

    @cached_property
    def periods(self) -> list[str]:
        """Those that are written, the latest first."""
        last: dict[str, str] = {}
        for row in self._kinds:
            said = row["written_period"]
            last[said] = max(last.get(said, ""), str(row["last"] or ""))
        return sorted((said for said in last if said), key=lambda said: (last[said], said), reverse=True)

    @cached_property
    def levels(self) -> list[str]:
        """The levels of territories of which a value is stated."""
        return sorted({row["territory__level"] for row in self._kinds if row["territory__level"]})

    @cached_property
    def wholes(self) -> list[str]:
        """The levels to which parts add up, when values add up at all."""
        if self.indicator.aggregation != Aggregation.SUM:
            return []
        edges = set(PlaceMembership.objects.order_by().values_list("part__level", "whole__level").distinct())
        found = set(self.levels)
        for _step in range(MOST_STEPS):
            found |= {whole for part, whole in edges if part in found}
        return sorted(found - set(self.levels))

    @property
    def _cells(self) -> Any:
        return visible_cells(Cell.objects.filter(indicator=self.indicator, status=Status.ACTUAL), self.viewer)

    def values(self, periods: Sequence[str] = ()) -> pl.DataFrame:
        """One row a cell: what stands, unknown where sources disagree and nobody settled."""
        return standing(self.claims(periods), self._settled())

    def values_and_snapshots(self, periods: Sequence[str]) -> tuple[pl.DataFrame, list[Snapshot]]:
        """As `values`, with the files that say something of these cells."""
        claims = self.claims(periods)
        read = claims["snapshot"].drop_nulls().unique().to_list()
        snapshots = Snapshot.objects.filter(pk__in=read).select_related("source").order_by("pk")
        return standing(claims, self._settled()), list(snapshots)

    def claims(self, periods: Sequence[str] = ()) -> pl.DataFrame:
        claims = known_claims(self.viewer, self.moment).filter(cell__in=self._cells)
        if periods:
            claims = claims.filter(cell__written_period__in=periods)
        rows = claims.order_by("pk").values_list(*FIELDS)
        return pl.DataFrame(
            [(*row[:6], None if row[6] is None else float(row[6]), *row[7:]) for row in rows.iterator(20_000)],
            schema=SCHEMA | {"stated_on": pl.Date},
            orient="row",
        )

    def _settled(self) -> list[int]:
        rows = ObservationSettlement.objects.filter(believed_at(self.moment.known_on), cell__indicator=self.indicator)
        return list(rows.values_list("claim_id", flat=True))


def standing(claims: pl.DataFrame, settled: Sequence[int]) -> pl.DataFrame:
    """The last edition of each source, or what was settled; rivals that differ make the value unknown and are counted."""
    edition = pl.struct(pl.col("stated_on").fill_null(pl.date(1, 1, 1)), pl.col("snapshot").fill_null(0))
    last = claims.filter((edition.rank("dense") == edition.rank("dense").max()).over("cell", "source"))
    chosen = claims.filter(pl.col("claim").is_in(list(settled)))
    rows = pl.concat([last.join(chosen, on="cell", how="anti"), chosen])
    one = pl.col("value").drop_nulls().n_unique() == 1
    found = rows.group_by("cell", maintain_order=True).agg(
        pl.col("place", "period", "year", "breakdown").first(),
        value=pl.when(one).then(pl.col("value").drop_nulls().first()),
        rivals=pl.col("value").drop_nulls().n_unique() > 1,
    )
    return found.with_columns(pl.col("breakdown").fill_null(""))


def split_dimension(values: pl.DataFrame, name: str) -> pl.DataFrame:
    """The value of one dimension in `part`, and the others in `rest`."""
    pattern = rf"(?:^|;){name}=([^;]*)"
    return values.with_columns(
        part=pl.col("breakdown").str.extract(pattern, 1),
        rest=pl.col("breakdown").str.replace(pattern, "").str.strip_chars(";"),
    )


def dimensions_of(breakdowns: Iterable[str]) -> dict[str, set[str]]:
    """Each dimension with its values."""
    found: dict[str, set[str]] = {}
    for text in set(breakdowns):
        for pair in filter(None, text.split(";")):
            name, _, value = pair.partition("=")
            found.setdefault(name, set()).add(value)
    return found


def at_depth(values: pl.DataFrame, depth: str) -> pl.DataFrame:
    """The codes of an official activity at one level of the classification; a code that is shorter is left out."""
    if depth not in NAF_DEPTHS:
        return values
    codes = {code: naf_at(code, depth) for code in values["part"].drop_nulls().unique()}
    found = values.with_columns(pl.col("part").replace_strict(codes, default=None, return_dtype=pl.String))
    return found.filter(pl.col("part").is_not_null())


def at_level(
    values: pl.DataFrame, level: str, *, viewer: AnyUser, keys: Sequence[str] = (), greatest: bool = False
) -> pl.DataFrame:
    """The values of the territories of one level: theirs, or the sums (`greatest`: the largest) of the parts that each
    contains, `known` of `parts`."""
    places = Item.objects.visible_to(viewer).filter(pk__in=values["place"].drop_nulls().unique().to_list())
    levels = dict(places.values_list("pk", "level"))
    own = {pk: pk for pk, said in levels.items() if said == level} or wholes_of(levels, level)
    names = ["place", "period", "year", *keys]
    kept = values.with_columns(pl.col("place").replace_strict(own, default=None, return_dtype=pl.Int64))
    known = pl.col("value").is_not_null()
    whole = pl.col("value").max() if greatest else pl.col("value").sum()
    return (
        kept.filter(pl.col("place").is_not_null())
        .group_by(names, maintain_order=True)
        .agg(value=pl.when(known.any()).then(whole), known=known.sum(), parts=pl.len())
    )


def places_named(ids: Iterable[int], viewer: AnyUser) -> dict[int, Item]:
    # Thousands of territories share a few versions: one object each, not one a territory
    rows = Item.objects.visible_to(viewer).filter(pk__in=list(ids)).prefetch_related("version__framework")
    return {row.pk: row for row in rows}


def activity_names(codes: Iterable[str], framework: str, viewer: AnyUser) -> dict[str, str]:
    """The label of each code where a classification was loaded, else the code."""
    wanted = set(codes)
    rows = Item.objects.visible_to(viewer).filter(version__framework__code=framework, code__in=wanted)
    found = {code: f"{code} {label}" if code != label else code for code, label in rows.values_list("code", "label")}
    return {code: found.get(code, code) for code in wanted}


def offered(viewer: AnyUser, *, most: int) -> list[tuple[Indicator, int]]:
    """The indicators that have values of territories, each with how many one map shows, those with the most first."""
    stated = Cell.objects.visible_to(viewer).filter(status=Status.ACTUAL, territory__isnull=False).order_by()
    adding = Q(indicator__aggregation=Aggregation.SUM)
    counted = Count("territory", distinct=True)
    sizes = dict(stated.filter(adding).values_list("indicator").annotate(n=counted))
    for indicator, _breakdown, size in stated.exclude(adding).values_list("indicator", "breakdown").annotate(n=counted):
        sizes[indicator] = max(size, sizes.get(indicator, 0))
    rows = Indicator.objects.visible_to(viewer).filter(pk__in=sizes).select_related("framework")
    return sorted(((row, sizes[row.pk]) for row in rows), key=lambda pair: (-pair[1], pair[0].sort_key, pair[0].pk))[:most]
