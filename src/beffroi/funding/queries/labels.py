"""Names instead of numbers of rows, for the groups that are shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.funding.models import Operation, Programme
from beffroi.reference.models import Item

BATCH = 500
Named = tuple[str, str]


def _organisations(viewer: AnyUser) -> QuerySet[Any]:
    return Organisation.objects.named_to(viewer).values_list("pk", "name", "siren")


def _items(viewer: AnyUser) -> QuerySet[Any]:
    return Item.objects.visible_to(viewer).values_list("pk", "label", "code")


def _programmes(viewer: AnyUser) -> QuerySet[Any]:
    return Programme.objects.visible_to(viewer).values_list("pk", "framework__label", "framework__code")


def _operations(viewer: AnyUser) -> QuerySet[Any]:
    return Operation.objects.visible_to(viewer).values_list("pk", "title", "code")


LABELLED: Mapping[str, Callable[[AnyUser], QuerySet[Any]]] = {
    **dict.fromkeys(("fund_id", "payer_id", "manager_id", "receiver_id"), _organisations),
    **dict.fromkeys(("item_id", "place_id"), _items),
    "programme_id": _programmes,
    "operation_id": _operations,
}
UNSEEN: Named = ("", "")


def labels_of(viewer: AnyUser) -> "Labels":
    return Labels(viewer)


@dataclass
class Labels:
    """The names that this reader may see; what is hidden from them is counted without its name."""

    viewer: AnyUser
    found: dict[str, dict[int, Named]] = field(default_factory=dict)

    def named(self, groups: pl.DataFrame, *, body: str = "") -> list[dict[str, Any]]:
        """`body`: a column that holds organisations as texts."""
        kinds = {**LABELLED, **({body: _organisations} if body else {})}
        columns = [name for name in groups.columns if name in kinds]
        names = {name: self.names(kinds[name], groups[name].cast(pl.Int64)) for name in columns}
        return [_shown(row, names) for row in groups.iter_rows(named=True)]

    def names(self, read: Callable[[AnyUser], QuerySet[Any]], ids: pl.Series) -> dict[int, Named]:
        known = self.found.setdefault(read.__name__, {})
        fresh = [pk for pk in ids.drop_nulls().unique(maintain_order=True).to_list() if pk not in known]
        for batch in _batches(fresh):
            known |= {pk: (label, code or "") for pk, label, code in read(self.viewer).filter(pk__in=batch).order_by("pk")}
        return known


def _batches(ids: list[int]) -> Iterator[list[int]]:
    yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _shown(row: Mapping[str, Any], names: Mapping[str, Mapping[int, Named]]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        key = "territory" if name == "place_id" else name.removesuffix("_id")
        if name not in names:
            shown[key] = value
        else:
            label, code = (None, None) if value is None else names[name].get(int(value), UNSEEN)
            shown[key] = label
            if name.endswith("_id"):
                shown[f"{key}_code"] = code
    if "written_territory" in shown:
        written = shown.pop("written_territory")
        shown["territory_code"] = shown["territory_code"] or written
    return shown
