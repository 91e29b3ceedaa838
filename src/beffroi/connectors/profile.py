"""Profiles: how a layout of file is read, as data that a person can clone and change without code."""

import re
import tomllib
from collections import Counter
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from beffroi.connectors.files import ReadOptions
from beffroi.connectors.words import folded

SEEDS = Path(__file__).parent / "profiles"
FIELD = r"^[a-z][a-z0-9_]{0,59}$"


class WrongProfile(ValueError):
    """The profile contradicts itself; the text is a French sentence."""


class Type(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    PERIOD = "period"
    EUROS = "euros"
    MONEY = "money"
    BOOLEAN = "boolean"
    SIREN = "siren"
    SIRET = "siret"
    CHOICE = "choice"
    BREAKDOWN = "breakdown"


SUFFIXES = {Type.DECIMAL: ["", "_written"], Type.EUROS: ["", "_written"], Type.BREAKDOWN: ["", "_written"],
            Type.MONEY: ["", "_written", "_currency"], Type.PERIOD: ["", "_start", "_end"]}  # fmt: skip


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    name: str = Field(min_length=1, max_length=300)
    """The header in the file."""
    aliases: list[str] = []
    to: str = Field(pattern=FIELD)
    type: Type = Type.TEXT
    required: bool = False
    choices: dict[str, str] = {}
    """What is written -> the value kept."""
    decimal_comma: Literal["auto", "on", "off"] = "auto"
    multiplier: Decimal = Field(default=Decimal(1), gt=0)
    """What a written number is multiplied by: 1000 for a column in thousands."""
    percent_sign: bool = False
    """Whether a number followed by % is hundredths."""
    max_length: int | None = Field(default=None, ge=1)
    zeros: int | None = Field(default=None, ge=1, le=80)
    """How many characters a code has: the zeros that a spreadsheet dropped before it are put back."""
    prefix: str = Field(default="", max_length=80)
    """What is put before every filled cell: `geo-communes:` makes a code an address."""
    trim: bool = True
    default: str | None = None

    @property
    def spellings(self) -> set[str]:
        return {folded(name) for name in (self.name, *self.aliases)}

    @property
    def staged_names(self) -> list[str]:
        """The fields that the column fills: its target, and what goes with it for a period, an amount or a breakdown."""
        return [self.to + suffix for suffix in SUFFIXES.get(self.type, [""])]

    @model_validator(mode="after")
    def _choices_only_for_choice(self) -> "Column":
        if (self.type is Type.CHOICE) != bool(self.choices):
            raise WrongProfile(f"La colonne « {self.name} » : une liste de choix va avec le type choix, et lui seul.")
        return self


class Ordered(Strict):
    """`a` is at most `b`; an unknown one is not compared."""

    kind: Literal["ordered"]
    a: str
    b: str

    @property
    def fields(self) -> list[str]:
        return [self.a, self.b]


class Sum(Strict):
    """The parts make the total, give or take the tolerance; nothing is compared when one is unknown."""

    kind: Literal["sum"]
    parts: list[str] = Field(min_length=1)
    total: str
    tolerance: Decimal = Field(default=Decimal(0), ge=0)

    @property
    def fields(self) -> list[str]:
        return [*self.parts, self.total]


class OneOfFilled(Strict):
    kind: Literal["one_of_filled"]
    fields: list[str] = Field(min_length=1)


class Between(Strict):
    """`low` and `high` are included; either may be left out."""

    kind: Literal["between"]
    field: str
    low: Decimal | None = None
    high: Decimal | None = None
    hint: str = ""
    """What to do when the values are outside."""

    @property
    def fields(self) -> list[str]:
        return [self.field]


class Unique(Strict):
    """No two rows of the file have the same values in these fields; rows where one is empty are not compared."""

    kind: Literal["unique"]
    fields: list[str] = Field(min_length=1)


class Spread(Strict):
    """Columns opened into rows. `like`: their header, where `{year}` stands for what changes from one to the other and fills
    the made column of that name; `gives`: what else each of their cells says."""

    like: str = Field(min_length=1, max_length=300)
    gives: dict[str, str] = {}

    @property
    def says(self) -> list[str]:
        return [*self.gives, *re.findall(r"\{([^{}]*)\}", self.like)]

    @model_validator(mode="after")
    def _has_one_place(self) -> "Spread":
        if self.like.count("{") > 1 or self.like.count("{") != self.like.count("}") or "" in self.says:
            raise WrongProfile(f"L’en-tête « {self.like} » a au plus une partie qui change, nommée : {{année}}.")
        return self


class Wide(Strict):
    """A table that is not long: columns for each year or measure, read as one row for each filled cell; columns of
    dimensions, read as one breakdown."""

    spread: list[Spread] = []
    value: str = "valeur"
    """The made column that holds the cell."""
    flag: str | None = None
    """The made column for the letters after a number (`123 e`)."""
    nothing: list[str] = []
    """What is written where there is no value: such a cell is no row."""
    several: str | None = None
    """The end of a header that names several columns at once, parted by commas."""
    dimensions: list[str] = []
    """The columns that make the breakdown, beside those of `several` that no column of the profile reads."""
    breakdown: str = "ventilation"
    """The made column that holds it."""
    ends_at_blank: bool = False
    """Whether a blank line ends the table: what is written under it is notes."""

    @property
    def said(self) -> list[str]:
        return list(dict.fromkeys(name for spread in self.spread for name in spread.says))

    @property
    def made(self) -> list[str]:
        """What opening the columns makes."""
        return [*self.said, self.value, *([self.flag] if self.flag else [])] if self.spread else []


RowCheck = Annotated[Ordered | Sum | OneOfFilled | Between | Unique, Field(discriminator="kind")]
NUMBERS = {Type.INTEGER, Type.DECIMAL, Type.EUROS, Type.MONEY}
COMPARED = NUMBERS | {Type.DATE, Type.PERIOD}


class ControlTotal(Strict):
    """What the publisher says that a column makes in all; `currency`: of these rows alone."""

    field: str
    total: Decimal
    currency: str | None = None
    said_by: str = ""
    """Where the total is written: a page, a letter, the publisher's site."""


class Profile(Strict):
    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")
    label: str = Field(min_length=1, max_length=200)
    target: str = Field(min_length=1, max_length=60)
    description: str = ""
    sheet: str | int | None = None
    header_row: int = Field(default=1, ge=1, le=1000)
    header_fills: bool = False
    """Whether a column without a header is told from the one before it (publishers write flags there)."""
    wide: Wide | None = None
    seeks_header: bool = False
    """Whether the header is looked for lower, or on another sheet, when it is not where the profile says."""
    encoding: str | None = None
    delimiter: str | None = Field(default=None, pattern=r"^[^\w\s\"']$|^\t$")
    columns: list[Column] = Field(min_length=1)
    key: list[str] = []
    """Fields that identify a row; none means all of them."""
    constants: dict[Annotated[str, Field(pattern=FIELD)], str] = {}
    unknown_columns: Literal["refuse", "ignore", "keep"] = "refuse"
    total_column: str | None = None
    total_labels: list[str] = []
    prints_totals: bool = False
    """Whether a row whose only text is « total … » is a printed total: what it leaves empty is no fault."""
    control_totals: list[ControlTotal] = []
    checks: list[RowCheck] = []

    @property
    def types(self) -> dict[str, Type]:
        return dict.fromkeys(self.constants, Type.TEXT) | {column.to: column.type for column in self.columns}

    @property
    def read_options(self) -> ReadOptions:
        return ReadOptions(self.sheet, self.header_row, self.encoding, self.delimiter, header_fills=self.header_fills)

    @model_validator(mode="after")
    def _is_coherent(self) -> "Profile":
        for problem in (self._repeated(), self._strangers(), self._incomparable()):
            if problem:
                raise WrongProfile(problem)
        return self

    def _repeated(self) -> str:
        fields = [*(name for column in self.columns for name in column.staged_names), *self.constants]
        headers = [spelling for column in self.columns for spelling in column.spellings]
        twice = [name for names in (fields, headers) for name, times in Counter(names).items() if times > 1]
        return f"Deux colonnes se disputent : {', '.join(twice)}." if twice else ""

    def _strangers(self) -> str:
        named = {*self.key, *(name for check in self.checks for name in check.fields)}
        named |= {control.field for control in self.control_totals}
        if self.total_column:
            named.add(self.total_column)
        unknown = sorted(named - self.types.keys())
        return f"Ces champs ne sont remplis par aucune colonne : {', '.join(unknown)}." if unknown else ""

    def _incomparable(self) -> str:
        wrong: set[str] = set()
        for check in self.checks:
            allowed = {"ordered": COMPARED, "sum": NUMBERS, "between": NUMBERS}.get(check.kind, set(Type))
            wrong |= {name for name in check.fields if self.types.get(name) not in allowed}
        wrong |= {control.field for control in self.control_totals if self.types.get(control.field) not in NUMBERS}
        names = ", ".join(sorted(wrong))
        return f"Ces champs ne sont ni des nombres ni des dates, leur contrôle est impossible : {names}." if wrong else ""


def load_profile(origin: Path | dict[str, Any]) -> Profile:
    """A profile from a TOML file or from its data. Raises WrongProfile with all that is wrong."""
    try:
        data = origin if isinstance(origin, dict) else tomllib.loads(origin.read_text("utf-8"))
        return Profile.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise WrongProfile(f"Le profil n’est pas un document TOML correct : {error}.") from error
    except ValidationError as error:
        raise WrongProfile(" ".join(_sentence(dict(item)) for item in error.errors())) from error


def _sentence(item: dict[str, Any]) -> str:
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in item["loc"])
    reasons = {"missing": "manque", "extra_forbidden": "n’est pas un réglage connu"}
    return f"« {place} » {reasons.get(item['type'], 'a une valeur incorrecte')}."


def seeded_profiles() -> list[Profile]:
    """The profiles that come with Beffroi, by code."""
    return [load_profile(path) for path in sorted(SEEDS.glob("*.toml"))]
