"""Nothing is shown wider than its level: a model of a few lines says what each person may see, for any mix of rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.actors.enums import NoSiren, OrganisationKind
from beffroi.actors.models import Organisation
from tests.accounts.factories import partner, person

pytestmark = pytest.mark.django_db
OWNERS = ("lille", "lens", None)
ROWS = st.lists(st.tuples(st.sampled_from(Visibility), st.sampled_from(OWNERS)), max_size=8)
LEVELS = sorted(Visibility)


def organisation(place: int, *, visibility: Visibility, owner: Partner | None) -> Organisation:
    return Organisation.objects.create(
        name=f"row-{place}",
        sort_key=f"row {place}",
        kind=next(iter(OrganisationKind)),
        no_siren=next(iter(NoSiren)),
        visibility=visibility,
        owner=owner,
    )


def expected(rows: list[tuple[Visibility, str | None]], *, is_partner: bool, at: str | None) -> list[int]:
    def is_seen(visibility: Visibility, owner: str | None) -> bool:
        if visibility == Visibility.PUBLIC:
            return True
        return is_partner and (visibility == Visibility.PARTNERS or (owner is not None and owner == at))

    return [place for place, row in enumerate(rows) if is_seen(*row)]


def seen(viewer: User | AnonymousUser) -> list[int]:
    rows = Organisation.objects.filter(name__startswith="row-").visible_to(viewer)
    return sorted(int(row.name.removeprefix("row-")) for row in rows)


@contextmanager
def laid_out(rows: list[tuple[Visibility, str | None]]) -> Iterator[None]:
    """The rows of one example, gone with it."""
    with transaction.atomic():
        for place, (visibility, owner) in enumerate(rows):
            organisation(place, visibility=visibility, owner=partner(owner) if owner else None)
        yield
        transaction.set_rollback(True)


SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@SLOW
@given(ROWS)
def test_each_person_sees_what_the_levels_say(rows: list[tuple[Visibility, str | None]]) -> None:
    with laid_out(rows):
        assert seen(AnonymousUser()) == expected(rows, is_partner=False, at=None)
        assert seen(person("sans@role.example", role=None)) == expected(rows, is_partner=False, at=None)
        for at in ("lille", "lens"):
            assert seen(person(f"une@{at}.example", at=at)) == expected(rows, is_partner=True, at=at)


@SLOW
@given(ROWS, st.integers(0, len(LEVELS) - 2))
def test_narrowing_a_level_never_shows_more(rows: list[tuple[Visibility, str | None]], level: int) -> None:
    with laid_out(rows):
        viewers = [AnonymousUser(), person("une@lille.example", at="lille"), person("une@lens.example", at="lens")]
        before = [set(seen(viewer)) for viewer in viewers]
        Organisation.objects.filter(name__startswith="row-", visibility=LEVELS[level]).update(visibility=LEVELS[level + 1])
        assert all(set(seen(viewer)) <= was for viewer, was in zip(viewers, before, strict=True))


def test_a_role_that_ended_opens_nothing():
    organisation(0, visibility=Visibility.PARTNERS, owner=None)
    user = person()
    user.memberships.update(until="2026-02-01")
    assert not Organisation.objects.filter(name="row-0").visible_to(User.objects.get(pk=user.pk)).exists()
