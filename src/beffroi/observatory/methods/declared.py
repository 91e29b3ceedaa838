"""What is said of a method of analysis: its function, the tables it reads, its options, the columns it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from beffroi.analytics import tables

# Other names under which publishers write the same column; used when the expected one is not there
ALSO_CALLED = {
    "territory": ("region",),
    "activity": ("industry", "sector", "branch"),
    "item": ("industry", "activity"),
    "value": ("emp", "jobs", "employment"),
    "value_0": ("t0",),
    "value_1": ("t1",),
}
# What statistical offices write where they do not publish a value: unknown, never zero
NOT_PUBLISHED = ("", "s", "S", "c", "C", ":", "n.d.", "nd", "ND", "NA", "N/A", "so", "ns", "...", "//")


@dataclass(frozen=True)
class Column:
    name: str
    meaning: str
    kind: pl.DataType = tables.REAL
    required: bool = True


@dataclass(frozen=True)
class Input:
    """`name` is the argument of the function; the first table of a method is positional. `is_open`: every other column is
    kept too, as numbers where it has nothing else."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = True
    is_open: bool = False


@dataclass(frozen=True)
class Option:
    """`kind`: str, int, float, bool (a flag) or list (texts parted by commas)."""

    name: str
    kind: type
    meaning: str
    default: Any = None
    required: bool = False

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


@dataclass(frozen=True)
class Method:
    """`label` and `summary` are French texts. `keys`: the columns by which rows are ordered."""

    name: str
    label: Any
    run: Callable[..., Any]
    inputs: tuple[Input, ...]
    output: tuple[Column, ...]
    options: tuple[Option, ...] = ()
    keys: tuple[str, ...] = ()

    def result(self, given: Sequence[pl.DataFrame | None], options: Mapping[str, Any]) -> pl.DataFrame:
        """Runs on tables in the order of `inputs` (None: not given). Raises tables.Refusal with a sentence."""
        first, *others = given
        named = {entry.name: table for entry, table in zip(self.inputs[1:], others, strict=False) if table is not None}
        if twice := sorted(set(named) & {name for name, value in options.items() if value is not None}):
            raise GivenTwice(twice[0])
        chosen = {name: value for name, value in options.items() if value is not None}
        found: pl.DataFrame = self.run(first, **named, **chosen)
        return found.sort(self.keys) if self.keys else found


class GivenTwice(tables.Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"« {name} » est donné deux fois : par un fichier et par une option.")


def text(name: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, meaning, tables.TEXT, required)


def whole(name: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, meaning, tables.WHOLE, required)
