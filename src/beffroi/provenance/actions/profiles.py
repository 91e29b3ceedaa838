"""Profiles as rows: seeded from the connectors' files, cloned by people for new layouts."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.connectors.profile import load_profile, seeded_profiles
from beffroi.provenance.models import Profile


def seed_profiles() -> None:
    """The seeded profiles follow their files; what people cloned from them is theirs and stays."""
    for profile in seeded_profiles():
        Profile.objects.update_or_create(
            code=profile.code,
            defaults={"label": profile.label, "target": profile.target, "definition": profile.model_dump(mode="json")},
        )


def free_profile_code(label: str) -> str:
    """A code for a new profile, made from its name and taken by no other."""
    wanted = slugify(label)[:70] or "profil"
    taken = set(Profile.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


@transaction.atomic
def clone_profile(profile: Profile, *, definition: dict[str, Any], by: User) -> Profile:
    """A layout of one's own. Raises WrongProfile when the definition contradicts itself."""
    sound = load_profile(definition)
    clone = Profile.objects.create(
        code=sound.code,
        label=sound.label,
        target=profile.target,
        definition=sound.model_dump(mode="json"),
        cloned_from=profile,
        created_by=by,
    )
    record_act("profile_cloned", by=by, subject=("profile", clone.pk), code=clone.code, origin=profile.code)
    return clone


@transaction.atomic
def change_profile(profile: Profile, *, definition: dict[str, Any], by: User) -> Profile:
    """The loads already made keep what they loaded; its history keeps how they were read."""
    sound = load_profile(definition)
    profile.label, profile.definition = sound.label, sound.model_dump(mode="json")
    profile.save()
    record_act("profile_changed", by=by, subject=("profile", profile.pk), code=profile.code)
    return profile
