"""Processing times of the files that a reader may see, by programme, call or year of receipt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.enums import Cycle, StepKind
from beffroi.funding.models import Application, Call, Programme, Step
from beffroi.funding.rules import cycles
from beffroi.funding.rules.delays import Delay, Span, SpanState, dates_of_steps, delay, intervals, span
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted, Question

GROUPS = ("programme", "call", "year")
UNIT = _("jours")


@dataclass(frozen=True)
class FileSpan:
    """One file between two steps, and the days that its call, or the reader, allows."""

    file: dict[str, Any]
    span: Span
    limit: int | None


@dataclass(frozen=True)
class DelayRow:
    group: str
    start: StepKind
    end: StepKind
    delay: Delay
    why: str

    @property
    def median(self) -> Figure:
        found = self.delay
        parts = found.count + found.unknown if found.unknown else None  # said where some are missing
        return Figure(value=found.median, unit=str(UNIT), known=found.count if parts else None, parts=parts, why=self.why)


@dataclass(frozen=True)
class Reached:
    """How many files ever reached a step: labelled and funded are two counts, never one."""

    step: StepKind
    count: int
    undated: int


FILE = (
    "pk", "title", "programme", "programme__framework__label", "call", "call__title", "call__decision_days", "call__visibility",
    "call__owner",
)  # fmt: skip


def _files(asked: dict[str, Any], viewer: AnyUser) -> list[dict[str, Any]]:
    rows = Application.objects.visible_to(viewer).filter(cycle=asked["cycle"])
    named = {name: asked.get(name) for name in ("programme", "call")}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    return [_named(file, viewer) for file in rows.order_by("pk").values(*FILE)]


def _named(file: dict[str, Any], viewer: AnyUser) -> dict[str, Any]:
    """A call that this reader may not see is not named."""
    call = Call(visibility=file["call__visibility"], owner_id=file["call__owner"])
    is_hidden = file["call"] is not None and not call.is_seen_by(viewer)
    return {**file, "call__title": _("appel réservé")} if is_hidden else file


def _dates(asked: dict[str, Any], viewer: AnyUser, moment: Moment) -> dict[int, dict[StepKind, date | None]]:
    files = Application.objects.visible_to(viewer).filter(cycle=asked["cycle"]).values("pk")
    rows = Step.objects.filter(application__in=files).seen_at(moment).order_by("pk").values_list("application", "kind", "on")
    found: dict[int, list[tuple[StepKind, date | None]]] = defaultdict(list)
    for pk, kind, on in rows:
        found[pk].append((StepKind(kind), on))
    return {pk: dates_of_steps(steps) for pk, steps in found.items()}


def dated_files(
    asked: dict[str, Any], *, viewer: AnyUser, moment: Moment
) -> list[tuple[dict[str, Any], dict[StepKind, date | None]]]:
    """The files asked with the day of each of their steps, in two queries. `since`, `until`: of their first step."""
    dates = _dates(asked, viewer, moment)
    found = [(file, dates[file["pk"]]) for file in _files(asked, viewer) if file["pk"] in dates]
    return [pair for pair in found if _is_received(_receipt(asked["cycle"], pair[1]), asked.get("since"), asked.get("until"))]


def _receipt(cycle: str, dates: dict[StepKind, date | None]) -> date | None:
    return dates.get(cycles.PATHS[Cycle(cycle)][0])


def _is_received(on: date | None, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    return on is not None and (since is None or on >= since) and (until is None or on <= until)


def spans_of(
    files: Iterable[tuple[dict[str, Any], dict[StepKind, date | None]]],
    pair: tuple[StepKind, StepKind],
    *,
    asked: dict[str, Any],
    on: date,
) -> Iterator[FileSpan]:
    cycle = Cycle(asked["cycle"])
    path = cycles.PATHS[cycle]
    is_whole = pair == (path[0], cycles.DECISION[cycle])
    for file, dates in files:
        if (one := span(dates, *pair, path=path, on=on)) is not None:
            yield FileSpan(file, one, asked.get("limit") or (file["call__decision_days"] if is_whole else None))


def group_of(file: dict[str, Any], dates: dict[StepKind, date | None], by: str, cycle: str) -> str:
    if by == "call":
        return str(file["call__title"] or _("hors appel"))
    if by == "year":
        receipt = _receipt(cycle, dates)
        return str(receipt.year) if receipt else str(_("dépôt non daté"))
    return str(file["programme__framework__label"])


def delays(asked: dict[str, Any], *, viewer: AnyUser, moment: Moment) -> list[DelayRow]:
    """`asked`: cycle, and programme, call, since, until, limit, by if wanted."""
    by, cycle = asked.get("by") or "programme", asked["cycle"]
    groups: dict[str, list[Any]] = defaultdict(list)
    for file, dates in dated_files(asked, viewer=viewer, moment=moment):
        groups[group_of(file, dates, by, cycle)].append((file, dates))
    rows = []
    for group, files in sorted(groups.items()):
        for pair in intervals(Cycle(cycle)):
            spans = [(one.span, one.limit) for one in spans_of(files, pair, asked=asked, on=moment.as_of)]
            if spans:
                rows.append(DelayRow(group, *pair, delay(spans), _key(asked, by, group, pair)))
    return rows


def reached(asked: dict[str, Any], *, viewer: AnyUser, moment: Moment) -> list[Reached]:
    files = dated_files(asked, viewer=viewer, moment=moment)
    return [
        Reached(step, sum(step in dates for _, dates in files), sum(dates.get(step, date.max) is None for _, dates in files))
        for step in StepKind
        if step in cycles.NEXT[Cycle(asked["cycle"])]
    ]


PARTS = ("cycle", "by", "programme", "call", "since", "until", "limit")


def _key(asked: dict[str, Any], by: str, group: str, pair: tuple[StepKind, StepKind]) -> str:
    """What opens the files behind a median: `delay:` and every choice of the reader."""
    said = {**asked, "by": by}
    values = [str(getattr(said.get(name), "pk", said.get(name)) or "") for name in PARTS]
    return "delay:" + "~".join([*values, pair[0].value, pair[1].value, group])


def of_delay(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """The files between two steps, the longest first."""
    try:
        *values, start, end, group = rest.split("~", len(PARTS) + 2)
        asked = _asked(dict(zip(PARTS, values, strict=True)))
        pair = StepKind(start), StepKind(end)
        Cycle(asked["cycle"])
    except ValueError as error:
        raise Http404 from error
    files = dated_files(asked, viewer=viewer, moment=moment)
    files = [one for one in files if group_of(*one, asked["by"], asked["cycle"]) == group]
    found = list(spans_of(files, pair, asked=asked, on=moment.as_of))
    if not found:
        return None
    row = DelayRow(group, *pair, delay((one.span, one.limit) for one in found), f"delay:{rest}")
    formula = _(
        "La médiane des jours entre les deux étapes, sur les dossiers qui ont les deux dates. Les autres sont comptés à part."
    )
    title = f"{group} : {pair[0].label} → {pair[1].label}"
    return Counted(title, formula, row.median, [(one.file["title"], _thing(one), _days(one)) for one in _longest_first(found)])


def _asked(said: dict[str, str]) -> dict[str, Any]:
    """Raises ValueError on what is neither a number nor a date."""
    numbers = {name: int(said[name]) if said[name] else None for name in ("programme", "call", "limit")}
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("since", "until")}
    return {**said, **numbers, **days}


def _longest_first(rows: list[FileSpan]) -> list[FileSpan]:
    known = SpanState.KNOWN
    return sorted(rows, key=lambda one: (one.span.state is not known, -(one.span.days or 0), one.file["pk"]))


def _thing(one: FileSpan) -> Application:
    return Application(pk=one.file["pk"], title=one.file["title"])


def _days(one: FileSpan) -> Figure:
    notes = {SpanState.RUNNING: _("en cours"), SpanState.LEFT: _("sorti avant"), SpanState.UNKNOWN: _("dates inconnues")}
    return Figure(value=one.span.days, unit=str(UNIT), note=str(notes.get(one.span.state, "")))


def programmes_with_files(viewer: AnyUser) -> Any:
    ids = Application.objects.visible_to(viewer).order_by().values("programme")
    return Programme.objects.visible_to(viewer).filter(pk__in=ids).select_related("framework")


COUNTED: dict[str, Question] = {"delay": of_delay}
