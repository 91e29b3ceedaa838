"""Lines, claims and operations as tables, in a few queries whatever their number."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Relation
from beffroi.core.bulk import read_frame
from beffroi.core.models import believed_at
from beffroi.funding.models import Line, LineClaim, LineSettlement, Operation, Sum, SumClaim, SumSettlement
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Item

ID, DAY, WORD, CENTS = pl.Int64, pl.Date, pl.String, pl.Int64
LINE = {
    "pk": ID, "stage": WORD, "instrument": WORD, "currency": WORD, "section": WORD, "origin": WORD, "contract_status": WORD,
    "eligible": pl.Boolean, "fund_id": ID, "payer_id": ID, "manager_id": ID, "receiver_id": ID, "drawn_from_id": ID,
    "programme_id": ID, "item_id": ID, "receiver_item_id": ID, "operation_id": ID,
    "start": DAY, "end": DAY, "written_period": WORD,
}  # fmt: skip
COST = {"pk": ID, "operation_id": ID, "currency": WORD}
CLAIM = {
    "cents": CENTS, "low_cents": CENTS, "high_cents": CENTS, "stated_on": DAY, "key": WORD,
    "occurrence": ID, "by_id": ID, "load__profile_id": ID, "load__snapshot_id": ID, "load__snapshot__source_id": ID,
}  # fmt: skip
OPERATION = {
    "pk": ID, "programme_id": ID, "item_id": ID, "place_id": ID, "place_basis": WORD, "beneficiary_id": ID, "start": DAY,
    "end": DAY, "decided_on": DAY, "commune_code": WORD, "department_code": WORD, "region_name": WORD, "postcode": WORD,
    "nuts_code": WORD, "currency": WORD, "title": WORD, "code": WORD,
}  # fmt: skip
COLUMNS_OF_PLACES = {
    "commune": "commune_code", "department": "department_code", "region": "region_name", "nuts": "nuts_code"
}  # fmt: skip
PLACED = (
    "place_id",
    "place_basis",
    "beneficiary_id",
    "commune_code",
    "department_code",
    "region_name",
    "postcode",
    "nuts_code",
)


def known(moment: Moment) -> Q:
    return believed_at(moment.known_on)


def operations_frame(viewer: AnyUser) -> pl.DataFrame:
    return read_frame(Operation.objects.visible_to(viewer), OPERATION)


def lines_frame(viewer: AnyUser, operations: pl.DataFrame) -> pl.DataFrame:
    """Lines with what their operation says of its item, its beneficiary and its place; without operation, a territory that
    the line is for, or whose people receive it, is its place."""
    lines = read_frame(Line.objects.visible_to(viewer), LINE)
    about = operations.select(pl.col("pk").alias("operation_id"), *PLACED, pl.col("item_id").alias("_item"))
    joined = lines.join(about, on="operation_id", how="left")
    is_place = {name: pl.col(name).is_in(_territories()) for name in ("item_id", "receiver_item_id")}
    named = [pl.when(asked).then(pl.col(name)) for name, asked in is_place.items()]
    basis = pl.when(is_place["receiver_item_id"]).then(pl.lit("beneficiaries")).otherwise(pl.lit("unstated"))
    return joined.with_columns(
        place_basis=pl.coalesce("place_basis", basis),
        place_id=pl.coalesce("place_id", *named),
        item_id=pl.coalesce("_item", "item_id"),
        receiver_id=pl.coalesce("beneficiary_id", "receiver_id"),
    ).drop("_item", "beneficiary_id")


def _territories() -> list[int]:
    rows = Item.objects.filter(version__framework__kind=FrameworkKind.GEOGRAPHY)
    return read_frame(rows, {"pk": ID})["pk"].to_list()


def claims_frame(viewer: AnyUser, moment: Moment) -> pl.DataFrame:
    """The claims about lines known at the moment, as `analytics.consolidation` reads them."""
    return _claims(LineClaim.objects.visible_to(viewer), LineSettlement.objects.all(), moment, "line")


def costs_frame(
    viewer: AnyUser, moment: Moment, kind: str, *, operations: Sequence[int] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What operations (all, or these) cost: the sums of this kind with their operation and currency, and their claims."""
    asked = {"kind": kind, "operation__isnull": False} | ({} if operations is None else {"operation__in": operations})
    sums = read_frame(Sum.objects.visible_to(viewer).filter(**asked), COST)
    about = Q(**{f"sum__{name}": value for name, value in asked.items()})
    return sums, _claims(SumClaim.objects.visible_to(viewer).filter(about), SumSettlement.objects.filter(about), moment, "sum")


def _claims(claims: QuerySet[Any], settlements: QuerySet[Any], moment: Moment, link: str) -> pl.DataFrame:
    """A later file of a source revises the row that it repeats, wherever the amount went before."""
    stated = Q(stated_on__isnull=True) | Q(stated_on__lte=moment.as_of)
    rows = read_frame(claims.filter(known(moment), stated), {"pk": ID, f"{link}_id": ID, **CLAIM})
    source = pl.coalesce("load__snapshot__source_id", -pl.col("by_id"))
    edition = pl.col("stated_on").fill_null(pl.date(1, 1, 1)).to_physical().cast(pl.Int64) * 10**8 + pl.col(
        "load__snapshot_id"
    ).fill_null(0)
    dated = rows.with_columns(source=source, edition=edition)
    row = ["source", "load__profile_id", "key", "occurrence"]
    last = dated.filter(pl.col("edition") == pl.col("edition").max().over(row))
    settled = read_frame(settlements.filter(known(moment)), {"pk": ID, "claim_id": ID})["claim_id"].to_list()
    return last.select(
        pl.col(f"{link}_id").alias("line"),
        "source",
        "edition",
        low=pl.coalesce("cents", "low_cents"),
        high=pl.coalesce("cents", "high_cents"),
        settled=pl.col("pk").is_in(settled),
    )


def managers_frame(viewer: AnyUser, moment: Moment) -> pl.DataFrame:
    rows = Relation.objects.visible_to(viewer).known_on(moment.known_on).filter(kind=RelationKind.MANAGES)
    found = read_frame(rows.exclude(organisation=None), {"subject_id": ID, "organisation_id": ID, "since": DAY, "until": DAY})
    return found.select(
        pl.col("subject_id").alias("manager"),
        pl.col("organisation_id").alias("fund"),
        "since",
        "until",
    )


def stated_operations(moment: Moment) -> list[int]:
    """The operations that a row of a source states at the moment."""
    stated = Q(load__snapshot__as_of__isnull=True) | Q(load__snapshot__as_of__lte=moment.as_of)
    rows = Statement.objects.filter(known(moment), stated, subject_kind="operation")
    return list(rows.values_list("subject_id", flat=True).distinct().order_by())


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """What rows are grouped by: their year, and the most precise code of a place that is no known territory."""
    filled = {name: pl.col(column).replace("", None) for name, column in COLUMNS_OF_PLACES.items()}
    codes = pl.coalesce("commune", "department", "region", "nuts")
    placed = pl.when(pl.col("place_id").is_null()).then(codes).alias("written_territory")
    return rows.with_columns(year=_year(), postcode=pl.col("postcode").replace("", None), **filled).with_columns(placed)


def _year() -> pl.Expr:
    """« 2009 », or « 2007-2013 »: money of several years is never spread over them."""
    first, last = pl.col("start").dt.year().cast(pl.String), pl.col("end").dt.year().cast(pl.String)
    several = pl.when(first == last).then(first).otherwise(pl.concat_str([first, last], separator="-"))
    return pl.coalesce(several, first)
