"""How much money, by anything that lines or operations say of themselves: each line once, what is uncertain apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.analytics.consolidation import Consolidation, consolidate
from beffroi.funding.enums import SumKind
from beffroi.funding.models import Programme
from beffroi.funding.queries.facts import (
    claims_frame,
    costs_frame,
    lines_frame,
    managers_frame,
    operations_frame,
    stated_operations,
)
from beffroi.funding.queries.territories import inside
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item

LINES, ELIGIBLE, TOTAL = "lines", "eligible_cost", "total_cost"
COSTS = {ELIGIBLE: SumKind.ELIGIBLE_COST, TOTAL: SumKind.TOTAL_COST}
PLACES = ("territory", "commune", "department", "region", "nuts", "postcode")
OF_OPERATIONS = {"programme", "item", "receiver", "year", "operation", "place_basis", "currency", *PLACES}
OF_LINES = OF_OPERATIONS | {"fund", "payer", "stage", "instrument", "origin", "section", "contract_status", "eligible"}


class UnaskedMoney(ValueError):
    """What is asked makes no sense; the text is for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Question:
    by: Sequence[str] = ()
    measure: str = LINES
    currency: str = ""
    territory: str = ""
    item: str = ""
    stage: str = ""
    period: tuple[date, date] | None = None


@dataclass
class Answer:
    """`rows`: one for each group, amounts in cents. `undated`: lines or operations that a period leaves out for want of a
    date. `funds`: what entered and left each fund run by somebody."""

    rows: list[dict[str, Any]]
    undated: int = 0
    funds: list[dict[str, Any]] = field(default_factory=list)


def money(question: Question, *, viewer: AnyUser, moment: Moment) -> Answer:
    """Raises UnaskedMoney, UnknownTerritory."""
    _refuse_senseless(question)
    operations = operations_frame(viewer)
    if question.measure in COSTS:
        sums, claims = costs_frame(viewer, moment, COSTS[question.measure])
        asked, undated = _selected(_stated(operations, sums, claims, moment), question)
        return Answer(_named(_costs(asked, claims, question), question, viewer), undated)
    lines = lines_frame(viewer, operations)
    asked, undated = _selected(lines, question)
    claims = claims_frame(viewer, moment)
    found = consolidated(asked, claims, keys=_columns(question), managers=managers_frame(viewer, moment))
    return Answer(_named(found.groups, question, viewer), undated, _funds(found, viewer))


def consolidated(
    lines: pl.DataFrame, claims: pl.DataFrame, *, keys: Sequence[str], managers: pl.DataFrame | None = None
) -> Consolidation:
    """Lines of the database through the rules of `analytics.consolidation`; one that nobody claims at the moment is not."""
    text = {"line": "pk", "fund": "fund_id", "payer": "payer_id", "receiver": "receiver_id", "drawn_from": "drawn_from_id"}
    named = lines.with_columns(
        *(pl.col(column).cast(pl.String).alias(name) for name, column in text.items()),
        pl.lit(None, pl.String).alias("into"),
        pl.col("start").alias("on"),
    )
    claimed = named.join(claims.select("line").unique(), on="line", how="semi")
    return consolidate(claimed, claims, by=keys, manages=managers)


def _refuse_senseless(question: Question) -> None:
    known = OF_OPERATIONS if question.measure in COSTS else OF_LINES
    if unknown := [key for key in question.by if key not in known]:
        raise UnaskedMoney(f"On ne peut pas regrouper par {', '.join(unknown)} ; au choix : {', '.join(sorted(known))}.")
    if question.measure in COSTS and question.stage:
        raise UnaskedMoney("Un coût n’a pas de stade : le stade ne se demande que pour les lignes.")


