"""Loading values: the same file changes nothing, a correction ends what it corrects, a later state leaves it its date."""

from datetime import date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone

from beffroi.core.bulk import temporary_table
from beffroi.indicators.models import Cell, Dimension, Observation
from beffroi.indicators.queries import cell_values
from beffroi.provenance.actions import claims
from beffroi.provenance.enums import Extent
from beffroi.provenance.queries import Moment
from tests.web.factories import counts, frameworks, indicators, items, observations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def definitions() -> None:
    frameworks("plan")
    items("plan,axe-1,,axis,Premier axe")
    indicators("jobs,Emplois,plan,axe-1,result,emplois")


def shown(*, as_of: date = date(2030, 1, 1), known_on: datetime | None = None) -> list[str]:
    moment = Moment(as_of, known_on or timezone.now())
    values = cell_values(Cell.objects.all(), moment=moment, viewer=AnonymousUser())
    return [f"{v.cell.written_period} {v.cell.breakdown} {v.figure.value}".replace("  ", " ") for v in values]


def test_the_same_file_again_changes_nothing() -> None:
    rows = ("jobs,2009,actual,10,emplois,pole=maud", "jobs,2010,actual,12,emplois,")
    assert counts(observations(*rows)) == "2 read, 2 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert counts(observations(*rows)) == "2 read, 0 added, 0 changed, 2 same, 0 closed, 0 rejected"
    assert (Cell.objects.count(), Observation.objects.count(), Dimension.objects.count()) == (2, 2, 1)


def test_a_correction_at_the_same_date_ends_the_claim_it_corrects(clock: object) -> None:
    observations("jobs,2009,actual,10,emplois,")
    before = timezone.now()
    clock.shift(60)  # type: ignore[attr-defined]
    assert counts(observations("jobs,2009,actual,11,emplois,")) == "1 read, 0 added, 1 changed, 0 same, 0 closed, 0 rejected"
    assert shown() == ["2009 11"]
    assert shown(known_on=before) == ["2009 10"]


def test_a_later_state_revises_without_taking_back_what_was_said_at_the_earlier_date() -> None:
    observations("jobs,2009,actual,10,emplois,", as_of=date(2010, 3, 31))
    observations("jobs,2009,actual,11,emplois,", as_of=date(2011, 3, 31))
    assert shown(as_of=date(2010, 6, 1)) == ["2009 10"]
    assert shown(as_of=date(2011, 6, 1)) == ["2009 11"]


def test_a_row_gone_from_a_full_file_is_closed_and_from_a_partial_one_stays(clock: object) -> None:
    observations("jobs,2009,actual,10,emplois,", "jobs,2010,actual,12,emplois,")
    clock.shift(60)  # type: ignore[attr-defined]
    partial = observations("jobs,2009,actual,10,emplois,", extent=Extent.DELTA)
    assert counts(partial) == "1 read, 0 added, 0 changed, 1 same, 0 closed, 0 rejected"
    full = observations("jobs,2009,actual,10,emplois,")
    assert counts(full) == "1 read, 0 added, 0 changed, 1 same, 1 closed, 0 rejected"
    clock.shift(1)  # type: ignore[attr-defined]
    assert shown() == ["2009 10"]


def test_the_same_row_twice_in_a_file_stays_two_claims_of_one_cell() -> None:
    load = observations("jobs,2009,actual,10,emplois,", "jobs,2009,actual,10,emplois,")
    assert counts(load) == "2 read, 2 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert (Cell.objects.count(), Observation.objects.count()) == (1, 2)


def test_another_source_is_a_rival_and_its_file_closes_nothing_of_the_first() -> None:
    observations("jobs,2009,actual,10,emplois,", source="document")
    observations("jobs,2009,actual,11,emplois,", source="etude")
    assert Observation.objects.filter(recorded_to__isnull=True).count() == 2
    assert shown() == ["2009 None"]


def test_what_cannot_be_tied_is_refused_with_a_sentence_and_the_rest_is_loaded() -> None:
    load = observations("jobs,2009,actual,10,emplois,", "jobz,2009,actual,10,emplois,")
    assert counts(load) == "2 read, 1 added, 0 changed, 0 same, 0 closed, 1 rejected"
    (refused,) = load.rejections.all()
    assert (refused.row, refused.column, refused.value) == (3, "indicator", "jobz")
    assert refused.sentence == "L’indicateur « jobz » n’est pas défini par cette source."
    assert refused.content["indicator"] == "jobz"


def test_qualifiers_and_bounds_are_not_dimensions() -> None:
    observations(
        "jobs,2009,actual,10,emplois,approx=oui;borne=min;pole=maud", "jobs,2009,actual,20,emplois,borne=max;pole=maud"
    )
    (cell,) = Cell.objects.all()
    assert cell.breakdown == "pole=maud"
    assert sorted((claim.low, claim.high) for claim in cell.claims.filter(low__isnull=False)) == [(10, None)]
    assert cell.claims.get(low=10).qualifiers == {"approx": "oui", "borne": "min"}


def test_the_same_file_sent_for_another_date_is_another_snapshot_of_the_same_bytes() -> None:
    rows = ("jobs,2009,actual,10,emplois,",)
    first, second = observations(*rows, as_of=date(2010, 3, 31)), observations(*rows, as_of=date(2011, 3, 31))
    assert counts(second) == "1 read, 0 added, 0 changed, 1 same, 0 closed, 0 rejected"
    assert first.snapshot_id != second.snapshot_id and first.snapshot.path == second.snapshot.path


def test_a_dimension_names_an_item_of_the_indicator_s_own_framework_first() -> None:
    frameworks("autre")
    items("autre,axe-1,,axis,Axe d’un autre cadre")
    observations("jobs,2009,actual,10,emplois,item=axe-1")
    assert [dimension.item.label for dimension in Dimension.objects.all() if dimension.item] == ["Premier axe"]


def test_a_text_too_long_for_its_column_is_refused_with_a_sentence() -> None:
    load = observations(f"jobs,2009,actual,10,emplois,pole={'x' * 500}")
    assert counts(load) == "1 read, 0 added, 0 changed, 0 same, 0 closed, 1 rejected"
    assert load.rejections.get().sentence == "Ce texte dépasse 500 caractères."


def test_a_row_that_states_two_things_keeps_them_apart_when_one_is_repeated() -> None:
    columns = {"row": "integer", "key": "varchar(64)", "occurrence": "integer DEFAULT 1 NOT NULL"}
    with transaction.atomic(), temporary_table("staged", columns), connection.cursor() as cursor:
        cursor.execute("""INSERT INTO staged ("row", "key") VALUES (1, 'a'), (1, 'b'), (2, 'b'), (2, 'c')""")
        claims._number_repeats()
        cursor.execute("""SELECT "row", "key", occurrence FROM staged ORDER BY 1, 2""")
        assert cursor.fetchall() == [(1, "a", 1), (1, "b", 1), (2, "b", 2), (2, "c", 1)]
