"""The rows behind a number of the dashboard, one line each, whatever they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.core.exports import Column, Type
from beffroi.interactions.enums import Measure
from beffroi.interactions.models import Need
from beffroi.interactions.queries.bodies import bodies
from beffroi.interactions.queries.counted import KINDS, facts
from beffroi.interactions.rules.counts import end_of
from beffroi.publishing.dashboards.booster import Booster

RELATED: dict[Measure, tuple[str, ...]] = {
    Measure.VISITS: ("organisation", "holder", "owner", "item"),
    Measure.NEEDS: ("organisation", "holder", "owner", "item", "subject_item"),
    Measure.TAKEN_UP: ("need__organisation", "need__holder", "partner", "need__item", "need__subject_item"),
    Measure.SUPPORTS: ("organisation", "holder", "owner", "item", "kind"),
    Measure.RESULTS: ("support__organisation", "support__holder", "support__owner", "support__item", "support__kind"),
    Measure.EVENTS: ("owner", "kind"),
    Measure.PARTICIPATIONS: ("organisation", "holder", "event__owner", "event__kind"),
}
KEPT = _("gardé")
DETAILED = (Measure.VISITS, Measure.NEEDS, Measure.TAKEN_UP, Measure.SUPPORTS, Measure.RESULTS)
SENT = {Measure.NEEDS: "referrals", Measure.TAKEN_UP: "need__referrals"}  # whoever it was sent to is told


@dataclass(frozen=True)
class Listed:
    day: date
    what: str
    subject: Any
    operator: Any
    area: Any
    thing: Any
    key: Any = None  # whom it is about, even when it is not said


LIST_COLUMNS = (
    Column("day", _("Date"), Type.DATE),
    Column("subject", _("Entreprise ou porteur"), value=lambda row: str(row.subject or "")),
    Column("operator", _("Opérateur"), value=lambda row: str(row.operator)),
    Column("area", _("Domaine prioritaire"), value=lambda row: str(row.area or "")),
    Column("what", _("Quoi")),
)


class Rows(Sequence[Listed]):
    """A query of which each row is told in the same words; a page reads its own part only."""

    def __init__(self, name: Measure, found: Booster) -> None:
        self.name, self.viewer, self.by_area = name, found.viewer, found.scope.area is not None
        self.rows = _rows(name, found)

    def __len__(self) -> int:
        return int(self.rows.count())

    def __getitem__(self, part: Any) -> Any:
        return [self._told(row) for row in self.rows[part]]

    def __iter__(self) -> Iterator[Listed]:
        return (self._told(row) for row in self.rows.iterator(chunk_size=2_000))

    def _told(self, row: Any) -> Listed:
        """What its operator keeps is not said; in the list of one priority area, nor is the company, which would tell it."""
        found = told(self.name, row)
        about = row.need if self.name == Measure.TAKEN_UP else row.support if self.name == Measure.RESULTS else row
        if self.name not in DETAILED or _tells(about, self.viewer):
            return found
        what = str(about.kind) if self.name in (Measure.SUPPORTS, Measure.RESULTS) else str(KEPT)
        kept = replace(found, area=KEPT, what=found.what if self.name == Measure.VISITS else what)
        hides = self.by_area or self.name == Measure.TAKEN_UP  # who takes up whose need is between them
        return replace(kept, subject=KEPT, thing=None) if hides else kept


def listed(name: Measure, found: Booster) -> Sequence[Listed]:
    if name == Measure.COMPANIES:
        return _companies(found)
    return Rows(name, found)


def _rows(name: Measure, found: Booster) -> Any:
    last = min(end_of(found.month), found.on)
    rows = facts(name, found.month, last, viewer=found.viewer, on=found.on, scope=found.scope)
    rows = rows.select_related(*RELATED[name]).order_by(f"-{KINDS[name].day}", "-pk")
    if name in SENT:
        rows = rows.prefetch_related(SENT[name])
    return rows.distinct() if found.scope.area is not None else rows


def _companies(found: Booster) -> list[Listed]:
    """Each with the last thing that touched it in the month."""
    known = bodies(found.viewer)
    last: dict[int | None, Listed] = {}
    for name in (Measure.VISITS, Measure.SUPPORTS, Measure.PARTICIPATIONS):
        for row in Rows(name, found):
            body = next(iter(known.of_subjects([row.key])))
            if body not in last or row.day > last[body].day:
                last[body] = row
    return sorted(last.values(), key=lambda row: (str(row.subject), row.day))


def _tells(about: Any, viewer: Any) -> bool:
    return bool(about.tells(viewer) if isinstance(about, Need) else about.shows_detail_to(viewer))


def told(name: Measure, row: Any) -> Listed:
    day = getattr(row, KINDS[name].day) if "__" not in KINDS[name].day else row.event.starts
    day = timezone.localtime(day).date() if isinstance(day, datetime) else day
    if name == Measure.EVENTS:
        return Listed(day, str(row.kind or ""), None, row.owner, None, row)
    if name == Measure.PARTICIPATIONS:
        return Listed(day, row.event.title, row.subject, row.event.owner, None, row.event, row.subject)
    about = row.need if name == Measure.TAKEN_UP else row.support if name == Measure.RESULTS else row
    operator = row.partner if name == Measure.TAKEN_UP else about.owner
    return Listed(day, _what(name, row, about), about.subject, operator, about.item, about, about.subject)


def _what(name: Measure, row: Any, about: Any) -> str:
    """Never the text: the list says what the number counts."""
    if name == Measure.VISITS:
        return str(row.get_means_display())
    if name in (Measure.NEEDS, Measure.TAKEN_UP):
        return str(about.subject_item)
    return f"{about.kind} · {row.get_kind_display()}" if name == Measure.RESULTS else str(about.kind)
