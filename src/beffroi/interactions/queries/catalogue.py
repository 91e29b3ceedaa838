"""Services of operators by subject, place and audience; what companies offer, by words and place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from beffroi.accounts.models import AnyUser, Partner
from beffroi.core.text import search_key
from beffroi.interactions.models import Offer, Service
from beffroi.interactions.queries import territories
from beffroi.reference.models import Item


def services_asked(asked: Mapping[str, Any], *, viewer: AnyUser, on: date) -> QuerySet[Service]:
    rows = Service.objects.visible_to(viewer)
    if not asked.get("ended"):
        rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    for word in (asked.get("q") or "").split():
        about = Q(title__icontains=word) | Q(description__icontains=word) | Q(owner__name__icontains=word)
        rows = rows.filter(about | Q(subjects__label__icontains=word))
    if asked.get("audience"):
        rows = rows.filter(Q(audience__icontains=asked["audience"].strip()) | Q(audience=""))
    named = {"subjects": asked.get("subject"), "owner": asked.get("owner")}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if asked.get("place"):
        rows = rows.filter(pk__in=reaching(asked["place"], rows))
    found = Service.objects.filter(pk__in=rows.order_by().values("pk")).select_related("owner")
    ordered: QuerySet[Service] = found.prefetch_related("subjects", "places").order_by("title", "pk")
    return ordered


def reaching(place: Item, rows: Any) -> set[int]:
    """Of these services, those that a company of this place may ask: of everywhere, of what contains it or of a part of it."""
    through = Service.places.through.objects.filter(service__in=rows.order_by().values("pk")).order_by("pk")
    pairs = list(through.values_list("service", "item"))
    around = territories.around({place.pk} | {item for _service, item in pairs})
    near = {service for service, item in pairs if item in around[place.pk] or place.pk in around[item]}
    placed = {service for service, _item in pairs}
    everywhere = set(rows.order_by("pk").values_list("pk", flat=True)) - placed
    return near | everywhere


def owners_of_services(viewer: AnyUser) -> QuerySet[Partner]:
    """The operators who have one that the reader may see."""
    seen = Service.objects.visible_to(viewer).filter(owner=OuterRef("pk"))
    return Partner.objects.filter(Exists(seen))


def offers_asked(asked: Mapping[str, Any], *, viewer: AnyUser) -> QuerySet[Offer]:
    """Each word in what is offered, or in the company's name."""
    rows = Offer.objects.visible_to(viewer).standing()
    for word in search_key(asked.get("q") or "").split():
        rows = rows.filter(Q(sort_key__contains=word) | Q(organisation__sort_key__contains=word))
    named = {name: asked.get(name) for name in ("kind", "item")}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if asked.get("place"):
        rows = rows.filter(place__in=_inside(asked["place"], rows))
    found: QuerySet[Offer] = rows.select_related("organisation", "place", "item", "owner").order_by("sort_key", "pk")
    return found


def _inside(place: Item, rows: Any) -> set[int]:
    """Of the places of these offers, those that are in this one or the same."""
    places = set(rows.filter(place__isnull=False).order_by().values_list("place", flat=True).distinct())
    around = territories.around(places | {place.pk})
    return {other for other in places if around[other] & {place.pk}}
