from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import may
from beffroi.funding.models import Operation, OperationLabel
from beffroi.funding.queries import file_sheets, money_about, partners_of
from beffroi.funding.queries.files import file_of, steps_of
from beffroi.indicators.queries import values_about
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section, anomalies_section, sources_section


def about(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    is_theirs = viewer.is_authenticated and operation.owner_id in (None, *viewer.partner_ids)
    return {
        "operation": operation,
        "is_followed": getattr(operation, "application", None) is not None,
        "may_give_regime": is_theirs and may(viewer, Permission.EDIT_AGREEMENTS),
    }


def labels(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(OperationLabel.objects.visible_to(viewer).filter(operation=operation).select_related("item", "owner", "by"))
    return {"labels": rows, "count": len(rows)} if rows else None


def figures(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    named = Q(dimensions__name="operation", dimensions__value=operation.code, indicator__namespace=operation.namespace)
    return values_about(named, moment=moment, viewer=viewer)


def money(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return money_about(Q(operation=operation), moment=moment, viewer=viewer)


def partners(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = partners_of(operation, moment=moment, viewer=viewer)
    return {"partners": rows, "count": len(rows)} if rows else None


def steps(operation: Operation, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """The way of the file that became the operation."""
    file = file_of(operation, viewer=viewer) if getattr(operation, "application", None) else None
    if file is None:
        return None
    found = steps_of(file, moment=moment)
    return {
        "file": file,
        "steps": file_sheets.path(file, found),
        "events": file_sheets.events(file, found),
        "count": len(found),
    }


SECTIONS = (
    Section("description", _("Ce que c’est"), "funding/_operation_section.html", about),
    Section("domaines", _("Domaines, d’après son texte"), "funding/_labels_section.html", labels),
    Section("etapes", _("Étapes du dossier"), "funding/_steps_section.html", steps),
    Section("chiffres", _("Chiffres"), "indicators/_values_section.html", figures),
    Section("financements", _("Financements"), "funding/_money_section.html", money),
    Section("acteurs", _("Qui y prend part"), "funding/_partners_section.html", partners),
    anomalies_section("operation"),
    sources_section("operation"),
)
