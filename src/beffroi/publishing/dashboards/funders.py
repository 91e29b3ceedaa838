"""The report of an operator's activity to one of its funders, in the funder's words, and the consolidation of them all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser, Partner
from beffroi.core.figures import Figure
from beffroi.funding.models import CENTS, Agreement
from beffroi.interactions.enums import SupportResultKind
from beffroi.interactions.queries.shares import ACTIVITIES, Activity, Work
from beffroi.interactions.rules.shares import OWN, excluded_by, split
from beffroi.reference.enums import Strength
from beffroi.reference.models import Correspondence, Crosswalk, Item

Payer = int | None


def year_of(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


@dataclass
class Sums:
    """What activities add up to: whole results, and time and money, whole and for one payer."""

    activities: list[Activity] = field(default_factory=list)
    minutes: int = 0
    part_minutes: int = 0
    cents: int = 0
    part_cents: int = 0
    timed: int = 0
    priced: int = 0
    others: set[int] = field(default_factory=set)

    def add(self, row: Activity, payer: Payer, work: Work) -> None:
        parts, cents = work.parts[row.key], work.cents(row)
        self.activities.append(row)
        self.others |= {part.agreement for part in parts if part.agreement not in (OWN, payer) and part.share > 0}
        if row.minutes is not None:
            self.timed += 1
            self.minutes += row.minutes
            self.part_minutes += split(row.minutes, parts).get(payer, 0)
        if cents is not None:
            self.priced += 1
            self.cents += cents
            self.part_cents += split(cents, parts).get(payer, 0)

    @property
    def count(self) -> int:
        return len(self.activities)

    @property
    def hours(self) -> Figure:
        return self._hours(self.minutes)

    @property
    def part_hours(self) -> Figure:
        return self._hours(self.part_minutes)

    def _hours(self, minutes: int) -> Figure:
        value = Decimal(minutes) / 60 if self.timed else None
        return Figure(value=value, unit="h", known=self.timed, parts=self.count)

    @property
    def money(self) -> Figure:
        return self._money(self.cents)

    @property
    def part_money(self) -> Figure:
        return self._money(self.part_cents)

    def _money(self, cents: int) -> Figure:
        value = Decimal(cents) / CENTS if self.priced else None
        return Figure(value=value, unit="€", known=self.priced, parts=self.count)


@dataclass(frozen=True)
class ReportRow:
    """A word of the funder's nomenclature; `is_own_word`: no correspondence carries it over, Beffroi's word is kept."""

    label: str
    code: str
    is_own_word: bool
    sums: Sums
    with_whom: str


@dataclass(frozen=True)
class Outcome:
    label: str
    figure: Figure
    with_whom: str


@dataclass
class FunderReport:
    agreement: Agreement
    work: Work
    viewer: AnyUser

    @cached_property
    def crosswalk(self) -> Crosswalk | None:
        programme = self.agreement.programme
        if programme is None:
            return None
        rows = Crosswalk.objects.visible_to(self.viewer).filter(source__framework__code=ACTIVITIES)
        found: Crosswalk | None = (
            rows.filter(target__framework=programme.framework_id).select_related("target__framework").order_by("-pk").first()
        )
        return found

    @cached_property
    def carried(self) -> dict[int, Item]:
        """The funder's word for each nature of activity that one of them covers whole."""
        if self.crosswalk is None:
            return {}
        rows = Correspondence.objects.filter(crosswalk=self.crosswalk).current().filter(strength=Strength.FULL)
        found: dict[int, list[Item]] = defaultdict(list)
        for row in rows.select_related("target").order_by("pk"):
            found[row.source_id].append(row.target)
        return {source: targets[0] for source, targets in found.items() if len(targets) == 1}

    @cached_property
    def paid(self) -> list[Activity]:
        return [row for row in self.work.activities if self._pays(row) and not self._excludes(row)]

    @cached_property
    def excluded(self) -> list[tuple[Activity, str]]:
        """What this agreement would pay for, but refuses because another does."""
        rows = [row for row in self.work.activities if self._pays(row)]
        return [(row, self.names(found)) for row in rows if (found := self._excludes(row))]

    def _pays(self, row: Activity) -> bool:
        return any(part.agreement == self.agreement.pk and part.share > 0 for part in self.work.parts[row.key])

    def _excludes(self, row: Activity) -> set[int]:
        return excluded_by(self.agreement.pk, self.work.parts[row.key], self.work.exclusions)

    def names(self, agreements: Iterable[int]) -> str:
        return ", ".join(sorted({name for pk in agreements for name in self.work.payers(pk)}))

    @cached_property
    def rows(self) -> list[ReportRow]:
        groups: dict[tuple[bool, int], Sums] = defaultdict(Sums)
        words: dict[tuple[bool, int], Item] = {}
        for row in self.paid:
            key, item = self._word(row)
            words[key] = item
            groups[key].add(row, self.agreement.pk, self.work)
        made = [
            ReportRow(words[key].label, words[key].code, key[0], sums, self.names(sums.others)) for key, sums in groups.items()
        ]
        return sorted(made, key=lambda row: (row.is_own_word and bool(self.carried), row.label))

    def _word(self, row: Activity) -> tuple[tuple[bool, int], Item]:
        for kind in row.kinds:
            if kind in self.carried:
                return (False, self.carried[kind].pk), self.carried[kind]
        return (True, row.kinds[0]), self.work.kinds[row.kinds[0]]

    @cached_property
    def total(self) -> Sums:
        found = Sums()
        for row in self.paid:
            found.add(row, self.agreement.pk, self.work)
        return found

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Whole in each report, with those who pay for them too."""
        return outcomes(self.paid, self.work, lambda rows: self.names(_payers(rows, self.work) - {self.agreement.pk}))


def _payers(rows: Iterable[Activity], work: Work) -> set[int]:
    return {part.agreement for row in rows for part in work.parts[row.key] if part.agreement is not None and part.share > 0}


def outcomes(rows: Collection[Activity], work: Work, named: Any) -> list[Outcome]:
    by_link: dict[str, list[Activity]] = defaultdict(list)
    for row in rows:
        by_link[row.link].append(row)
    found: list[tuple[Any, Figure, list[Activity]]] = [
        (_("visites"), Figure(value=len(by_link["visit"])), by_link["visit"]),
        (_("entreprises différentes visitées"), _companies(by_link["visit"], work), by_link["visit"]),
        (_("accompagnements"), Figure(value=len(by_link["support"])), by_link["support"]),
        (_("entreprises et porteurs accompagnés"), _companies(by_link["support"], work), by_link["support"]),
        (_("événements"), Figure(value=len(by_link["event"])), by_link["event"]),
        (_("participations d’entreprises"), _guests(by_link["event"], work), by_link["event"]),
        (_("actions en milieu scolaire"), Figure(value=len(by_link["school_action"])), by_link["school_action"]),
    ]
    supports = {row.pk: row for row in by_link["support"]}
    for kind in SupportResultKind:
        told = [result for result in work.outcomes if result.kind == kind and result.support_id in supports]
        if told:
            found.append((kind.label, _sum(told), [supports[result.support_id] for result in told]))
    made = [Outcome(str(label), figure, named(about)) for label, figure, about in found if about]
    apart = Outcome(_("événements annoncés, non confirmés"), Figure(value=work.unconfirmed), "")
    return [*made, apart] if work.unconfirmed else made


def _companies(rows: Sequence[Activity], work: Work) -> Figure:
    return Figure(value=len(work.bodies.of_subjects(row.subject for row in rows if row.subject is not None)))


def _guests(rows: Sequence[Activity], work: Work) -> Figure:
    events = {row.pk for row in rows}
    return Figure(value=sum(guest.event_id in events for guest in work.guests))


def _sum(results: Sequence[Any]) -> Figure:
    """A result without a number is known to be one: it counts for itself in the completeness."""
    told = [result.value for result in results if result.value is not None]
    return Figure(value=sum(told, Decimal(0)) if told else None, known=len(told), parts=len(results))


@dataclass(frozen=True)
class PayerRow:
    payer: Any
    agreement: Agreement | None
    sums: Sums


@dataclass
class Consolidation:
    """All that an operator did, once, and what each agreement pays of it: hours and euros add up, results do not."""

    partner: Partner
    work: Work

    @cached_property
    def rows(self) -> list[PayerRow]:
        payers: list[Payer] = [*self.work.agreements, OWN]
        return [row for payer in payers if (row := self._row(payer)).sums.count]

    def _row(self, payer: Payer) -> PayerRow:
        sums = Sums()
        for row in self.work.activities:
            if any(part.agreement == payer and part.share > 0 for part in self.work.parts[row.key]):
                sums.add(row, payer, self.work)
        agreement = None if payer is None else self.work.agreements[payer]
        return PayerRow(_("part de l’opérateur") if payer is None else ", ".join(self.work.payers(payer)), agreement, sums)

    @cached_property
    def total(self) -> Sums:
        found = Sums()
        for row in self.work.activities:
            found.add(row, OWN, self.work)
        return found

    @property
    def counted_twice(self) -> int:
        """How many more activities the reports say together than there are."""
        return sum(row.sums.count for row in self.rows) - self.total.count

    @cached_property
    def outcomes(self) -> list[Outcome]:
        return outcomes(self.work.activities, self.work, lambda rows: "")
