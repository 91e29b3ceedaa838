"""An operator's own list of visits: what its software or its spreadsheet holds, noted as if it had been typed."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from beffroi.accounts.enums import Visibility
from beffroi.interactions.enums import VisitMeans, VisitState
from beffroi.interactions.loads.finding import Finder, Unfound, refused
from beffroi.interactions.models import Visit, VisitNote
from beffroi.interactions.rules.visits import blockers_to_visit
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement

BATCH, LARGEST = 1_000, 64
LOADED = "loaded"  # why a row changed, in its history
SAID = ("organisation", "on", "state", "means", "by", "place_id", "minutes")


def visits(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """A visit that a later file no longer has did take place: it stays."""
    return record_statements(frames, load=load, write=lambda rows: _written(rows, load))


def _written(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    if not rows:
        return
    try:
        writer = _Writer(rows, load)
    except Unfound as fault:
        yield from (refused(row, fault) for row in rows)
        return
    for row in rows:
        try:
            writer.read(row)
        except Unfound as fault:
            yield refused(row, fault)
    yield from writer.write()


class _Writer:
    """`read` row after row, then `write` all at once."""

    def __init__(self, rows: list[StatedRow], load: Load) -> None:
        self.load, self.finder, self.now = load, Finder(load, rows), timezone.now()
        numbers = {self._number(row) for row in rows}
        known = Visit.objects.filter(owner=self.finder.owner, client_id__in=numbers)
        self.known = {visit.client_id: visit for visit in known.order_by("pk")}
        stated = Statement.objects.filter(subject_kind="visit", load__snapshot__source=load.snapshot.source_id)
        ids = [visit.pk for visit in self.known.values()]
        self.ours = set(stated.filter(subject_id__in=ids).values_list("subject_id", flat=True))
        self.edited = self._edited(ids)
        self.fresh: dict[str, Visit] = {}
        self.changed: dict[str, Visit] = {}
        self.rows: list[tuple[StatedRow, Visit]] = []
        self.notes: dict[str, str] = {}

    def _edited(self, ids: list[int]) -> set[int]:
        """Those whose last change was made by a person: nothing that was typed is lost to a file."""
        latest = Visit.history.filter(id__in=ids).latest_of_each().values_list("id", "history_change_reason")
        return {pk for pk, reason in latest if reason != LOADED}

    def _number(self, row: StatedRow) -> str:
        """The file's own, else what the row says: the same row is the same visit."""
        return row.text("number")[:LARGEST] or f"liste-{row.key}-{row.occurrence}"[:LARGEST]

    def read(self, row: StatedRow) -> None:
        number = self._number(row)
        said = self._said(row)
        if number in self.fresh or number in self.changed:
            raise Unfound("number", "Ce numéro est déjà celui d’une autre ligne du fichier : la première est gardée.")
        visit = self.known.get(number)
        if visit is not None and visit.pk not in self.ours:
            raise Unfound("number", "Ce numéro est déjà celui d’une visite notée autrement : rien n’est changé.")
        if visit is not None and visit.pk in self.edited:
            raise Unfound("number", "Cette visite a été modifiée dans Beffroi depuis : elle reste telle qu’elle y est.")
        if visit is None:
            visit = self.fresh[number] = Visit(
                owner=self.finder.owner, client_id=number, recorded_at=self.now, visibility=self._level
            )
        else:
            self.changed[number] = visit
        for name, value in said.items():
            setattr(visit, name, value)
        self.notes[number] = row.text("text")
        self.rows.append((row, visit))

    def _said(self, row: StatedRow) -> dict[str, Any]:
        state, today = VisitState(row.text("state") or VisitState.DONE), timezone.localdate(self.now)
        if blockers := blockers_to_visit(state=state, on=row["on"], reserved_until=None, today=today, since=today):
            raise Unfound("on", " ".join(str(one.label) for one in blockers))
        company = self.finder.company(row)
        place = self.finder.place(row) or company.place_id
        means = row.text("means") or VisitMeans.ON_SITE
        said = (company, row["on"], state, means, self.finder.colleague(row), place, row.values.get("minutes"))
        return dict(zip(SAID, said, strict=True))

    @property
    def _level(self) -> int:
        """That a visit took place is never public."""
        return max(self.load.visibility, Visibility.PARTNERS)

    def write(self) -> Iterator[Written]:
        said: dict[str, Any] = {"batch_size": BATCH, "default_user": self.load.by, "default_change_reason": LOADED}
        bulk_create_with_history(list(self.fresh.values()), Visit, **said)
        bulk_update_with_history(list(self.changed.values()), Visit, list(SAID), **said)
        visits = self.fresh | self.changed
        VisitNote.objects.filter(visit__in=[one.pk for one in self.changed.values()], theme__isnull=True).delete()
        notes = [
            VisitNote(visit=visits[number], owner=self.finder.owner, visibility=Visibility.OWNER, text=text)
            for number, text in self.notes.items()
            if text
        ]
        bulk_create_with_history(notes, VisitNote, **said)
        self.finder.index()
        yield from (Written(row, "visit", visit, str(visit)[:500]) for row, visit in self.rows)
