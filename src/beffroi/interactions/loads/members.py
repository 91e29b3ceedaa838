"""An operator's own list of members: companies that belong to it, or to the cluster that the row names."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl
from django.utils import timezone

from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation, Relation
from beffroi.funding.queries.named import named_organisations
from beffroi.interactions.loads.finding import Finder, Reader, Unfound, refused
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement

BATCH = 1_000


def members(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Who is no longer in a complete list has left: its membership ends with the file that no longer says it."""
    return record_statements(frames, load=load, write=lambda rows: _written(rows, load), close=_close)


def _close(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "relation"]
    Relation.objects.filter(pk__in=ids, recorded_to__isnull=True).update(recorded_to=at)


def _written(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    made: list[tuple[StatedRow, Relation]] = []
    try:
        finder, bodies = Finder(load, rows), _Bodies(load)
    except Unfound as fault:
        yield from (refused(row, fault) for row in rows)
        return
    for row in rows:
        try:
            made.append((row, _relation(row, finder, bodies)))
        except Unfound as fault:
            yield refused(row, fault)
    Relation.objects.bulk_create([edge for _row, edge in made], batch_size=BATCH)
    finder.index()
    yield from (Written(row, "relation", edge, f"{edge.subject} · {edge.organisation}"[:500]) for row, edge in made)


def _relation(row: StatedRow, finder: Finder, bodies: "_Bodies") -> Relation:
    body, since, until = bodies.of(row), row.values.get("since"), row.values.get("until")
    if since and until and until < since:
        raise Unfound("until", "La fin d’une adhésion ne précède pas son début.")
    return Relation(
        subject=finder.company(row),
        kind=RelationKind.MEMBER_OF,
        organisation=body,
        since=since,
        until=until,
        detail=row.text("detail")[:500],
        recorded_from=timezone.now(),
        owner=finder.owner,
        visibility=finder.load.visibility,
    )


class _Bodies:
    """The clusters and networks that the rows name; without a name, the institution that loads its list."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.own = Organisation.objects.filter(partner=load.owner_id).first()
        self.named: dict[str, Organisation] = {}

    def of(self, row: StatedRow) -> Organisation:
        text = row.text("body")
        if not text:
            own: Organisation | None = self.own
            if own is None:
                raise Unfound(
                    "body", "Votre institution n’a pas de fiche dans l’annuaire : nommez la structure dans le fichier."
                )
            return own
        if text not in self.named:
            self.named[text] = self._found(text)
        return self.named[text]

    def _found(self, text: str) -> Organisation:
        assert self.load.owner is not None
        found = named_organisations(text, viewer=Reader(self.load.owner))
        if len(found) != 1:
            said = "n’est pas une structure connue" if not found else "désigne plusieurs structures"
            raise Unfound("body", f"« {text} » {said} : donnez son SIREN ou son nom exact.")
        body: Organisation = found[0]
        return body
