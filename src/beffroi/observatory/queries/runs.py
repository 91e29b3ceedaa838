"""An analysis asked of the database: run, drawn, and what tells it from another."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from beffroi.analytics import tables
from beffroi.observatory.methods.declared import Method
from beffroi.observatory.queries import inputs, results
from beffroi.observatory.queries.inputs import Asked, Read
from beffroi.observatory.queries.results import Mapped, Picture
from beffroi.observatory.queries.secrets import Secrets, by_activity, by_item, by_place, masked, secrets
from beffroi.reference.models import Item

TWO_DATES = ({"item", "value_0", "value_1"}, {"territory", "activity", "year", "value"})


@dataclass(frozen=True)
class Analysis:
    """What a method answers, or why it does not."""

    method: Method
    asked: Asked
    table: pl.DataFrame | None = None
    refusal: str = ""
    places: Mapping[str, Item] = field(default_factory=dict)
    activities: Mapping[str, str] = field(default_factory=dict)
    sources: str = ""
    secret: Secrets = field(default_factory=Secrets)

    @property
    def hidden(self) -> int:
        """How many rows say nothing, for secrecy."""
        has_any = self.table is not None and "secret" in self.table.columns
        return len(self.table["secret"].drop_nulls()) if has_any and self.table is not None else 0

    @property
    def height(self) -> int | None:
        """Templates ask a table for a column of that name."""
        return None if self.table is None else self.table.height

    @property
    def numbers(self) -> list[str]:
        return results.numbers_of(self.method, self.table) if self.table is not None else []

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The columns that can be drawn, with what they say."""
        said = {column.name: f"{column.name} : {column.meaning.partition(' ; ')[0]}" for column in self.method.output}
        return [(name, said.get(name, name)[:80]) for name in self.numbers]

    @property
    def listed_activities(self) -> list[tuple[str, str]]:
        """Those of the result, to choose one for a map."""
        if self.table is None or not {"territory", "activity"} <= set(self.table.columns):
            return []
        names = self.table["activity"].unique().sort().to_list()
        return [(name, name) for name in names if name]


@dataclass(frozen=True)
class Drawn:
    """One column of a result: its bars, or its map when each territory has one value."""

    picture: Picture | None
    map: Mapped | None = None


def needs_activity(method: Method) -> bool:
    return any({"activity", "item"} & {column.name for column in entry.columns} for entry in method.inputs if entry.required)


def has_two_dates(method: Method) -> bool:
    return any({column.name for column in entry.columns if column.required} in TWO_DATES for entry in method.inputs)


def hidden_fields(method: Method) -> tuple[str, ...]:
    hidden = () if has_two_dates(method) else ("start",)
    return (*hidden, "rest") if needs_activity(method) else (*hidden, "dimension", "depth")


def analysed(method: Method, asked: Asked, options: Mapping[str, Any]) -> Analysis:
    read = Read()
    try:
        read = inputs.read_for(method, asked)
        table = method.result(read.given, options)
    except tables.Refusal as error:
        return Analysis(method, asked, refusal=str(error))
    sources = ", ".join(dict.fromkeys(str(snapshot.source) for snapshot in inputs.snapshots_of(asked)))
    secret = hidden_in(method, asked)
    keys = {name: str(item.pk) for name, item in read.places.items()}
    table = masked(table, secret.reasons, keys)
    shown = _with_names(table, read)
    return Analysis(method, asked, shown, "", read.places, read.activities, sources, secret)


def hidden_in(method: Method, asked: Asked) -> Secrets:
    """What no column of the result may show, nor let be guessed."""
    periods = asked.periods if has_two_dates(method) else [asked.end]
    if not needs_activity(method):
        return secrets(asked, [asked.end], read=by_place)
    by_items = any("item" in [column.name for column in entry.columns] for entry in method.inputs)
    return secrets(asked, periods, read=by_item if by_items else by_activity)


def _with_names(table: pl.DataFrame, read: Read) -> pl.DataFrame:
    """Codes of activities with their labels."""
    for name in ("activity", "other", "item", "code"):
        if name in table.columns and read.activities and table[name].dtype == pl.String:
            table = table.with_columns(pl.col(name).replace(read.activities))
    return table


def pictured(analysis: Analysis, column: str, activity: str) -> Drawn:
    table = analysis.table
    if table is None or column not in analysis.numbers:
        return Drawn(None)
    if activity and "activity" in table.columns:
        table = table.filter(pl.col("activity") == activity)
    title = f"{analysis.method.label} : {column}{' · ' + activity if activity else ''}"
    if "territory" in table.columns and table["territory"].is_unique().all() and table.height > 1:
        found = _mapped(analysis, table, column, title)
        if found.picture:
            return Drawn(found.picture, found)
    return Drawn(results.bars(table, column, title))


def _mapped(analysis: Analysis, table: pl.DataFrame, column: str, title: str) -> Mapped:
    rows = table.select("territory", pl.col(column).cast(pl.Float64)).iter_rows()
    values = {analysis.places[name].pk: value for name, value in rows if name in analysis.places}
    places = [item for item in analysis.places.values() if item.pk in values]
    return results.mapped(places, values, level=analysis.asked.level, title=title, unit="")


def shown_rows(table: pl.DataFrame, most: int) -> Sequence[Sequence[Any]]:
    """Numbers with the digits that can be read; all of them are in the file."""
    floats = [name for name, kind in table.schema.items() if kind.is_float()]
    return table.head(most).with_columns(pl.col(floats).round_sig_figs(6)).rows()


def contents(table: pl.DataFrame) -> dict[str, Any]:
    """The result as it is kept: its columns and its rows."""
    return {"columns": table.columns, "rows": json.loads(json.dumps(table.rows(), default=str))}


def hash_of(result: Mapping[str, Any]) -> str:
    """The same numbers make the same text, to twelve digits: the order of sums does not show."""
    rows = [[float(f"{cell:.12g}") if isinstance(cell, float) else cell for cell in row] for row in result["rows"]]
    text = json.dumps({"columns": result["columns"], "rows": rows}, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Change:
    """A row that a run and today do not say alike."""

    key: str
    before: Sequence[Any] | None
    after: Sequence[Any] | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Rows by what names them (their texts), kept and as they are now."""
    old, new = (_by_key(result) for result in (before, after))
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return [Change(key, old.get(key), new.get(key)) for key in keys]


def _by_key(result: Mapping[str, Any]) -> dict[str, list[Any]]:
    named = [place for place, name in enumerate(result["columns"]) if name in KEYS]
    rows = ([float(f"{cell:.12g}") if isinstance(cell, float) else cell for cell in row] for row in result["rows"])
    return {" · ".join(str(row[place]) for place in named) or str(row[0]): row for row in rows}


KEYS = {"territory", "activity", "other", "item", "year", "code", "unit", "measure", "group", "side"}
