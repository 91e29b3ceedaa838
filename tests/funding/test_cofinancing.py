"""Rates keep their base; parity is an aim; the holder's share has its bounds and its exceptions."""

from decimal import Decimal

import pytest

from beffroi.funding.enums import Verdict
from beffroi.funding.rules.cofinancing import Asked, aid_rate, asked_by, by_origin, own_share, parity

D = Decimal


def test_a_rate_without_its_base_is_unknown() -> None:
    assert aid_rate(D(40), base=D(100), base_kind="coût éligible").value == D("0.4")
    assert aid_rate(D(40), base=D(100), base_kind="coût éligible").base_kind == "coût éligible"
    assert aid_rate(D(40), base=None, base_kind="coût éligible").value is None
    assert aid_rate(D(40), base=D(0), base_kind="coût éligible").value is None
    assert aid_rate(None, base=D(100), base_kind="coût total").value is None


@pytest.mark.parametrize(
    ("state", "region", "share", "verdict"),
    [
        (50, 50, "0.5", Verdict.MET),
        (55, 45, "0.55", Verdict.MET),
        (56, 44, "0.56", Verdict.NOT_MET),
        (100, 0, "1", Verdict.NOT_MET),
        (0, 0, None, Verdict.CANNOT_SAY),
    ],
)
def test_parity_is_met_within_five_points(state: int, region: int, share: str | None, verdict: Verdict) -> None:
    found = parity({"state": D(state), "region": D(region), "eu": D(1000)})
    assert (found.share, found.verdict) == (None if share is None else D(share), verdict)


@pytest.mark.parametrize(
    ("own", "verdict"),
    [(10, Verdict.NOT_MET), (19, Verdict.NOT_MET), (25, Verdict.CANNOT_SAY), (30, Verdict.MET), (45, Verdict.MET)],
)
def test_between_20_and_30_percent_it_depends_on_the_project(own: int, verdict: Verdict) -> None:
    found = own_share({"beneficiary": D(own), "state": D(100 - own)}, low=D("0.20"), high=D("0.30"))
    assert (found.value, found.verdict, found.base) == (D(own) / 100, verdict, D(100))


def test_a_plan_that_says_nothing_of_the_holder_is_not_said_to_fail() -> None:
    found = own_share({"state": D(100)}, low=D("0.20"), high=D("0.30"))
    assert (found.value, found.verdict) == (None, Verdict.CANNOT_SAY)


@pytest.mark.parametrize(
    ("label", "value", "asked"),
    [
        ("Financement global tendant à la parité", "parité", Asked("parity")),
        ("Part minimale des porteurs : 20 à 30 % selon projet", "20-30 %", Asked("own_share", D("0.2"), D("0.3"))),
        ("Autofinancement du porteur", "20 à 30 %", Asked("own_share", D("0.2"), D("0.3"))),
        ("Autofinancement du maître d'ouvrage", "12,5 %", Asked("own_share", D("0.125"), D("0.125"))),
        ("Maîtrise d'ouvrage : aucun autofinancement", "0 %", Asked("exception")),
        ("Diagnostic pris en charge", "50 %", None),
        ("Part minimale des porteurs", "selon projet", None),
        ("Bonification", "", None),
    ],
)
def test_what_a_rule_asks_is_read_where_it_can_be(label: str, value: str, asked: Asked | None) -> None:
    assert asked_by(label, value) == asked


def test_amounts_by_origin() -> None:
    found = by_origin([("state", D(10)), ("state", D(5)), ("private", D(3)), ("beneficiary", D(2))])
    assert found == {"state": D(15), "private": D(3), "beneficiary": D(2)}
