"""Rows that state a thing: which sources a reader sees behind it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment, statements_about
from beffroi.reference.models import Framework
from tests.accounts.factories import partner, person
from tests.web.factories import counts, frameworks

pytestmark = pytest.mark.django_db


def labels(viewer: object) -> list[str]:
    moment = Moment(timezone.localdate(), timezone.now())
    said = statements_about("framework", Framework.objects.get().pk, moment=moment, viewer=viewer)  # type: ignore[arg-type]
    return [f"{row.load.snapshot.source.code}: {row.label}" for row in said]


def test_two_documents_that_name_one_thing_both_stand_behind_it() -> None:
    assert counts(frameworks("s3")) == "1 read, 1 added, 0 changed, 0 same, 0 closed, 0 rejected"
    frameworks("s3", source="etude")
    assert Framework.objects.count() == 1
    assert labels(AnonymousUser()) == ["document: Cadre s3", "etude: Cadre s3"]


def test_a_private_load_is_not_a_source_for_others() -> None:
    frameworks("s3")
    private = frameworks("s3", source="interne")
    Load.objects.filter(pk=private.pk).update(visibility=Visibility.OWNER, owner=partner())
    assert labels(AnonymousUser()) == ["document: Cadre s3"]
    assert labels(person()) == ["document: Cadre s3", "interne: Cadre s3"]
