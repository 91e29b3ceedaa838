"""The companies that answer the criteria of a campaign, and what is known of each on that day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AllPartners, AnyUser, User
from beffroi.actors.enums import OrganisationKind, RelationKind, UnitState
from beffroi.actors.models import Establishment, Organisation, Relation
from beffroi.interactions.enums import VisitState
from beffroi.interactions.models import ManagerAge, Segmentation, SegmentationRun, Visit
from beffroi.interactions.queries.areas import places_inside
from beffroi.interactions.rules.criteria import Criteria, born_before
from beffroi.reference.models import Item

SAMPLE = 20
KEPT_CRITERIA = ("older_than", "segments", "potential", "not_seen_since", "cluster")  # answered by what a reader may know
KEPT_FACTS = ("last_visit", "last_by", "potential", "segments", "birth_year")  # the others come from public registers
CHUNK = 2_000


@dataclass(frozen=True)
class Preview:
    """`age_unknown`: companies left out because nobody gave the age of their manager; unknown is not young."""

    count: int
    sample: list[Organisation]
    age_unknown: int | None


def reader_of(by: User, *, visibility: int, shared: bool) -> AnyUser:
    """As whom a list is made: others read it, and never learn by it what its author alone knows."""
    return AllPartners() if shared or visibility <= Visibility.PARTNERS else by


def candidates(criteria: Criteria, *, viewer: AnyUser, on: date) -> QuerySet[Organisation]:
    rows = _without_age(criteria, viewer, on)
    if criteria.older_than is not None:
        ages = ManagerAge.objects.visible_to(viewer)
        rows = rows.filter(pk__in=_of(ages.filter(birth_year__lte=born_before(on, older_than=criteria.older_than))))
    found: QuerySet[Organisation] = rows.select_related("place").order_by("sort_key", "pk")
    return found


def preview(criteria: Criteria, *, viewer: AnyUser, on: date) -> Preview:
    found = candidates(criteria, viewer=viewer, on=on)
    unknown = None
    if criteria.older_than is not None:
        unknown = _without_age(criteria, viewer, on).exclude(pk__in=_of(ManagerAge.objects.visible_to(viewer))).count()
    return Preview(found.count(), list(found[:SAMPLE]), unknown)


def _of(rows: Any) -> Any:
    return rows.order_by().values("organisation")


def _without_age(criteria: Criteria, viewer: AnyUser, on: date) -> QuerySet[Organisation]:
    rows = Organisation.objects.visible_to(viewer).filter(kind=OrganisationKind.COMPANY).exclude(state=UnitState.CEASED)
    rows = rows.filter(_active_in(criteria.activities), _in_places(criteria.places))
    if criteria.headcounts:
        rows = rows.filter(headcount__in=criteria.headcounts)
    if criteria.cluster is not None:
        rows = rows.filter(pk__in=_members_of(criteria.cluster, viewer))
    if criteria.segments:
        run = last_run(criteria.method, viewer)
        rows = rows.filter(pk__in=_of(Segmentation.objects.filter(run=run, segment__in=criteria.segments)))
    found: QuerySet[Organisation] = _by_visits(rows, criteria, viewer, on)
    return found


def _active_in(starts: Iterable[str]) -> Q:
    found = Q()
    for start in starts:
        found |= Q(activity__startswith=start)
    return found


def _in_places(places: Iterable[int]) -> Q:
    """Where it is said to be, or where it has an open establishment."""
    asked = list(Item.objects.filter(pk__in=places).select_related("version").order_by("pk"))
    if not asked:
        return Q()
    within = places_inside(asked)
    sites = Establishment.objects.filter(commune__in=within, until__isnull=True).exclude(state="F").order_by()
    return Q(place__in=within) | Q(pk__in=sites.values("organisation"))


def _members_of(cluster: int, viewer: AnyUser) -> Any:
    rows = Relation.objects.visible_to(viewer).current().filter(kind=RelationKind.MEMBER_OF, organisation=cluster)
    return rows.filter(until__isnull=True).order_by().values("subject")


def last_run(method: str, viewer: AnyUser) -> SegmentationRun | None:
    return SegmentationRun.objects.visible_to(viewer).filter(method=method).order_by("-on", "-pk").first()


def _by_visits(rows: Any, criteria: Criteria, viewer: AnyUser, on: date) -> Any:
    if criteria.not_seen_since is not None:
        since = visits_seen(viewer, on).filter(organisation=OuterRef("pk"), on__gte=criteria.not_seen_since)
        rows = rows.filter(~Q(Exists(since.order_by())))
    if criteria.potential:
        last = judged(viewer, on).filter(organisation=OuterRef("pk")).order_by("-on", "-pk").values("potential")[:1]
        rows = rows.annotate(last_potential=Subquery(last)).filter(last_potential=criteria.potential)
    return rows


def visits_seen(viewer: AnyUser, on: date) -> QuerySet[Visit]:
    rows: QuerySet[Visit] = Visit.objects.visible_to(viewer, on).filter(state=VisitState.DONE, on__lte=on)
    return rows


def judged(viewer: AnyUser, on: date) -> QuerySet[Visit]:
    """The visits that say a potential that this reader may read."""
    open_to_partners = Q(detail_visibility__lte=Visibility.PARTNERS)
    own = Q(owner__in=viewer.partner_ids) if viewer.is_authenticated else Q(pk__in=())
    return visits_seen(viewer, on).filter(open_to_partners | own).exclude(potential="")


def chunks(rows: QuerySet[Organisation]) -> Iterator[list[Organisation]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def facts_of(companies: list[Organisation], criteria: Criteria, *, viewer: AnyUser, on: date) -> dict[int, dict[str, Any]]:
    """What is known of each on the day its list is frozen: it stays readable when the register has changed since."""
    ids = [row.pk for row in companies]
    facts = {row.pk: _identity(row) for row in companies}
    for pk, day, by in (
        visits_seen(viewer, on)
        .filter(organisation__in=ids)
        .order_by("on", "pk")
        .values_list("organisation", "on", "owner__name")
    ):
        facts[pk] |= {"last_visit": day.isoformat(), "last_by": by}
    for pk, potential in (
        judged(viewer, on).filter(organisation__in=ids).order_by("on", "pk").values_list("organisation", "potential")
    ):
        facts[pk]["potential"] = potential
    for pk, told in _segments(ids, criteria, viewer).items():
        facts[pk]["segments"] = told
    if criteria.older_than is not None:
        ages = ManagerAge.objects.visible_to(viewer).filter(organisation__in=ids).order_by("told_on", "pk")
        for pk, year in ages.values_list("organisation", "birth_year"):
            facts[pk]["birth_year"] = year
    return facts


def _identity(row: Organisation) -> dict[str, Any]:
    told = {
        "siren": row.siren,
        "activity": row.activity,
        "headcount": row.headcount,
        "headcount_year": row.headcount_year,
        "place": row.place.label if row.place else None,
    }
    return {name: value for name, value in told.items() if value}


def _segments(ids: list[int], criteria: Criteria, viewer: AnyUser) -> dict[int, dict[str, str]]:
    run = last_run(criteria.method, viewer) if criteria.method else None
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Segmentation.objects.filter(run=run, organisation__in=ids) if run else Segmentation.objects.none()
    for pk, segment in rows.order_by("pk").values_list("organisation", "segment"):
        found[pk][criteria.method] = segment
    return found
