"""What the register of companies says of organisations and of the places where they work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Q, Value, When

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import ACTIVITY_FRAMEWORKS, CLOSED_TO_PUBLIC, LEGAL_CATEGORIES, EstablishmentState
from beffroi.actors.models import Establishment, EstablishmentPeriod, Organisation
from beffroi.core.figures import Figure
from beffroi.provenance.models import Load
from beffroi.reference.models import Item
from beffroi.reference.queries import labels_of

MOST_SITES = 60
WITHDRAWN = Q(load__isnull=False, content_hash="")


def _last(about: Q) -> Case:
    return Case(When(about, then=Value(1)), default=Value(0))


CURRENT_FIRST = (_last(WITHDRAWN), _last(~Q(is_seat=True) | Q(is_seat=None)), _last(~Q(state=EstablishmentState.OPEN)))


def organisations_of_load(load: int) -> set[int]:
    """Those that a load of a register stated, or of which it stated an establishment."""
    rows = [
        Organisation.objects.filter(load=load).values_list("pk", flat=True),
        Establishment.objects.filter(load=load).values_list("organisation_id", flat=True),
        EstablishmentPeriod.objects.filter(load=load).values_list("establishment__organisation_id", flat=True),
    ]
    return {pk for found in rows for pk in found.order_by().distinct()}


def is_agent(viewer: AnyUser) -> bool:
    """Somebody of an institution that uses Beffroi: what is not for the public is for them, inside."""
    return bool(viewer.is_authenticated and viewer.partner_ids)


@dataclass(frozen=True)
class Said:
    """One row of the register as a sheet shows it, with the words of its codes where a nomenclature gives them."""

    row: Any
    activity: Item | None = None
    legal_category: Item | None = None
    is_hidden: bool = False

    @property
    def is_withdrawn(self) -> bool:
        """Whether the latest complete file of the register does not have it any more."""
        return bool(self.row.load_id and not self.row.content_hash)


@dataclass(frozen=True)
class Sites:
    """The establishments of a body, at most `shown` of them: the seat first, then those that are open; last, those that the
    register does not have any more, which are open nowhere."""

    shown: list[Said] = field(default_factory=list)
    count: int = 0
    open: Figure = field(default_factory=Figure)
    periods: list[Said] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        return self.count - len(self.shown)


def _activity(row: Any) -> tuple[str, str]:
    return ACTIVITY_FRAMEWORKS.get(row.activity_version, ""), row.activity


def register_card(records: Sequence[Organisation]) -> dict[str, Any] | None:
    """None when no record has a SIREN: the register has nothing to say."""
    rows = [row for row in records if row.siren]
    if not rows:
        return None
    labels = labels_of([*map(_activity, rows), *((LEGAL_CATEGORIES, row.legal_category) for row in rows)])
    loads = Load.objects.select_related("snapshot__source").in_bulk([row.load_id for row in rows if row.load_id])
    said = [
        (Said(row, labels.get(_activity(row)), labels.get((LEGAL_CATEGORIES, row.legal_category))), loads.get(row.load_id))
        for row in rows
    ]
    return {"units": said, "is_known": any(load for _, load in said)}


def sites_of(organisations: Iterable[int], *, viewer: AnyUser) -> Sites:
    rows = Establishment.objects.filter(organisation__in=list(organisations))
    ordered = rows.select_related("commune__version__framework").order_by(*CURRENT_FIRST, "siret", "pk")
    shown, count = list(ordered[:MOST_SITES]), rows.count()
    told = EstablishmentPeriod.objects.filter(establishment__in=[row.pk for row in shown]).select_related("establishment")
    periods = list(told.order_by("establishment__siret", "-since", "pk")) if shown else []
    labels, agent = labels_of(map(_activity, [*shown, *periods])), is_agent(viewer)
    hidden = {row.pk: row.diffusion in CLOSED_TO_PUBLIC and not agent for row in shown}
    said = [Said(row, labels.get(_activity(row)), is_hidden=hidden[row.pk]) for row in shown]
    history = [Said(row, labels.get(_activity(row))) for row in periods]
    return Sites(said, count, Figure(value=rows.filter(state=EstablishmentState.OPEN).exclude(WITHDRAWN).count()), history)
