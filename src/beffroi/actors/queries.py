from collections.abc import Iterable

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import ExternalId, Relation
from beffroi.provenance.queries import Moment


def organisation_ids(scheme: str) -> dict[str, int]:
    """The organisations that a source names, by its own codes."""
    return dict(ExternalId.objects.filter(scheme=scheme).values_list("value", "organisation_id"))


def relations_to_items(items: Iterable[int], *, moment: Moment, viewer: AnyUser) -> list[Relation]:
    """Who is tied to items (or to territories), as known on a date."""
    rows = Relation.objects.visible_to(viewer).known_on(moment.known_on).filter(item__in=list(items))
    return list(rows.select_related("subject", "item").order_by("kind", "subject__sort_key"))
