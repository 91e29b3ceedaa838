"""Two lines that could be the same money: what a rule joins, what a person decides, and what totals make of it."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.funding.models import Line, LineLink
from beffroi.funding.queries.links import links_frame
from beffroi.provenance.queries import Moment
from tests.accounts.factories import person
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
GENERIC = "subventions-generiques"
HEAD = "identifiant,intitule,beneficiaire,siret,financeur,montant,date,programme"
EARLY = datetime(2026, 3, 1, tzinfo=UTC)
LATE = datetime(2026, 9, 1, tzinfo=UTC)


def listed(*rows: str, source: str) -> list[Line]:
    """The lines of a list. Each row: number, title, beneficiary, siret, funder, amount, date, programme."""
    known = set(Line.objects.values_list("pk", flat=True))
    loaded("\n".join([HEAD, *rows]), GENERIC, source=source, as_of=None)
    return list(Line.objects.exclude(pk__in=known).order_by("pk"))


def moment(known_on: datetime | None = None) -> Moment:
    return Moment(timezone.localdate(), known_on or timezone.now())


def link(
    one: Line, other: Line, state: str = "proposed", *, since: datetime = EARLY, until: datetime | None = None
) -> LineLink:
    first, last = sorted((one, other), key=lambda line: line.pk)
    return LineLink.objects.create(
        one=first, other=last, state=state, rule="même montant", recorded_from=since, recorded_to=until
    )


def two_lines() -> list[Line]:
    """What a payer and a receiver tell of one grant, under numbers of their own."""
    payer = listed("A1,Halle,Ville,200078004,Région,100,2020-03-01,Contrat", source="payer")
    return payer + listed("R-7,La halle,Ville,200078004,Région,100,2020-03-01,Contrat", source="receiver")


def test_links_are_read_as_they_were_known() -> None:
    one, other = two_lines()
    LineLink.objects.all().delete()
    link(one, other, since=EARLY, until=LATE)
    link(one, other, "accepted", since=LATE)
    rows = [(str(one.pk), str(other.pk))]
    assert links_frame(person(), moment()).rows() == [(*rows[0], "accepted")]
    assert links_frame(person("b@lille.example"), moment(datetime(2026, 5, 1, tzinfo=UTC))).rows() == [(*rows[0], "proposed")]
    assert links_frame(person("c@lille.example"), moment(datetime(2026, 1, 1, tzinfo=UTC))).is_empty()


def test_a_link_shows_only_to_who_sees_both_lines() -> None:
    one, other = two_lines()
    LineLink.objects.all().delete()
    link(one, other)
    Line.objects.filter(pk=other.pk).update(visibility=Visibility.OWNER)
    assert links_frame(person(), moment()).is_empty()


def test_two_lines_have_one_link_at_a_time_decided_by_somebody() -> None:
    one, other = two_lines()
    LineLink.objects.all().delete()
    link(one, other)
    with pytest.raises(IntegrityError, match=r"(?i)line_?link"):
        link(one, other)
