"""Tables that the methods of analysis share: their columns, declared once.

Every column may be null. References (`ref`, `cell`, `indicator`, `item`...) are texts like "cell:12", chosen by the
caller and given back as they came. A table with more columns than declared is accepted; one with fewer is refused.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

TEXT = pl.String()
DATE = pl.Date()
REAL = pl.Float64()
WHOLE = pl.Int64()
FLAG = pl.Boolean()


# Beyond, squares, products and quotients are no longer numbers
LARGEST = 1e100
SMALLEST = 1 / LARGEST


class Refusal(ValueError):
    """The method cannot answer; the text says in French why, and what to correct."""


class MissingColumns(Refusal):
    def __init__(self, table: str, columns: Iterable[str]) -> None:
        super().__init__(f"La table « {table} » n’a pas les colonnes attendues : {', '.join(columns)}.")


@dataclass(frozen=True)
class Table:
    name: str
    columns: Mapping[str, pl.DataType]

    def build(self, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
        """A table from dicts; what a row does not say is null."""
        filled = [{column: row.get(column) for column in self.columns} for row in rows]
        return pl.DataFrame(filled, schema=dict(self.columns), orient="row")


def require(table: pl.DataFrame, declared: Table) -> pl.DataFrame:
    """The declared columns of a table, in order. Raises MissingColumns, which names those that are not there."""
    missing = [column for column in declared.columns if column not in table.columns]
    if missing:
        raise MissingColumns(declared.name, missing)
    return table.select(list(declared.columns))


class WrongType(Refusal):
    def __init__(self, table: str, column: str, kind: pl.DataType) -> None:
        wanted = "des nombres (vide : inconnu)" if kind.is_numeric() else "des textes"
        super().__init__(f"La colonne « {column} » de la table « {table} » doit contenir {wanted}.")


def require_typed(table: pl.DataFrame, declared: Table) -> pl.DataFrame:
    """As `require`, each column in its declared type; what is not a number is null. Raises WrongType, OutOfRange."""
    found = require(table, declared)
    for name, kind in declared.columns.items():
        try:
            found = found.with_columns(pl.col(name).cast(kind))
        except pl.exceptions.InvalidOperationError:
            raise WrongType(declared.name, name, kind) from None
        if kind.is_float():
            found = found.with_columns(pl.col(name).fill_nan(None))
            if (found[name].abs() > LARGEST).any():
                raise OutOfRange(declared.name, name)
    return found


class OutOfRange(Refusal):
    def __init__(self, table: str, column: str) -> None:
        super().__init__(
            f"La colonne « {column} » de la table « {table} » a des valeurs infinies, ou trop grandes ou trop près de zéro "
            "pour être calculées : corrigez-les, ou changez d’unité."
        )


class NotFinite(Refusal):
    def __init__(self, option: str) -> None:
        super().__init__(f"L’option {option} doit être un nombre fini.")


def refuse_not_finite(**options: float | None) -> None:
    for name, value in options.items():
        if value is not None and not math.isfinite(value):
            raise NotFinite(name)


def texts(*names: str) -> dict[str, pl.DataType]:
    return dict.fromkeys(names, TEXT)


# One row per claim about a cell. `territory`: name or code, the same text for the same territory. `breakdown`: dimensions
# only, "key=value;key=value"; `qualifiers`: the rest of what the source adds, in the same shape. `written`: the value as
# written (its decimals give the rounding). `stated_on`: the date the source speaks for.
OBSERVATIONS = Table(
    "observations",
    {
        **texts("ref", "cell", "indicator", "indicator_label", "indicator_unit", "unit", "kind", "territory"),
        "start": DATE,
        "end": DATE,
        **texts("status", "breakdown", "qualifiers"),
        "value": REAL,
        "low": REAL,
        "high": REAL,
        **texts("written", "source", "place"),
        "stated_on": DATE,
        **texts("period_meaning", "direction"),
        "additive": FLAG,
    },
)

# One row per claim about money. `role`: line | sum | expenditure. `fund`: whose money; for a printed sum, the funder as
# the source writes it (reference of the fund when it is one). `label`: what a printed sum totals. `cents`: integer cents.
AMOUNTS = Table(
    "amounts",
    {
        **texts("ref", "role", "label", "programme", "programme_label", "item", "item_label", "item_parent"),
        **texts("operation", "fund", "fund_label", "receiver"),
        "start": DATE,
        "end": DATE,
        **texts("stage", "detail", "qualifiers"),
        "cents": WHOLE,
        **texts("source", "place"),
    },
)

# One row per total that a list prints. `cents`: what it says; `listed`: the sum of its `lines` lines, `of` which ones.
PRINTED = Table(
    "printed", {**texts("ref", "label", "currency", "of", "source"), "cents": WHOLE, "listed": WHOLE, "lines": WHOLE}
)

# One row per item. `parent`: the parent's ref. `position`: rank written by the source.
ITEMS = Table(
    "items",
    {
        **texts("ref", "framework", "framework_label", "framework_kind", "code", "parent", "level", "label"),
        "position": WHOLE,
        **texts("source", "place"),
    },
)

# One row per source that states the framework; `start` and `end` as written: "2009", "2009-12", "2009-12-31".
FRAMEWORKS = Table("frameworks", texts("ref", "code", "label", "kind", "start", "end", "source", "place"))

# One row per source that names the organisation; `created` as written.
ORGANISATIONS = Table("organisations", texts("ref", "name", "acronym", "kind", "created", "source", "place"))

# `since` and `until`: first day of the written period, last day of the written period.
RELATIONS = Table(
    "relations",
    {**texts("ref", "subject", "subject_label", "kind", "object", "object_label"), "since": DATE, "until": DATE},
)

CORRESPONDENCES = Table(
    "correspondences",
    {
        **texts("ref", "from_item", "from_label", "from_framework", "to_item", "to_label", "to_framework"),
        **texts("to_framework_label", "strength", "source"),
        "weight": REAL,
    },
)

# One row per body and source; bodies of one label are one body.
BODIES = Table("bodies", {**texts("ref", "label", "source"), "meetings_a_year": REAL})

# `about_group`: what makes abouts comparable (parent item and level). `position`: order of the rows in the source.
MEETINGS = Table(
    "meetings",
    {
        **texts("ref", "body", "body_label", "about", "about_label", "about_framework", "about_group", "kind"),
        "start": DATE,
        "end": DATE,
        **texts("detail", "source", "place"),
        "position": WHOLE,
        "stated_on": DATE,
    },
)

# Steps of files. `position`: the place of the step in its life cycle, null for what may happen again.
FILE_STEPS = Table("file_steps", {**texts("ref", "file", "file_label", "step_label"), "position": WHOLE, "on": DATE})

INDICATORS = Table(
    "indicators", texts("ref", "code", "label", "unit", "kind", "framework", "framework_label", "item", "source")
)

# Anything that has a name in a list: items (list = framework and parent), operations, organisations, indicators.
NAMED = Table("named", texts("ref", "list", "list_label", "label", "source"))

# Any text stored about a subject: labels, details, roles, places.
TEXTS = Table("texts", texts("ref", "subject_label", "text", "source"))

# The methods of analysis. `territory`, `activity`: codes or names. `value`: a quantity that can be added up, whatever its
# unit (jobs, euros). Rows of one cell are added up; a row that is not there is a zero, a null value is unknown.
JOBS = Table("jobs", {**texts("territory", "activity"), "value": REAL})
REFERENCE = Table("reference", {"activity": TEXT, "value": REAL})
YEARLY_JOBS = Table("jobs", {**texts("territory", "activity"), "year": WHOLE, "value": REAL})
YEARLY_REFERENCE = Table("reference", {"activity": TEXT, "year": WHOLE, "value": REAL})
# Lowered thresholds of some activities for what is called specific
THRESHOLDS = Table("thresholds", {"activity": TEXT, "least_jobs": REAL, "least_index": REAL})

# One row per part of a sum, before (0) and after (1), in the unit of the sum.
PARTS = Table("parts", {"item": TEXT, "value_0": REAL, "value_1": REAL})
# One row per part of a ratio (jobs and value added, unemployed and active).
RATIO_PARTS = Table(
    "parts", {"item": TEXT, "numerator_0": REAL, "denominator_0": REAL, "numerator_1": REAL, "denominator_1": REAL}
)
# One row per factor of each item's product.
FACTORS = Table("factors", {**texts("item", "factor"), "value_0": REAL, "value_1": REAL})

# One row per unit (territory, firm, person): what it has.
DISTRIBUTION = Table("distribution", {"value": REAL})
# One row per territory and year, in a unit that compares (euros a head).
PANEL = Table("panel", {"territory": TEXT, "year": WHOLE, "value": REAL})

# One row per cell before publication. `units`: how many answered. `largest`: value of the largest of them.
COUNTED_CELLS = Table("cells", {**texts("territory", "activity"), "value": REAL, "units": WHOLE, "largest": REAL})

# One row per company: its accounts in euros and its people, three years apart (_0, then _3). `created`: a year.
COMPANIES = Table(
    "companies",
    {
        **texts("company", "sector"),
        "created": WHOLE,
        **dict.fromkeys(("turnover_0", "turnover_3", "value_added_0", "value_added_3", "headcount_0", "headcount_3"), REAL),
        **dict.fromkeys(("ebitda_3", "investment_3", "intangible_assets_3", "total_assets_3", "equity_3"), REAL),
    },
)
# Where the thirds of a sector end. `basis`: whose terciles they are: sector, parent_sector, all.
TERCILES = Table("terciles", {**texts("sector", "criterion"), "lower": REAL, "upper": REAL, "companies": WHOLE, "basis": TEXT})
TYPED = Table("typed companies", texts("company", "type"))

# Texts into priority areas. `labels`: parted by « | », empty when none. `term`: words, the last letter * for a beginning.
PROJECTS = Table("texts", texts("id", "text"))
TRAINING = Table("training", texts("id", "text", "labels"))
LABELLED = Table("labelled", texts("id", "labels"))
VOCABULARY = Table("vocabulary", texts("label", "term"))
LABELS = Table(
    "labels",
    {**texts("id", "label"), "rank": WHOLE, "confidence": REAL, **texts("source", "terms", "version")},
)
