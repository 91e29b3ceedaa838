"""Which of the rival claims about one subject stands, decided by a person who says why; undone the same way."""

from datetime import datetime
from typing import Any

from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.provenance.models import Claim, Settlement


@transaction.atomic
def settle_claims(claim: Claim, *, settlements: type[Settlement], link: str, reason: str, by: User, at: datetime) -> Settlement:
    """The claim stands for its subject from now on; the settlement before it stays what was believed before.
    `link`: the key that the claim and its settlements have to their subject."""
    subject_id = getattr(claim, f"{link}_id")
    _end_current(settlements, link, subject_id, at)
    values: dict[str, Any] = {f"{link}_id": subject_id, "claim": claim}
    settled: Settlement = settlements.objects.create(**values, reason=reason.strip()[:500], by=by, recorded_from=at)  # type: ignore[attr-defined]
    record_act("claims_settled", by=by, subject=(link, subject_id), claim=claim.pk, reason=settled.reason)
    return settled


@transaction.atomic
def unsettle_claims(subject_id: int, *, settlements: type[Settlement], link: str, by: User, at: datetime) -> int:
    """The rivals face each other again; how many settlements ended (one, or none when nothing was settled)."""
    ended = _end_current(settlements, link, subject_id, at)
    if ended:
        record_act("claims_unsettled", by=by, subject=(link, subject_id))
    return ended


def _end_current(settlements: type[Settlement], link: str, subject_id: int, at: datetime) -> int:
    current = settlements.objects.filter(**{f"{link}_id": subject_id}, recorded_to__isnull=True)  # type: ignore[attr-defined]
    return int(current.update(recorded_to=at))
