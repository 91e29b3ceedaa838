"""A programme with its tree, its plan and its people, as situations."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from beffroi.accounts.enums import Role
from beffroi.accounts.models import User
from beffroi.actors.models import Organisation
from beffroi.funding import actions
from beffroi.funding.enums import Origin, VersionKind
from beffroi.funding.models import DeadlineRule, Envelope, FinancingPlan, PlanCell, PlanVersion, Programme, Tranche
from beffroi.reference.models import Framework, Item
from tests.accounts.factories import partner, person
from tests.web.factories import frameworks, items, organisations


def programme(code: str = "cper") -> Programme:
    """Two axes, the second with two sub-axes; the State, the Region and the fund of the Union."""
    frameworks(code)
    items(
        f"{code},axe-1,,axis,Premier axe",
        f"{code},axe-2,,axis,Second axe",
        f"{code},axe-2.1,axe-2,sub_axis,Ports",
        f"{code},axe-2.2,axe-2,sub_axis,Friches",
    )
    organisations("etat,État,,state", "region,Région,,region", "feder,FEDER,,fund", "oseo,OSEO,,bank")
    return Programme.objects.get_or_create(framework=Framework.objects.get(code=code))[0]


def item(code: str) -> Item:
    return Item.objects.get(code=code)


def body(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def officer(email: str = "paul@lille.example") -> User:
    return person(email, role=Role.PROGRAMME_OFFICER)


def version(of: Programme, *rows: str, number: int = 1, adopted: bool = False, **fields: Any) -> PlanVersion:
    """Each row: item | funder | origin | year | amount; what is empty is unsaid."""
    values = {"label": f"Version {number}", "kind": VersionKind.INITIAL, "visibility": 0} | fields
    made = actions.open_version(of, by=None, owner=partner(), **values)
    for row in rows:
        code, funder, origin, year, amount = (cell.strip() for cell in row.split("|"))
        cell = PlanCell(
            version=made,
            item=item(code) if code else None,
            funder=body(funder) if funder else None,
            origin=origin or Origin.UNSTATED,
            year=int(year) if year else None,
            cents=int(Decimal(amount) * 100),
        )
        cell.digest = cell.identity
        cell.save()
    return actions.adopt_version(made, decided_on=date(2021, 12, 1), by=None) if adopted else made


def tranche(of: Programme, year: int, amount: str, *, prefinancing: str = "", code: str = "", rule: str = "n2-2007") -> Tranche:
    row = Tranche(
        programme=of,
        item=item(code) if code else None,
        year=year,
        cents=int(Decimal(amount) * 100),
        prefinancing_cents=int(Decimal(prefinancing) * 100) if prefinancing else None,
        rule=DeadlineRule.objects.get(code=rule),
    )
    row.digest = row.identity
    row.save()
    return row


def envelope(of: Programme, amount: str, *, fund: str = "FEDER", manager: str = "", code: str = "", **fields: Any) -> Envelope:
    row = Envelope(
        programme=of,
        item=item(code) if code else None,
        fund=body(fund),
        manager=body(manager) if manager else None,
        cents=int(Decimal(amount) * 100),
        **fields,
    )
    row.digest = row.identity
    row.save()
    return row


def amounts(of: PlanVersion) -> dict[str, Decimal]:
    """`item|funder|year` to its amount."""
    rows = PlanCell.objects.filter(version=of).select_related("item", "funder")
    return {f"{row.item.code if row.item else ''}|{row.funder or ''}|{row.year or ''}": row.amount for row in rows}


def forget_totals() -> None:
    """After facts changed behind the back of the actions that say so."""
    for path in (settings.DATA / "staging" / "totals").glob("*"):
        path.unlink()


def plan(of: Programme) -> FinancingPlan:
    return FinancingPlan.objects.get(programme=of)
