from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.actors.enums import NEXT_SAME_AS, ActorAct, SameAsState
from beffroi.actors.models import SameAs
from beffroi.actors.queries.organisations import records_of
from beffroi.actors.rules.same_as import proposals


class SettlementRefused(ValueError):
    """The pair is not in a state from which this may be decided, or no reason was given."""


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
def settle_same_as(pair: SameAs, *, state: SameAsState, reason: str, by: User) -> SameAs:
    """Accepts, refuses, or puts back among the proposals: the two records stay, only what unites them changes."""
    if state not in NEXT_SAME_AS[SameAsState(pair.state)]:
        raise SettlementRefused(f"Cette paire est déjà dans l’état « {SameAsState(pair.state).label} ».")
    if not reason.strip():
        raise SettlementRefused("Dites pourquoi : deux fiches se réunissent ou se séparent avec une raison.")
    pair.state, pair.reason, pair.by, pair.at = state, reason.strip()[:500], by, timezone.now()
    pair.save(update_fields=["state", "reason", "by", "at"])
    for organisation in (pair.one_id, pair.other_id):
        record_act(
            ActorAct(f"same_as_{state.value}"), by=by, subject=("organisation", organisation), pair=pair.pk, reason=pair.reason
        )
    return pair
