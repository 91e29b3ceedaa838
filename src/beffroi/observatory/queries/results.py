"""What a method gives back, as a page, a file and a picture show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from beffroi.core.charts import RAMP, SLATE, Area, Spec, Table, bar_chart, map_chart
from beffroi.core.exports import Column, Type
from beffroi.core.formats import number_text
from beffroi.observatory.methods.declared import Method
from beffroi.observatory.queries import maps
from beffroi.observatory.rules import Class, class_of, classes_of
from beffroi.reference.models import Item

MOST_BARS = 20
MOST_TOLD = 200  # territories in the table of a map: beyond, its classes; the page lists territories below
# The column that says most of a method, when it is not its first computed one
CHIEF = {"specificities": "location_quotient", "shift_share": "competitive", "territory_effects": "competitive"}
BASE = {"value", "territory_total", "activity_total", "total", "year", "base", "end", "value_0", "value_1", "mcp", "units"}
TYPES = {pl.Int64: Type.INTEGER, pl.Boolean: Type.BOOLEAN, pl.String: Type.TEXT}


@dataclass(frozen=True)
class Picture:
    """A chart and its table. `note`: what to know of it."""

    title: Any
    spec: Spec
    table: Table
    note: str = ""


def export_columns(table: pl.DataFrame, method: Method | None = None) -> list[Column]:
    meanings = {column.name: column.meaning for column in method.output} if method else {}
    return [
        Column(name, name, TYPES.get(kind.base_type(), Type.NUMBER), meanings.get(name, ""), _reader(name))
        for name, kind in table.schema.items()
    ]


def _reader(name: str) -> Any:
    return lambda row: row[name]


def numbers_of(method: Method, table: pl.DataFrame) -> list[str]:
    """The columns that can be drawn, the chief one first."""
    found = [name for name, kind in table.schema.items() if kind.is_numeric()]
    named = method.name if method.name in found else CHIEF.get(method.name)
    chief = named or next((name for name in found if name not in BASE), next(iter(found), ""))
    return sorted(found, key=lambda name: name != chief)


def bars(table: pl.DataFrame, column: str, title: str) -> Picture | None:
    """The greatest values, those below zero too."""
    names = [name for name, kind in table.schema.items() if kind == pl.String and name != "note"][:2]
    known = table.filter(pl.col(column).is_not_null() & pl.col(column).is_finite()) if names else table.clear()
    if known.is_empty():
        return None
    shown = known.sort(pl.col(column).cast(pl.Float64).abs(), descending=True).head(MOST_BARS).sort(column, descending=True)
    rows = [
        {"name": " · ".join(str(row[name] or "") for name in names), "value": _short_number(row[column])}
        for row in shown.iter_rows(named=True)
    ]
    note = (
        _("Les %(n)s plus grands écarts sur %(all)s valeurs.") % {"n": len(rows), "all": known.height}
        if known.height > len(rows)
        else ""
    )
    return Picture(
        title,
        bar_chart(rows, x="value", y="name"),
        Table((_("Ligne"), title), [(row["name"], row["value"]) for row in rows]),
        note,
    )


def _short_number(value: float) -> float:
    return float(f"{value:.5g}") if abs(value) < 10_000 else float(round(value))


def class_words(one: Class, unit: str = "") -> str:
    span = number_text(_short(one.low)) if one.low == one.high else _("de %(low)s à %(high)s") % {
        "low": number_text(_short(one.low)), "high": number_text(_short(one.high))}  # fmt: skip
    return f"{span}{' ' + unit if unit else ''} ({one.count})"


def _short(value: float) -> float | int:
    """Three digits that count are enough in a legend."""
    found = float(f"{value:.3g}") if abs(value) < 1000 else round(value)
    return int(found) if found == int(found) else found


@dataclass(frozen=True)
class Mapped:
    """Values of territories as a map, or as classes only when nobody drew them."""

    picture: Picture | None
    classes: Sequence[tuple[str, int]]
    drawn: int
    tiled: bool = False
    vintages: str = ""
    left_out: int = 0


def mapped(places: Sequence[Item], values: dict[int, float | None], *, level: str, title: str, unit: str) -> Mapped:
    """Every territory of the list: those of which nothing is known are hatched, never left out."""
    classes = classes_of([value for value in values.values() if value is not None])
    words = [class_words(one, unit) for one in classes]
    shades = {item.pk: (class_of(values.get(item.pk), classes), _said(values.get(item.pk), unit)) for item in places}
    found, lent = maps.areas(places, shades)
    tiled = [] if found else maps.tile_areas(places, level, shades)
    listed = [(text, one.count) for text, one in zip(words, classes, strict=True)]
    table = _map_table(places, values, unit, [*listed, (_("inconnu"), sum(values.get(item.pk) is None for item in places))])
    drawn: list[Area] = found or tiled
    if not drawn:
        return Mapped(None, listed, 0)
    spec = map_chart(
        drawn, classes=words, colours=_colours(classes), unknown=_("inconnu (%(n)s)") % {"n": _gaps(drawn)}, named=bool(tiled)
    )
    return Mapped(
        Picture(title, spec, table), listed, len(drawn), bool(tiled), ", ".join(sorted(lent)), len(places) - len(drawn)
    )


def _map_table(places: Sequence[Item], values: dict[int, float | None], unit: str, classes: Sequence[tuple[str, int]]) -> Table:
    """The map told in a table: each territory, or each class of a map that has more than can be read."""
    if len(places) > MOST_TOLD:
        return Table((_("Classe"), _("Territoires")), list(classes))
    rows = [(item, values.get(item.pk)) for item in sorted(places, key=lambda one: one.sort_key)]
    return Table((_("Territoire"), unit or _("Valeur")), rows)


def _gaps(areas: Sequence[Area]) -> int:
    return sum(area.shade is None for area in areas)


def _said(value: float | None, unit: str) -> str:
    return _("inconnu") if value is None else f"{number_text(value)} {unit}".strip()


def _colours(classes: Sequence[Class]) -> list[str]:
    """Slate below zero, brick above; shades of brick when all is on one side."""
    below = sum(one.low < 0 for one in classes)
    if not below or below == len(classes):
        step = {1: (3,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 2, 4), 5: (0, 1, 2, 3, 4)}[max(1, len(classes))]
        shades = [RAMP[place] for place in step]
        return shades if not below else shades[::-1]
    cold = {1: (2,), 2: (0, 2), 3: (0, 1, 2), 4: (0, 1, 2, 3)}[below]
    warm = {1: (2,), 2: (2, 4), 3: (1, 2, 4), 4: (1, 2, 3, 4)}[len(classes) - below]
    return [*(SLATE[place] for place in cold), *(RAMP[place] for place in warm)]
