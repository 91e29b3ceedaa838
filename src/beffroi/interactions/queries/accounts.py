"""What companies' accounts say, one row a company: the last year of a classification and the third before it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Relation
from beffroi.analytics import tables
from beffroi.analytics.typology import YEARS
from beffroi.core.text import row_number
from beffroi.interactions.models import Accounts

CENTS = 100
AMOUNTS = ("turnover", "value_added", "ebitda", "investment", "intangible_assets", "total_assets", "equity")
OF_COMPANY = ("organisation", "organisation__activity", "organisation__created")
READ = (*OF_COMPANY, "year", "months", "kind", "sector", "headcount", *AMOUNTS)
DIVISION = 2  # characters of a French activity code


def readable(owner: Partner, visibility: int) -> QuerySet[Accounts]:
    """The accounts from which a run of this level may be drawn: what they say shows through the classes, so a run is never
    wider than they are."""
    level = min(visibility, Visibility.PARTNERS)
    shared = Q(visibility__lte=level, organisation__visibility__lte=level)
    own = Q(owner=owner) if visibility == Visibility.OWNER else Q(pk__in=())
    rows: QuerySet[Accounts] = Accounts.objects.filter(shared | own)
    return rows


def years_known(rows: QuerySet[Accounts]) -> list[int]:
    """The years for which a classification can be made: those with accounts, the latest first."""
    return sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)


def companies_frame(rows: QuerySet[Accounts], year: int) -> pl.DataFrame:
    """`analytics.tables.COMPANIES`, in euros, with the length and the nature of the accounts, and whether it is owned."""
    by_company: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    found = rows.filter(year__in=(year, year - YEARS)).order_by("kind", "load__snapshot__as_of", "load", "pk")
    for row in found.values(*READ):  # the last read stands: company accounts, the latest file
        by_company[row["organisation"]][row["year"]] = row
    owned = _owned(by_company)
    records = [_record(pk, years, year, is_owned=pk in owned) for pk, years in sorted(by_company.items()) if year in years]
    return pl.DataFrame(records, schema=SCHEMA)


SCHEMA: dict[str, Any] = {
    **tables.COMPANIES.columns,
    "months_0": pl.Int64,
    "months_3": pl.Int64,
    "accounts": pl.String,
    "is_owned": pl.Float64,
}


def _record(pk: int, years: dict[int, dict[str, Any]], year: int, *, is_owned: bool) -> dict[str, Any]:
    last, first = years[year], years.get(year - YEARS, {})
    euros = {f"{name}_3": _euros(last[name]) for name in AMOUNTS}
    before = {f"{name}_0": _euros(first.get(name)) for name in ("turnover", "value_added")}
    staff = {f"headcount_{end}": _number(row.get("headcount")) for end, row in ((0, first), (3, last))}
    return {
        "company": str(pk),
        "sector": last["sector"] or last["organisation__activity"][:DIVISION] or None,
        "created": _year(last["organisation__created"]),
        "months_0": first.get("months"),
        "months_3": last["months"],
        "accounts": last["kind"] or None,
        "is_owned": float(is_owned),
        **euros,
        **before,
        **staff,
    }


def _owned(companies: Iterable[int]) -> set[int]:
    """Those that another organisation owns, as far as relations known to all say."""
    rows = Relation.objects.filter(kind=RelationKind.OWNS, recorded_to__isnull=True, visibility__lte=Visibility.PARTNERS)
    return set(
        rows.filter(until__isnull=True, organisation__in=list(companies)).order_by().values_list("organisation", flat=True)
    )


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / CENTS


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _year(written: str) -> int | None:
    start = written[:4]
    year = row_number(start)
    return year if year is not None and 1000 < year <= date.max.year else None
