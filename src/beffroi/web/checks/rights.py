"""How far a finding may be shown: as far as the most private thing that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Restricted
from beffroi.actors.models import Organisation, Relation
from beffroi.funding.models import Application, Expenditure, Line, Operation, Sum
from beffroi.governance.models import Body, Meeting
from beffroi.indicators.models import Cell, Indicator
from beffroi.reference.models import Framework, Item, NamedSystem, Rule

OWNED: Mapping[str, type[Restricted]] = {
    "application": Application,
    "body": Body,
    "cell": Cell,
    "expenditure": Expenditure,
    "framework": Framework,
    "indicator": Indicator,
    "item": Item,
    "line": Line,
    "meeting": Meeting,
    "operation": Operation,
    "organisation": Organisation,
    "relation": Relation,
    "rule": Rule,
    "sum": Sum,
    "system": NamedSystem,
}
BATCH = 900  # SQLite's parameters in one statement


@dataclass(frozen=True)
class Rights:
    """Only what is not public, by `kind:id`."""

    private: Mapping[str, tuple[int, int | None]]

    def of(self, subjects: list[str]) -> dict[str, Any]:
        visibility, owner = max(
            (self.private[s] for s in subjects if s in self.private), default=(Visibility.PUBLIC, None), key=lambda row: row[0]
        )
        return {"visibility": visibility, "owner": owner}


def narrowest(ids: Mapping[str, set[int]]) -> Rights:
    private: dict[str, tuple[int, int | None]] = {}
    for kind, model in OWNED.items():
        wanted = sorted(ids.get(kind, ()))
        for start in range(0, len(wanted), BATCH):
            rows = model._default_manager.filter(pk__in=wanted[start : start + BATCH]).exclude(visibility=Visibility.PUBLIC)
            private |= {f"{kind}:{pk}": (level, owner) for pk, level, owner in rows.values_list("pk", "visibility", "owner")}
    return Rights(private)
