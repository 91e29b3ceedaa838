from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.funding.models import CENTS, LineClaim, LineSettlement, Operation
from beffroi.provenance.datasets import StandingClaim, claim_columns, item_columns, known_claims, seen, with_standing
from beffroi.provenance.queries import Moment

LINKS = ("line", "line__programme", "line__item", "line__operation", "line__fund", "line__receiver", "line__receiver_item")


def _operations(viewer: AnyUser, moment: Moment) -> QuerySet[Operation]:
    rows = Operation.objects.visible_to(viewer).filter(seen(viewer, "programme", "item", "place"))
    rows = rows.select_related("programme__framework", "item__version__framework", "place__version__framework")
    return rows.order_by("sort_key", "pk")


def _lines(viewer: AnyUser, moment: Moment) -> QuerySet[LineClaim]:
    rows = known_claims(LineClaim.objects, viewer, moment).filter(seen(viewer, *LINKS))
    return rows.select_related(*LINKS, "line__programme__framework", "line__item__version__framework", "load__snapshot__source")


def _line_rows(rows: QuerySet[LineClaim], viewer: AnyUser, moment: Moment) -> Iterator[StandingClaim]:
    return with_standing(rows, link="line", settlements=LineSettlement.objects, moment=moment)


def _line(name: str) -> Any:
    return lambda row: getattr(row.claim.line, name)


def _shown(name: str) -> Any:
    return lambda row: getattr(row.claim.line, f"get_{name}_display")()


def _euros(name: str) -> Any:
    return lambda row: None if getattr(row, name) is None else getattr(row, name) / CENTS


OPERATIONS = Dataset(
    name="operations",
    title=_("Opérations"),
    description=_("Ce qui est fait avec l’argent des programmes, où et quand."),
    columns=(
        Column("document", _("Document"), Type.CODE, _("Code de la source."), lambda row: row.namespace),
        Column("code", _("Code"), Type.CODE),
        Column("title", _("Intitulé")),
        Column("description", _("Description")),
        Column("programme", _("Programme"), Type.CODE, "", lambda row: row.programme.framework.code),
        *item_columns("item", _("Élément du programme"), lambda row: row.item),
        *item_columns("place", _("Lieu"), lambda row: row.place),
        Column("place_basis", _("Base du lieu"), Type.TEXT, "", lambda row: row.get_place_basis_display()),
        Column("period", _("Période"), Type.TEXT, _("Comme la source l’écrit."), lambda row: row.written_period),
        Column("start", _("Début"), Type.DATE),
        Column("end", _("Fin"), Type.DATE),
        Column("beneficiary", _("Bénéficiaire"), Type.TEXT, _("Comme la source l’écrit."), lambda row: row.written_beneficiary),
        Column("eligible_cost", _("Coût éligible"), Type.EUROS, _("Vide si inconnu."), _euros("eligible_cents")),
        Column("total_cost", _("Coût total"), Type.EUROS, _("Vide si inconnu."), _euros("total_cents")),
        Column("currency", _("Monnaie"), Type.CODE),
    ),
    query=_operations,
)
LINES = Dataset(
    name="lines",
    title=_("Lignes de financement"),
    description=_(
        "Une ligne par montant qu’une source donne, avec son financeur et son stade. "
        "Des stades différents ne s’additionnent pas, et une ligne peut en contenir d’autres."
    ),
    columns=(
        Column("programme", _("Programme"), Type.CODE, "", lambda row: row.claim.line.programme.framework.code),
        *item_columns("item", _("Élément"), lambda row: row.claim.line.item),
        Column("operation", _("Opération"), Type.TEXT, "", _line("operation")),
        Column("fund", _("Financeur"), Type.TEXT, _("À qui est l’argent."), _line("fund")),
        Column(
            "receiver", _("Bénéficiaire"), Type.TEXT, "", lambda row: row.claim.line.receiver or row.claim.line.receiver_item
        ),
        Column("stage", _("Stade"), Type.TEXT, "", _shown("stage")),
        Column("instrument", _("Instrument"), Type.TEXT, "", _shown("instrument")),
        Column("origin", _("Origine"), Type.TEXT, "", _shown("origin")),
        Column("section", _("Section"), Type.TEXT, "", _shown("section")),
        Column("contract_status", _("Statut au contrat"), Type.TEXT, "", _shown("contract_status")),
        Column("period", _("Période"), Type.TEXT, "", _line("written_period")),
        Column("start", _("Début"), Type.DATE, "", _line("start")),
        Column("end", _("Fin"), Type.DATE, "", _line("end")),
        Column("detail", _("Ventilation"), Type.TEXT, "", _line("detail")),
        Column("amount", _("Montant"), Type.EUROS, _("Vide si inconnu."), lambda row: row.claim.value),
        Column("amount_low", _("Au moins"), Type.EUROS, "", lambda row: row.claim.low),
        Column("amount_high", _("Au plus"), Type.EUROS, "", lambda row: row.claim.high),
        *claim_columns(),
    ),
    query=_lines,
    rows=_line_rows,
)
