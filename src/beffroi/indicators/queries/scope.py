"""Addresses of lists: what one has already chosen, shown above the list, and the list that a count counts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from beffroi.accounts.models import AnyUser
from beffroi.indicators.models import Indicator
from beffroi.reference.models import Item


@dataclass(frozen=True)
class Listed:
    """A list as a thing one may link to: the evidence of a count."""

    page: str
    filters: tuple[tuple[str, object], ...]

    def get_absolute_url(self) -> str:
        return f"{reverse(self.page)}?{urlencode(self.filters)}"


def values_of_indicator(indicator: int, *, territory: int | None = None) -> Listed:
    places = (("territory", territory),) if territory else ()
    return Listed("indicators:values", (("indicator", indicator), *places))


@dataclass(frozen=True)
class Chosen:
    name: str
    thing: Any


def scope_of(asked: dict[str, Any], *, viewer: AnyUser) -> list[Chosen]:
    found = [
        Chosen(name, model.objects.visible_to(viewer).filter(pk=asked[name]).first())
        for name, model in (("indicator", Indicator), ("territory", Item))
        if asked.get(name)
    ]
    return [chosen for chosen in found if chosen.thing is not None]
