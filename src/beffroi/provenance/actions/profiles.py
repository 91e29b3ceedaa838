"""Profiles as rows: seeded from the connectors' files, cloned by people for new layouts."""

from beffroi.connectors.profile import seeded_profiles
from beffroi.provenance.models import Profile


def seed_profiles() -> None:
    """The seeded profiles follow their files; what people cloned from them is theirs and stays."""
    for profile in seeded_profiles():
        Profile.objects.update_or_create(
            code=profile.code,
            defaults={"label": profile.label, "target": profile.target, "definition": profile.model_dump(mode="json")},
        )
