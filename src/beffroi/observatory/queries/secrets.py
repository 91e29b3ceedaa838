"""Which values are not shown: too few establishments, one that outweighs the others, or what would give these away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from beffroi.analytics import secrecy
from beffroi.indicators.models import Indicator
from beffroi.indicators.queries import published_indicators
from beffroi.observatory.queries import cells
from beffroi.observatory.queries.inputs import Asked

ALL = "*"  # every territory together, or every activity
KEYS = ("place", "activity")


@dataclass(frozen=True)
class Secrets:
    """`reasons`: by territory (its key, or ALL) and activity (its code, or ALL). `is_known`: whether the source counts the
    establishments; `has_largest`: whether it says the largest one, without which dominance is not checked."""

    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)
    is_known: bool = False
    has_largest: bool = False

    def of_place(self, place: int) -> dict[str, str]:
        return {activity: reason for (one, activity), reason in self.reasons.items() if one == str(place)}

    def __or__(self, other: "Secrets") -> "Secrets":
        """What is hidden at one date or at another."""
        both = {**other.reasons, **self.reasons}
        return Secrets(both, self.is_known or other.is_known, self.has_largest and other.has_largest)


def counting(asked: Asked, role: str) -> Asked | None:
    """The same question to the indicator that counts the establishments (`units`) or says the largest one (`largest`)."""
    row = next((one for one in published_indicators() if one["code"] == asked.indicator.code and one.get(role)), None)
    rows = Indicator.objects.visible_to(asked.viewer)
    found = row and rows.filter(code=row[role], namespace=asked.indicator.namespace).first()
    return replace(asked, indicator=found) if found else None


def by_activity(asked: Asked, period: str, *, greatest: bool = False) -> pl.DataFrame:
    """place, activity, value of a period, activities at the level that is asked."""
    parted = cells.split_dimension(asked.look.values([period]), asked.dimension).filter(pl.col("part").is_not_null())
    parted = parted.filter(pl.col("rest") == asked.rest) if asked.rest else parted
    at_depth = cells.at_depth(parted, asked.depth)
    found = cells.at_level(at_depth, asked.level, viewer=asked.viewer, keys=["part"], greatest=greatest)
    return found.select(pl.col("place").cast(pl.String), activity="part", value="value")


def by_place(asked: Asked, period: str, *, greatest: bool = False) -> pl.DataFrame:
    """place, activity (all of them, or the one that is held), value of a period."""
    values = asked.held(asked.look.values([period] if period else [])).filter(pl.col("place").is_not_null())
    found = cells.at_level(values, asked.level, viewer=asked.viewer, greatest=greatest)
    last = found.sort("year", nulls_last=False).group_by("place", maintain_order=True).last()
    return last.select(pl.col("place").cast(pl.String), activity=pl.lit(ALL), value="value")


def by_item(asked: Asked, period: str, *, greatest: bool = False) -> pl.DataFrame:
    """The activities of one territory, or of all of them together."""
    found = by_activity(asked, period, greatest=greatest)
    if asked.place is not None:
        return found.filter(pl.col("place") == str(asked.place)).with_columns(place=pl.lit(ALL))
    value = pl.col("value").max() if greatest else pl.col("value").sum()
    known = pl.when(pl.col("value").is_not_null().any()).then(value)
    return found.group_by("activity").agg(value=known).select(pl.lit(ALL).alias("place"), "activity", "value")


def secrets(asked: Asked, periods: Sequence[str], *, read: object = by_activity) -> Secrets:
    """What to hide of any of these periods. Nothing is hidden where the source does not count establishments: what it
    publishes is then its own secrecy."""
    units = counting(asked, "units")
    if units is None:
        return Secrets()
    found = Secrets(is_known=True, has_largest=True)
    for period in dict.fromkeys(periods):
        found = _secrets_of(asked, units, period, read) | found
    return found


def _secrets_of(asked: Asked, units: Asked, period: str, read: object) -> Secrets:
    assert callable(read)
    largest = counting(asked, "largest")
    table: pl.DataFrame = read(asked, period).filter(pl.col("value").is_not_null())
    table = table.join(read(units, period).rename({"value": "units"}), on=KEYS, how="left")
    if largest:
        table = table.join(read(largest, period, greatest=True).rename({"value": "largest"}), on=KEYS, how="left")
    else:
        table = table.with_columns(largest=pl.lit(0.0))
    named = table.select(
        territory="place", activity="activity", value="value", units=pl.col("units").cast(pl.Int64), largest="largest"
    )
    return Secrets(reasons_of(named), True, largest is not None)


def reasons_of(named: pl.DataFrame) -> dict[tuple[str, str], str]:
    """Why each hidden cell is, of a table of territory, activity, value, units, largest whose totals are published."""
    shown = secrecy.hide_deducible_cells(secrecy.hide_small_cells(named))
    if any(named[name].n_unique() == 1 for name in ("territory", "activity")):  # its total across is not published
        shown = shown.with_columns(pl.col("secret").str.strip_suffix(", no_partner"))
    hidden = shown.filter(pl.col("secret").is_not_null())
    return {(place, activity): reason for place, activity, _v, _u, reason in hidden.iter_rows()}


def masked(table: pl.DataFrame, hidden: Mapping[tuple[str, str], str], names: Mapping[str, str]) -> pl.DataFrame:
    """A result without what is hidden: a row of a secret cell keeps its names and says why. `names`: keys of territories by
    the name that the table has."""
    key = "activity" if "activity" in table.columns else "item" if "item" in table.columns else None
    if not hidden or (key is None and "territory" not in table.columns):
        return table
    places = (
        [names.get(name, name) for name in table["territory"].to_list()]
        if "territory" in table.columns
        else [ALL] * table.height
    )
    codes = table[key].to_list() if key else [ALL] * table.height
    why = pl.Series("secret", [hidden.get(pair) for pair in zip(places, codes, strict=True)], dtype=pl.String)
    if why.null_count() == table.height:
        return table
    values = [name for name, kind in table.schema.items() if (kind.is_numeric() or kind == pl.Boolean) and name != "year"]
    return table.with_columns(why).with_columns(
        pl.when(pl.col("secret").is_null()).then(pl.col(name)).alias(name) for name in values
    )
