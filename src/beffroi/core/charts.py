"""Charts as Vega-Lite specifications: drawn in the browser and printed in documents. Every word is an argument."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from django.contrib.staticfiles import finders

Spec = dict[str, Any]
Row = Mapping[str, Any]
THEME = "js/chart-theme.json"
FACE = "'Source Sans 3', sans-serif"
MEASURED_FACE = "'SourceSans3-Regular'"  # the only name by which the converter finds the face when it measures words
REGULAR = "vendor/fonts/SourceSans3-400.ttf"
FRENCH_NUMBERS = {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0€"]}
NUMBERS = ",.10~f"
WIDTH = 640  # a page of A4 inside its margins; on screen charts take the width they find


@dataclass(frozen=True)
class Table:
    """The numbers of a chart as people read them, beside the picture."""

    columns: Sequence[object]
    rows: Sequence[Sequence[object]]


def _base(rows: Iterable[Row], **encodings: Any) -> alt.Chart:
    data = alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]
    return alt.Chart(data).encode(**encodings)


def _finished(*layers: alt.Chart, height: int | None = None) -> Spec:
    sized = alt.layer(*layers).properties(width="container", **({} if height is None else {"height": height}))
    spec: Spec = sized.to_dict()
    spec.pop("config", None)
    return {**spec, "autosize": {"type": "fit-x", "contains": "padding"}}


def _time(x: str, title: str) -> alt.X:
    """Periods stay words in the order of the rows: a year, a quarter and a day are not forced on one calendar."""
    return alt.X(f"{x}:N", title=title or None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))


def _amount(y: str, title: str, *, zero: bool) -> alt.Y:
    axis = alt.Axis(format=NUMBERS, tickCount=5)
    return alt.Y(f"{y}:Q", title=title or None, scale=alt.Scale(zero=zero, nice=True), axis=axis)


def line_chart(
    rows: Sequence[Row], *, x: str, y: str, x_title: str = "", y_title: str = "", series: str | None = None, zero: bool = True
) -> Spec:
    """A value over periods; each series is named at its last known point rather than in a legend."""
    said = json.dumps([dict(row) for row in rows], default=float)
    return _line_chart(said, x=x, y=y, x_title=x_title, y_title=y_title, series=series, zero=zero)


@lru_cache(maxsize=256)
def _line_chart(said: str, *, x: str, y: str, x_title: str, y_title: str, series: str | None, zero: bool) -> Spec:
    """Drawing takes longer than reading: the same numbers are drawn once. What it gives is not changed by anybody."""
    rows: list[Spec] = json.loads(said)
    words = [alt.Tooltip(f"{name}:N") for name in (x, series) if name] + [alt.Tooltip(f"{y}:Q", format=NUMBERS)]
    places = {"x": _time(x, x_title), "y": _amount(y, y_title, zero=zero)}
    line = _base(rows, tooltip=words, **places).mark_line(point=True)
    if series is None:
        return _finished(line, height=260)
    shade = alt.Color(f"{series}:N", legend=None, sort=None)
    last = {row[series]: row for row in rows if row[y] is not None}
    names = _base(last.values(), text=f"{series}:N", **places).mark_text(align="left", dx=8, fontWeight=600)
    return _finished(line.encode(color=shade), names.encode(color=shade), height=260)


def bar_chart(rows: Sequence[Row], *, x: str, y: str, x_title: str = "", unknown: str = "") -> Spec:
    """One horizontal bar a row, from zero, in the order given, its value written at its end; `unknown` is written where
    there is none."""
    base = _base(rows, y=alt.Y(f"{y}:N", sort=None, title=None))
    length = alt.X(f"{x}:Q", title=x_title or None, axis=alt.Axis(format=NUMBERS, tickCount=5), scale=alt.Scale(zero=True))
    bars = base.mark_bar().encode(x=length, tooltip=[alt.Tooltip(f"{y}:N"), alt.Tooltip(f"{x}:Q", format=NUMBERS)])
    known = f"isValid(datum[{json.dumps(x)}])"
    below = f"datum[{json.dumps(x)}] < 0"
    side, gap = alt.expr(f"{below} ? 'right' : 'left'"), alt.expr(f"{below} ? -4 : 4")
    words = base.mark_text(align=side, dx=gap).encode(x=length, text=alt.Text(f"{x}:Q", format=NUMBERS))
    gaps = base.mark_text(align="left", dx=4, fontStyle="italic", color="--unknown")
    gaps = gaps.encode(x=alt.datum(0), text=alt.value(unknown))
    return _finished(bars, words.transform_filter(known), gaps.transform_filter(f"!{known}"))


def target_chart(rows: Sequence[Row], *, x: str, y: str, target: str, x_title: str = "", y_title: str = "") -> Spec:
    """Results as bars from zero, and the target of each period as a thin mark across its bar."""
    base = _base(rows, x=_time(x, x_title))
    words = [alt.Tooltip(f"{x}:N"), alt.Tooltip(f"{y}:Q", format=NUMBERS), alt.Tooltip(f"{target}:Q", format=NUMBERS)]
    bars = base.mark_bar(size=36).encode(y=_amount(y, y_title, zero=True), tooltip=words)
    marks = base.mark_tick(size=52, thickness=4, color="--ink", stroke="--surface", strokeWidth=1, opacity=1)
    return _finished(bars, marks.encode(y=alt.Y(f"{target}:Q"), tooltip=words), height=260)


@cache
def _theme() -> tuple[Spec, dict[str, str]]:
    """The charts' theme, and the colours of the day that its names stand for."""
    path = finders.find(THEME)
    if not isinstance(path, str):
        raise FileNotFoundError(THEME)
    config = json.loads(Path(path).read_text(encoding="utf-8"))
    tokens = config.pop("tokens")
    return {**coloured(config, tokens), "font": MEASURED_FACE}, tokens


