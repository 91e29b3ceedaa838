"""Accompaniments: what was done, how long, what came of it, and where each project holder stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.interactions.enums import SUPPORT_KIND, SupportState, SupportStepKind
from beffroi.interactions.models import Support, SupportStep
from beffroi.interactions.rules import support as rules
from beffroi.reference.models import Item

STARTER = "starter"
ACTIVITIES = "activites"
RELATED = ("kind", "organisation", "holder__organisation", "owner", "service", "item")


def support_kinds() -> QuerySet[Item]:
    rows: QuerySet[Item] = Item.objects.of_framework(ACTIVITIES).at_level(SUPPORT_KIND)
    return rows.order_by("position", "pk")


def is_starter(support: Support) -> bool:
    return bool(support.kind.code == STARTER)


def as_steps(steps: Iterable[SupportStep]) -> list[rules.Step]:
    """In the order of their days, then of their writing."""
    ordered = sorted(steps, key=lambda step: (step.on, step.pk))
    return [rules.Step(SupportStepKind(step.kind), step.on) for step in ordered]


def told(rows: Any, viewer: AnyUser) -> Any:
    """Of those that the reader may see, those of which they may read what was done."""
    partners = viewer.partner_ids if viewer.is_authenticated else set()
    level = 1 if partners else 0
    return rows.filter(Q(owner__in=partners) | Q(detail_visibility__lte=level))


def supports_asked(asked: Mapping[str, Any], *, viewer: AnyUser) -> QuerySet[Support]:
    """`minutes` and `last` are of those alone whose detail the reader may read."""
    rows = Support.objects.visible_to(viewer).select_related(*RELATED)
    if words := search_key(asked.get("q") or ""):
        about = Q(organisation__sort_key__contains=words)
        rows = rows.filter(about | Q(pk__in=_titled(asked["q"].strip(), viewer)))
    if asked.get("mine"):
        rows = rows.of(viewer)
    named = {name: asked.get(name) for name in ("kind", "state")}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    found: QuerySet[Support] = with_hours(rows, viewer).order_by("-since", "-pk")
    return found


def _titled(words: str, viewer: AnyUser) -> Any:
    """What is searched in titles is searched in those that the reader may read."""
    rows = told(Support.objects.visible_to(viewer), viewer)
    return rows.filter(Q(title__icontains=words) | Q(holder__project__icontains=words)).order_by().values("pk")


def with_hours(rows: Any, viewer: AnyUser) -> Any:
    steps = SupportStep.objects.filter(support=OuterRef("pk"), support__in=told(Support.objects.all(), viewer)).order_by()
    total = steps.values("support").annotate(minutes=Sum("minutes")).values("minutes")
    last = steps.values("support").annotate(day=Max("on")).values("day")
    return rows.annotate(minutes=Subquery(total), last=Subquery(last))


def hours(minutes: int | None) -> Figure:
    return Figure(value=None if minutes is None else round(minutes / 60, 2), unit="h")


@dataclass(frozen=True)
class SupportCard:
    """An accompaniment in a list; what its reader may not read is None."""

    support: Support
    tells: bool
    hours: Figure | None


def cards(rows: Iterable[Any], viewer: AnyUser) -> list[SupportCard]:
    return [_card(row, viewer) for row in rows]


def _card(row: Any, viewer: AnyUser) -> SupportCard:
    tells = row.shows_detail_to(viewer)
    return SupportCard(row, tells, hours(row.minutes) if tells else None)


@dataclass(frozen=True)
class Path:
    """A project holder on the path: what was done, what comes next and when."""

    support: Support
    steps: list[rules.Step]
    due: rules.Due | None
    minutes: int | None
    on: date

    @property
    def last(self) -> rules.Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def is_late(self) -> bool:
        return bool(self.due and self.due.on and self.due.on < self.on)

    @property
    def hours(self) -> Figure:
        return hours(self.minutes)

    @property
    def due_label(self) -> str:
        return str(self.due.kind.label) if self.due else ""


def paths(viewer: AnyUser, *, on: date) -> list[Path]:
    """Those of the path that the reader may read, those that wait for a step first; three queries."""
    rows = told(Support.objects.visible_to(viewer), viewer).filter(kind__code=STARTER)
    found = rows.select_related(*RELATED).prefetch_related("steps").order_by("-since", "-pk")
    made = [path_of(row, on=on) for row in found]
    far = date.max
    return sorted(made, key=lambda path: (path.support.state != SupportState.OPEN, _due_day(path) or far))


def _due_day(path: Path) -> date | None:
    return path.due.on if path.due else None


def path_of(support: Support, *, on: date) -> Path:
    steps = as_steps(support.steps.all())
    is_open = support.state == SupportState.OPEN
    known = [step.minutes for step in support.steps.all() if step.minutes is not None]
    return Path(support, steps, rules.next_due(steps) if is_open else None, sum(known) if known else None, on)


# The path of project holders as its page draws it; hours and follow-up come as often as needed
STAGES = (
    SupportStepKind.RECEPTION,
    SupportStepKind.HOURS,
    SupportStepKind.CREATED,
    SupportStepKind.FOLLOW_UP,
    SupportStepKind.SURVIVAL_1,
    SupportStepKind.SURVIVAL_3,
    SupportStepKind.TRANSMITTED,
)


def stages(support: Support) -> list[dict[str, Any]]:
    """Each stage done, the last one present, or to come."""
    steps = as_steps(support.steps.all())
    done, last = {step.kind for step in steps}, steps[-1].kind if steps else None
    states = {kind: "current" if kind == last else "done" if kind in done else "todo" for kind in STAGES}
    return [{"label": kind.label, "state": state} for kind, state in states.items()]
