"""Amounts in a report: lines, expenditures and printed totals, each at its stage. Stages are never added to each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.enums import Stage
from beffroi.funding.models import (
    Expenditure,
    ExpenditureClaim,
    ExpenditureSettlement,
    Line,
    LineClaim,
    LineSettlement,
    Sum,
    SumClaim,
    SumSettlement,
)
from beffroi.provenance.models import Claim
from beffroi.provenance.queries import Moment, figure_of, standings
from beffroi.provenance.rules import Standing
from beffroi.publishing.reports.figures import kept
from beffroi.publishing.reports.layouts import Layout
from beffroi.publishing.reports.names import Thing
from beffroi.publishing.reports.values import Entry, claims_of, reference_of

TABLES: dict[str, tuple[Any, Any, Any]] = {
    "line": (Line, LineClaim, LineSettlement),
    "expenditure": (Expenditure, ExpenditureClaim, ExpenditureSettlement),
    "sum": (Sum, SumClaim, SumSettlement),
}
# The words of a source that only say the stage: they do not tell two amounts apart.
STAGE_WORDS = frozenset({"etat", "nature"})
DONE = (Stage.PAID, Stage.CERTIFIED, Stage.AGREED, Stage.PROGRAMMED, Stage.VOTED)


@dataclass(frozen=True)
class Amount:
    role: str
    money: Any
    standing: Standing
    claims: Sequence[Claim]

    @property
    def key(self) -> str:
        return f"{self.role}:{self.money.pk}"

    @property
    def stage(self) -> str:
        return str(getattr(self.money, "stage", None) or getattr(self.money, "state", ""))

    @property
    def figure(self) -> Figure:
        return figure_of(self.standing, unit="€", period=self.money.written_period, why=self.key)


def amounts(layout: Layout, *, moment: Moment, viewer: AnyUser) -> list[Amount]:
    found: list[Amount] = []
    for role, (model, claims, settlements) in TABLES.items():
        rows = list(_rows(model, role, layout, viewer))
        ids = [row.pk for row in rows]
        stands = standings(ids, claims=claims.objects, settlements=settlements.objects, link=role, moment=moment, viewer=viewer)
        said = claims_of(claims.objects, role, ids, moment=moment, viewer=viewer)
        found += [Amount(role, row, stands[row.pk], said[row.pk]) for row in rows if said[row.pk]]
    return found


def _rows(model: type[Model], role: str, layout: Layout, viewer: AnyUser) -> Any:
    ours = Q(programme__framework__code__in=layout.frameworks)
    if layout.source:
        ours |= Q(claims__load__snapshot__source__code=layout.source)
    manager: Any = model._default_manager
    rows = manager.visible_to(viewer).filter(pk__in=manager.filter(ours).values("pk"))
    return rows.select_related("programme__framework", "item").order_by("start", "pk")


def things_of(found: Iterable[Amount]) -> set[Thing]:
    things: set[Thing] = set()
    for amount in found:
        money = amount.money
        things.add(("framework", money.programme.framework_id))
        things |= {("item", pk) for pk in (money.item_id, money.receiver_item_id) if pk}
        things |= {("organisation", pk) for pk in (money.fund_id, money.receiver_id) if pk}
    return things


def entry(amount: Amount, named: Mapping[Thing, str]) -> Entry:
    money = amount.money
    receiver = ("organisation", money.receiver_id) if money.receiver_id else ("item", money.receiver_item_id or 0)
    return {
        "key": amount.key,
        "role": amount.role,
        "stage": amount.stage,
        "programme": named.get(("framework", money.programme.framework_id), ""),
        "item": named.get(("item", money.item_id or 0), ""),
        "funder": named.get(("organisation", money.fund_id or 0), ""),
        "receiver": named.get(receiver, ""),
        "label": getattr(money, "label", ""),
        "period": money.written_period,
        "detail": money.detail.replace("_", " ").replace("=", " : ").replace(";", " · "),
        "instrument": getattr(money, "instrument", ""),
        "contract_status": getattr(money, "contract_status", ""),
        "base": getattr(money, "base", ""),
        "figure": kept(amount.figure),
        "rows": [reference_of(claim) for claim in amount.claims],
    }


def progress(found: Iterable[Amount]) -> list[Entry]:
    """A planned amount and what was later voted, agreed or paid of the same money, to the same receiver, for the same item."""
    by_subject: dict[tuple[Any, ...], list[Amount]] = defaultdict(list)
    for amount in found:
        if amount.role == "line" and amount.money.fund_id:
            by_subject[_subject(amount)].append(amount)
    return [
        row
        for group in by_subject.values()
        for planned in group
        if planned.stage == Stage.PLANNED and (row := _money_progress(planned, group)) is not None
    ]


def _subject(amount: Amount) -> tuple[Any, ...]:
    money = amount.money
    details = [part for part in money.detail.split(";") if part.partition("=")[0] not in STAGE_WORDS]
    return (
        money.programme_id, money.item_id, money.operation_id, money.fund_id, money.receiver_id, money.receiver_item_id,
        money.instrument, money.contract_status, ";".join(details),
    )  # fmt: skip


def _money_progress(planned: Amount, group: Sequence[Amount]) -> Entry | None:
    done = [row for row in group if row.stage in DONE and _is_inside(row, planned) and row.standing.value is not None]
    if not done or not planned.standing.value:
        return None
    done.sort(key=lambda row: (-DONE.index(Stage(row.stage)), row.money.end))
    last = done[-1]
    share = Decimal(last.standing.value or 0) / planned.standing.value
    return {
        "target": planned.key,
        "actual": last.key,
        "share": f"{share:.6f}",
        "progress": "reached" if share >= 1 else "behind",
    }


def _is_inside(row: Amount, planned: Amount) -> bool:
    if row.money.end is None or planned.money.end is None:
        return False
    return bool((planned.money.start or date.min) <= row.money.end <= planned.money.end)


def totals(found: Iterable[Amount]) -> list[Entry]:
    """What several funders bring to one same thing, at one same stage: the only amounts that are added."""
    groups: dict[tuple[Any, ...], list[Amount]] = defaultdict(list)
    for amount in found:
        if amount.role == "line" and amount.money.fund_id and amount.stage != Stage.UNSTATED:
            groups[_shared(amount)].append(amount)
    return [_total(rows) for rows in groups.values() if len({row.money.fund_id for row in rows}) == len(rows) > 1]


def _shared(amount: Amount) -> tuple[Any, ...]:
    money = amount.money
    return (
        money.programme_id, money.item_id, money.operation_id, money.receiver_id, money.receiver_item_id, money.start,
        money.end, amount.stage, money.contract_status, money.instrument, money.section, money.detail,
    )  # fmt: skip


def _total(rows: Sequence[Amount]) -> Entry:
    known = [row.standing.value for row in rows if row.standing.value is not None]
    why = "lines:" + ",".join(str(row.money.pk) for row in sorted(rows, key=lambda row: row.money.pk))
    figure = Figure(value=sum(known, Decimal(0)), unit="€", period=rows[0].money.written_period, why=why)
    return {"lines": [row.key for row in rows], "stage": rows[0].stage, "figure": kept(figure), "known": len(known)}
