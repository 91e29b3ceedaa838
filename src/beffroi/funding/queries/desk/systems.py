"""That system says, Beffroi says: the rows of another system's export beside Beffroi's amounts, by operation and stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser, audience
from beffroi.core.figures import Figure, Sense
from beffroi.funding.enums import Cause, ExpenditureBase, ExpenditureState, Stage
from beffroi.funding.models import CENTS, ExpenditureClaim, LineClaim, Operation, Programme, SystemRow
from beffroi.funding.queries.amounts import MoneyRow, money_rows
from beffroi.funding.queries.desk.ledger import Ledger, Part
from beffroi.funding.rules.comparison import About, Compared, Comparison, Ours, Theirs, compared
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load, Rejection, Source
from beffroi.provenance.queries import Moment

STAGES = (Stage.PROGRAMMED, Stage.CERTIFIED, Stage.PAID)
TARGETS = ("operations", "grants", "funding")
MOST_REJECTIONS = 20_000  # read to say why an operation is not here; beyond, it is only said that it is not
Place = tuple[str, str]


@dataclass(frozen=True)
class DifferenceRow:
    """`subject`: the operation here, where there is one; `load`: the load that refused its row."""

    compared: Compared
    title: str
    subject: Any
    theirs: Figure
    ours: Figure
    difference: Figure
    load: Load | None = None

    @property
    def cause(self) -> str:
        label = str(self.compared.cause.label)
        if self.compared.cause is Cause.OTHER_STAGE:
            return f"{label} ({Stage(self.compared.detail).label})"
        return label

    @property
    def stage(self) -> str:
        return str(Stage(self.compared.stage).label)

    @property
    def sense(self) -> str:
        return Sense.BAD if self.compared.cause is Cause.UNEXPLAINED else Sense.WATCH


@dataclass(frozen=True)
class StageRow:
    stage: str
    theirs: Figure
    ours: Figure
    difference: Figure


@dataclass(frozen=True)
class SystemComparison:
    source: Source
    load: Load | None
    rows: list[DifferenceRow]
    stages: list[StageRow]
    causes: list[tuple[str, int, Figure]]
    same: int
    files: int
    ledger: Ledger


def system_sources(programme: Programme, *, viewer: AnyUser) -> list[Source]:
    rows = SystemRow.objects.visible_to(viewer).filter(programme=programme)
    return list(Source.objects.filter(pk__in=rows.order_by().values("source")).order_by("title"))


def system_comparison(programme: Programme, source: Source, *, viewer: AnyUser, moment: Moment) -> SystemComparison:
    theirs_rows = list(SystemRow.objects.visible_to(viewer).filter(programme=programme, source=source).order_by("row"))
    load = _last_load(source, viewer)
    as_of = load.snapshot.as_of if load is not None else None
    funds = {row.fund_id for row in theirs_rows if row.fund_id}
    reader = audience(viewer)  # theirs is one file, seen whole or not at all; ours is a total, of two versions only
    operations = {row.code: row for row in Operation.objects.visible_to(reader).filter(programme=programme).order_by("-pk")}
    theirs = _theirs(theirs_rows)
    ours = _ours(programme, funds, theirs, viewer=reader, moment=moment, as_of=as_of)
    unknown = {code for code, _ in theirs if code not in operations}
    refused = _rejected(unknown, viewer)
    known = set(operations)
    about = About(known, {code: load.pk for code, load in refused.items()}, as_of)
    found = compared(theirs, ours, about)
    ledger = Ledger(f"system:{programme.framework.code}/{source.code}/", programme, programme.framework)
    titles = {row.code: row.title for row in theirs_rows}
    rows = [_row(row, titles, operations, refused) for row in found.differences]
    return SystemComparison(
        source, load, rows, _stages(found, ledger), _causes(rows, ledger), found.same, len(theirs_rows), ledger
    )


def _last_load(source: Source, viewer: AnyUser) -> Load | None:
    rows = Load.objects.visible_to(viewer).filter(snapshot__source=source, state=LoadState.APPLIED)
    return rows.filter(profile__target="system_rows").select_related("snapshot").order_by("-ended", "-pk").first()


def _theirs(rows: Iterable[SystemRow]) -> dict[Place, Theirs]:
    """An operation with several funds has several rows: their amounts add up; an empty cell is unknown, not zero."""
    found: dict[Place, Theirs] = {}
    for row in rows:
        for stage in STAGES:
            cents = getattr(row, f"{stage.value}_cents")
            before = found.get((row.code, stage.value))
            if cents is None:
                continue
            amount = Decimal(cents) / CENTS + (before.amount or 0 if before else 0)
            found[row.code, stage.value] = Theirs(amount, before.row if before else row.row)
    return found


def _ours(
    programme: Programme,
    funds: set[int],
    theirs: Mapping[Place, Theirs],
    *,
    viewer: AnyUser,
    moment: Moment,
    as_of: date | None,
) -> dict[Place, Ours]:
    """Amounts of the operations at the stages that the file gives, with what is known of them at the other stages."""
    stages = {stage for _, stage in theirs}
    held = _held(programme, funds, with_spending=Stage.CERTIFIED in stages, viewer=viewer, moment=moment)
    claims = _claims([row for (_, stage), rows in held.items() if stage in stages for row in rows], viewer)
    totals = {place: _total(rows) for place, rows in held.items()}
    elsewhere: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for (code, stage), amount in totals.items():
        if amount is not None:
            elsewhere[code][stage] = amount
    places = {place for place in held if place[1] in stages} | {place for place in theirs if place[0] in elsewhere}
    return {
        (code, stage): replace(
            _our(held.get((code, stage), []), claims, as_of),
            elsewhere={other: amount for other, amount in elsewhere[code].items() if other != stage},
        )
        for code, stage in places
    }


def _held(
    programme: Programme, funds: set[int], *, with_spending: bool, viewer: AnyUser, moment: Moment
) -> dict[Place, list[MoneyRow]]:
    """Lines of the funds that the file names, else of all funders. Certified: where no line says it, the expenditure
    certified as a share of the Union."""
    about = Q(programme=programme, operation__isnull=False)
    held: dict[Place, list[MoneyRow]] = defaultdict(list)
    for row in money_rows("line", about & (Q(fund__in=funds) if funds else Q()), moment=moment, viewer=viewer):
        held[row.subject.operation.code, row.subject.stage].append(row)
    if with_spending:
        with_lines = set(held)
        share = Q(state=ExpenditureState.CERTIFIED, base=ExpenditureBase.UNION_SHARE)
        for row in money_rows("expenditure", about & share, moment=moment, viewer=viewer):
            place = (row.subject.operation.code, Stage.CERTIFIED.value)
            if place not in with_lines:
                held[place].append(row)
    return held


def _total(rows: Iterable[MoneyRow]) -> Decimal | None:
    amounts = [row.value for row in rows if row.value is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _claims(rows: Iterable[MoneyRow], viewer: AnyUser) -> dict[tuple[str, int], list[tuple[Decimal | None, date | None]]]:
    found: dict[tuple[str, int], list[tuple[Decimal | None, date | None]]] = defaultdict(list)
    tables: Mapping[str, tuple[Any, str]] = {
        "line": (LineClaim, "line_id"),
        "expenditure": (ExpenditureClaim, "expenditure_id"),
    }
    for role, (table, link) in tables.items():
        ids = [row.subject.pk for row in rows if row.role == role]
        claims = table.objects.visible_to(viewer).filter(**{f"{link}__in": ids}, recorded_to__isnull=True).order_by("pk")
        for pk, cents, stated in claims.values_list(link, "cents", "stated_on"):
            found[role, pk].append((None if cents is None else Decimal(cents) / CENTS, stated))
    return found


def _our(
    rows: list[MoneyRow], claims: Mapping[tuple[str, int], list[tuple[Decimal | None, date | None]]], as_of: date | None
) -> Ours:
    amounts = [row.value for row in rows if row.value is not None]
    said = {row.subject.pk: claims.get((row.role, row.subject.pk), []) for row in rows}
    later = [
        row.value
        for row in rows
        if row.value is not None and as_of is not None and said[row.subject.pk]
        and all(stated is not None and stated > as_of for _, stated in said[row.subject.pk])
    ]  # fmt: skip
    rivals = [amount for found in said.values() for amount, _ in found if amount is not None] if len(rows) == 1 else []
    return Ours(_total(rows), amounts, sum(later, Decimal(0)), rivals)


def _rejected(codes: set[str], viewer: AnyUser) -> dict[str, Load]:
    """The loads that refused a row in which one of these codes is written, of the rows refused last."""
    if not codes:
        return {}
    loads = Load.objects.visible_to(viewer).filter(profile__target__in=TARGETS).order_by()
    rows = Rejection.objects.filter(load__in=loads.values("pk")).order_by("-pk").values_list("content", "load_id")
    found: dict[str, int] = {}
    for content, load in rows[:MOST_REJECTIONS]:
        for cell in content.values():
            if isinstance(cell, str) and cell in codes:
                found.setdefault(cell, load)
    known = Load.objects.select_related("snapshot", "profile").in_bulk(set(found.values()))
    return {code: known[load] for code, load in found.items()}


def _row(
    row: Compared, titles: Mapping[str, str], operations: Mapping[str, Operation], refused: Mapping[str, Load]
) -> DifferenceRow:
    subject = operations.get(row.code)
    return DifferenceRow(
        row,
        str(subject or titles.get(row.code, "")),
        subject,
        Figure(value=row.theirs, unit="€"),
        Figure(value=row.ours, unit="€"),
        Figure(value=row.difference, unit="€"),
        refused.get(row.code) if row.cause is Cause.REJECTED else None,
    )


def _stages(found: Comparison, ledger: Ledger) -> list[StageRow]:
    rows = []
    for stage in STAGES:
        theirs, ours = found.theirs.get(stage.value), found.ours.get(stage.value)
        if theirs is None and ours is None:
            continue
        one = ledger.figure(f"theirs/{stage.value}", theirs, formula=_("La somme des montants de leur fichier à ce stade."))
        other = ledger.figure(
            f"ours/{stage.value}", ours, formula=_("La somme des montants de Beffroi pour ses opérations, à ce stade.")
        )
        parts: list[Part] = [(_("Leur système"), None, one), (_("Beffroi"), None, other)]
        gap = ledger.figure(
            f"gap/{stage.value}",
            (theirs or Decimal(0)) - (ours or Decimal(0)),
            formula=_("Leur total moins le nôtre : la somme des écarts de la liste."),
            parts=parts,
        )
        rows.append(StageRow(str(stage.label), one, other, gap))
    return rows


def _causes(rows: Iterable[DifferenceRow], ledger: Ledger) -> list[tuple[str, int, Figure]]:
    groups: dict[Cause, list[DifferenceRow]] = defaultdict(list)
    for row in rows:
        groups[row.compared.cause].append(row)
    found = []
    for cause in Cause:
        if held := groups.get(cause):
            parts: list[Part] = [(f"{row.compared.code} · {row.stage}", row.subject, row.difference) for row in held]
            figure = ledger.sum(f"cause/{cause.value}", parts, formula=_("La somme des écarts qui ont cette cause."))
            found.append((str(cause.label), len(held), figure))
    return found
