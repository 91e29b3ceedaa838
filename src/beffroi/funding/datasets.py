from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.core.exports.columns import BATCH
from beffroi.funding.enums import SumKind
from beffroi.funding.models import Application, Call, LineClaim, LineSettlement, Operation, Step
from beffroi.funding.queries.costs import Cost, costs_of
from beffroi.provenance.datasets import StandingClaim, claim_columns, item_columns, known_claims, seen, with_standing
from beffroi.provenance.queries import Moment

LINKS = ("line", "line__programme", "line__item", "line__operation", "line__fund", "line__receiver_item")
NOT_NAMED = _("personne physique ou unité non diffusée")


def _operations(viewer: AnyUser, moment: Moment) -> QuerySet[Operation]:
    rows = Operation.objects.visible_to(viewer).filter(seen(viewer, "programme", "item", "place"))
    rows = rows.select_related("programme__framework", "item__version__framework", "place__version__framework", "beneficiary")
    return rows.order_by("sort_key", "pk")


def _lines(viewer: AnyUser, moment: Moment) -> QuerySet[LineClaim]:
    masked = Q(line__receiver__in=Organisation.objects.unpublishable().order_by())  # the line is given without the name
    rows = known_claims(LineClaim.objects, viewer, moment).filter(seen(viewer, *LINKS), seen(viewer, "line__receiver") | masked)
    return rows.select_related(
        *LINKS, "line__receiver", "line__programme__framework", "line__item__version__framework", "load__snapshot__source"
    )


def _line_rows(rows: QuerySet[LineClaim], viewer: AnyUser, moment: Moment) -> Iterator[StandingClaim]:
    return with_standing(rows, link="line", settlements=LineSettlement.objects, moment=moment)


def named(organisation: Organisation | None, written: str = "") -> Any:
    """Who may be named in a public file, as the source writes it or as it is known."""
    if organisation is not None and not organisation.is_published:
        return NOT_NAMED
    return written or organisation


def _line(name: str) -> Any:
    return lambda row: getattr(row.claim.line, name)


def _shown(name: str) -> Any:
    return lambda row: getattr(row.claim.line, f"get_{name}_display")()


@dataclass(frozen=True)
class CostedOperation:
    operation: Operation
    costs: dict[str, list[Cost]]

    def cost(self, kind: str) -> Cost | None:
        """In the operation's own currency."""
        return next((cost for cost in self.costs.get(kind, []) if cost.currency == self.operation.currency), None)


def _operation_rows(rows: QuerySet[Operation], viewer: AnyUser, moment: Moment) -> Iterator[CostedOperation]:
    source = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(source, BATCH)):
        costs = costs_of([row.pk for row in batch], viewer=viewer, moment=moment)
        yield from (CostedOperation(row, costs.get(row.pk, {})) for row in batch)


def _of(name: str) -> Any:
    return lambda row: getattr(row.operation, name)


def _beneficiary(row: CostedOperation) -> Any:
    return named(row.operation.beneficiary, row.operation.written_beneficiary)


def _cost_columns(name: str, label: Any, kind: str) -> tuple[Column, ...]:
    def part(attribute: str) -> Any:
        return lambda row: getattr(row.cost(kind), attribute, None)

    rivals = _("Si les sources se contredisent.")
    return (
        Column(name, label, Type.EUROS, _("Vide si inconnu, ou si les sources se contredisent."), part("value")),
        Column(f"{name}_low", _("%(label)s, au moins") % {"label": label}, Type.EUROS, rivals, part("low")),
        Column(f"{name}_high", _("%(label)s, au plus") % {"label": label}, Type.EUROS, rivals, part("high")),
    )


