from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.funding.models import Operation
from beffroi.funding.queries import money_about, partners_of
from beffroi.indicators.queries import values_about
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section, anomalies_section, sources_section


def about(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return {"operation": operation}


def figures(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    named = Q(dimensions__name="operation", dimensions__value=operation.code, indicator__namespace=operation.namespace)
    return values_about(named, moment=moment, viewer=viewer)


def money(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return money_about(Q(operation=operation), moment=moment, viewer=viewer)


def partners(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = partners_of(operation, moment=moment, viewer=viewer)
    return {"partners": rows, "count": len(rows)} if rows else None


SECTIONS = (
    Section("description", _("Ce que c’est"), "funding/_operation_section.html", about),
    Section("chiffres", _("Chiffres"), "indicators/_values_section.html", figures),
    Section("financements", _("Financements"), "funding/_money_section.html", money),
    Section("acteurs", _("Qui y prend part"), "funding/_partners_section.html", partners),
    anomalies_section("operation"),
    sources_section("operation"),
)
