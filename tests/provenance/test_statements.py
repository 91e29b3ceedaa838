"""Rows that state a thing: which sources a reader sees behind it."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.provenance.enums import Extent, LoadState
from beffroi.provenance.models import Load, Statement
from beffroi.provenance.queries import Moment, statements_about
from beffroi.reference.models import Framework, Item
from tests.accounts.factories import partner, person
from tests.web.factories import counts, frameworks, loaded

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


def items_of(*rows: str, as_of: date, extent: Extent = Extent.FULL) -> Load:
    """Each row: code,parent,label of the framework « plan »."""
    lines = "\n".join("plan,{},{},axis,{},1,document,page 1".format(*row.split(",")) for row in rows)
    head = "framework,code,parent_code,level,label_fr,position,source,locator"
    return loaded(f"{head}\n{lines}", "facts-framework-items", as_of=as_of, extent=extent)


def test_an_older_file_loaded_late_does_not_undo_the_latest() -> None:
    frameworks("plan")
    items_of("a,,Axe A", "b,,Axe B", as_of=date(2011, 3, 31))
    late = items_of("a,,Axe ancien", as_of=date(2010, 3, 31))
    assert late.state == LoadState.REFUSED and "31/03/2011" in late.message
    said = Statement.objects.filter(subject_kind="item", recorded_to__isnull=True).order_by("label")
    assert [row.label for row in said] == ["Axe A", "Axe B"]
    same = items_of("a,,Axe A", as_of=date(2010, 3, 31), extent=Extent.DELTA)
    assert counts(same) == "1 read, 0 added, 0 changed, 1 same, 0 closed, 0 rejected"


def test_a_row_that_could_not_be_read_is_not_a_row_withdrawn() -> None:
    frameworks("plan")
    items_of("a,,Axe A", "b,,Axe B", as_of=date(2010, 3, 31))
    faulty = items_of("a,,Axe A", "b,,", as_of=date(2010, 3, 31))
    assert counts(faulty) == "2 read, 0 added, 0 changed, 1 same, 0 closed, 1 rejected"
    assert Statement.objects.filter(subject_kind="item", recorded_to__isnull=True).count() == 2


def test_what_stands_under_a_refused_item_is_refused_with_it_and_the_rest_is_loaded() -> None:
    frameworks("plan")
    load = items_of("c,b,Axe C", "b,nulle-part,Axe B", "a,,Axe A", "d,a,Axe D", as_of=date(2010, 3, 31))
    assert counts(load) == "4 read, 2 added, 0 changed, 0 same, 0 closed, 2 rejected"
    assert sorted(Item.objects.values_list("code", "parent__code")) == [("a", None), ("d", "a")]
