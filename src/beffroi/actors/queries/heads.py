"""The one organisation that money counts for, where several records are those of one body."""

from collections.abc import Iterable, Iterator

from beffroi.accounts.models import AnyUser, AuditEvent
from beffroi.actors.enums import ActorAct, SameAsState
from beffroi.actors.models import Organisation, SameAs
from beffroi.actors.rules.components import components
from beffroi.provenance.queries import Moment

BATCH = 10_000
ACTS = {ActorAct.SAME_AS_PROPOSED.value, ActorAct.SAME_AS_ACCEPTED.value, ActorAct.SAME_AS_REFUSED.value}


def same_as_heads(viewer: AnyUser, moment: Moment) -> dict[int, int]:
    """Each record of a body that has several -> the one that stands for it, as decided at `moment.known_on`; a record that
    is alone is not there: `heads.get(pk, pk)`. Only through records that this reader sees."""
    groups = components(_accepted_pairs(viewer, moment))
    numbered = _numbered(groups)
    return {pk: head for group in groups for head in [head_of(group, numbered)] for pk in group}


def body_heads() -> dict[int, int]:
    """The same for rules that run for everybody: all that is accepted now."""
    groups = components(SameAs.objects.accepted().order_by().values_list("one_id", "other_id"))
    numbered = _numbered(groups)
    return {pk: head for group in groups for head in [head_of(group, numbered)] for pk in group}


def head_of(group: Iterable[int], numbered: set[int]) -> int:
    """The record with a number stands for those without; the oldest of them when none, or several, have one."""
    return min(group, key=lambda pk: (pk not in numbered, pk))


def _accepted_pairs(viewer: AnyUser, moment: Moment) -> Iterator[tuple[int, int]]:
    """A pair that somebody decided again after the moment is in the state that the audit trail gives it then."""
    seen = SameAs.objects.visible_to(viewer).order_by()
    yield from seen.accepted().filter(at__lte=moment.known_on).values_list("one_id", "other_id")
    changed = seen.filter(at__gt=moment.known_on)
    later = {pk: (one, other) for pk, one, other in changed.values_list("pk", "one_id", "other_id")}
    if not later:
        return
    acts = AuditEvent.objects.filter(
        act__in=ACTS, at__lte=moment.known_on, subject_kind="organisation", subject_id__in=changed.values("one")
    )
    state = {detail.get("pair"): act for detail, act in acts.order_by("at", "pk").values_list("detail", "act")}
    yield from (pair for pk, pair in later.items() if state.get(pk) == f"same_as_{SameAsState.ACCEPTED}")


def _numbered(groups: list[tuple[int, ...]]) -> set[int]:
    """Of the records of these groups, and of no other."""
    members = [pk for group in groups for pk in group]
    found: set[int] = set()
    for start in range(0, len(members), BATCH):
        rows = Organisation.objects.filter(pk__in=members[start : start + BATCH], siren__isnull=False)
        found.update(rows.order_by().values_list("pk", flat=True))
    return found
