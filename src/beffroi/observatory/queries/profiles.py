"""A territory read through its activities: in what it is specific, what is its own in its growth, whom it is like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beffroi.analytics import contribution, shift_share, specialisation, tables
from beffroi.core.figures import Figure
from beffroi.observatory.queries import cells
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.queries.secrets import secrets
from beffroi.reference.models import Item
from beffroi.reference.queries import same_place_ids, wholes_of

NEAREST = 6
MOST_CONTRIBUTIONS = 10
REGION = "region"


@dataclass(frozen=True)
class Activity:
    """An activity of the territory beside those to which it is compared; None is unknown, or hidden when `secret` says so."""

    label: str
    jobs: Figure
    share: Figure
    region_share: Figure
    reference_share: Figure
    quotient: Figure
    specific: bool | None
    secret: str = ""


@dataclass(frozen=True)
class Profile:
    """What is known of a territory. `refusal`: why a part is missing, by part."""

    place: Item
    asked: Asked
    compared: int
    figures: Sequence[Figure]
    activities: Sequence[Activity]
    effects: Sequence[Figure]
    contributions: Sequence[tuple[str, Figure, Figure]]
    similar: Sequence[tuple[Item, Figure]]
    refusals: dict[str, str]
    hidden: int = 0
    is_dominance_checked: bool = False

    @property
    def specific(self) -> list[Activity]:
        return [row for row in self.activities if row.specific]


def own_place(item: Item, values: pl.DataFrame, asked: Asked) -> Item | None:
    """The official territory behind the one asked, of the vintage whose values are known."""
    same = same_place_ids(item)
    codes = Item.objects.filter(pk__in=same).values_list("version__framework__code", "code")
    named = {(framework, code) for framework, code in codes}
    known = set(cells.at_level(values, asked.level, viewer=asked.viewer)["place"].to_list()) if values.height else set()
    rows = Item.objects.visible_to(asked.viewer).filter(pk__in=known, code__in={code for _, code in named})
    return next(
        (row for row in rows.select_related("version__framework") if (row.version.framework.code, row.code) in named), None
    )


def profile(item: Item, asked: Asked) -> Profile | None:
    """None when nothing is known of the activities of this territory."""
    values = asked.look.values(asked.periods)
    place = own_place(item, values, asked)
    if place is None:
        return None
    rows = _by_activity(values, asked)
    last = rows.filter(pl.col("period") == asked.end).select("territory", "activity", "value")
    names = cells.activity_names(rows["activity"].unique().to_list(), asked.indicator.framework.code, asked.viewer)
    refusals: dict[str, str] = {}
    secret = secrets(asked, [asked.end])
    hidden = secret.of_place(place.pk)
    shares = _region_shares(place, last, asked)
    found = _specificities(place.pk, last, refusals)
    activities = [_activity(row, asked, names, hidden, shares) for row in found]
    effects = _effects(str(place.pk), rows, asked, refusals)
    head = _head(last.filter(pl.col("territory") == str(place.pk))["value"], asked, place.pk)
    count = Figure(value=sum(row.specific is True for row in activities), label=_("Activités spécifiques"), period=asked.end)
    return Profile(
        place,
        asked,
        last["territory"].n_unique(),
        [head, count, *effects[:1], *effects[-1:]] if effects else [head, count],
        activities,
        effects,
        _contributions(str(place.pk), rows, asked, names=names, hidden=hidden, refusals=refusals),
        _similar(place, last, asked),
        refusals,
        len(hidden),
        secret.has_largest,
    )


def _head(values: pl.Series, asked: Asked, place: int) -> Figure:
    """The sum of the activities that are known; unknown when none is."""
    known = values.drop_nulls()
    is_whole = known.len() == values.len()
    return Figure(
        value=known.sum() if known.len() else None,
        unit=asked.indicator.unit,
        period=asked.end,
        label=asked.indicator.label,
        known=None if is_whole else known.len(),
        parts=None if is_whole else values.len(),
        why=asked.why(place),
    )


def _by_activity(values: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    parted = cells.split_dimension(values, asked.dimension).filter(pl.col("part").is_not_null())
    found = cells.at_level(cells.at_depth(parted, asked.depth), asked.level, viewer=asked.viewer, keys=["part"])
    return found.rename({"part": "activity"}).with_columns(territory=pl.col("place").cast(pl.String))


def _region_shares(place: Item, last: pl.DataFrame, asked: Asked) -> dict[str, float]:
    """The share of each activity in the region that holds the territory, from its territories that are known."""
    regions = wholes_of([int(one) for one in last["territory"].unique()], REGION)
    mine = regions.get(place.pk)
    inside = {str(pk) for pk, region in regions.items() if region == mine}
    if mine is None:
        return {}
    known = last.filter(pl.col("territory").is_in(list(inside)) & pl.col("value").is_not_null())
    sums = known.group_by("activity").agg(pl.col("value").sum())
    whole = sums["value"].sum()
    return {activity: value / whole for activity, value in sums.iter_rows()} if whole else {}


def _specificities(place: int, last: pl.DataFrame, refusals: dict[str, str]) -> list[dict[str, Any]]:
    """The activities that the territory has, the most specific first."""
    try:
        found = specialisation.specificities(last)
    except tables.Refusal as error:
        refusals["specificities"] = str(error)
        return []
    own = found.filter((pl.col("territory") == str(place)) & (pl.col("value") > 0))
    return own.sort("location_quotient", descending=True, nulls_last=True).to_dicts()


def _activity(
    row: dict[str, Any], asked: Asked, names: dict[str, str], hidden: dict[str, str], shares: dict[str, float]
) -> Activity:
    code = row["activity"]
    secret = hidden.get(code, "")
    shown = {name: None if secret else row[name] for name in ("value", "share", "location_quotient")}
    why = asked.why_computed("quotient", int(row["territory"]), code)
    return Activity(
        names[code],
        Figure(value=shown["value"]),
        Figure(value=shown["share"], unit="ratio"),
        Figure(value=shares.get(code), unit="ratio"),
        Figure(value=row["reference_share"], unit="ratio"),
        Figure(value=_rounded(shown["location_quotient"]), why=why),
        None if secret else row["specific"],
        secret,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _effects(place: str, rows: pl.DataFrame, asked: Asked, refusals: dict[str, str]) -> list[Figure]:
    """Growth, what the whole and the structure explain, and what is left: the local effect."""
    if asked.start == asked.end:
        refusals["effects"] = _("L’effet local demande deux périodes : une seule est connue ou choisie.")
        return []
    years = rows.filter(pl.col("year").is_not_null()).select("territory", "activity", "year", "value")
    try:
        found = shift_share.territory_effects(years).filter(pl.col("territory") == place).row(0, named=True)
    except (tables.Refusal, pl.exceptions.OutOfBoundsError) as error:
        refusals["effects"] = str(error)
        return []
    span, unit = f"{asked.start}/{asked.end}", asked.indicator.unit
    labels = {
        "growth": _("Variation"), "national": _("Part de la tendance des territoires connus"),
        "industry_mix": _("Effet de structure"),
        "competitive": _("Effet local"),
    }  # fmt: skip
    return [
        Figure(
            value=None if found[name] is None else round(found[name]),
            unit=unit,
            period=span,
            label=label,
            why=asked.why_computed("effect", int(place), name),
        )
        for name, label in labels.items()
    ]


def _contributions(
    place: str,
    rows: pl.DataFrame,
    asked: Asked,
    *,
    names: Mapping[str, str],
    hidden: Mapping[str, str],
    refusals: dict[str, str],
) -> list[tuple[str, Figure, Figure]]:
    """Of the activities known at both dates, without those that secrecy hides at either."""
    if asked.start == asked.end:
        return []
    parts = _at_both_dates(rows.filter(pl.col("territory") == place), asked)
    known, secret = parts.drop_nulls(), {*hidden, *secrets(asked, [asked.start]).of_place(int(place))}
    try:
        found = contribution.contribution_decomposition(known).filter(pl.col("contribution_points").is_not_null())
    except tables.Refusal as error:
        refusals["contributions"] = str(error)
        return []
    shown = found.filter(~pl.col("item").is_in(list(secret)))
    if said := _left_out(parts.height - known.height, found.height - shown.height):
        refusals["contributions"] = said
    ranked = shown.sort(pl.col("contribution_points").abs(), descending=True).head(MOST_CONTRIBUTIONS)
    return [
        (names[row["item"]], Figure(value=round(row["change"])), _points(row, asked, place))
        for row in ranked.sort("contribution_points", descending=True).iter_rows(named=True)
    ]


def _points(row: Mapping[str, Any], asked: Asked, place: str) -> Figure:
    why = asked.why_computed("contribution", int(place), row["item"])
    return Figure(value=row["contribution_points"], unit="ratio", why=why)


def _at_both_dates(own: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """item, value_0, value_1: what no source says at a date is unknown."""
    sides = [
        own.filter(pl.col("period") == period).select(pl.col("activity").alias("item"), pl.col("value").alias(f"value_{side}"))
        for side, period in enumerate((asked.start, asked.end))
    ]
    return sides[0].join(sides[1], on="item", how="full", coalesce=True)


def _left_out(unknown: int, secret: int) -> str:
    said = []
    if unknown:
        text = ngettext(
            "%(n)d activité n’est connue qu’à l’une des deux dates : sa contribution est inconnue, et les autres se lisent sur "
            "ce qui est connu aux deux.",
            "%(n)d activités ne sont connues qu’à l’une des deux dates : leur contribution est inconnue, et les autres se "
            "lisent sur ce qui est connu aux deux.",
            unknown,
        )
        said.append(text % {"n": unknown})
    if secret:
        text = ngettext(
            "%(n)d activité n’est pas montrée : trop peu d’établissements à l’une des dates, ou de quoi les deviner.",
            "%(n)d activités ne sont pas montrées : trop peu d’établissements à l’une des dates, ou de quoi les deviner.",
            secret,
        )
        said.append(text % {"n": secret})
    return " ".join(said)


def _similar(place: Item, last: pl.DataFrame, asked: Asked) -> list[tuple[Item, Figure]]:
    """Those whose activities are shared out the most like here (Krugman's index, from 0, the same, to 2)."""
    own = _shares(last.filter(pl.col("territory") == str(place.pk))).select("activity", mine="share")
    others = _shares(last.filter(pl.col("territory") != str(place.pk)))
    if own.is_empty() or others.is_empty():
        return []
    joined = others.join(own, on="activity", how="left").with_columns(pl.col("mine").fill_null(0.0))
    shared = joined.group_by("territory").agg(
        gap=(pl.col("share") - pl.col("mine")).abs().sum() + 1.0 - pl.col("mine").sum(), size=pl.len()
    )
    nearest = shared.sort("gap", "territory").head(NEAREST)
    items = cells.places_named([int(pk) for pk in nearest["territory"]], asked.viewer)
    return [(items[int(pk)], Figure(value=round(gap, 3))) for pk, gap, _size in nearest.iter_rows() if int(pk) in items]


def _shares(rows: pl.DataFrame) -> pl.DataFrame:
    known = rows.filter(pl.col("value").is_not_null() & (pl.col("value") > 0))
    return known.with_columns(share=pl.col("value") / pl.col("value").sum().over("territory"))
