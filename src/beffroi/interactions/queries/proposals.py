"""Who could answer a need: the services of its subject that reach its place, and how their operators answer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser, Partner
from beffroi.core.figures import Figure
from beffroi.interactions.models import Need, Referral, Service
from beffroi.interactions.queries import territories
from beffroi.interactions.queries.answers import as_sent
from beffroi.interactions.rules import needs as rules
from beffroi.interactions.rules.coverage import Cover, Offered, reach


@dataclass(frozen=True)
class Proposal:
    """A service that could answer. `rows`: what was sent to its operator, of what the reader may read."""

    service: Service
    cover: Cover
    why: str
    rows: list[rules.Sent] = field(default_factory=list)
    is_there: bool = False
    has_people: bool = True

    @property
    def partner(self) -> Partner:
        found = self.service.owner
        assert found is not None
        return found

    @property
    def delay(self) -> Figure:
        known = sum(row.days is not None for row in self.rows)
        return Figure(value=rules.reply_days(self.rows), unit=_("jours"), known=known, parts=len(self.rows))

    @property
    def acceptance(self) -> rules.Rate:
        return rules.acceptance(self.rows)

    @property
    def accepted(self) -> Figure:
        return Figure(value=self.acceptance.value, unit="ratio")


def offered(services: Iterable[Service]) -> list[Offered]:
    """`services` with their subjects and places already read."""
    return [
        Offered(
            row.pk, frozenset(one.pk for one in row.subjects.all()), frozenset(one.pk for one in row.places.all())
        )
        for row in services
    ]  # fmt: skip


def running_services(viewer: AnyUser, on: date) -> Any:
    rows = Service.objects.visible_to(viewer).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), owner__isnull=False)
    return rows.select_related("owner").prefetch_related("subjects", "places").order_by("owner__name", "title", "pk")


def proposals(need: Need, *, viewer: AnyUser, on: date) -> list[Proposal]:
    """Those for the whole of the place first, then those for a part of it; a fixed number of queries."""
    rows = list(running_services(viewer, on).filter(subjects=need.subject_item_id))
    places = {place.pk for row in rows for place in row.places.all()} | ({need.place_id} - {None})
    where = territories.reach_of(place for place in places if place is not None)
    reached = {one.pk: reach(one, need.place_id, where.around, where.across) for one in offered(rows)}
    kept = [row for row in rows if reached[row.pk] != Cover.NOBODY]
    told, there = _answers({row.owner_id for row in kept}, viewer), _in_hand(need)
    found = [
        Proposal(
            row, reached[row.pk], _why(row, need, reached[row.pk]), told.get(row.owner_id, []), row.owner_id in there
        )
        for row in kept
    ]  # fmt: skip
    return sorted(
        found, key=lambda one: (one.is_there, one.cover != Cover.WHOLE, not one.service.places.all(), str(one.partner))
    )


def _answers(partners: set[int], viewer: AnyUser) -> dict[int, list[rules.Sent]]:
    found: dict[int, list[rules.Sent]] = defaultdict(list)
    rows = Referral.objects.visible_to(viewer).filter(partner__in=partners).select_related("need").order_by("pk")
    for row in rows:
        found[row.partner_id].append(as_sent(row))
    return found


def _in_hand(need: Need) -> set[int]:
    return set(need.referrals.filter(state__in=rules.OPEN).order_by("pk").values_list("partner", flat=True))


def _why(service: Service, need: Need, cover: Cover) -> str:
    subject = _("Sujet : %(subject)s.") % {"subject": need.subject_item}
    names = ", ".join(place.label for place in service.places.all())
    if not names:
        return f"{subject} {_('Offert partout.')}"
    if need.place is None:
        return f"{subject} {_('Offert pour %(places)s ; le lieu de l’entreprise n’est pas connu.') % {'places': names}}"
    text = _("%(place)s est dans son territoire : %(places)s.") if cover == Cover.WHOLE else _(
        "Offert pour une partie de %(place)s : %(places)s."
    )  # fmt: skip
    return f"{subject} {text % {'place': need.place, 'places': names}}"
