from beffroi.actors.models import ExternalId


def organisation_ids(scheme: str) -> dict[str, int]:
    """The organisations that a source names, by its own codes."""
    return dict(ExternalId.objects.filter(scheme=scheme).values_list("value", "organisation_id"))
