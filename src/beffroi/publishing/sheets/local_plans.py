"""Local plans: what each sheet says of its money. Forecast, yearly and done are three notions: no total adds two of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Relation
from beffroi.core.figures import Figure
from beffroi.funding.enums import BudgetSection, PlanGap, PlanNotion, PrintedState
from beffroi.funding.queries import MoneyRow, PrintedSum, money_rows, printed_sums
from beffroi.funding.rules import local_plans as rules
from beffroi.governance.models import Meeting
from beffroi.indicators.models import Dimension
from beffroi.provenance.models import Anomaly
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework, Item

LEVEL = "local_plan"
WHOLE = "whole"
COLUMNS = (BudgetSection.OPERATING, BudgetSection.INVESTMENT)


@dataclass(frozen=True)
class PlanMoney:
    """What a plan says at one notion, section by section."""

    plan: "Plan"
    notion: PlanNotion
    lines: Sequence[MoneyRow]

    @property
    def period(self) -> str:
        return next((row.subject.written_period for row in self.lines if row.subject.written_period), "")

    def of(self, section: str) -> Figure | None:
        rows = [row for row in self.lines if section in (WHOLE, row.subject.section)]
        if not rows:
            return self._part(section)
        return rows[0].figure if len(rows) == 1 else _added(rows)

    def _part(self, section: str) -> Figure | None:
        """« dont investissement » is printed beside the whole."""
        return self.plan.parts.get(section)

    @property
    def operating(self) -> Figure | None:
        return self.of(BudgetSection.OPERATING)

    @property
    def investment(self) -> Figure | None:
        return self.of(BudgetSection.INVESTMENT)

    @property
    def whole(self) -> Figure | None:
        return self.of(WHOLE)


def _added(rows: Sequence[MoneyRow]) -> Figure:
    known = [row.value for row in rows if row.value is not None]
    why = "lines:" + ",".join(str(row.subject.pk) for row in rows)
    parts = len(rows) if len(known) < len(rows) else None
    return Figure(value=sum(known, Decimal(0)) if known else None, unit="€", known=len(known), parts=parts, why=why)


@dataclass
class Plan:
    """The sheet of one local plan."""

    item: Item
    leads: list[Any] = field(default_factory=list)
    lines: list[MoneyRow] = field(default_factory=list)
    printed: list[PrintedSum] = field(default_factory=list)
    territories: set[int] = field(default_factory=set)
    anomalies: list[Anomaly] = field(default_factory=list)

    @cached_property
    def money(self) -> list[PlanMoney]:
        by_notion: dict[PlanNotion, list[MoneyRow]] = defaultdict(list)
        for row in self.lines:
            money = row.subject
            by_notion[rules.notion_of(money.stage, money.start, money.end)].append(row)
        return [PlanMoney(self, notion, by_notion[notion]) for notion in PlanNotion if notion in by_notion]

    @cached_property
    def parts(self) -> dict[str, Figure]:
        """The sections printed as parts of the whole; a document writes them in French, whatever the reader's language."""
        said = [row for row in self.printed if row.state == PrintedState.PART]
        with translation.override("fr"):
            names = {section.value: str(section.label) for section in COLUMNS}
        return {section: row.row.figure for section, name in names.items() for row in said if row.label.endswith(name)}

    @property
    def has_two_sections(self) -> bool:
        return rules.has_two_sections(self.sections, set(self.parts))

    @property
    def sections(self) -> set[str]:
        return {row.subject.section for row in self.lines}

    @property
    def gaps(self) -> list[PlanGap]:
        return rules.gaps_of(self.sections, has_period=any(row.subject.written_period for row in self.lines))

    @property
    def differing(self) -> list[PrintedSum]:
        """Totals printed for this plan that are not the sum of their lines."""
        return [row for row in self.printed if row.state == PrintedState.DIFFERS]


@dataclass
class Plans:
    """The plans of one framework."""

    programme: Any
    plans: list[Plan]

    def of_notion(self, notion: PlanNotion) -> list[PlanMoney]:
        return [money for plan in self.plans for money in plan.money if money.notion == notion]

    @property
    def tables(self) -> list[dict[str, Any]]:
        found = ((notion, self.of_notion(notion)) for notion in PlanNotion)
        return [
            {"notion": notion, "rows": rows, "totals": [self.total(notion, section) for section in (*COLUMNS, WHOLE)]}
            for notion, rows in found
            if rows
        ]

    def total(self, notion: PlanNotion, section: str) -> Figure:
        """Of one notion and section: the sheets that say it, out of all the sheets."""
        values = [figure.value for row in self.of_notion(notion) if (figure := row.of(section)) and figure.value is not None]
        why = f"plans:{self.programme.code}/{notion}/{section}"
        return Figure(
            value=sum((Decimal(str(value)) for value in values), Decimal(0)) if values else None,
            unit="€",
            known=len(values),
            parts=len(self.plans),
            why=why,
        )

    @property
    def figures(self) -> list[Figure]:
        counts = (
            (_("Fiches de plans locaux"), self.plans, "all"),
            (_("Avec deux sections budgétaires"), [plan for plan in self.plans if plan.has_two_sections], "two-sections"),
            (_("Où quelque chose manque"), [plan for plan in self.plans if plan.gaps], "gaps"),
            (_("Où quelque chose se contredit"), [plan for plan in self.plans if plan.anomalies], "anomalies"),
        )
        whole = len(self.plans)
        return [
            Figure(
                value=len(rows),
                label=label,
                known=None if name == "all" else len(rows),
                parts=None if name == "all" else whole,
                why=f"plans:{self.programme.code}/{name}",
            )
            for label, rows, name in counts
        ]


