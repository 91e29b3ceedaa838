"""Whether anything has changed since: what is computed once is good for as long as this stays the same."""

from collections.abc import Sequence

from django.db.models import Max

from beffroi.accounts.enums import Act
from beffroi.accounts.models import AuditEvent
from beffroi.provenance.models import Load

SIGNING_IN = (Act.SIGNED_IN, Act.SIGN_IN_FAILED)


def state_of_facts(*, besides: Sequence[str] = ()) -> str:
    """Facts change by loads, everything else by acts that the audit trail keeps. `besides`: kinds of things whose acts change
    nothing for who asks."""
    loads = Load.objects.aggregate(last=Max("pk"), ended=Max("ended"))
    acts = AuditEvent.objects.exclude(act__in=SIGNING_IN).exclude(subject_kind__in=besides).aggregate(last=Max("pk"))
    ended = loads["ended"].timestamp() if loads["ended"] else 0
    return f"{loads['last']}:{ended}:{acts['last']}"
