"""What a person looks after, and which companies are part of it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, User
from beffroi.actors.enums import RelationKind
from beffroi.actors.models import Relation
from beffroi.interactions.models import Visit, WorkArea
from beffroi.reference.enums import FrameworkKind, Strength
from beffroi.reference.models import Correspondence, Item, PlaceMembership

AREA_LEVELS = ("priority_area", "specialisation")


@dataclass(frozen=True)
class Area:
    items: list[Item] = field(default_factory=list)
    places: list[Item] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.items and not self.places


def area_of(user: User) -> Area:
    found = WorkArea.objects.filter(user=user).prefetch_related("items", "places").first()
    return Area(list(found.items.all()), list(found.places.all())) if found else Area()


def priority_areas(viewer: AnyUser) -> QuerySet[Item]:
    """What a person may choose to look after: the areas and specialisations of the strategies."""
    rows = Item.objects.visible_to(viewer).filter(level__in=AREA_LEVELS, version__framework__kind=FrameworkKind.STRATEGY)
    return rows.select_related("version__framework").order_by("version__framework__sort_key", "level", "position", "pk")


def in_area(area: Area, *, viewer: User, link: str = "") -> Q:
    """The organisations of the area: in one of its places, and tied to one of its items; a side left empty leaves none out.
    `link`: the way from the rows to their organisation."""
    near, about = Q(), Q()
    if area.places:
        near = Q(**{f"{link}place__in": places_inside(area.places)})
    if area.items:
        chosen = [item.pk for item in area.items]
        wanted = Item.objects.filter(Q(pk__in=chosen) | Q(parent__in=chosen)).order_by().values("pk")
        tied = Relation.objects.visible_to(viewer).current().filter(item__in=wanted).order_by()
        subjects = tied.values("subject")
        members = Relation.objects.visible_to(viewer).current().filter(kind=RelationKind.MEMBER_OF, organisation__in=subjects)
        own = Q(owner__in=viewer.partner_ids) | Q(detail_visibility__lte=Visibility.PARTNERS)
        seen = Visit.objects.visible_to(viewer).filter(own, item__in=wanted, organisation__isnull=False).order_by()
        at = f"{link}pk__in"
        about = Q(**{at: subjects}) | Q(**{at: members.order_by().values("subject")}) | Q(**{at: seen.values("organisation")})
    return near & about


def places_inside(places: list[Item]) -> QuerySet[Any, Any]:
    """The places, what they contain the same year, their other years, and the names that documents give to any of these."""
    codes = Q()
    for place in places:
        codes |= Q(code=place.code, version__framework=place.version.framework_id)
    same = Item.objects.filter(Q(pk__in=[place.pk for place in places]) | codes).order_by().values("pk")
    inside = PlaceMembership.objects.filter(whole__in=same).order_by().values("part")
    deeper = PlaceMembership.objects.filter(whole__in=inside).order_by().values("part")
    official = Q(pk__in=same) | Q(pk__in=inside) | Q(pk__in=deeper)
    within = Item.objects.filter(official).order_by().values("pk")
    named = Correspondence.objects.current().filter(strength=Strength.FULL, target__in=within).order_by().values("source")
    return Item.objects.filter(official | Q(pk__in=named)).order_by().values("pk")
