"""Two sources disagree: a person says which value stands and why; what was believed before is still told."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import AuditEvent
from beffroi.indicators.models import Cell, Observation, ObservationSettlement
from beffroi.indicators.queries import cell_values
from beffroi.provenance.queries import Moment
from tests.accounts.factories import partner, person
from tests.provenance.factories import analyst, signed_in
from tests.web.factories import frameworks, indicators, items, observations

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell() -> Cell:
    """1 943 for one source, 1 950 for the other."""
    frameworks("plan")
    items("plan,axe-1,,axis,Premier axe")
    indicators("jobs,Emplois,plan,axe-1,result,emplois")
    observations("jobs,2009,actual,1943,emplois,")
    observations("jobs,2009,actual,1950,emplois,", source="rapport")
    return Cell.objects.get()


def figure(**moment: object):
    at = Moment(date(2030, 1, 1), moment.get("known_on") or timezone.now())
    (value,) = cell_values(Cell.objects.all(), moment=at, viewer=AnonymousUser())
    return value.figure


def chosen(text: str) -> int:
    return Observation.objects.get(as_written=text).pk


def test_settling_and_undoing_leave_what_was_known_at_each_date(cell: Cell, clock) -> None:
    ana = signed_in(analyst())
    address = f"/regler/cell/{cell.pk}"
    assert address in ana.get(f"/why/cell:{cell.pk}").content.decode()
    before = timezone.now()
    assert (figure().value, figure().rivals) == (None, 2)
    clock.shift(60)
    answer = ana.post(address, {"claim": chosen("1943"), "reason": "Comptage de la chambre"})
    assert answer["Location"] == f"/why/cell:{cell.pk}"
    settled = timezone.now()
    assert (figure().value, figure().rivals) == (1943, 0)
    clock.shift(60)
    ana.post(address, {"claim": chosen("1950"), "reason": "Rectifié depuis"})
    assert figure().value == 1950
    assert figure(known_on=settled).value == 1943
    clock.shift(60)
    ana.post(f"{address}/annuler")
    assert (figure().value, figure().rivals) == (None, 2)
    assert figure(known_on=before).rivals == 2
    assert ObservationSettlement.objects.filter(recorded_to__isnull=True).count() == 0
    acts = AuditEvent.objects.filter(subject_kind="cell").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["claims_settled", "claims_settled", "claims_unsettled"]


def test_the_form_shows_each_claim_with_its_source_and_asks_for_a_reason(cell: Cell) -> None:
    ana = signed_in(analyst())
    shown = ana.get(f"/regler/cell/{cell.pk}").content.decode()
    assert "1943 · Document" in shown
    assert "1950 · Rapport" in shown
    assert ana.post(f"/regler/cell/{cell.pk}", {"claim": chosen("1943"), "reason": ""}).status_code == 422
    assert ana.post(f"/regler/cell/{cell.pk}", {"reason": "x"}).status_code == 422
    assert ana.get("/regler/rien/1").status_code == 404


def test_only_those_who_settle_find_the_link(client: Client, cell: Cell) -> None:
    assert "/regler/" not in client.get(f"/why/cell:{cell.pk}").content.decode()
    assert client.get(f"/regler/cell/{cell.pk}").status_code == 302
    assert signed_in(person(role=Role.ELECTED)).get(f"/regler/cell/{cell.pk}").status_code == 403


def test_what_one_does_not_see_is_neither_settled_nor_chosen(cell: Cell) -> None:
    hidden = chosen("1950")
    Observation.objects.filter(pk=hidden).update(visibility=Visibility.OWNER, owner=partner("lens"))
    ana = signed_in(analyst())
    assert ana.post(f"/regler/cell/{cell.pk}", {"claim": hidden, "reason": "x"}).status_code == 422
    Cell.objects.update(visibility=Visibility.OWNER, owner=partner("lens"))
    assert ana.get(f"/regler/cell/{cell.pk}").status_code == 404
    assert ana.post(f"/regler/cell/{cell.pk}/annuler").status_code == 404
