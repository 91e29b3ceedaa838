"""The dated edges around a body, each with the rows that state it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation, Relation
from beffroi.core.models import believed_at
from beffroi.provenance.models import Load, Statement
from beffroi.provenance.queries import Moment

ENDS = ("subject", "organisation", "item__version__framework", "framework", "system")


@dataclass(frozen=True)
class SeenRelation:
    """An edge from where one looks. `is_over`: it ended before that day."""

    relation: Relation
    statements: tuple[Statement, ...] = field(default=())
    is_over: bool = False

    @property
    def since(self) -> str:
        return self.relation.written_since or (self.relation.since.isoformat() if self.relation.since else "")


def relations_about(about: Q, *, moment: Moment, viewer: AnyUser) -> list[SeenRelation]:
    """The edges that a condition selects, as stated on or before the day and known then."""
    rows = list(
        Relation.objects.seen_at(moment, viewer).filter(about).select_related(*ENDS).order_by("kind", "subject__sort_key", "pk")
    )
    stated = statements_of("relation", [row.pk for row in rows], moment=moment, viewer=viewer)
    return [
        SeenRelation(row, tuple(stated.get(row.pk, ())), is_over=row.until is not None and row.until < moment.as_of)
        for row in rows
    ]


def statements_of(kind: str, ids: Iterable[int], *, moment: Moment, viewer: AnyUser) -> dict[int, list[Statement]]:
    """The rows of the loads that this reader may see that state these things by the day, in one query."""
    known = believed_at(moment.known_on)
    loads = Load.objects.visible_to(viewer).values("pk")
    rows = Statement.objects.filter(known, subject_kind=kind, subject_id__in=list(ids), load__in=loads)
    rows = rows.exclude(load__snapshot__as_of__gt=moment.as_of)
    found: dict[int, list[Statement]] = defaultdict(list)
    for row in rows.select_related("load__snapshot__source").order_by("load_id", "row"):
        found[row.subject_id].append(row)
    return found


def neighbours(relations: Iterable[SeenRelation], ids: Sequence[int]) -> list[tuple[Any, list[SeenRelation]]]:
    """What a body is tied to, each once with its edges, the most tied first."""
    found: dict[tuple[str, int], tuple[Any, list[SeenRelation]]] = {}
    for row in relations:
        end = row.relation.subject if row.relation.subject_id not in ids else row.relation.object
        if not (isinstance(end, Organisation) and end.pk in ids):
            found.setdefault((type(end).__name__, end.pk), (end, []))[1].append(row)
    return sorted(found.values(), key=lambda pair: (-len(pair[1]), str(pair[0])))
