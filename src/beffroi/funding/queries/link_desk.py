"""The lines that several sources tell, face to face, for a person to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.text import search_key
from beffroi.funding.enums import LinkState
from beffroi.funding.models import Line, LineClaim, LineLink, LineSettlement
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment, figure_of, standings

BANDS: dict[str, tuple[float, float]] = {"high": (0.9, 1.01), "middle": (0.7, 0.9), "low": (0.0, 0.7)}
ENDS = ("one", "other")
SHOWN = ("operation", "programme__framework", "receiver", "fund")
LOADS = 50


@dataclass(frozen=True)
class Side:
    """One of two lines: what it is for, its amount, and who tells it."""

    line: Line
    amount: Figure
    told_by: list[LineClaim]


@dataclass(frozen=True)
class FacedLink:
    link: LineLink
    sides: tuple[Side, Side]

    @property
    def score(self) -> int | None:
        return None if self.link.score is None else round(self.link.score * 100)


def asked_links(
    viewer: AnyUser, *, state: LinkState, q: str = "", band: str = "", load: Load | None = None
) -> QuerySet[LineLink]:
    about, key = Q(), search_key(q)
    for end in ENDS if key else ():
        about |= Q(**{f"{end}__operation__sort_key__contains": key}) | Q(**{f"{end}__receiver__sort_key__contains": key})
    if band in BANDS:
        least, below = BANDS[band]
        about &= Q(score__gte=least, score__lt=below)
    if load is not None:
        about &= Q(load=load)
    found = LineLink.objects.current().visible_to(viewer).filter(about, state=state)
    return found.select_related("by", *(f"{end}__{name}" for end in ENDS for name in SHOWN))


def faced(links: Sequence[LineLink], *, viewer: AnyUser, moment: Moment) -> list[FacedLink]:
    lines = {line.pk: line for link in links for line in (link.one, link.other)}
    stands = standings(
        lines, claims=LineClaim.objects, settlements=LineSettlement.objects, link="line", moment=moment, viewer=viewer
    )
    claims = LineClaim.objects.visible_to(viewer).current().filter(line__in=list(lines))
    told: dict[int, list[LineClaim]] = {}
    for claim in claims.select_related("load__snapshot__source", "by").order_by("pk"):
        told.setdefault(claim.line_id, []).append(claim)
    sides = {
        pk: Side(line, figure_of(stands[pk], unit="€" if line.currency == "EUR" else line.currency), told.get(pk, []))
        for pk, line in lines.items()
    }
    return [FacedLink(link, (sides[link.one_id], sides[link.other_id])) for link in links]


def linking_loads(viewer: AnyUser) -> QuerySet[Any]:
    named = LineLink.objects.current().filter(load__isnull=False).order_by().values("load")
    last = Load.objects.visible_to(viewer).filter(pk__in=named).order_by("-pk").values("pk")[:LOADS]
    return (
        Load.objects.filter(pk__in=last).select_related("snapshot", "profile").order_by("-pk")
    )  # whole: one is chosen from it


def waiting_links(viewer: AnyUser) -> int:
    return LineLink.objects.current().visible_to(viewer).filter(state=LinkState.PROPOSED).count()
