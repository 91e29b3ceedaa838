"""The items of a programme, who is under whom, and who runs what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Organisation, Relation
from beffroi.funding.models import Programme
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Item

WHOLE = 0


@dataclass(frozen=True)
class Tree:
    """WHOLE stands for the programme itself, and for the one item at the top of its tree where there is one."""

    items: Mapping[int, Item]
    managers: Mapping[int, Organisation]

    @cached_property
    def root(self) -> int | None:
        tops = [pk for pk, item in self.items.items() if item.parent_id not in self.items]
        return tops[0] if len(tops) == 1 and len(self.items) > 1 else None

    def scope(self, item: int | None) -> int:
        return WHOLE if item is None or item == self.root else item

    def parent(self, scope: int) -> int:
        item = self.items.get(scope)
        return self.scope(item.parent_id) if item is not None and item.parent_id in self.items else WHOLE

    def path(self, scope: int) -> list[int]:
        """From the scope up to the whole programme."""
        found = [scope]
        while found[-1] != WHOLE:
            found.append(self.parent(found[-1]))
        return found

    def depth(self, scope: int) -> int:
        return len(self.path(scope)) - 1

    def is_under(self, scope: int, whole: int) -> bool:
        return whole in self.path(scope)

    def manager(self, scope: int) -> Organisation | None:
        """Who runs an item: whom a relation names, else who runs the item above."""
        found = (self.managers.get(place) for place in self.path(scope))
        return next((manager for manager in found if manager is not None), None)

    @cached_property
    def places(self) -> dict[int, int]:
        """In the order of the tree, each item after the one that it is part of."""
        children: dict[int, list[int]] = {}
        for pk in self.items:
            if pk != self.root:
                children.setdefault(self.parent(pk), []).append(pk)
        order: list[int] = []
        waiting = [WHOLE]
        while waiting:
            place = waiting.pop()
            order.append(place)
            waiting += reversed(children.get(place, []))
        return {place: nth for nth, place in enumerate(order)}

    def ordered(self, scopes: Iterable[int]) -> list[int]:
        """With the items above, so that each row is under its own."""
        wanted = {place for scope in scopes for place in self.path(scope)}
        return sorted(wanted, key=lambda scope: self.places.get(scope, len(self.places)))


def tree_of(programme: Programme, *, viewer: AnyUser, moment: Moment) -> Tree:
    rows = Item.objects.visible_to(viewer).filter(version__framework=programme.framework_id)
    items = {row.pk: row for row in rows.order_by("version__code", "position", "sort_key", "pk")}
    return Tree(items, _managers(items, viewer, moment))


def _managers(items: Mapping[int, Item], viewer: AnyUser, moment: Moment) -> dict[int, Organisation]:
    """An item that several run at once is run by nobody in particular."""
    rows = Relation.objects.seen_at(moment, viewer).filter(kind=RelationKind.MANAGES, item__version__framework__isnull=False)
    found: dict[int, set[Organisation]] = {}
    for row in rows.filter(item__in=list(items)).select_related("subject"):
        if row.item_id is not None and (row.until is None or row.until >= moment.as_of):
            found.setdefault(row.item_id, set()).add(row.subject)
    return {pk: next(iter(subjects)) for pk, subjects in found.items() if len(subjects) == 1}
