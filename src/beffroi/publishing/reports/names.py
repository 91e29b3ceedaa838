"""What things were called at a moment, by the sources of the report first."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.funding.models import Operation
from beffroi.governance.models import Body
from beffroi.indicators.models import Indicator
from beffroi.provenance.queries import Moment
from beffroi.publishing.reports.facts import known_statements
from beffroi.reference.models import Framework, Item, NamedSystem

Thing = tuple[str, int]
MODELS: dict[str, tuple[Any, str]] = {
    "organisation": (Organisation, "name"),
    "item": (Item, "label"),
    "framework": (Framework, "label"),
    "system": (NamedSystem, "label"),
    "body": (Body, "label"),
    "indicator": (Indicator, "label"),
    "operation": (Operation, "title"),
}


def names(things: Iterable[Thing], *, source: str, moment: Moment, viewer: AnyUser) -> dict[Thing, str]:
    """In two queries a kind: what was stated, then the present name of what nobody stated (places, official codes)."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in things:
        wanted[kind].add(pk)
    found: dict[Thing, str] = {}
    for kind, pks in wanted.items():
        rows = known_statements(moment, viewer).filter(subject_kind=kind, subject_id__in=pks)
        stated = rows.values_list("load__snapshot__source__code", "load_id", "row", "subject_id", "label")
        for _, _, _, pk, label in sorted(stated, key=lambda row: (row[0] == source, row[1], row[2])):
            found[kind, pk] = label
        model, field = MODELS[kind]
        missing = [pk for pk in pks if (kind, pk) not in found]
        found |= {(kind, pk): name for pk, name in model.objects.filter(pk__in=missing).values_list("pk", field)}
    return found
