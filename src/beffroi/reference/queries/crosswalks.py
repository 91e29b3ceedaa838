"""Correspondences between two versions, as a matrix that one can read, and what it leaves out."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import Strength
from beffroi.reference.models import Correspondence, Crosswalk, Item


@dataclass(frozen=True)
class CrosswalkPicture:
    """Rows are the items of the source version, columns those of the target; `cells` holds what ties them."""

    rows: list[Item]
    columns: list[Item]
    cells: dict[tuple[int, int], Correspondence]
    unallocated: list[Item]
    several_full: list[Item]


def crosswalks_of(framework_id: int, *, viewer: AnyUser) -> QuerySet[Crosswalk]:
    either = Q(source__framework=framework_id) | Q(target__framework=framework_id)
    rows = Crosswalk.objects.visible_to(viewer).filter(either)
    found: QuerySet[Crosswalk] = rows.select_related("source__framework", "target__framework").order_by("pk")
    return found


def correspondences_at(crosswalk: Crosswalk, moment: Moment, *, viewer: AnyUser) -> QuerySet[Correspondence]:
    edges = crosswalk.correspondences.known_on(moment.known_on).visible_to(viewer)
    return edges.select_related("source", "target", "by")


def unallocated_items(crosswalk: Crosswalk, tied: set[int], *, viewer: AnyUser) -> list[Item]:
    """The items of the levels that the crosswalk uses, but that nothing carries over: what a conversion would lose."""
    levels = set(Item.objects.filter(pk__in=tied).values_list("level", flat=True))
    items = Item.objects.visible_to(viewer).filter(version=crosswalk.source, level__in=levels)
    return list(items.exclude(pk__in=tied).order_by("position", "sort_key"))


def crosswalk_picture(
    crosswalk: Crosswalk, *, viewer: AnyUser, moment: Moment, words: str = "", strength: str = ""
) -> CrosswalkPicture:
    edges = list(correspondences_at(crosswalk, moment, viewer=viewer))
    carried = {edge.source_id for edge in edges if edge.strength in {Strength.FULL, Strength.PARTIAL}}
    fulls: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        if edge.strength == Strength.FULL:
            fulls[edge.source_id].add(edge.target_id)
    shown = [edge for edge in edges if _is_asked(edge, words.casefold(), strength)]
    return CrosswalkPicture(
        rows=_in_order({edge.source for edge in shown}),
        columns=_in_order({edge.target for edge in shown}),
        cells={(edge.source_id, edge.target_id): edge for edge in shown},
        unallocated=unallocated_items(crosswalk, carried or {edge.source_id for edge in edges}, viewer=viewer),
        several_full=_in_order({edge.source for edge in edges if len(fulls[edge.source_id]) > 1}),
    )


def _is_asked(edge: Correspondence, words: str, strength: str) -> bool:
    named = not words or words in edge.source.label.casefold() or words in edge.target.label.casefold()
    return named and strength in {"", edge.strength}


def _in_order(items: set[Any]) -> list[Item]:
    return sorted(items, key=lambda item: (item.position, item.sort_key, item.pk))
