"""The records that are those of one body, and what pairs of records share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation, Relation, SameAs
from beffroi.actors.queries.organisations import records_of
from beffroi.actors.rules.components import components
from beffroi.actors.rules.same_as import arguments
from beffroi.analytics.matching import Argument
from beffroi.provenance.queries import Moment


def same_as_groups(viewer: AnyUser) -> list[tuple[int, ...]]:
    """The groups of records that are one body, as far as this reader sees them; each starts with the record that stands
    for it."""
    pairs = SameAs.objects.accepted().visible_to(viewer).order_by()
    return components(pairs.values_list("one_id", "other_id"))


def groups_of(ids: Iterable[int], viewer: AnyUser) -> list[tuple[int, ...]]:
    """The groups of these records alone: their pairs, then the pairs of what these name, until nothing is new."""
    accepted = SameAs.objects.accepted().visible_to(viewer).order_by()
    pairs: set[tuple[int, int]] = set()
    found, asked = set(ids), set(ids)
    while asked:
        touching = accepted.filter(Q(one__in=asked) | Q(other__in=asked))
        told = set(touching.values_list("one_id", "other_id"))
        asked = {pk for pair in told for pk in pair} - found
        pairs, found = pairs | told, found | asked
    return components(sorted(pairs))


def group_ids(pk: int, viewer: AnyUser) -> tuple[int, ...]:
    return next(iter(groups_of([pk], viewer)), (pk,))


def same_as_group(organisation: Organisation, viewer: AnyUser) -> list[Organisation]:
    """The records of one body, the one that stands for it first."""
    rows = Organisation.objects.visible_to(viewer).filter(pk__in=group_ids(organisation.pk, viewer))
    return list(rows.select_related("place", "partner", "owner").order_by("pk"))


@dataclass(frozen=True)
class ComparedPair:
    pair: SameAs
    arguments: list[Argument]

    @property
    def chance(self) -> int | None:
        """In percent, as estimated when the pair was proposed."""
        return None if self.pair.score is None else round(self.pair.score * 100)

    @property
    def pros(self) -> list[str]:
        return [row.text for row in self.arguments if row.is_for]

    @property
    def cons(self) -> list[str]:
        return [row.text for row in self.arguments if not row.is_for]


def compared(pairs: Sequence[SameAs], *, moment: Moment, viewer: AnyUser) -> list[ComparedPair]:
    """Each pair with what speaks for and against it."""
    ids = {pk for pair in pairs for pk in (pair.one_id, pair.other_id)}
    records = {record.pk: record for record in records_of(ids)}
    ends, direct = _ends_of(ids, moment, viewer)
    return [
        ComparedPair(
            pair,
            _kept(pair)
            or arguments(
                records[pair.one_id],
                records[pair.other_id],
                shared=ends[pair.one_id] & ends[pair.other_id],
                direct=direct[frozenset((pair.one_id, pair.other_id))],
            ),
        )
        for pair in pairs
    ]


def _kept(pair: SameAs) -> list[Argument]:
    """What spoke for and against when a probability proposed it, kept with it."""
    return [Argument(row["text"], row["is_for"]) for row in pair.arguments]


def _ends_of(
    ids: Iterable[int], moment: Moment, viewer: AnyUser
) -> tuple[dict[int, set[str]], dict[frozenset[int], list[str]]]:
    """The names of what each record is tied to, and the words of what ties two of them."""
    wanted = set(ids)
    rows = Relation.objects.seen_at(moment, viewer).filter(Q(subject__in=wanted) | Q(organisation__in=wanted))
    ends: dict[int, set[str]] = defaultdict(set)
    direct: dict[frozenset[int], list[str]] = defaultdict(list)
    for row in rows.select_related("subject", "organisation", "item", "framework", "system"):
        ends[row.subject_id].add(str(row.object))
        if row.organisation_id is not None:
            ends[row.organisation_id].add(str(row.subject))
            direct[frozenset((row.subject_id, row.organisation_id))].append(str(row.get_kind_display()))
    return ends, direct
