"""The pairs that wait at the desk: filters, bands of chance, and the errors that accepting above a chance lets expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import SameAsState
from beffroi.actors.models import SameAs
from beffroi.analytics.matching import THRESHOLDS, Threshold, expected
from beffroi.core.text import search_key
from beffroi.provenance.models import Load

BANDS: dict[str, tuple[float, float]] = {"high": (0.9, 1.01), "middle": (0.5, 0.9), "low": (0.0, 0.5)}
LOADS = 50


@dataclass(frozen=True)
class Desk:
    """What is asked of the desk. `band`: one of BANDS, or « none » for pairs that a rule without chance proposes."""

    state: SameAsState
    q: str = ""
    load: Load | None = None
    band: str = ""

    def pairs(self, viewer: AnyUser) -> QuerySet[SameAs]:
        return SameAs.objects.visible_to(viewer).filter(self._about(), state=self.state)

    def _about(self) -> Q:
        key = search_key(self.q)
        about = Q(one__sort_key__contains=key) | Q(other__sort_key__contains=key) if key else Q()
        if self.load is not None:
            about &= Q(load=self.load)
        if self.band in BANDS:
            least, below = BANDS[self.band]
            return about & Q(score__gte=least, score__lt=below)
        return about & Q(score__isnull=True) if self.band == "none" else about


def likeliest_first(pairs: QuerySet[SameAs]) -> QuerySet[SameAs]:
    whole = pairs.select_related("one__place", "other__place", "by", "load__snapshot", "load__profile")
    return whole.order_by(F("score").desc(nulls_last=True), "one__sort_key", "pk")


def expected_errors(pairs: QuerySet[SameAs]) -> Sequence[Threshold]:
    """Of these pairs, from the chances that they were proposed with; the database counts and adds them, no pair is read."""
    asked: dict[str, Any] = {"whole": Sum("score")}
    for nth, level in enumerate(THRESHOLDS):
        above = Q(score__gte=level)
        asked |= {f"links_{nth}": Count("pk", filter=above), f"hoped_{nth}": Sum("score", filter=above)}
    said = pairs.filter(score__isnull=False).order_by().aggregate(**asked)
    if said["whole"] is None:
        return []
    return [
        expected(level, links=said[f"links_{nth}"], hoped=said[f"hoped_{nth}"] or 0.0, whole=said["whole"])
        for nth, level in enumerate(THRESHOLDS)
    ]


def proposing_loads(viewer: AnyUser) -> QuerySet[Any]:
    """The loads of which some pair was proposed."""
    named = SameAs.objects.filter(load__isnull=False).order_by().values("load")
    last = Load.objects.visible_to(viewer).filter(pk__in=named).order_by("-pk").values("pk")[:LOADS]
    return (
        Load.objects.filter(pk__in=last).select_related("snapshot", "profile").order_by("-pk")
    )  # whole: one is chosen from it
