"""A report's content, computed once for as long as nothing changes."""

import json
import zlib
from typing import Any

from django.core.cache import cache
from django.db.models import Max

from beffroi.accounts.enums import Act
from beffroi.accounts.models import AnyUser, AuditEvent
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment
from beffroi.publishing.models import canonical
from beffroi.publishing.reports import progress
from beffroi.reference.models import Framework

SECONDS = 24 * 3600
SIGNING_IN = (Act.SIGNED_IN, Act.SIGN_IN_FAILED)


def content(framework: Framework, *, moment: Moment, viewer: AnyUser, is_now: bool) -> dict[str, Any]:
    """`is_now`: the reader asks for what is known now, which is what was known when nothing has changed since."""
    known = "now" if is_now else moment.known_on.isoformat()
    partners = "-".join(str(pk) for pk in sorted(viewer.partner_ids)) if viewer.is_authenticated else ""
    key = f"report:{framework.pk}:{moment.as_of.isoformat()}:{known}:{partners}:{_state()}"
    stored = cache.get(key)
    if stored is None:
        stored = zlib.compress(canonical(progress.content(framework, moment=moment, viewer=viewer)), 1)
        cache.set(key, stored, SECONDS)
    return dict(json.loads(zlib.decompress(stored)))


def _state() -> str:
    """Facts change by loads, everything else by acts that the audit trail keeps."""
    loads = Load.objects.aggregate(last=Max("pk"), ended=Max("ended"))
    acts = AuditEvent.objects.exclude(act__in=SIGNING_IN).aggregate(last=Max("pk"))
    ended = loads["ended"].timestamp() if loads["ended"] else 0
    return f"{loads['last']}:{ended}:{acts['last']}"
