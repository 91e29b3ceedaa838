"""Loads as pages show them: who may see them, their counts as figures, what waits to be applied."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.connectors.rejections import RefusedRow
from beffroi.connectors.staging import UnfinishedStaging, read_staged
from beffroi.core.figures import Figure, Sense
from beffroi.provenance.enums import LoadState
from beffroi.provenance.models import Load, Rejection, Snapshot
from beffroi.provenance.queries import Moment

COUNTS = {
    "read": _("lues"),
    "added": _("ajoutées"),
    "changed": _("modifiées"),
    "unchanged": _("inchangées"),
    "rejected": _("rejetées"),
    "closed": _("closes"),
}
AT_CHECK = {"read", "rejected"}
CHECKED_STATES = {LoadState.CHECKED, LoadState.APPLYING, LoadState.APPLIED}
STATE_SENSES = {LoadState.APPLIED: "good", LoadState.REFUSED: "bad", LoadState.CHECKED: "watch", LoadState.CANCELLED: "unknown"}
STEPS = (_("Envoyé"), _("Contrôlé"), _("Chargé"))
PROGRESS_STEP = {
    LoadState.WAITING: 1, LoadState.CHECKING: 1, LoadState.REFUSED: 1, LoadState.CANCELLED: 1,
    LoadState.CHECKED: 2, LoadState.APPLYING: 2, LoadState.APPLIED: 3,
}  # fmt: skip
PREVIEWED = 20


@dataclass(frozen=True)
class Column:
    title: Any
    is_number: bool


def load_figure(load: Load, name: str) -> Figure:
    """Unknown as long as the step that counts it has not been taken."""
    is_known = load.state == LoadState.APPLIED or (name in AT_CHECK and load.state in CHECKED_STATES)
    value = getattr(load, name) if is_known else None
    sense = Sense.WATCH if name == "rejected" and value else Sense.NEUTRAL
    return Figure(value=value, label=str(COUNTS[name]), sense=sense, why=f"load:{load.pk}/{name}" if is_known else "")


def load_figures(load: Load, names: tuple[str, ...] = tuple(COUNTS)) -> list[Figure]:
    return [load_figure(load, name) for name in names]


@dataclass(frozen=True)
class LoadRow:
    load: Load
    figures: list[Figure]

    @property
    def known_figures(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.is_known]

    @property
    def sense(self) -> str:
        return STATE_SENSES.get(LoadState(self.load.state), "")


def shown_loads(loads: QuerySet[Load]) -> QuerySet[Load]:
    return loads.select_related("snapshot__source", "profile", "by", "owner")


def load_rows(loads: Any) -> list[LoadRow]:
    return [LoadRow(load, load_figures(load)) for load in loads]


def known_loads(viewer: AnyUser, moment: Moment) -> QuerySet[Load]:
    """The files that were loaded at that moment, whatever happened since."""
    return Load.objects.visible_to(viewer).applied().filter(ended__lte=moment.known_on)


def steps(load: Load) -> list[Any]:
    reached = PROGRESS_STEP[LoadState(load.state)]
    names = {True: "done", False: "todo"}
    return [
        {"label": label, "state": "current" if rank == reached else names[rank < reached]} for rank, label in enumerate(STEPS)
    ]


def visible_snapshots(viewer: AnyUser) -> QuerySet[Snapshot]:
    """A file may be read by those who see one of its loads."""
    seen = Load.objects.visible_to(viewer).filter(snapshot=OuterRef("pk"))
    return Snapshot.objects.filter(Exists(seen)).select_related("source", "taken_by")


def rejections_of(load: Load, *, column: str = "") -> QuerySet[Rejection]:
    found = load.rejections.order_by("row", "pk")
    return found.filter(column=column) if column else found


def refused_rows(load: Load) -> Iterator[RefusedRow]:
    """Each refused row as it came, with every reason that it has."""
    rejections = rejections_of(load).iterator(chunk_size=2_000)
    for row, reasons in groupby(rejections, key=lambda one: one.row):
        listed = list(reasons)
        yield RefusedRow(row, listed[0].content, [(one.column, one.sentence) for one in listed])


def rejected_columns(load: Load) -> list[Any]:
    """Where rows fail, the most frequent column first."""
    return list(load.rejections.order_by().values("column").annotate(times=Count("pk")).order_by("-times", "column"))


def accepted_preview(load: Load) -> dict[str, Any] | None:
    """The first accepted rows as they will be written; nothing once they are, or when the check has to be made again."""
    folder = settings.DATA / "staging" / str(load.pk)
    try:
        frame = next(islice(read_staged(folder), 1), None)
    except UnfinishedStaging:
        return None
    if frame is None or not frame.height:
        return None
    shown = frame.head(PREVIEWED).select([name for name in frame.columns if not name.startswith("_") or name == "_row"])
    columns = [Column(_("ligne") if name == "_row" else name, shown[name].dtype.is_numeric()) for name in shown.columns]
    return {"columns": columns, "rows": [_texts(row) for row in shown.iter_rows()]}


def _texts(row: tuple[Any, ...]) -> list[str]:
    return ["" if value is None else str(value) for value in row]


def total_of(loads: QuerySet[Load]) -> dict[str, int]:
    sums = loads.aggregate(files=Count("pk"), **{name: Sum(name, default=0) for name in COUNTS})
    return {name: int(value) for name, value in sums.items()}
