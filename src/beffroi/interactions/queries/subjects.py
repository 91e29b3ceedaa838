"""Companies and project holders as a person names them: by a key that a page gave, a number or a name."""

import re
from typing import TypeAlias

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation, ProjectHolder
from beffroi.core import search
from beffroi.core.text import search_key
from beffroi.funding.queries.named import named_organisations

Subject: TypeAlias = Organisation | ProjectHolder
KEY = re.compile(r"^(organisation|holder):(\d{1,18})$")
MODELS: dict[str, type[Organisation] | type[ProjectHolder]] = {"organisation": Organisation, "holder": ProjectHolder}
OFFERED = 8
SHORTEST = 2


def key_of(subject: Subject) -> str:
    return f"{'holder' if isinstance(subject, ProjectHolder) else 'organisation'}:{subject.pk}"


def of_key(key: str, *, viewer: AnyUser) -> Subject | None:
    """None when there is no such thing for this reader."""
    found = KEY.match(key)
    if not found:
        return None
    rows = MODELS[found[1]].objects.visible_to(viewer).select_related("place")
    subject: Subject | None = rows.filter(pk=int(found[2])).first()
    return subject


def named(text: str, *, viewer: AnyUser) -> list[Subject]:
    """Those of exactly this number or name."""
    key = search_key(text)
    alike = [one for one in _holders(text, viewer) if key in (search_key(one.project), search_key(one.name))]
    return [*named_organisations(text, viewer=viewer), *alike]


def offered(text: str, *, viewer: AnyUser) -> list[Subject]:
    """What one may mean while one types."""
    if len(search_key(text)) < SHORTEST:
        return []
    if any(letter.isdigit() for letter in text) and (numbered := named_organisations(text, viewer=viewer)):
        return list(numbered)
    partners = viewer.partner_ids if viewer.is_authenticated else set()
    found = search.search(text, viewer_partner_ids=partners, kind="organisation", limit=OFFERED)
    ids = [entry.subject_id for group in found.groups for entry in group.results]
    rows = Organisation.objects.visible_to(viewer).select_related("place").in_bulk(ids)
    return [*(rows[pk] for pk in ids if pk in rows), *_holders(text, viewer)][: OFFERED * 2]


def told(subject: Subject) -> str:
    """Enough to tell it from another of the same name."""
    if isinstance(subject, ProjectHolder):
        return f"{subject.project} ({subject.name})"
    place = f", {subject.place.label}" if subject.place else ""
    return f"{subject.name} ({subject.siren or 'sans SIREN'}{place})"


def _holders(text: str, viewer: AnyUser) -> list[ProjectHolder]:
    """Few, and in no index: read as they are."""
    if not viewer.is_authenticated:
        return []
    rows = ProjectHolder.objects.visible_to(viewer).filter(organisation__isnull=True).select_related("place")
    about = Q(name__icontains=text.strip()) | Q(project__icontains=text.strip())
    return list(rows.filter(about).order_by("project", "pk")[:OFFERED])
