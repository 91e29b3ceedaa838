"""Amounts of a document: lines, printed totals and expenditures never mix."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from beffroi.funding.models import Expenditure, Line, Sum
from beffroi.funding.queries import money_about
from beffroi.funding.rules import is_nobodys_money
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment
from tests.web.factories import counts, frameworks, items, loaded, organisations

pytestmark = pytest.mark.django_db
HEAD = (
    "programme,item_code,funder,beneficiary,period,stage,amount_eur,breakdown,source,locator,role,origin,instrument,"
    "stage_read,base,section,contract_status,item_framework,receiver_framework,label,reading_note"
)


def amounts(*rows: str) -> Load:
    """Each row: funder,stage read,amount,breakdown,role,base,label."""
    frameworks("cper")
    items("cper,axe-1,,axis,Premier axe")
    organisations("etat,État,,state", "region,Région,,region")
    lines = []
    for row in rows:
        funder, stage, amount, breakdown, role, base, label = row.split(",")
        tail = f"{role},unstated,unstated,{stage},{base},unstated,unstated,,,{label},"
        lines.append(f"cper,axe-1,{funder},,2009,planned,{amount},{breakdown},document,page 1,{tail}")
    return loaded("\n".join([HEAD, *lines]), "facts-funding")


def test_a_line_a_printed_total_and_an_expenditure_are_three_things() -> None:
    load = amounts(
        "etat,voted,100,,line,,",
        "region,voted,50.25,,line,,",
        "cout-total,voted,150.25,,sum,,coût total",
        "etat,certified,80,poste=dépenses,expenditure,total,",
    )
    assert counts(load) == "4 read, 4 added, 0 changed, 0 same, 0 closed, 0 rejected"
    assert (Line.objects.count(), Sum.objects.count(), Expenditure.objects.count()) == (2, 1, 1)
    shown = money_about(Q(item__code="axe-1"), moment=Moment(timezone.localdate(), timezone.now()), viewer=AnonymousUser())
    assert shown is not None
    assert {role: [row.value for row in shown[role]] for role in ("line", "sum", "expenditure")} == {
        "line": [Decimal(100), Decimal("50.25")],
        "sum": [Decimal("150.25")],
        "expenditure": [Decimal(80)],
    }


def test_the_same_expenditure_named_twice_is_one_with_two_rivals() -> None:
    amounts(
        "etat,certified,77,poste=dépenses certifiées,expenditure,total,", "etat,certified,78,poste=texte,expenditure,total,"
    )
    (expenditure,) = Expenditure.objects.all()
    assert sorted(claim.value for claim in expenditure.claims.all()) == [77, 78]


def test_an_unknown_funder_is_refused_and_the_rest_is_loaded() -> None:
    load = amounts("etat,voted,100,,line,,", "inconnu,voted,1,,line,,")
    assert counts(load) == "2 read, 1 added, 0 changed, 0 same, 0 closed, 1 rejected"
    assert load.rejections.get().sentence == "« inconnu » n’est pas décrit par cette source."


@pytest.mark.parametrize(
    ("funder", "expected"),
    [("cout-total", True), ("total-region-feder", True), ("fsi-total", True), ("etat", False), ("totalenergies", False)],
)
def test_whose_money(funder: str, expected: bool) -> None:
    assert is_nobodys_money(funder) is expected


def test_amounts_are_shown_apart_and_given_as_a_file(client: Client) -> None:
    amounts("etat,voted,100,,line,,", "cout-total,voted,150,,sum,,coût total")
    lines = client.get("/financements/montants").content.decode()
    assert "État" in lines and "coût total" not in lines
    assert "coût total" in client.get("/financements/montants", {"role": "sum"}).content.decode()
    text = b"".join(client.get("/financements/montants", {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Premier axe,État,,voté,2009,,100" in text
