"""What is aimed at, programmed, certified and paid, item by item, against the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core.figures import Figure
from beffroi.funding.enums import ExpenditureBase, Measure, Stage
from beffroi.funding.queries.amounts import MoneyRow
from beffroi.funding.queries.desk.amounts import AIMED_AT, Amounts
from beffroi.funding.queries.desk.ledger import Part
from beffroi.funding.queries.desk.measures import Measures, average
from beffroi.funding.queries.desk.tree import WHOLE
from beffroi.funding.rules.cofinancing import Rate, aid_rate

NOTHING = Figure(unit="€")
BASES = (ExpenditureBase.UNION_SHARE, ExpenditureBase.TOTAL, ExpenditureBase.ELIGIBLE)


@dataclass(frozen=True)
class ItemRow:
    """One item of a programme, or the whole of it (`item` is None)."""

    scope: int
    item: Any
    depth: int
    target: Figure
    programmed: Figure
    printed: Sequence[Figure]
    rate: Figure
    printed_rates: Sequence[Figure]
    certified: dict[str, Figure]
    paid: Figure
    files: Figure | None = None
    printed_files: Sequence[Figure] = ()
    average: Figure | None = None
    printed_averages: Sequence[Figure] = ()
    operations: Figure | None = None
    is_partial: bool = False

    @property
    def is_certified_or_paid(self) -> bool:
        return self.paid.is_known or any(figure.is_known for figure in self.certified.values())

    @property
    def union_share(self) -> Figure:
        return self.certified[ExpenditureBase.UNION_SHARE]

    @property
    def total_cost(self) -> Figure:
        return self.certified[ExpenditureBase.TOTAL]


@dataclass
class Progress:
    amounts: Amounts
    measures: Measures
    plan: dict[int, Figure] = field(default_factory=dict)

    def rows(self) -> list[ItemRow]:
        scopes = self.amounts.scopes | self.measures.scopes | set(self.plan) | {WHOLE}
        return [self._row(scope) for scope in self.amounts.tree.ordered(scopes)]

    def _row(self, scope: int) -> ItemRow:
        tree, measures = self.amounts.tree, self.measures
        target, programmed = self.target(scope), self.programmed(scope)
        basis = self.basis(scope, programmed)
        files = measures.counted(f"files/{scope}", measures.files_under(scope))
        return ItemRow(
            scope=scope,
            item=tree.items.get(scope),
            depth=tree.depth(scope),
            target=target,
            programmed=programmed,
            printed=[
                *(printed_figure(row) for row in self.amounts.printed(scope, Stage.PROGRAMMED)),
                *measures.printed_of(Measure.PROGRAMMED, scope),
            ],
            rate=self._rate(scope, basis, target),
            printed_rates=measures.printed_of(Measure.PROGRAMMING_RATE, scope),
            certified={base: self.certified(scope, base) for base in BASES},
            paid=self.amounts.total(f"paid/{scope}", scope, Stage.PAID),
            files=files,
            printed_files=measures.printed_of(Measure.FILES, scope),
            average=self._average(scope, programmed, files),
            printed_averages=measures.printed_of(Measure.AVERAGE, scope),
            operations=measures.operations_under(f"operations/{scope}", scope),
            is_partial=programmed.is_known and basis is not programmed,
        )

    def programmed(self, scope: int) -> Figure:
        return self.amounts.total(f"programmed/{scope}", scope, Stage.PROGRAMMED)

    def target(self, scope: int) -> Figure:
        """Its envelope, else its plan in force, else the printed total, else the lines: said with the figure."""
        for found in (self._envelope(scope), self.plan.get(scope), self._printed_target(scope)):
            if found is not None:
                return found
        for stage in AIMED_AT:
            if rows := self.amounts.under(scope, stage):
                formula = _("La somme des lignes « %(stage)s », faute d’enveloppe, de maquette et de total imprimé.")
                return self.amounts.added(f"target/{scope}", rows, formula % {"stage": Stage(stage).label})
        return NOTHING

    def _envelope(self, scope: int) -> Figure | None:
        tree = self.amounts.tree
        rows = [row for row in self.amounts.envelopes if row.stage in AIMED_AT and tree.scope(row.item_id) == scope]
        kept = [row for row in rows if row.year is None] or rows
        if not kept:
            return None
        parts: list[Part] = [(row, row, row.figure) for row in kept]
        formula = _("La somme de ses enveloppes : celles de toute la période, ou, s’il n’y en a pas, celles de chaque année.")
        return self.amounts.ledger.sum(f"target/{scope}", parts, formula=formula, note=_("enveloppe"))

    def _printed_target(self, scope: int) -> Figure | None:
        """The total printed for the longest time: what is left to programme is for less."""
        rows = self.amounts.printed(scope, Stage.PLANNED)
        longest = max((_length(row) for row in rows), default=0)
        kept = [row for row in rows if _length(row) == longest]
        return kept[0].figure if len(kept) == 1 else None

    def basis(self, scope: int, programmed: Figure) -> Figure:
        """What the rate is computed on: the lines, unless a printed total of the same day shows that some are missing."""
        printed = [row for row in self.amounts.printed(scope, Stage.PROGRAMMED) if row.value is not None]
        periods = {row["written_period"] for row in self.amounts.under(scope, Stage.PROGRAMMED)}
        same = [row for row in printed if row.subject.written_period in periods] if programmed.is_known else printed[:1]
        most = max(same, key=lambda row: row.value or Decimal(0), default=None)
        known = programmed.value
        is_more = most is not None and (known is None or (most.value or Decimal(0)) > Decimal(str(known)))
        return most.figure if most is not None and is_more else programmed

    def _rate(self, scope: int, basis: Figure, target: Figure) -> Figure:
        rate = _rate_of(basis, target)
        formula = _(
            "Le montant programmé divisé par le montant prévu. Le programmé est la somme des lignes, ou le total imprimé quand "
            "les lignes connues n’en couvrent qu’une partie."
        )
        parts: list[Part] = [(_("Programmé"), None, basis), (_("Prévu"), None, target)]
        return self.amounts.ledger.figure(f"rate/{scope}", rate.value, formula=formula, parts=parts, unit="ratio")

    def _average(self, scope: int, programmed: Figure, files: Figure | None) -> Figure | None:
        value = average(programmed, files)
        if value is None or files is None:
            return None
        parts: list[Part] = [(_("Programmé"), None, programmed), (_("Dossiers"), None, files)]
        formula = _("Le montant programmé divisé par le nombre de dossiers.")
        return self.amounts.ledger.figure(f"average/{scope}", value, formula=formula, parts=parts)

    def certified(self, scope: int, base: str) -> Figure:
        """What is said of the item itself, else the sum of what is said of its parts on the same base."""
        own = self.amounts.certified(scope, base)
        if own is not None:
            return own.figure
        tree = self.amounts.tree
        said = {tree.scope(row.subject.item_id) for row in self.amounts.expenditures if row.subject.base == base}
        below = [place for place in said if tree.is_under(place, scope) and not (set(tree.path(place)[1:]) & said)]
        rows = [found for place in sorted(below) if (found := self.amounts.certified(place, base)) is not None]
        parts: list[Part] = [(row.subject.item or row.subject, row.subject.item, row.figure) for row in rows]
        return self._certified_lines(scope, base) if not parts else self._certified_parts(scope, base, parts)

    def _certified_parts(self, scope: int, base: str, parts: list[Part]) -> Figure:
        formula = _("La somme de ce que ses parties ont certifié, sur cette seule base : deux bases ne s’additionnent pas.")
        return self.amounts.ledger.sum(f"certified/{base}/{scope}", parts, formula=formula)

    def _certified_lines(self, scope: int, base: str) -> Figure:
        """A line at the stage « certified » is the funder's own money: its share, never the total cost."""
        rows = self.amounts.under(scope, Stage.CERTIFIED) if base == ExpenditureBase.UNION_SHARE else []
        formula = _("La somme des lignes certifiées des financeurs : leur part, pas le coût total.")
        return self.amounts.added(f"certified/{base}/{scope}", rows, formula)


def _rate_of(basis: Figure, target: Figure) -> Rate:
    known = [None if row.value is None else Decimal(str(row.value)) for row in (basis, target)]
    return aid_rate(known[0], base=known[1], base_kind=_("montant prévu"))


def _length(row: MoneyRow) -> int:
    start, end = row.subject.start, row.subject.end
    return (end - start).days if start and end else 0


def printed_figure(row: MoneyRow) -> Figure:
    return row.figure.with_label(row.subject.label or row.subject.written_period)


def elapsed(start: date | None, end: date | None, on: date) -> Decimal | None:
    """The share of a period that is over on a day; unknown without its dates."""
    if start is None or end is None or end <= start:
        return None
    days = min(max((on - start).days + 1, 0), (end - start).days + 1)
    return Decimal(days) / Decimal((end - start).days + 1)