def _stated(operations: pl.DataFrame, sums: pl.DataFrame, claims: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """The operations that a source states, each with its cost of each currency: one that no source gives is unknown."""
    costs = sums.select(pl.col("pk").cast(pl.String).alias("line"), pl.col("operation_id").alias("pk"), _of="currency")
    known = costs.join(claims.select("line").unique(), on="line", how="semi")
    kept = operations.filter(pl.col("pk").is_in([*stated_operations(moment), *known["pk"]]))
    joined = kept.join(known, on="pk", how="left").rename({"beneficiary_id": "receiver_id"})
    return joined.with_columns(
        line=pl.coalesce("line", pl.format("operation {}", "pk")),
        currency=pl.coalesce("_of", "currency"),
        operation_id=pl.col("pk"),
        start=pl.coalesce("decided_on", "start"),
        end=pl.coalesce("decided_on", "end", "start"),
    ).drop("_of")


def _selected(rows: pl.DataFrame, question: Question) -> tuple[pl.DataFrame, int]:
    """The rows that a question is about, and how many have no date where a period is asked."""
    if question.currency:
        rows = rows.filter(pl.col("currency") == question.currency)
    if question.stage:
        rows = rows.filter(pl.col("stage") == question.stage)
    if question.territory:
        rows = rows.filter(inside(question.territory).condition())
    if question.item:
        rows = rows.filter(pl.col("item_id").is_in(_items_below(question.item)))
    undated = 0
    if question.period:
        undated = rows["start"].null_count()
        rows = rows.filter(pl.col("start").is_between(*question.period))
    return _with_keys(rows), undated


def _items_below(asked: str) -> list[int]:
    framework, _, code = asked.rpartition(":")
    ids = set(Item.objects.filter(version__framework__code=framework, code=code).order_by().values_list("pk", flat=True))
    if not ids:
        raise UnaskedMoney(f"« {asked} » n’est pas un élément connu : écrire cadre:code.")
    fresh = ids
    while fresh:
        fresh = set(Item.objects.filter(parent__in=fresh).order_by().values_list("pk", flat=True)) - ids
        ids |= fresh
    return sorted(ids)


def _with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    first, last = pl.col("start").dt.year().cast(pl.String), pl.col("end").dt.year().cast(pl.String)
    year = pl.when(first == last).then(first).otherwise(pl.concat_str([first, last], separator="-"))
    filled = {name: pl.col(column).replace("", None) for name, column in COLUMNS_OF_PLACES.items()}
    codes = pl.coalesce("commune", "department", "region", "nuts")
    placed = pl.when(pl.col("place_id").is_null()).then(codes).alias("written_territory")
    return rows.with_columns(year=pl.coalesce(year, first), **filled).with_columns(placed)


COLUMNS_OF_PLACES = {
    "commune": "commune_code", "department": "department_code", "region": "region_name", "nuts": "nuts_code"
}  # fmt: skip
COLUMN_OF = {
    "programme": ["programme_id"], "item": ["item_id"], "fund": ["fund_id"], "payer": ["payer_id"], "receiver": ["receiver_id"],
    "operation": ["operation_id"], "territory": ["place_id", "written_territory"],
}  # fmt: skip


def _columns(question: Question) -> list[str]:
    """A place never goes without its basis: a seat does not stand in silently for where the work is done."""
    keys = [*question.by, *(["place_basis"] if set(question.by).intersection(PLACES) else [])]
    return list(dict.fromkeys(column for key in keys for column in COLUMN_OF.get(key, [key])))


def _costs(operations: pl.DataFrame, claims: pl.DataFrame, question: Question) -> pl.DataFrame:
    """As lines are counted: once each whatever the number of sources, the lowest of rivals certain, the highest at most."""
    keys = list(dict.fromkeys([*_columns(question), "currency"]))
    nobodys = {name: pl.lit(None, pl.String) for name in ("fund", "payer", "receiver", "into", "drawn_from")}
    apart = {name: pl.lit("", pl.String) for name in ("stage", "instrument", "section")}
    found = consolidate(operations.with_columns(**nobodys, **apart, on=pl.col("start")), claims, by=keys)
    groups = found.groups.rename({"lines": "operations"}).filter(pl.col("operations") > pl.col("unknown"))
    return groups.select(*keys, "operations", "unknown", "rivals", "certain", "at_most")


def _named(groups: pl.DataFrame, question: Question, viewer: AnyUser) -> list[dict[str, Any]]:
    """Names instead of numbers of rows; the most precise code where a place is no known territory."""
    labels = _labels(groups, viewer)
    return [_shown(row, labels) for row in groups.iter_rows(named=True)]


def _labels(groups: pl.DataFrame, viewer: AnyUser) -> Mapping[str, Mapping[int, tuple[str, str]]]:
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for column in set(groups.columns) & {"programme_id", "item_id", "place_id", "fund_id", "payer_id", "receiver_id"}:
        ids = groups[column].drop_nulls().unique().to_list()
        if column == "programme_id":
            names = Programme.objects.order_by("pk").values_list("pk", "framework__label", "framework__code")
        elif column in ("item_id", "place_id"):
            names = Item.objects.order_by("pk").values_list("pk", "label", "code")
        else:
            names = Organisation.objects.visible_to(viewer).order_by("pk").values_list("pk", "name", "siren")
        wanted = set(ids)
        found[column] = {pk: (label, code or "") for pk, label, code in names.iterator() if pk in wanted}
    return found


def _shown(row: dict[str, Any], labels: Mapping[str, Mapping[int, tuple[str, str]]]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name not in labels:
            shown[name.removesuffix("_id")] = value
            continue
        key = "territory" if name == "place_id" else name.removesuffix("_id")
        shown[key], shown[f"{key}_code"] = labels[name].get(value, (None, None)) if value is not None else (None, None)
    if "written_territory" in shown:
        written = shown.pop("written_territory")
        shown["territory_code"] = shown["territory_code"] or written
    return shown


def _funds(found: Consolidation, viewer: AnyUser) -> list[dict[str, Any]]:
    names = dict(
        Organisation.objects.visible_to(viewer).filter(pk__in=[int(pk) for pk in found.funds["fund"]]).values_list("pk", "name")
    )
    return [row | {"fund": names.get(int(row["fund"]))} for row in found.funds.iter_rows(named=True)]
