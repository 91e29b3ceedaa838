"""The desk of a programme counts each euro once, as the totals do: what may be counted already is possible only."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from beffroi.core.figures import Figure
from beffroi.funding.enums import Stage
from beffroi.funding.models import Line, LineClaim, LineLink, Programme
from beffroi.funding.queries.desk.amounts import amounts_of
from beffroi.funding.queries.desk.ledger import Ledger
from beffroi.funding.queries.desk.tree import WHOLE, tree_of
from beffroi.provenance.queries import Moment
from tests.funding.factories import forget_totals
from tests.web.factories import loaded

pytestmark = pytest.mark.django_db
HEAD = "identifiant,intitule,beneficiaire,siret,financeur,montant,date,stade,programme"
ROWS = (
    "A1,Halle,Ville,200078004,Région,100,2020-03-01,voté,contrat",
    "A2,La halle,Ville,200078004,Région,100,2020-03-01,voté,contrat",
    "A3,Gare,Port,,État,30,2020-03-01,voté,contrat",
)


def voted() -> Figure:
    programme, moment = Programme.objects.get(), Moment(timezone.localdate(), timezone.now())
    ledger = Ledger("desk:contrat/", programme)
    tree = tree_of(programme, viewer=AnonymousUser(), moment=moment)
    found = amounts_of(programme, tree, ledger, viewer=AnonymousUser(), moment=moment)
    return found.total("voted", WHOLE, Stage.VOTED)


def test_two_lines_that_may_be_one_count_once_for_certain_and_twice_at_most() -> None:
    loaded("\n".join([HEAD, *ROWS]), "subventions-generiques", as_of=None)
    LineLink.objects.all().delete()
    forget_totals()
    assert voted().value == Decimal(230)
    first, last = Line.objects.filter(operation__code__in=["A1", "A2"]).order_by("pk")
    LineLink.objects.create(
        one=first, other=last, state="proposed", rule="même montant", recorded_from=datetime(2026, 3, 1, tzinfo=UTC)
    )
    forget_totals()
    found = voted()
    assert (found.value, found.low, found.high) == (None, Decimal(130), Decimal(230))


def test_a_line_without_amount_is_unknown_and_never_nothing() -> None:
    loaded("\n".join([HEAD, ROWS[0]]), "subventions-generiques", as_of=None)
    LineClaim.objects.update(cents=None)
    forget_totals()
    assert not voted().is_known
