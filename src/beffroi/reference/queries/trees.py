"""The tree of a framework, and where an item stands in it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import Strength, level_label
from beffroi.reference.models import Correspondence, Framework, Item, Place, Version

OPEN_LEVELS = 2


def tree(version: Version, *, viewer: AnyUser) -> list[dict[str, Any]]:
    """The nodes of a version as nested dictionaries, in one query; an item whose parent the reader may not see is a root."""
    items = list(Item.objects.visible_to(viewer).filter(version=version).order_by("position", "sort_key"))
    children: dict[int | None, list[Item]] = defaultdict(list)
    shown = {item.pk for item in items}
    for item in items:
        children[item.parent_id if item.parent_id in shown else None].append(item)
    return _nodes(children[None], children, depth=0)


def _nodes(items: Iterable[Item], children: dict[int | None, list[Item]], *, depth: int) -> list[dict[str, Any]]:
    return [
        {
            "label": item.label,
            "code": item.code,
            "address": item.get_absolute_url(),
            "children": _nodes(children[item.pk], children, depth=depth + 1),
            "open": depth + 1 < OPEN_LEVELS,
        }
        for item in items
    ]


def item_path(item: Item) -> list[Item]:
    """From the root to the item; trees are shallow, one query a level."""
    path = [item]
    while (parent := path[0].parent) is not None:
        path.insert(0, parent)
    return path


def same_place_ids(item: Item) -> set[int]:
    """The territory and those that a full correspondence says are the same: a named place and its official code."""
    pairs = Correspondence.objects.current().filter(strength=Strength.FULL)
    found = {item.pk}
    for source, target in pairs.filter(Q(source=item) | Q(target=item)).values_list("source_id", "target_id"):
        found |= {source, target}
    wider = pairs.filter(target__in=found, target__version__framework__kind="geography")
    return found | set(wider.values_list("source_id", flat=True))


def level_figures(framework: Framework, *, viewer: AnyUser) -> list[Figure]:
    """How many items at each level, each count with its list."""
    rows = Item.objects.visible_to(viewer).filter(version__framework=framework)
    counts = rows.values("level").annotate(n=Count("pk")).order_by("level")
    return [
        Figure(value=row["n"], label=level_label(row["level"]), why=f"items:{framework.code}/{row['level']}") for row in counts
    ]


def item_card(item: Item, *, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """Where an item stands: what contains it, what it contains, what it corresponds to, what came before and after."""
    shown = Item.objects.visible_to(viewer)
    edges = (
        Correspondence.objects.known_on(moment.known_on)
        .visible_to(viewer)
        .select_related("source__version__framework", "target__version__framework")
    )
    above = item_path(item)[:-1]
    seen = set(shown.filter(pk__in=[step.pk for step in above]).values_list("pk", flat=True))
    card = {
        "item": item,
        "path": [step for step in above if step.pk in seen],
        "children": list(item.children.visible_to(viewer).order_by("position", "sort_key")),
        "outgoing": list(edges.filter(source=item)),
        "incoming": list(edges.filter(target=item)),
        "predecessors": list(item.predecessors.filter(before__in=shown).select_related("before")),
        "successors": list(item.successors.filter(after__in=shown).select_related("after")),
        "place": Place.objects.filter(item=item).first(),
        "inside": list(item.inside.filter(whole__in=shown).select_related("whole__version__framework")),
    }
    is_empty = not any(value for name, value in card.items() if name != "item")
    return None if is_empty else card
