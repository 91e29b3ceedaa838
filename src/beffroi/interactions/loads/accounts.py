"""From the rows of a list of accounts to what companies' accounts say, as the source gives it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from beffroi.actors.models import Organisation
from beffroi.interactions.loads.companies import organisations_of, reason_of, siren_in
from beffroi.interactions.models import Accounts
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement

AMOUNTS = ("turnover", "value_added", "ebitda", "investment", "intangible_assets", "total_assets", "equity")
CENTS = 100
BATCH = 1_000


def company_accounts(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written(rows, load), close=close_accounts)


def close_accounts(statements: list[Statement], at: datetime) -> None:
    """What a later file says otherwise, or no longer says, counts no more; runs that read it are frozen and keep it."""
    for start in range(0, len(statements), BATCH):
        over = [row.subject_id for row in statements[start : start + BATCH]]
        Accounts.objects.filter(pk__in=over).delete()


def _written(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    companies = organisations_of(rows, load)
    made: dict[tuple[int, int, str], Accounts] = {}
    kept: list[tuple[StatedRow, Accounts]] = []
    known = _known(load)
    for row in rows:
        accounts = _accounts(row, companies, load)
        if isinstance(accounts, Refusal):
            yield accounts
            continue
        key = (accounts.organisation_id, accounts.year, accounts.kind)
        if key in made or key in known:
            yield Refusal(
                row.number,
                "year",
                str(accounts.year),
                "Deux lignes donnent les comptes de cette entreprise pour cet exercice : la première est gardée.",
            )
            continue
        made[key] = accounts
        kept.append((row, accounts))
    Accounts.objects.bulk_create([accounts for _row, accounts in kept], batch_size=BATCH)
    for row, accounts in kept:
        yield Written(row, "accounts", accounts, str(accounts))


def _known(load: Load) -> set[tuple[int, int, str]]:
    """What this load has written already."""
    return set(Accounts.objects.filter(load=load).order_by().values_list("organisation", "year", "kind"))


def _accounts(row: StatedRow, companies: dict[str, Organisation], load: Load) -> Accounts | Refusal:
    company = companies.get(siren_in(row) or "")
    if company is None:
        return row.refusal("siren", reason_of(row))
    year = row.values.get("year") or (row.values["closed_on"].year if row.values.get("closed_on") else None)
    if year is None:
        return row.refusal("year", "L’exercice n’est pas dit : une année ou une date de clôture est nécessaire.")
    amounts: dict[str, Any] = {name: _cents(row.values.get(name)) for name in AMOUNTS}
    return Accounts(
        organisation=company,
        year=year,
        months=row.values.get("months"),
        kind=row.text("kind"),
        sector=row.text("sector")[:8],
        headcount=row.values.get("headcount"),
        load=load,
        locator=f"ligne {row.number}",
        owner=load.owner,
        visibility=load.visibility,
        **amounts,
    )


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * CENTS).to_integral_value())
