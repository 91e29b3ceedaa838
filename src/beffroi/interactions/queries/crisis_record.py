"""What documents published of a crisis cell: totals only. No company is named there, and none of ours enters it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.indicators.enums import Status
from beffroi.indicators.models import Cell
from beffroi.indicators.queries import CellValue, cell_values
from beffroi.interactions.rules.crisis import without_treatment
from beffroi.provenance.models import Anomaly
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item

FRAMEWORK = "cellule-financiere"
COMPANIES, SHARES, NEED, JOBS = (
    "cellule-entreprises",
    "cellule-entreprises-part",
    "cellule-besoin-financement",
    "cellule-emplois",
)
CAUSES, TREATMENTS, WAYS_OUT = "difficulte", "traitement", "issue"
# The groups as documents name them, in the order of the page
GROUPS = {
    CAUSES: gettext_lazy("Nature de la difficulté"),
    TREATMENTS: gettext_lazy("Traitement"),
    WAYS_OUT: gettext_lazy("Sortie"),
    "taille": gettext_lazy("Taille"),
    "secteur": gettext_lazy("Secteur"),
}


@dataclass(frozen=True)
class Line:
    label: str
    count: Figure | None
    share: Figure | None
    computed: Figure | None


@dataclass(frozen=True)
class Part:
    """The companies of a date by one criterion. `rest`: those of which the document does not say it."""

    key: str
    label: str
    lines: Sequence[Line]
    added: Figure
    rest: Figure | None = None

    @property
    def has_counts(self) -> bool:
        return any(line.count for line in self.lines)


@dataclass(frozen=True)
class State:
    """What is told of one day."""

    on: date
    total: Figure | None
    need: Figure | None
    jobs: Figure | None
    parts: Sequence[Part]


@dataclass(frozen=True)
class Change:
    label: str
    before: Figure
    after: Figure
    gap: Figure


@dataclass(frozen=True)
class Record:
    states: Sequence[State]
    changes: Sequence[Change]
    anomalies: Sequence[Anomaly]


Values = Mapping[tuple[str, str, str], CellValue]  # indicator, criterion, class


def record(*, viewer: AnyUser, moment: Moment) -> Record:
    wanted = Cell.objects.filter(indicator__code__in=(COMPANIES, SHARES, NEED, JOBS), status=Status.ACTUAL, end__isnull=False)
    values = cell_values(wanted, moment=moment, viewer=viewer)
    items = Item.objects.visible_to(viewer).of_framework(FRAMEWORK).order_by("position", "pk")
    labels = dict(items.values_list("code", "label"))
    days: dict[date, dict[tuple[str, str, str], CellValue]] = defaultdict(dict)
    for value in values:
        criterion, _equals, name = value.cell.breakdown.partition("=")
        assert value.cell.end is not None
        days[value.cell.end][value.cell.indicator.code, criterion, name] = value
    states = [_state(on, days[on], labels) for on in sorted(days)]
    about = (
        Anomaly.objects.visible_to(viewer)
        .open()
        .filter(about__kind="cell", about__subject_id__in=[value.cell.pk for value in values])
    )
    return Record(states, _changes(states), list(about.distinct().order_by("check_name", "pk")))


def _state(on: date, found: Values, labels: Mapping[str, str]) -> State:
    total = _figure(found, COMPANIES)
    parts = [_part(key, found, labels, total) for key in GROUPS if any(criterion == key for _code, criterion, _name in found)]
    return State(on, total, _figure(found, NEED), _figure(found, JOBS), parts)


def _figure(found: Values, code: str, criterion: str = "", name: str = "") -> Figure | None:
    value = found.get((code, criterion, name))
    return replace(value.figure, period="") if value else None


def _part(key: str, found: Values, labels: Mapping[str, str], total: Figure | None) -> Part:
    told = {name for _code, criterion, name in found if criterion == key}
    names = sorted(told, key=lambda name: (list(labels).index(name) if name in labels else len(labels), name))
    lines = [_line(key, name, found, labels, total) for name in names]
    counts = [_number(line.count) for line in lines]
    added = Figure(value=sum(counts)) if any(counts) else Figure()
    return Part(key, str(GROUPS[key]), lines, added, _rest(key, total, counts))


def _line(key: str, name: str, found: Values, labels: Mapping[str, str], total: Figure | None) -> Line:
    count, share = _figure(found, COMPANIES, key, name), _figure(found, SHARES, key, name)
    whole = _number(total)
    computed = Figure(value=Decimal(_number(count)) / whole, unit="ratio") if count and whole else None
    return Line(labels.get(name, name), count, share, computed)


def _number(figure: Figure | None) -> int:
    return int(figure.value) if figure and figure.value is not None else 0


def _rest(key: str, total: Figure | None, counts: Sequence[int]) -> Figure | None:
    whole = _number(total)
    if not whole or not any(counts):
        return None
    if key != TREATMENTS:
        return Figure(value=whole - sum(counts))
    low, high = without_treatment(whole, counts)
    return Figure(low=low, high=high) if low != high else Figure(value=low)


def _changes(states: Sequence[State]) -> list[Change]:
    """From each day told to the next: a cell that goes on adds up, so that a fall is to be explained."""
    found = []
    for before, after in pairwise(states):
        for label, one, other in (
            (_("Entreprises suivies"), before.total, after.total),
            (_("Besoin de financement"), before.need, after.need),
            (_("Emplois concernés"), before.jobs, after.jobs),
        ):
            if one and other and one.value is not None and other.value is not None:
                gap = Figure(value=other.value - one.value, unit=one.unit)  # type: ignore[operator]
                found.append(Change(label, one, other, gap))
    return found
