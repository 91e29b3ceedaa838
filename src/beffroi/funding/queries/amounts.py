"""Reads across operations and amounts. Only a contract's commitments are added here; every other amount
is shown by itself, with its stage and role."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.core.figures import Figure
from beffroi.core.models import believed_at
from beffroi.core.search import SearchRow, address_of
from beffroi.core.text import search_key
from beffroi.funding.enums import Stage
from beffroi.funding.models import (
    Expenditure,
    ExpenditureClaim,
    ExpenditureSettlement,
    Line,
    LineClaim,
    LineSettlement,
    Operation,
    OperationPartner,
    Programme,
    Sum,
    SumClaim,
    SumSettlement,
)
from beffroi.provenance.queries import Moment, figure_of, standings
from beffroi.provenance.queries.evidence import Counted, Question

TABLES: dict[str, tuple[Any, Any, Any]] = {
    "line": (Line, LineClaim, LineSettlement),
    "sum": (Sum, SumClaim, SumSettlement),
    "expenditure": (Expenditure, ExpenditureClaim, ExpenditureSettlement),
}
MOST_SHOWN = 60
RELATED = ("programme__framework", "item", "operation", "fund", "receiver", "receiver_item")


@dataclass(frozen=True)
class MoneyRow:
    """An amount: `role` is line, sum or expenditure; `subject` says whose money, for what, at which stage."""

    role: str
    subject: Any
    figure: Figure
    value: Decimal | None
    names_persons: bool = False

    @property
    def is_masked(self) -> bool:
        """Whether who receives it is not named to everybody: a natural person, or a unit that INSEE does not publish."""
        return self.subject.receiver is not None and not (self.names_persons or self.subject.receiver.is_published)

    @property
    def receiver(self) -> Any:
        return None if self.is_masked else self.subject.receiver or self.subject.receiver_item

    @property
    def stage(self) -> str:
        return str(self.subject.get_state_display() if self.role == "expenditure" else self.subject.get_stage_display())


def operation_ids(namespace: str) -> dict[str, int]:
    return dict(Operation.objects.filter(namespace=namespace).values_list("code", "pk"))


def money_rows(role: str, about: Q, *, moment: Moment, viewer: AnyUser) -> list[MoneyRow]:
    subjects = TABLES[role][0].objects.visible_to(viewer).filter(about).select_related(*RELATED)
    return money_rows_of(role, list(subjects), moment=moment, viewer=viewer)


def money_rows_of(role: str, subjects: list[Any], *, moment: Moment, viewer: AnyUser) -> list[MoneyRow]:
    """The amounts that have a claim at this moment, in two queries."""
    _, claims, settlements = TABLES[role]
    found = standings(
        [row.pk for row in subjects],
        claims=claims.objects,
        settlements=settlements.objects,
        link=role,
        moment=moment,
        viewer=viewer,
    )
    return [
        MoneyRow(
            role,
            row,
            figure_of(found[row.pk], unit="€", period=row.written_period, label=str(row), why=f"{role}:{row.pk}"),
            found[row.pk].value,
            names_persons=viewer.is_authenticated and bool(viewer.partner_ids),
        )
        for row in subjects
        if found[row.pk].claims
    ]


def amounts_asked(role: str, asked: dict[str, Any], *, viewer: AnyUser) -> QuerySet[Any]:
    """The subjects of one role that a reader's filters select, in the order of programmes and periods."""
    about = Q(programme__framework=asked["programme"]) if asked.get("programme") else Q()
    if words := search_key(asked.get("words", "")):
        about &= Q(item__sort_key__contains=words) | Q(fund__sort_key__contains=words) | Q(receiver__sort_key__contains=words)
    for name in ("stage", "origin") if role == "line" else ():
        about &= Q(**{name: asked[name]}) if asked.get(name) else Q()
    rows = TABLES[role][0].objects.visible_to(viewer).filter(about).select_related(*RELATED)
    found: QuerySet[Any] = rows.order_by("programme__framework__sort_key", "item__position", "start", "pk")
    return found


def money_about(
    about: Q, *, moment: Moment, viewer: AnyUser, explored: Mapping[str, object] | None = None
) -> dict[str, Any] | None:
    """A sheet's money: lines, printed totals and expenditures apart, never added to each other; the first of each, and
    where the others are. `explored`: what the money explorer is asked about the same thing."""
    groups, count, is_cut = {}, 0, False
    for role, (model, *_claims) in TABLES.items():
        asked = model.objects.visible_to(viewer).filter(about)
        subjects = list(asked.select_related(*RELATED)[: MOST_SHOWN + 1])
        groups[role] = money_rows_of(role, subjects[:MOST_SHOWN], moment=moment, viewer=viewer)
        is_cut |= len(subjects) > MOST_SHOWN
        count += asked.count() if len(subjects) > MOST_SHOWN else len(groups[role])
    if not count:
        return None
    address = urlencode({"stage": "all", **explored}) if explored else ""
    return {**groups, "count": count, "is_cut": is_cut, "most": MOST_SHOWN, "explored": address}


def operations_about(about: Q, *, viewer: AnyUser) -> QuerySet[Operation]:
    rows: QuerySet[Operation] = Operation.objects.visible_to(viewer).filter(about).distinct()
    return rows.select_related("programme__framework", "item", "place").order_by("sort_key")


def _known(moment: Moment) -> Q:
    return believed_at(moment.known_on)


def partners_of(operation: Operation, *, moment: Moment, viewer: AnyUser) -> list[OperationPartner]:
    rows = operation.partners.filter(_known(moment), organisation__in=Organisation.objects.visible_to(viewer).values("pk"))
    return list(rows.select_related("organisation"))


def parts_in_operations(organisations: Iterable[int], *, moment: Moment, viewer: AnyUser) -> list[OperationPartner]:
    visible = Operation.objects.visible_to(viewer).values("pk")
    rows = OperationPartner.objects.filter(_known(moment), organisation__in=list(organisations), operation__in=visible)
    return list(rows.select_related("operation__item").order_by("operation__sort_key"))


def operation_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Operation.objects.all() if ids is None else Operation.objects.filter(pk__in=list(ids))
    for row in rows.select_related("programme__framework").iterator():
        yield SearchRow(
            kind="operation",
            id=row.pk,
            title=row.title,
            detail=str(row.programme),
            address=address_of(row),
            texts=(row.code, row.description),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )


def of_contract(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`framework`: what the signatories of a contract commit to it as a whole, each line once."""
    programme = Programme.objects.visible_to(viewer).select_related("framework").filter(framework__code=rest).first()
    if programme is None:
        return None
    whole = Q(programme=programme, stage=Stage.CONTRACTUALISED, item=None, operation=None)
    rows = money_rows("line", whole, moment=moment, viewer=viewer)
    known = [row.value for row in rows if row.value is not None]
    figure = Figure(
        value=sum(known) if known else None,
        unit="€",
        known=len(known),
        parts=len(rows),
        note=programme.caveat,
        why=f"contract:{rest}",
    )
    formula = _(
        "La somme des engagements contractualisés pour l’ensemble du contrat, un par signataire. Rien d’autre n’y est ajouté."
    )
    return Counted(
        programme, formula, figure, [(row.subject.fund or row.subject, None, row.figure) for row in rows], programme.framework
    )


COUNTED: dict[str, Question] = {"contract": of_contract}
