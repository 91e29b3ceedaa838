"""Files and where they stand: the current step of each is the last one reached on the day one looks from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from beffroi.accounts.models import AnyUser, User
from beffroi.core.search import SearchRow, address_of
from beffroi.core.text import search_key
from beffroi.funding.enums import Cycle, StepKind
from beffroi.funding.models import Application, Call, Operation, Step
from beffroi.funding.rules import cycles
from beffroi.provenance.queries import Moment

RELATED = ("programme__framework", "applicant", "holder", "item", "owner", "operation")
SEVERAL = 20
CARDS = 12  # of a column of the board; the list has them all


def as_dated(step: Step) -> cycles.Dated:
    return cycles.Dated(StepKind(step.kind), step.on, step.stated_on, step.pk)


def dated_steps(application: Application) -> list[cycles.Dated]:
    """As they are believed now, whoever looks: what an action compares with."""
    return cycles.in_order(as_dated(step) for step in application.steps.current())


def with_current(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """Adds `current`, the last step, and `since`, the day from which the file stands there (None when nobody says it)."""
    last = Step.objects.filter(application=OuterRef("pk")).seen_at(moment).latest_first()
    since = last.annotate(day=Coalesce("on", "stated_on"))
    found: QuerySet[Any] = rows.annotate(current=Subquery(last.values("kind")[:1]), since=Subquery(since.values("day")[:1]))
    return found


def files_asked(asked: dict[str, Any], *, viewer: AnyUser, moment: Moment) -> QuerySet[Any]:
    rows = with_current(Application.objects.visible_to(viewer).select_related(*RELATED), moment)
    if words := search_key(asked.get("q") or ""):
        code = Q(code__icontains=asked["q"].strip())
        rows = rows.filter(Q(sort_key__contains=words) | Q(applicant__sort_key__contains=words) | code)
    named = {name: asked.get(name) for name in ("programme", "call", "cycle", "item")}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if asked.get("step"):
        rows = rows.filter(current=asked["step"])
    if asked.get("waiting"):
        rows = rows.filter(standing_still(moment.as_of, asked["waiting"]))
    found: QuerySet[Any] = rows.order_by(F("since").asc(nulls_first=True), "sort_key", "pk")
    return found


def with_calls(rows: QuerySet[Any], viewer: AnyUser) -> QuerySet[Any]:
    """With the call that each file answers; one that this reader may not see is not named."""
    return rows.prefetch_related(Prefetch("call", Call.objects.visible_to(viewer)))


def standing_still(on: date, days: int) -> Q:
    """Not over, and without a step for that many days."""
    return Q(since__lte=on - timedelta(days=days)) & ~Q(current__in=list(cycles.OVER))


@dataclass(frozen=True)
class BoardColumn:
    """The files that stand at one step, the oldest first; `count` of them, of which the first are shown."""

    step: StepKind
    count: int
    files: list[Application]

    @property
    def others(self) -> int:
        return self.count - len(self.files)


def board(cycle: Cycle, rows: QuerySet[Any]) -> list[BoardColumn]:
    """A column for each step of the life cycle that has files, and for those of its path; two queries."""
    of_cycle = rows.filter(cycle=cycle)
    tally = of_cycle.order_by().values("current").annotate(files=Count("pk")).values_list("current", "files")
    counts = {step: count for step, count in tally if step in StepKind}
    nth = Window(RowNumber(), partition_by=F("current"), order_by=[F("since").asc(nulls_first=True), F("pk").asc()])
    cards: dict[str, list[Application]] = {}
    for file in of_cycle.annotate(nth=nth).filter(nth__lte=CARDS).order_by("nth", "pk"):
        cards.setdefault(file.current, []).append(file)
    shown = [step for step in StepKind if step in counts or step in cycles.PATHS[cycle]]
    return [BoardColumn(step, counts.get(step, 0), cards.get(step, [])) for step in shown]


def usual_cycle(rows: QuerySet[Any]) -> str:
    """The life cycle of most of these files: the board that opens when none is asked."""
    tally = (
        rows.order_by().values("cycle").annotate(files=Count("pk")).order_by("-files", "cycle").values_list("cycle", flat=True)
    )
    return str(tally.first() or Cycle.ERDF.value)


def steps_of(application: Application, *, moment: Moment) -> list[Step]:
    """In the order of their days."""
    rows = application.steps.seen_at(moment).select_related("by", "load__snapshot__source")
    return sorted(rows, key=lambda step: as_dated(step).order)


def past_steps(application: Application) -> QuerySet[Step]:
    """What was written of its steps and no longer holds: corrected, or taken back."""
    rows: QuerySet[Step] = application.steps.filter(recorded_to__isnull=False)
    return rows.select_related("by", "ended_by", "load__snapshot__source").order_by("-recorded_to", "-pk")


def file_of(operation: Operation, *, viewer: AnyUser) -> Application | None:
    found: Application | None = (
        Application.objects.visible_to(viewer).filter(operation=operation).select_related(*RELATED).first()
    )
    return found


def own_files(user: User, *, moment: Moment) -> QuerySet[Any]:
    """The files that the person's institutions keep."""
    rows = Application.objects.visible_to(user).of_owner(user.partner_ids)
    return with_current(rows.select_related(*RELATED), moment).order_by(F("since").asc(nulls_first=True), "pk")


def operations_for(application: Application, *, viewer: AnyUser) -> QuerySet[Operation]:
    """Known operations that could be this file: the same number, or the same beneficiary in the same programme."""
    about = Q(code=application.code)
    if application.applicant_id:
        about |= Q(programme=application.programme_id, beneficiary=application.applicant_id)
    rows = Operation.objects.visible_to(viewer).filter(about, application=None).order_by("sort_key", "pk")
    found: QuerySet[Operation] = Operation.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:SEVERAL]))
    return found.order_by("sort_key", "pk")


def application_search_rows(ids: Iterable[int] | None) -> Iterator[SearchRow]:
    rows = Application.objects.all() if ids is None else Application.objects.filter(pk__in=list(ids))
    for row in rows.select_related("programme__framework", "applicant", "holder").order_by("pk").iterator():
        yield SearchRow(
            kind="application",
            id=row.pk,
            title=row.title,
            detail=f"{row.code} · {row.programme}"[:500],
            address=address_of(row),
            texts=(row.code, row.description, row.applicant_name),
            owner_id=row.owner_id,
            visibility=row.visibility,
        )