def coloured(part: Any, tokens: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: coloured(value, tokens) for name, value in part.items()}
    if isinstance(part, list):
        return [coloured(value, tokens) for value in part]
    return tokens.get(part, part) if isinstance(part, str) else part


@cache
def _register_fonts() -> None:
    font = finders.find(REGULAR)
    if isinstance(font, str):
        vl_convert.register_font_directory(str(Path(font).parent))


def svg(spec: Mapping[str, Any], *, french: bool = True, width: int = WIDTH) -> str:
    """The picture for documents, drawn here with no network."""
    _register_fonts()
    config, tokens = _theme()
    drawn = {**coloured(dict(spec), tokens), "config": config, "width": width}
    picture = vl_convert.vegalite_to_svg(drawn, format_locale=FRENCH_NUMBERS if french else None)
    return picture.replace(MEASURED_FACE, FACE)


def png(spec: Mapping[str, Any], *, french: bool = True, width: int = WIDTH) -> bytes:
    """The same picture as points, twice as fine as a screen, on white."""
    return vl_convert.svg_to_png(svg(spec, french=french, width=width).replace(FACE, MEASURED_FACE), scale=2)


RAMP = ("#f6e4df", "#e3b1a5", "#c9796a", "#a94a3a", "#8f2d1f")
SLATE = ("#22303c", "#51606d", "#7d8d9b", "#c3ccd4")
DARK = 420  # of 765: the sum of red, green and blue under which white letters read better
MAP_HEIGHT = 520


@dataclass(frozen=True)
class Area:
    """A shape of a map: its outline on a plane, its class (None: no data) and what is said of it."""

    label: str
    rings: Sequence[Sequence[Sequence[tuple[float, float]]]]
    shade: int | None
    value: str
    hatch: Sequence[Sequence[tuple[float, float]]] = ()


def map_chart(
    areas: Sequence[Area], *, classes: Sequence[str], colours: Sequence[str], unknown: str, named: bool = False
) -> Spec:
    """Areas coloured by class, those without data hatched; the legend writes each class. `named`: their name inside."""
    values = [{"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": area.rings},
               "name": area.label, "value": area.value,
               "class": unknown if area.shade is None else classes[area.shade]} for area in areas]  # fmt: skip
    lines = [part for area in areas for part in area.hatch]
    order = [*classes, *([unknown] if any(area.shade is None for area in areas) else [])]
    shades = [*colours[: len(classes)], "--surface"][: len(order)]
    tooltip = [{"field": "name", "type": "nominal", "title": ""}, {"field": "value", "type": "nominal", "title": ""}]
    colour = {"field": "class", "type": "nominal", "scale": {"domain": order, "range": shades}, "sort": order,
              "legend": {"title": None, "orient": "bottom", "direction": "vertical", "labelLimit": 400,
                         "symbolStrokeWidth": 1, "symbolStrokeColor": "--line-strong"}}  # fmt: skip
    shapes: Spec = {"data": {"values": values}, "mark": {"type": "geoshape", "stroke": "--line-strong", "strokeWidth": 0.5},
                    "encoding": {"color": colour, "tooltip": tooltip}}  # fmt: skip
    layers = [shapes]
    if lines:
        hatched = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": lines}}
        layers.append({"data": {"values": [hatched]},
                       "mark": {"type": "geoshape", "filled": False, "stroke": "--unknown", "strokeWidth": 0.7}})  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": MAP_HEIGHT,
        "projection": {"type": "identity", "reflectY": True},
        "layer": [*layers, *([_names(areas, colours)] if named else [])],
        "autosize": {"type": "fit-x", "contains": "padding"},
    }


def words_of(name: str) -> list[str]:
    """A name on several short lines."""
    return [part for part in re.split(r" - |(?<=\w{4})[ -](?=\w{4,})|-(?=sur-)", name) if part]


def _names(areas: Sequence[Area], colours: Sequence[str]) -> Spec:
    """The name of each area in its middle, light on dark."""
    dark = [sum(int(colour[place : place + 2], 16) for place in (1, 3, 5)) < DARK for colour in colours]
    points = [
        {
            "x": (min(xs) + max(xs)) / 2,
            "y": (min(ys) + max(ys)) / 2,
            "name": words_of(area.label.partition(" : ")[2] or area.label),
            "dark": area.shade is not None and dark[area.shade],
        }
        for area in areas
        for xs, ys in [tuple(zip(*area.rings[0][0], strict=True))]
    ]
    colour = {"condition": {"test": "datum.dark", "value": "--surface"}, "value": "--ink"}
    return {
        "data": {"values": points},
        "mark": {"type": "text", "fontSize": 10, "lineHeight": 11, "baseline": "middle"},
        "encoding": {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"},
                     "text": {"field": "name", "type": "nominal"}, "color": colour},
    }  # fmt: skip