def plans_known(about: Q, *, moment: Moment, viewer: AnyUser) -> list[Plans]:
    items = (
        Item.objects.visible_to(viewer).at_level(LEVEL).filter(about).exclude(version__framework__kind=FrameworkKind.GEOGRAPHY)
    )
    items = items.select_related("version__framework")
    plans = {item.pk: Plan(item) for item in items.order_by("version__framework__sort_key", "position", "pk")}
    ids = list(plans)
    for row in money_rows("line", Q(item__in=ids, operation=None), moment=moment, viewer=viewer):
        plans[row.subject.item_id].lines.append(row)
    for one in printed_sums(Q(item__in=ids), moment=moment, viewer=viewer):
        plans[one.row.subject.item_id].printed.append(one)
    _add_places(plans, moment, viewer)
    _add_anomalies(plans, viewer)
    groups: dict[int, Plans] = {}
    for plan in plans.values():
        framework = plan.item.version.framework
        groups.setdefault(framework.pk, Plans(framework, [])).plans.append(plan)
    return list(groups.values())


def _add_places(plans: dict[int, Plan], moment: Moment, viewer: AnyUser) -> None:
    """Who leads each plan, and the territories that values or its lead tie to it."""
    edges = Relation.objects.seen_at(moment, viewer).filter(kind=RelationKind.LEAD_TERRITORY_OF, item__in=list(plans))
    for edge in edges.select_related("subject").order_by("pk"):
        plan = plans[edge.item_id]
        plan.leads.append(edge.subject)
        plan.territories |= {edge.subject.place_id} - {None}
    named = Dimension.objects.filter(item__in=list(plans)).order_by("pk").values_list("item", "cell__territory")
    for item, territory in named.exclude(cell__territory=None):
        plans[item].territories.add(territory)


def _add_anomalies(plans: dict[int, Plan], viewer: AnyUser) -> None:
    owner = {("item", pk): pk for pk in plans}
    for pk, plan in plans.items():
        owner |= {("line", row.subject.pk): pk for row in plan.lines}
        owner |= {("sum", row.row.subject.pk): pk for row in plan.printed}
    own = _own_frameworks(plans)
    owner |= {("framework", framework): pk for framework, pk in own.items()}
    meetings = Meeting.objects.filter(Q(about_item__in=list(plans)) | Q(about_framework__in=list(own))).order_by("pk")
    for meeting, item, framework in meetings.values_list("pk", "about_item", "about_framework"):
        owner["meeting", meeting] = item or own[framework]
    found = Anomaly.objects.visible_to(viewer).open().filter(about__kind__in={kind for kind, _pk in owner}).distinct()
    for anomaly in found.prefetch_related("about").order_by("check_name", "title", "pk"):
        for pk in {owner[key] for row in anomaly.about.all() if (key := (row.kind, row.subject_id)) in owner}:
            plans[pk].anomalies.append(anomaly)


def _own_frameworks(plans: dict[int, Plan]) -> dict[int, int]:
    """A plan that has a tree of its own has it under its code: what is said of it there is said of the plan."""
    codes = {plan.item.code: pk for pk, plan in plans.items()}
    rows = Framework.objects.filter(code__in=list(codes), kind=FrameworkKind.PLAN).order_by("pk")
    return {pk: codes[code] for pk, code in rows.values_list("pk", "code")}


def plans_of(territories: Iterable[int], *, moment: Moment, viewer: AnyUser) -> list[Plan]:
    """The plans of a territory under any of its names: only theirs are read."""
    wanted = set(territories)
    leads = Relation.objects.seen_at(moment, viewer).filter(kind=RelationKind.LEAD_TERRITORY_OF, subject__place__in=wanted)
    named = Dimension.objects.filter(cell__territory__in=wanted, item__level=LEVEL)
    items = {*leads.order_by().values_list("item", flat=True), *named.order_by().values_list("item", flat=True)}
    found = plans_known(Q(pk__in=items), moment=moment, viewer=viewer) if items else []
    return [plan for group in found for plan in group.plans]


NAMES: dict[str, Any] = {
    "all": (gettext_lazy("Les fiches de plans locaux que les sources décrivent."), lambda plan: True),
    "two-sections": (
        gettext_lazy("Les fiches qui donnent fonctionnement et investissement, ou l’ensemble et l’un des deux."),
        lambda plan: plan.has_two_sections,
    ),
    "gaps": (
        gettext_lazy("Les fiches sans montant, sans période, ou dont une section n’est pas écrite."),
        lambda plan: plan.gaps,
    ),
    "anomalies": (
        gettext_lazy("Les fiches dont un contrôle dit que quelque chose se contredit."),
        lambda plan: plan.anomalies,
    ),
}


def counted(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`framework/name` or `framework/notion/section`: why a figure of the page of local plans."""
    code, _slash, name = rest.partition("/")
    group = next(iter(plans_known(Q(version__framework__code=code), moment=moment, viewer=viewer)), None)
    if group is None:
        return None
    if name in NAMES:
        formula, chosen = NAMES[name]
        parts: list[Any] = [(plan.item, plan.item, None) for plan in group.plans if chosen(plan)]
        return Counted(group.programme, formula, Figure(value=len(parts)), parts, group.programme)
    notion, _slash, section = name.partition("/")
    if notion not in PlanNotion.values or section not in (*COLUMNS, WHOLE):
        return None
    formula = gettext_lazy(
        "La somme de ce que disent les fiches à cette même notion. Prévu, annuel et réalisé ne s’ajoutent jamais."
    )
    chosen_rows = [(row.plan.item, row.plan.item, row.of(section)) for row in group.of_notion(PlanNotion(notion))]
    parts = [row for row in chosen_rows if row[2] is not None]
    return Counted(group.programme, formula, group.total(PlanNotion(notion), section), parts, group.programme)
