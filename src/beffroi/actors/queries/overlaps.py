"""What clusters have in common, from their relations and from the correspondences of the items that stand for them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from beffroi.accounts.models import AnyUser
from beffroi.actors.enums import OverlapKind, RelationKind
from beffroi.actors.models import ExternalId, Name, Organisation, Relation, said_by
from beffroi.actors.queries.same_as import same_as_groups
from beffroi.actors.rules.overlaps import Tie, in_common
from beffroi.core.text import search_key
from beffroi.provenance.models import Statement
from beffroi.provenance.queries import Moment
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Correspondence, Crosswalk, Item

SAME_NAME = 80  # percent of likeness from which an item that has an organisation's code is that organisation's own item
DIRECT = {
    RelationKind.SHARES_DIRECTOR_WITH: OverlapKind.DIRECTOR,
    RelationKind.SHARES_STAFF_WITH: OverlapKind.STAFF,
    RelationKind.SHARES_MEMBERS_WITH: OverlapKind.MEMBERS,
    RelationKind.CARRIES: OverlapKind.CARRIER,
    RelationKind.MEMBER_OF: OverlapKind.GOVERNANCE,
    RelationKind.CHAIRS: OverlapKind.GOVERNANCE,
    RelationKind.LINKED_TO: OverlapKind.LINK,
    RelationKind.PARTNER_OF: OverlapKind.PARTNER,
}
# These bring in, beside the clusters, the bodies that are their arm: who carries them, who has the same director
EXTENDS = {RelationKind.SHARES_DIRECTOR_WITH, RelationKind.SHARES_STAFF_WITH, RelationKind.CARRIES}
EDGE = ("pk", "kind", "subject_id", "organisation_id", "item_id", "detail", "item__version__framework__kind")
SEATS = {
    RelationKind.MEMBER_OF,
    RelationKind.CHAIRS,
    RelationKind.LEADS,
    RelationKind.CO_PILOTS,
    RelationKind.ANIMATES,
    RelationKind.CO_ANIMATES,
}
ABOUT_PLACES = {
    RelationKind.LOCATED_IN,
    RelationKind.COVERS,
    RelationKind.LEAD_TERRITORY_OF,
    RelationKind.SIZE_CLASS,
    RelationKind.SITE_OF,
}


@dataclass(frozen=True)
class ClusterTies:
    """The bodies compared, those that are clusters, and what they have in common."""

    bodies: dict[int, Organisation]
    clusters: set[int]
    ties: list[Tie]
    lead_of: Mapping[int, int] = field(default_factory=dict)


def cluster_ties(kinds: Sequence[str], *, moment: Moment, viewer: AnyUser) -> ClusterTies:
    """The clusters of these kinds, the bodies that are their arm, and every row that says what two of them share."""
    lead_of = {pk: group[0] for group in same_as_groups(viewer) for pk in group}
    clusters = set(Organisation.objects.visible_to(viewer).filter(kind__in=kinds).values_list("pk", flat=True))
    seen_edges = Relation.objects.seen_at(moment, viewer).order_by("pk")
    ids = clusters | _arms(seen_edges.filter(kind__in=EXTENDS), clusters)
    near = seen_edges.filter(Q(subject__in=ids) | Q(organisation__in=ids))
    edges = list(near.values_list(*EDGE, named=True))
    items = own_items(ids)
    ties = [*_direct(edges, ids), *_common_members(edges, ids), *_common_items(edges, ids)]
    bodies = {row.pk: row for row in Organisation.objects.visible_to(viewer).filter(pk__in=ids | set(lead_of.values()))}
    seen = Correspondence.objects.known_on(moment.known_on).filter(said_by("correspondence", moment.as_of))
    seen = seen.filter(crosswalk__in=Crosswalk.objects.visible_to(viewer).values("pk"))
    ties += _through_correspondences(items, {pk: row.kind for pk, row in bodies.items()}, seen)
    united = [Tie(lead_of.get(t.one, t.one), lead_of.get(t.other, t.other), t.kind, t.key, t.via, t.detail) for t in ties]
    return ClusterTies(bodies, {lead_of.get(pk, pk) for pk in clusters} & set(bodies), united, lead_of)


def _arms(edges: QuerySet[Any], clusters: set[int]) -> set[int]:
    pairs = edges.filter(organisation__isnull=False).values_list("subject_id", "organisation_id")
    return {end for pair in pairs if clusters.intersection(pair) for end in pair} - clusters


def _direct(edges: Iterable[Any], ids: set[int]) -> Iterator[Tie]:
    for row in edges:
        if row.kind in DIRECT and row.subject_id in ids and row.organisation_id in ids:
            kind = DIRECT[RelationKind(row.kind)]
            yield Tie(row.subject_id, row.organisation_id, kind, f"relation:{row.pk}", detail=row.detail)


def _common_members(edges: Iterable[Any], ids: set[int]) -> list[Tie]:
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in edges:
        if row.kind == RelationKind.MEMBER_OF and row.organisation_id in ids:
            parts[row.organisation_id].append((f"organisation:{row.subject_id}", f"relation:{row.pk}"))
    return in_common(parts, OverlapKind.MEMBERS)


def _common_items(edges: Iterable[Any], ids: set[int]) -> list[Tie]:
    """The items that two bodies are both tied to: a seat in the same place, or the same theme."""
    seats: dict[int, list[tuple[str, str]]] = defaultdict(list)
    themes: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in edges:
        if row.subject_id in ids and row.kind not in ABOUT_PLACES and _is_no_place(row):
            (seats if row.kind in SEATS else themes)[row.subject_id].append((f"item:{row.item_id}", f"relation:{row.pk}"))
    return [*in_common(seats, OverlapKind.SEAT), *in_common(themes, OverlapKind.THEME)]


def _is_no_place(edge: Any) -> bool:
    kind = edge.item__version__framework__kind
    return kind is not None and kind != FrameworkKind.GEOGRAPHY


def own_items(organisations: Iterable[int]) -> dict[int, set[int]]:
    """The items that stand for organisations in frameworks: the same code in the same source, and nearly the same name."""
    wanted = list(organisations)
    codes = list(ExternalId.objects.filter(organisation__in=wanted).values_list("scheme", "value", "organisation_id"))
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name, acronym in Organisation.objects.filter(pk__in=wanted).values_list("pk", "name", "acronym"):
        names[pk] += [name, acronym]
    for pk, text in Name.objects.filter(organisation__in=wanted).values_list("organisation_id", "text"):
        names[pk].append(text)
    by_code: dict[str, list[Item]] = defaultdict(list)
    for item in Item.objects.filter(code__in={code for _, code, _ in codes}).exclude(
        version__framework__kind=FrameworkKind.GEOGRAPHY
    ):
        by_code[item.code].append(item)
    stated = _sources_of_items(item.pk for group in by_code.values() for item in group)
    found: dict[int, set[int]] = defaultdict(set)
    for scheme, code, pk in codes:
        for item in by_code[code]:
            if scheme in stated[item.pk] and _is_named(item.label, names[pk]):
                found[pk].add(item.pk)
    return found


def _sources_of_items(items: Iterable[int]) -> dict[int, set[str]]:
    rows = Statement.objects.filter(subject_kind="item", subject_id__in=list(items))
    found: dict[int, set[str]] = defaultdict(set)
    for pk, source in rows.values_list("subject_id", "load__snapshot__source__code").distinct():
        found[pk].add(source)
    return found


def _is_named(label: str, names: Iterable[str]) -> bool:
    return any(name and fuzz.token_set_ratio(search_key(label), search_key(name)) >= SAME_NAME for name in names)


def _through_correspondences(items: Mapping[int, set[int]], kinds: Mapping[int, str], seen: QuerySet[Any]) -> list[Tie]:
    """Themes that point at two clusters, clusters that a table puts together, and industries that share out their roles."""
    body_of = {item: body for body, group in items.items() for item in group}
    found = list(seen.filter(target__in=list(body_of)).select_related("source__version__framework"))
    themes: dict[int, list[tuple[str, str]]] = defaultdict(list)
    ties: list[Tie] = []
    for row in found:
        body, key = body_of[row.target_id], f"correspondence:{row.pk}"
        if row.source_id in body_of:
            ties.append(Tie(body_of[row.source_id], body, OverlapKind.LINK, key))
        else:
            themes[body].append((f"item:{row.source_id}", key))
    return [*ties, *in_common(themes, OverlapKind.THEME), *_shared_roles(found, body_of, kinds)]


def _shared_roles(rows: Sequence[Correspondence], body_of: Mapping[int, int], kinds: Mapping[int, str]) -> Iterator[Tie]:
    """A framework whose items are each, in full, the part of one cluster, all of different kinds, shares out roles in an
    industry; a framework of clusters of one kind is only their list."""
    frameworks: dict[int, list[Correspondence]] = defaultdict(list)
    for row in rows:
        if row.source_id not in body_of:
            frameworks[row.source.version.framework_id].append(row)
    for framework, group in frameworks.items():
        parts = {row.source_id: kinds.get(body_of[row.target_id]) for row in group if row.strength == "full"}
        if len(group) == len(parts) == len(set(parts.values())) > 1:
            for one, other in combinations(group, 2):
                for row in (one, other):
                    pair = (body_of[one.target_id], body_of[other.target_id])
                    yield Tie(*pair, OverlapKind.ROLES, f"correspondence:{row.pk}", via=f"framework:{framework}")
