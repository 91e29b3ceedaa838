"""How much money, by anything that lines or operations say of themselves: each line once, what is uncertain apart."""

from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from beffroi.accounts.models import AnyUser
from beffroi.analytics.consolidation import totals
from beffroi.core.text import row_number
from beffroi.funding.enums import PlaceBasis
from beffroi.funding.queries.consolidated import ledger
from beffroi.funding.queries.cost_totals import cost_groups, stated_costs
from beffroi.funding.queries.labels import LABELLED, Labels, labels_of
from beffroi.funding.queries.questions import (
    COSTS,
    EITHER,
    PLACES,
    PUBLIC,
    PUBLIC_ORIGINS,
    Question,
    UnaskedMoney,
)
from beffroi.funding.queries.territories import inside
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item

BODY_COLUMNS = ("fund_id", "payer_id", "receiver_id")


@dataclass
class Answer:
    """`groups`: one for each group, amounts in cents. `undated`: lines or operations that a period leaves out for want of a
    date. `funds`: what entered and left each fund run by somebody. `elsewhere`: where a territory is asked, the totals of
    what is regional and of what has no known place. `silent`: programmes that carry money, but none at the stage asked."""

    groups: pl.DataFrame
    labels: Labels
    undated: int = 0
    funds: list[dict[str, Any]] = field(default_factory=list)
    elsewhere: dict[str, pl.DataFrame] = field(default_factory=dict)
    silent: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.Int64))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every group with names instead of numbers of rows."""
        return self.labels.named(self.groups)


def money(question: Question, *, viewer: AnyUser, moment: Moment) -> Answer:
    """Raises UnaskedMoney, UnknownTerritory."""
    labels = labels_of(viewer)
    if question.measure in COSTS:
        costs = stated_costs(COSTS[question.measure], viewer=viewer, moment=moment)
        asked, undated = selected(costs.operations.lazy(), question)
        return Answer(cost_groups(asked.collect(), costs.claims, columns_of(question)), labels, undated)
    found = ledger(viewer, moment)
    asked, undated = selected(found.lines, question)
    groups = totals(asked, columns_of(question))
    elsewhere, silent = _elsewhere(found.lines, question), _silent(found.lines, question)
    return Answer(groups, labels, undated, labels.named(found.funds, body="fund"), elsewhere, silent)


def selected(rows: pl.LazyFrame, question: Question) -> tuple[pl.LazyFrame, int]:
    """The rows that a question is about, and how many have no date where a period is asked."""
    for name in ("currency", "stage"):
        if asked := getattr(question, name):
            rows = rows.filter(pl.col(name) == asked)
    if question.territory:
        rows = rows.filter(inside(question.territory).condition())
    if question.item:
        rows = rows.filter(pl.col("item_id").is_in(items_below(question.item)))
    for key, value in question.where.items():
        rows = rows.filter(_has(key, value))
    undated = 0
    if question.period:
        undated = int(rows.select(pl.col("start").is_null().sum()).collect().item())
        rows = rows.filter(pl.col("start").is_between(*question.period))
    return rows, undated


def _has(key: str, value: str) -> pl.Expr:
    if key == EITHER:
        return pl.any_horizontal(pl.col(name) == _number(value) for name in BODY_COLUMNS)
    if key == "origin" and value == PUBLIC:
        return pl.col("origin").cast(pl.String).is_in(PUBLIC_ORIGINS)
    column = COLUMN_OF.get(key, [key])[0]
    if not value:
        return pl.all_horizontal(pl.col(name).is_null() for name in COLUMN_OF.get(key, [key]))
    if column in LABELLED:
        return pl.col(column) == _number(value)
    return pl.col(column).cast(pl.String) == value


def _number(value: str) -> int:
    number = row_number(value)
    if number is None:
        raise UnaskedMoney(f"« {value[:40]} » n’est pas le numéro d’une fiche.")
    return number


def _elsewhere(lines: pl.LazyFrame, question: Question) -> dict[str, pl.DataFrame]:
    """What a territory's total leaves out without being anywhere else: it belongs to the region, or nobody says where."""
    if not question.territory:
        return {}
    others = replace(question, territory="", by=())
    asked, _ = selected(lines.filter(~inside(question.territory).condition()), others)
    is_regional = pl.col("place_basis").cast(pl.String) == PlaceBasis.REGIONAL.value
    nowhere = pl.col("place_id").is_null() & pl.col("written_territory").is_null() & pl.col("postcode").is_null()
    return {
        "regional": totals(asked.filter(is_regional), ()),
        "unplaced": totals(asked.filter(~is_regional & nowhere), ()),
    }


def _silent(lines: pl.LazyFrame, question: Question) -> pl.Series:
    """Programmes of which no source has yet told an amount at this stage."""
    if not question.stage or question.where.get("programme"):
        return pl.Series([], dtype=pl.Int64)
    at_stage = pl.col("stage").eq(question.stage).any()
    programmes = lines.group_by("programme_id").agg(at_stage.alias("told")).filter(~pl.col("told"))
    return programmes.collect()["programme_id"]


def items_below(asked: str) -> list[int]:
    framework, _, code = asked.rpartition(":")
    ids = set(Item.objects.filter(version__framework__code=framework, code=code).order_by().values_list("pk", flat=True))
    if not ids:
        raise UnaskedMoney(f"« {asked} » n’est pas un élément connu : écrire cadre:code.")
    fresh = ids
    while fresh:
        fresh = set(Item.objects.filter(parent__in=fresh).order_by().values_list("pk", flat=True)) - ids
        ids |= fresh
    return sorted(ids)


COLUMN_OF = {
    "programme": ["programme_id"], "item": ["item_id"], "fund": ["fund_id"], "payer": ["payer_id"],
    "manager": ["manager_id"], "receiver": ["receiver_id"], "operation": ["operation_id"],
    "territory": ["place_id", "written_territory"],
}  # fmt: skip


def columns_of(question: Question) -> list[str]:
    """A place never goes without its basis: a seat does not stand in silently for where the work is done."""
    is_placed = bool(question.territory) or bool(set(question.by).intersection(PLACES))
    keys = [*question.by, *(["place_basis"] if is_placed else [])]
    return list(dict.fromkeys(column for key in keys for column in COLUMN_OF.get(key, [key])))
