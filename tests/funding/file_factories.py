"""Programmes, calls and files, made through the product's own doors."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.funding import actions
from beffroi.funding.enums import CallKind, Cycle, StepKind
from beffroi.funding.models import Application, Call, Programme
from beffroi.funding.rules.cycles import NUMBERED, REASONED
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework
from tests.accounts.factories import partner, person

AT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
NOW = Moment(AT.date(), AT)


def day(text: str) -> date:
    """« 12/03 » is of 2026; « 12/03/2025 » of its own year."""
    number, month, *year = text.split("/")
    return date(int(year[0]) if year else 2026, int(month), int(number))


def officer(at: str = "lille", role: Role = Role.PROGRAMME_OFFICER) -> User:
    found = User.objects.filter(email=f"{role}@{at}.example").first()
    return found or person(f"{role}@{at}.example", at=at, role=role)


def programme(code: str = "feder") -> Programme:
    framework = Framework.objects.get_or_create(code=code, defaults={"label": code.upper(), "kind": "programme"})[0]
    return Programme.objects.get_or_create(framework=framework)[0]


def call(title: str = "Lieux d’innovation", *, at: str = "lille", **fields: Any) -> Call:
    given = {
        "programme": programme(),
        "kind": CallKind.CALL_FOR_PROJECTS,
        "cycle": Cycle.ERDF,
        "visibility": Visibility.PUBLIC,
        "opens": day("01/01"),
        "closes": day("31/12"),
    }
    return actions.open_call(owner=partner(at), by=officer(at), title=title, **{**given, **fields})


def file(
    title: str = "Halle des textiles",
    *steps: str,
    at: str = "lille",
    cycle: Cycle = Cycle.ERDF,
    on: str = "05/01",
    requested: dict[str, Decimal] | None = None,
    **fields: Any,
) -> Application:
    """`steps`: « complete 12/01 », each after the receipt."""
    given = {
        "programme": programme(),
        "cycle": cycle,
        "written_applicant": "Ville",
        "visibility": Visibility.PARTNERS,
        "title": title,
    }
    application = actions.submit_application(
        owner=partner(at), by=officer(at), on=day(on), at=AT, requested=requested, **{**given, **fields}
    )
    return walked(application, steps, at=at)


def walked(application: Application, steps: Iterable[str], *, at: str = "lille") -> Application:
    for step in steps:
        name, when = step.split()
        kind = StepKind(name)
        actions.record_step(
            application,
            kind=kind,
            on=day(when),
            by=officer(at),
            at=AT,
            reason="Motif" if kind in REASONED else "",
            number="2026-12" if kind in NUMBERED else "",
        )
    return application
