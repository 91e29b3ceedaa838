"""Totals say how many of their parts are known, and what the printed total says of them."""

from decimal import Decimal

import pytest

from beffroi.indicators.actions import describe_indicators
from beffroi.indicators.enums import Agreement
from beffroi.indicators.queries import aggregate_of, aggregates
from tests.indicators.factories import EVERYONE, NOW, framework, indicator, item, tell, values
from tests.queries import counted

pytestmark = pytest.mark.django_db


def totals(of, axis: str = "pole"):
    return [row for row in aggregates(values(of), viewer=EVERYONE) if row.axis == axis]


def test_a_total_says_that_three_of_four_parts_are_known() -> None:
    projects = indicator(framework("maud", "nsl", "picom", "up-tex"))
    tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7", "actual | 2009 | pole=picom | 0")
    [found] = totals(projects)
    assert (found.figure.value, found.figure.known, found.figure.parts) == (Decimal(12), 3, 4)
    assert [row.code for row in found.missing] == ["up-tex"]
    assert found.agreement == Agreement.NOTHING_TO_COMPARE


def test_a_part_whose_value_is_unknown_is_not_zero() -> None:
    projects = indicator(framework("maud", "nsl"))
    tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | ?")
    [found] = totals(projects)
    assert (found.figure.value, found.figure.known, found.figure.parts) == (Decimal(5), 1, 2)


@pytest.mark.parametrize(
    ("printed", "said"), [("12", Agreement.AGREES), ("11", Agreement.DIFFERS), ("10..13", Agreement.AGREES)]
)
def test_the_printed_total_is_compared_and_not_added(printed: str, said: Agreement) -> None:
    projects = indicator(framework("maud", "nsl"))
    tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7", f"actual | 2009 | | {printed}")
    [found] = totals(projects)
    assert (found.figure.value, found.agreement) == (Decimal(12), said)


def test_the_item_above_says_the_total_too() -> None:
    projects = indicator(framework("maud", "nsl"))
    tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7", "actual | 2009 | pole=poles-root | 12")
    [found] = totals(projects)
    assert (found.whole.cell.breakdown, found.agreement) == ("pole=poles-root", Agreement.AGREES)


def test_years_and_other_dimensions_are_not_mixed() -> None:
    projects = indicator(framework("maud", "nsl"))
    tell(projects, "actual | 2008 | pole=maud | 1", "actual | 2009 | guichet=ANR;pole=maud | 5")
    tell(projects, "actual | 2009 | guichet=ANR;pole=nsl | 7", "actual | 2009 | guichet=FUI;pole=nsl | 9")
    [found] = totals(projects)
    assert (found.figure.value, found.rest) == (Decimal(12), "guichet=ANR")


def test_what_does_not_add_up_is_not_added() -> None:
    companies = indicator(framework("maud", "nsl"), "Entreprises", is_additive=False)
    tell(companies, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7")
    assert totals(companies) == []


def test_a_mean_is_that_of_the_known_parts() -> None:
    rate = indicator(framework("maud", "nsl", "picom"), "Taux", aggregation="mean", is_additive=False)
    tell(rate, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7")
    [found] = totals(rate)
    assert (found.figure.value, found.figure.known, found.figure.parts) == (Decimal(6), 2, 3)


def test_territories_of_one_level_are_parts_too() -> None:
    projects = indicator(framework("maud"))
    framework("lens", "lille", "douai", code="zones", level="employment_zone", kind="geography")
    tell(projects, "actual | 2009 | | 4", territory=item("lens"))
    tell(projects, "actual | 2009 | | 6", territory=item("lille"))
    tell(projects, "actual | 2009 | | 10", territory=item("zones-root"))
    [found] = totals(projects, "territoire")
    assert (found.figure.value, found.figure.known, found.figure.parts, found.agreement) == (10, 2, 3, Agreement.AGREES)


def test_any_line_leads_to_the_total_it_is_in() -> None:
    projects = indicator(framework("maud", "nsl"))
    [line, _] = tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7")
    found = aggregate_of(line.pk, "pole", moment=NOW, viewer=EVERYONE)
    assert found is not None
    assert found.figure.why == f"aggregate:{line.pk}/pole"
    assert aggregate_of(line.pk, "guichet", moment=NOW, viewer=EVERYONE) is None


def test_queries_do_not_follow_the_rows() -> None:
    projects = indicator(framework("maud", "nsl", "picom", "up-tex"))
    tell(projects, "actual | 2009 | pole=maud | 5", "actual | 2009 | pole=nsl | 7")
    with counted() as few:
        totals(projects)
    tell(projects, *(f"actual | {year} | pole={pole} | 1" for year in range(2010, 2020) for pole in ("maud", "nsl", "picom")))
    with counted() as many:
        assert len(totals(projects)) == 11
    assert few == many


def test_only_the_indicators_of_the_table_are_described() -> None:
    known, other = indicator(framework()), indicator(framework(code="autre"), "Reste")
    row = {"direction": "down", "aggregation": "mean", "period_meaning": "at_date", "additive": "yes"}
    describe_indicators({(known.namespace, known.code): row})
    known.refresh_from_db()
    other.refresh_from_db()
    assert (known.direction, known.is_additive) == ("down", True)
    assert other.direction != "down"