OPERATIONS = Dataset(
    name="operations",
    title=_("Opérations"),
    description=_("Ce qui est fait avec l’argent des programmes, où et quand."),
    columns=(
        Column("document", _("Document"), Type.CODE, _("Code de la source."), _of("namespace")),
        Column("code", _("Code"), Type.CODE, "", _of("code")),
        Column("title", _("Intitulé"), Type.TEXT, "", _of("title")),
        Column("description", _("Description"), Type.TEXT, "", _of("description")),
        Column("programme", _("Programme"), Type.CODE, "", lambda row: row.operation.programme.framework.code),
        *item_columns("item", _("Élément du programme"), lambda row: row.operation.item),
        *item_columns("place", _("Lieu"), lambda row: row.operation.place),
        Column("place_basis", _("Base du lieu"), Type.TEXT, "", lambda row: row.operation.get_place_basis_display()),
        Column("period", _("Période"), Type.TEXT, _("Comme la source l’écrit."), _of("written_period")),
        Column("start", _("Début"), Type.DATE, "", _of("start")),
        Column("end", _("Fin"), Type.DATE, "", _of("end")),
        Column("beneficiary", _("Bénéficiaire"), Type.TEXT, _("Comme la source l’écrit."), _beneficiary),
        *_cost_columns("eligible_cost", _("Coût éligible"), SumKind.ELIGIBLE_COST),
        *_cost_columns("total_cost", _("Coût total"), SumKind.TOTAL_COST),
        Column("currency", _("Monnaie"), Type.CODE, "", _of("currency")),
    ),
    query=_operations,
    rows=_operation_rows,
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
            "receiver",
            _("Bénéficiaire"),
            Type.TEXT,
            "",
            lambda row: named(row.claim.line.receiver) or row.claim.line.receiver_item,
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


def _calls(viewer: AnyUser, moment: Moment) -> QuerySet[Call]:
    rows = Call.objects.visible_to(viewer).filter(seen(viewer, "programme", "item", "area"))
    rows = rows.select_related("programme__framework", "item__version__framework", "area__version__framework")
    return rows.order_by("sort_key", "pk")


def _steps(viewer: AnyUser, moment: Moment) -> QuerySet[Step]:
    files = Application.objects.visible_to(viewer).filter(seen(viewer, "programme", "item"))
    rows = Step.objects.filter(application__in=files.values("pk")).seen_at(moment)
    rows = rows.select_related("application__programme__framework").prefetch_related(
        Prefetch("application__call", Call.objects.visible_to(viewer)),
        Prefetch("application__operation", Operation.objects.visible_to(viewer)),
    )
    found: QuerySet[Step] = rows.order_by("application__sort_key", "application", "on", "rank", "pk")
    return found


def _file(name: str) -> Any:
    return lambda row: getattr(row.application, name)


CALLS = Dataset(
    name="calls",
    title=_("Appels"),
    description=_("Ce que les financeurs demandent : les colonnes du règlement 2021/1060, article 49, paragraphe 2, et plus."),
    columns=(
        Column("code", _("Code"), Type.CODE),
        Column("title", _("Intitulé")),
        Column("kind", _("Nature"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("programme", _("Programme"), Type.CODE, "", lambda row: row.programme.framework.code),
        *item_columns("item", _("Objectif"), lambda row: row.item),
        Column("written_item", _("Objectif, comme écrit")),
        *item_columns("area", _("Zone géographique"), lambda row: row.area),
        Column("written_area", _("Zone géographique, comme écrite")),
        Column("eligible_applicants", _("Demandeurs éligibles")),
        Column("total_support", _("Montant total de l’aide"), Type.EUROS, _("Vide si inconnu.")),
        Column("currency", _("Monnaie"), Type.CODE),
        Column("opens", _("Ouverture"), Type.DATE),
        Column("closes", _("Clôture"), Type.DATE, _("Vide sans date de clôture.")),
        Column("address", _("Adresse")),
    ),
    query=_calls,
)
STEPS = Dataset(
    name="steps",
    title=_("Étapes des dossiers"),
    description=_("Une ligne par étape d’un dossier, avec sa date. Les montants demandés n’y sont pas."),
    columns=(
        Column("file", _("Numéro du dossier"), Type.CODE, "", _file("code")),
        Column("title", _("Intitulé"), Type.TEXT, "", _file("title")),
        Column("programme", _("Programme"), Type.CODE, "", lambda row: row.application.programme.framework.code),
        Column(
            "call", _("Code de l’appel"), Type.CODE, "", lambda row: row.application.call.code if row.application.call else ""
        ),
        Column(
            "operation",
            _("Code de l’opération"),
            Type.CODE,
            "",
            lambda row: row.application.operation.code if row.application.operation else "",
        ),
        Column("cycle", _("Cycle de vie"), Type.TEXT, "", lambda row: row.application.get_cycle_display()),
        Column("step", _("Étape"), Type.TEXT, "", lambda row: row.get_kind_display()),
        Column("on", _("Date"), Type.DATE, _("Vide si personne ne la dit.")),
        Column("who", _("Par qui")),
        Column("number", _("Numéro"), Type.CODE),
        Column("reason", _("Raison")),
    ),
    query=_steps,
)
