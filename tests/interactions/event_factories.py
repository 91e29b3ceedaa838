"""Events with their guests, as situations."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from beffroi.actors.models import Organisation
from beffroi.core.text import search_key
from beffroi.interactions.models import Event, Participation
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework, Item, PlaceMembership, Version
from tests.actors.factories import organisation
from tests.interactions.factories import event


def at(text: str) -> datetime:
    """A moment of Paris: `2026-12-01 10:00`."""
    return timezone.make_aware(datetime.fromisoformat(text))


def _version(code: str, kind: FrameworkKind) -> Version:
    framework, _ = Framework.objects.get_or_create(code=code, defaults={"label": code, "kind": kind})
    return Version.objects.get_or_create(framework=framework, code="2026")[0]


def area(label: str = "Textile") -> Item:
    version = _version("s3", FrameworkKind.STRATEGY)
    return Item.objects.get_or_create(
        version=version, code=label.lower(), defaults={"label": label, "level": "priority_area", "sort_key": search_key(label)}
    )[0]


def place(label: str = "Lille", level: str = "commune", *, inside: Item | None = None) -> Item:
    version = _version(f"geo-{level}", FrameworkKind.GEOGRAPHY)
    made, _ = Item.objects.get_or_create(
        version=version, code=label.lower(), defaults={"label": label, "level": level, "sort_key": search_key(label)}
    )
    if inside:
        PlaceMembership.objects.get_or_create(part=made, whole=inside)
    return made


def guest(to: Event, who: Organisation | None = None, state: str = "invited", **fields: Any) -> Participation:
    company = who or organisation("Filature du Nord", "company")
    told = {"owner": to.owner, "visibility": to.visibility} | fields
    return Participation.objects.create(event=to, organisation=company, state=state, **told)


def planned_event(title: str = "Textiles techniques", on: str = "2026-12-01", *, at_: str = "lille", **fields: Any) -> Event:
    areas = fields.pop("areas", ())
    made = event(title, at=at_, starts=at(f"{on} 10:00"), **fields)
    made.items.set(areas)
    return made
