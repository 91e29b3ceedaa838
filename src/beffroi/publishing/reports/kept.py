"""A report's content, computed once for as long as nothing changes."""

import json
import zlib
from typing import Any

from django.core.cache import cache

from beffroi.accounts.models import AnyUser
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.changes import state_of_facts
from beffroi.publishing.models import canonical
from beffroi.publishing.reports import progress
from beffroi.reference.models import Framework

SECONDS = 24 * 3600


def content(framework: Framework, *, moment: Moment, viewer: AnyUser, is_now: bool) -> dict[str, Any]:
    """`is_now`: the reader asks for what is known now, which is what was known when nothing has changed since."""
    known = "now" if is_now else moment.known_on.isoformat()
    partners = "-".join(str(pk) for pk in sorted(viewer.partner_ids)) if viewer.is_authenticated else ""
    key = f"report:{framework.pk}:{moment.as_of.isoformat()}:{known}:{partners}:{state_of_facts()}"
    stored = cache.get(key)
    if stored is None:
        stored = zlib.compress(canonical(progress.content(framework, moment=moment, viewer=viewer)), 1)
        cache.set(key, stored, SECONDS)
    return dict(json.loads(zlib.decompress(stored)))
