"""What is certain in each territory of a level, on a map: communes add up to what contains them, and to nothing else."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import AnyUser
from beffroi.core.formats import euros_text
from beffroi.funding.queries.money import money
from beffroi.funding.queries.questions import Question
from beffroi.observatory.queries.results import mapped
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets.money.answers import Total, euros
from beffroi.publishing.sheets.money.pictures import MILLION, Picture
from beffroi.reference.enums import level_label
from beffroi.reference.models import Item, PlaceMembership

LEVELS = {
    "department": gettext_lazy("département"),
    "region": gettext_lazy("région"),
    "employment_zone": gettext_lazy("zone d’emploi"),
    "epci": gettext_lazy("intercommunalité"),
    "commune": gettext_lazy("commune"),
}
STEPS = 3  # commune, intercommunality or department, region, and the former regions


def money_map(question: Question, total: Total, *, level: str, viewer: AnyUser, moment: Moment) -> Picture | None:
    """Of one stage, instrument and currency."""
    groups = money(replace(question, by=["territory"], into=""), viewer=viewer, moment=moment).groups
    of_total = groups.filter(pl.col(name) == value for name, value in total.keys.items())
    amounts = dict(of_total.drop_nulls("place_id").group_by("place_id").agg(pl.col("certain").sum()).rows())
    wholes = wholes_of(amounts, level)
    sums: dict[int, int] = {}
    for place, cents in amounts.items():
        if place in wholes:
            sums[wholes[place]] = sums.get(wholes[place], 0) + cents
    places = _around(sums, viewer)
    values: dict[int, float | None] = {pk: float(euros(cents) / MILLION) for pk, cents in sums.items()}
    title = _("Ce qui est certain par %(level)s, %(words)s") % {"level": level_label(level), "words": total.words}
    drawn = mapped(places, values, level=level, title=title, unit=_("millions"))
    if drawn.picture is None:
        return None
    left = sum(int(cents) for cents in of_total["certain"]) - sum(sums.values())
    return Picture(title, drawn.picture.spec, drawn.picture.table, note=_left(euros(left)))


def _left(amount: Decimal) -> str:
    if not amount:
        return ""
    return _("%(amount)s ne sont pas sur la carte : sans lieu, ou d’un lieu plus grand ou à cheval.") % {
        "amount": euros_text(amount)
    }


def wholes_of(parts: Collection[int], level: str) -> dict[int, int]:
    """The one territory of a level that is each of these or contains it; one that straddles two is in neither."""
    reached = {part: {part} for part in parts}
    for _step in range(STEPS):
        around = _containing({place for places in reached.values() for place in places})
        reached = {part: places | {up for place in places for up in around.get(place, ())} for part, places in reached.items()}
    known = {place for places in reached.values() for place in places}
    of_level = set(Item.objects.filter(pk__in=known, level=level).order_by().values_list("pk", flat=True))
    found = {part: places & of_level for part, places in reached.items()}
    return {part: next(iter(places)) for part, places in found.items() if len(places) == 1}


def _containing(places: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    parents = Item.objects.filter(pk__in=places, parent__isnull=False).order_by().values_list("pk", "parent_id")
    members = PlaceMembership.objects.filter(part__in=places).order_by().values_list("part_id", "whole_id")
    for part, whole in [*parents, *members]:
        found.setdefault(part, set()).add(whole)
    return found


def _around(sums: Iterable[int], viewer: AnyUser) -> list[Item]:
    """The territories that have an amount, and their neighbours of the same list that have none."""
    seen = Item.objects.visible_to(viewer).select_related("version__framework")
    named = list(seen.filter(pk__in=list(sums)))
    versions, levels = {item.version_id for item in named}, {item.level for item in named}
    parents = {item.parent_id for item in named if item.parent_id}
    beside = seen.filter(version__in=versions, level__in=levels, parent__in=parents) if parents else seen.none()
    return list({item.pk: item for item in [*named, *beside]}.values())
