"""What operators offer companies, and what companies offer each other."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.core import search
from beffroi.core.text import search_key
from beffroi.interactions.enums import ActivityAct
from beffroi.interactions.models import Offer, Service
from beffroi.interactions.queries.findable import offer_search_rows, service_search_rows
from beffroi.reference.models import Item


@transaction.atomic
def save_service(service: Service, *, subjects: Iterable[Item], places: Iterable[Item], by: User, **fields: Any) -> Service:
    for name, value in fields.items():
        setattr(service, name, value)
    service.full_clean()
    service.save()
    service.subjects.set(subjects)
    service.places.set(places)
    search.index(service_search_rows([service.pk]))
    record_act(ActivityAct.SERVICE_SAVED, by=by, subject=("service", service.pk))
    return service


@transaction.atomic
def end_service(service: Service, *, on: date, by: User) -> Service:
    """It is proposed to nobody from that day; what was sent through it stays."""
    service.ended_on = on
    service.save(update_fields=["ended_on"])
    search.remove("service", [service.pk])
    record_act(ActivityAct.SERVICE_ENDED, by=by, subject=("service", service.pk))
    return service


@transaction.atomic
def save_offer(offer: Offer, *, by: User, **fields: Any) -> Offer:
    for name, value in fields.items():
        setattr(offer, name, value)
    offer.place = offer.place or offer.organisation.place
    offer.sort_key = search_key(f"{offer.text} {offer.detail}")[:300]
    offer.declared_by = offer.declared_by or by
    offer.full_clean()
    offer.save()
    search.index(offer_search_rows([offer.pk]))
    record_act(ActivityAct.OFFER_SAVED, by=by, subject=("organisation", offer.organisation_id), offer=offer.pk)
    return offer


@transaction.atomic
def end_offer(offer: Offer, *, on: date, by: User) -> Offer:
    offer.ended_on = max(on, offer.declared_on)
    offer.save(update_fields=["ended_on"])
    search.remove("offer", [offer.pk])
    record_act(ActivityAct.OFFER_ENDED, by=by, subject=("organisation", offer.organisation_id), offer=offer.pk)
    return offer
