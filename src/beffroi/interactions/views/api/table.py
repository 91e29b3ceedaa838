"""The table of the interface: addresses, shapes and documentation are drawn from it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from beffroi.interactions.forms import push as shapes


@dataclass(frozen=True)
class Resource:
    """What may be pushed and read back. `shape`: what is sent; `row`: what is read."""

    name: str
    label: Any
    shape: type[BaseModel]
    row: type[BaseModel]
    example: dict[str, Any]


RESOURCES = (
    Resource(
        "visits",
        _("visites"),
        shapes.VisitPush,
        shapes.VisitRow,
        {
            "client_id": "V-2026-118",
            "company": {"name": "Filature du Nord"},
            "on": "2026-11-18",
            "needs": [{"subject": "export"}],
        },
    ),
    Resource(
        "needs",
        _("besoins"),
        shapes.NeedPush,
        shapes.NeedRow,
        {"client_id": "B-77", "company": {"name": "Filature du Nord"}, "subject": "financement", "opened_on": "2026-11-18"},
    ),
    Resource(
        "events",
        _("événements"),
        shapes.EventPush,
        shapes.EventRow,
        {
            "client_id": "E-12",
            "title": "Rencontre textile",
            "starts": "2026-12-03T14:00:00",
            "ends": "2026-12-03T17:00:00",
            "kind": "atelier",
        },
    ),
)
BY_NAME = {resource.name: resource for resource in RESOURCES}
