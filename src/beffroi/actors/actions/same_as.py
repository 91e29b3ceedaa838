from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import transaction
from django.utils import timezone

from beffroi.accounts.models import AuditEvent, User
from beffroi.actors.enums import NEXT_SAME_AS, ActorAct, SameAsState
from beffroi.actors.models import Organisation, SameAs
from beffroi.actors.queries.numbered import register_frame
from beffroi.actors.queries.organisations import records_of
from beffroi.actors.rules.components import components
from beffroi.actors.rules.same_as import blockers_to_union, proposals
from beffroi.analytics import matching
from beffroi.core.refusals import Refused
from beffroi.provenance.models import Load

LEAST = 0.05  # chance below which a pair is not worth a person's look
MOST = 0.99  # without a number, a model is never sure
BY_CHANCE = "nom, lieu et autres indices, par probabilité"


@transaction.atomic
def propose_same_as() -> int:
    """The pairs that the general rules find and that nobody has proposed, accepted or refused yet; how many were added."""
    known = set(SameAs.objects.values_list("one_id", "other_id"))
    at = timezone.now()
    fresh = [
        SameAs(one_id=row.one, other_id=row.other, rule=row.rule[:80], evidence=row.evidence[:500], at=at)
        for row in proposals(records_of())
        if (row.one, row.other) not in known
    ]
    SameAs.objects.bulk_create(fresh, batch_size=2_000)
    return len(fresh)


@transaction.atomic
def propose_numbers(named: pl.DataFrame, *, load: Load | None) -> int:
    """Organisations that a list names without a right number, against those that have one. `named`: id, and what the list says
    of each (`analytics.matching.FIELDS`). A person decides: no number is written, nothing is united."""
    register = register_frame()
    if named.is_empty() or register.is_empty():
        return 0
    linkage = matching.link(named, register)
    known = set(SameAs.objects.values_list("one_id", "other_id"))
    at, fresh = timezone.now(), []
    for row in linkage.candidates.filter(pl.col("chance") >= LEAST).iter_rows(named=True):
        pair = _ordered(int(row["left"]), int(row["right"]))
        if pair not in known:
            said = [{"text": one.text, "is_for": one.is_for} for one in matching.reasons(row)]
            fresh.append(_proposed(pair, row["chance"], said, at, load))
    SameAs.objects.bulk_create(fresh, batch_size=1_000)
    return len(fresh)


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _proposed(
    pair: tuple[int, int], chance: float, arguments: list[dict[str, object]], at: datetime, load: Load | None
) -> SameAs:
    score = min(round(chance, 4), MOST)
    evidence = f"chance estimée à {score:.0%}.".replace("%", " %")
    return SameAs(
        one_id=pair[0], other_id=pair[1], rule=BY_CHANCE, evidence=evidence, score=score, arguments=arguments, at=at, load=load
    )


def settle_same_as(pair: SameAs, *, state: SameAsState, reason: str, by: User) -> SameAs:
    """Accepts, refuses, or puts back among the proposals: the two records stay, only what unites them changes."""
    return settle_pairs([pair], state=state, reason=reason, by=by)[0]


@transaction.atomic
def settle_pairs(pairs: Sequence[SameAs], *, state: SameAsState, reason: str, by: User) -> Sequence[SameAs]:
    """Several at once, for one reason: all of them, or none. On the pairs as they are now, whatever the page showed."""
    if not pairs:
        raise Refused("Cochez au moins une paire.")
    _hold(pairs)
    if wrong := [pair for pair in pairs if state not in NEXT_SAME_AS[SameAsState(pair.state)]]:
        label = SameAsState(wrong[0].state).label
        many = "Cette paire est" if len(pairs) == 1 else f"{len(wrong)} paires sont"
        raise Refused(f"{many} déjà dans l’état « {label} ».")
    if not reason.strip():
        raise Refused("Dites pourquoi : deux fiches se réunissent ou se séparent avec une raison.")
    if state == SameAsState.ACCEPTED and (blockers := _blockers(pairs)):
        raise Refused(*blockers)
    at, said = timezone.now(), reason.strip()[:500]
    SameAs.objects.filter(pk__in=[pair.pk for pair in pairs]).update(state=state, reason=said, by=by, at=at)
    for pair in pairs:
        pair.state, pair.reason, pair.by, pair.at = state, said, by, at
    AuditEvent.objects.bulk_create([_act(pair, end, by) for pair in pairs for end in (pair.one_id, pair.other_id)])
    return pairs


def _hold(pairs: Sequence[SameAs]) -> None:
    """Until the end of the transaction: the pairs, and the records of every body that they touch, so that two people never
    unite two numbers each by one half."""
    held = {row.pk: row for row in SameAs.objects.select_for_update().order_by("pk").filter(pk__in=[row.pk for row in pairs])}
    if len(held) < len({row.pk for row in pairs}):
        raise Refused("Une de ces paires n’existe plus : rechargez la page. Rien n’a changé.")
    for pair in pairs:
        pair.state = held[pair.pk].state
    members = [pk for group in _touched(pairs) for pk in group]
    list(Organisation.objects.select_for_update().order_by("pk").filter(pk__in=members).values_list("pk"))


def _touched(pairs: Sequence[SameAs]) -> list[tuple[int, ...]]:
    """The bodies that these pairs would make, with all their records."""
    asked = [(pair.one_id, pair.other_id) for pair in pairs]
    ends = {pk for pair in asked for pk in pair}
    known = SameAs.objects.accepted().order_by().values_list("one_id", "other_id")
    return [group for group in components([*known, *asked]) if ends.intersection(group)]


def _act(pair: SameAs, organisation: int, by: User) -> AuditEvent:
    act = ActorAct(f"same_as_{pair.state}")
    detail = {"pair": pair.pk, "reason": pair.reason}
    return AuditEvent(act=act, by=by, subject_kind="organisation", subject_id=organisation, detail=detail)


def _blockers(pairs: Sequence[SameAs]) -> list[str]:
    """Two numbers that differ are never united, not even through a third record."""
    groups = _touched(pairs)
    members = {pk for group in groups for pk in group}
    rows = Organisation.objects.filter(pk__in=members, siren__isnull=False).order_by("pk").values_list("pk", "name", "siren")
    return blockers_to_union(groups, {pk: (name, siren or "") for pk, name, siren in rows})
