"""One indicator over all the territories of a level."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from beffroi.core.figures import Figure
from beffroi.observatory.queries import cells, results
from beffroi.observatory.queries.inputs import Asked
from beffroi.observatory.queries.results import Mapped
from beffroi.observatory.queries.secrets import ALL, Secrets, by_place, secrets
from beffroi.observatory.rules import classes_of
from beffroi.reference.models import Item

MOST_LISTED = 100


@dataclass(frozen=True)
class Row:
    place: Item
    period: str
    value: float | None
    known: int
    parts: int
    figure: Figure
    secret: str = ""


@dataclass(frozen=True)
class Survey:
    """Values of territories; `nameless`: the classes of those that the source gives without a name."""

    title: str
    unit: str
    rows: Sequence[Row]
    map: Mapped
    nameless: Sequence[tuple[str, int]]
    unnamed: int
    sources: str = ""
    secret: Secrets = field(default_factory=Secrets)

    @property
    def hidden(self) -> int:
        return len(self.secret.reasons)

    @property
    def listed(self) -> Sequence[Row]:
        return self.rows[:MOST_LISTED]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - MOST_LISTED)


def survey(asked: Asked) -> Survey:
    values, snapshots = asked.look.values_and_snapshots([asked.end] if asked.end else [])
    kept = asked.held(values)
    unit = asked.indicator.unit
    found = cells.at_level(kept.filter(pl.col("place").is_not_null()), asked.level, viewer=asked.viewer)
    secret = secrets(asked, [asked.end], read=by_place)
    known = {row["place"]: _unless_secret(row, secret) for row in found.iter_rows(named=True)}
    items = cells.places_named(known, asked.viewer)
    places = _with_siblings(items, asked)
    title = f"{asked.indicator.label}, {asked.end}" if asked.end else asked.indicator.label
    shown = results.mapped(places, {pk: row["value"] for pk, row in known.items()}, level=asked.level, title=title, unit=unit)
    rows = [_row(item, known.get(item.pk), asked) for item in sorted(places, key=lambda one: one.sort_key)]
    nameless = values.filter(pl.col("place").is_null() & pl.col("value").is_not_null())["value"].to_list()
    words = [(results.class_words(one, unit), one.count) for one in classes_of(nameless)]
    sources = ", ".join(dict.fromkeys(str(snapshot.source) for snapshot in snapshots))
    return Survey(title, unit, rows, shown, words, len(nameless), sources, secret)


def _unless_secret(row: dict[str, Any], secret: Secrets) -> dict[str, Any]:
    reason = secret.reasons.get((str(row["place"]), ALL), "")
    return row | {"value": None if reason else row["value"], "secret": reason}


def _with_siblings(items: dict[int, Item], asked: Asked) -> list[Item]:
    """Those without a value too, when they belong to the version of most of the values and a whole list of it is known to be
    meant. A territory whose value is told under the code of another year is there once."""
    if not items or asked.level in WHOLE_COUNTRY:
        return list(items.values())
    (version, _times), *_rest = Counter(item.version_id for item in items.values()).most_common(1)
    codes = {item.code for item in items.values()}
    parents = {code[:2] for code in codes}
    rows = Item.objects.visible_to(asked.viewer).filter(version=version, level=asked.level)
    around = rows.prefetch_related("version__framework")
    silent = [item for item in around if item.code not in codes and item.code[:2] in parents]
    return [*items.values(), *silent]


# Levels of which one list covers a continent: only what has a value is drawn
WHOLE_COUNTRY = {"nuts0", "nuts1", "nuts2", "nuts3", "country", "epci"}


def _row(item: Item, known: dict[str, Any] | None, asked: Asked) -> Row:
    said = known or {"value": None, "known": 0, "parts": 0}
    is_sum = said["parts"] > 1
    figure = Figure(
        value=said["value"],
        unit=asked.indicator.unit,
        period=asked.end,
        label=item.label,
        known=said["known"] if is_sum else None,
        parts=said["parts"] if is_sum else None,
        why="" if said.get("secret") else asked.why(item.pk),
    )
    return Row(item, asked.end, said["value"], said["known"], said["parts"], figure, said.get("secret", ""))
