"""Agreements as situations."""

from datetime import date
from typing import Any

from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.actors.models import Organisation
from beffroi.funding import actions
from beffroi.funding.models import Agreement, Deliberation, DocumentDue, Instalment
from beffroi.funding.queries.money import Question, money
from beffroi.provenance.queries import Moment
from tests.accounts.factories import partner, person
from tests.actors.factories import organisation


def officer(email: str = "nadia@lille.example", *, at: str = "lille") -> User:
    return person(email, at=at, role=Role.FUNDER_OFFICER)


def keeper() -> User:
    return User.objects.filter(email="nadia@lille.example").first() or officer()


def moment(on: date | None = None) -> Moment:
    return Moment(on or timezone.localdate(), timezone.now())


def totals() -> list[str]:
    """What all agreements give to each stage, as the money of the region counts it."""
    answer = money(Question(by=["fund", "stage"]), viewer=keeper(), moment=moment())
    return [f"{row['fund']} {row['stage']} {row['certain'] // 100}" for row in answer.rows]


def body(name: str, kind: str = "cluster") -> Organisation:
    return Organisation.objects.filter(name=name).first() or organisation(name, kind)


def agreement(code: str = "2026-1", kind: str = "yearly", *, at: str = "lille", **fields: Any) -> Agreement:
    """Between a metropolis and a cluster."""
    said = {"title": f"Convention {code}", "visibility": Visibility.PARTNERS} | fields
    parties = {"funder": body("Métropole", "metropolis"), "beneficiary": body("Pôle Textile")}
    return actions.add_agreement(owner=partner(at), by=keeper(), code=code, kind=kind, **parties, **said)


def vote(of: Agreement, euros: int, on: date = date(2026, 2, 1), number: str = "26-01", **fields: Any) -> Deliberation:
    row = Deliberation(agreement=of)
    said = {"number": number, "on": on, "body": "Conseil métropolitain", "cents": euros * 100} | fields
    return actions.save_part(row, by=keeper(), **said)


def instalment(of: Agreement, euros: int, due_on: date | None = date(2026, 3, 1), label: str = "Avance") -> Instalment:
    return actions.save_part(Instalment(agreement=of), by=keeper(), label=label, due_on=due_on, cents=euros * 100)


def document(of: Agreement, label: str = "Rapport financier", due_on: date | None = date(2026, 6, 30)) -> DocumentDue:
    return actions.save_part(DocumentDue(agreement=of), by=keeper(), label=label, due_on=due_on)
