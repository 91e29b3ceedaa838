from datetime import date
from inspect import signature

import pytest

from beffroi.analytics import checks, tables
from tests.analytics.stories import observations, subjects, table


@pytest.mark.parametrize(
    ("label", "unit", "value", "is_found"),
    [
        ("Part des PME", "%", 138, True),
        ("Part des PME", "%", 100, False),
        ("Évolution des exportations", "%", 117.5, False),
        ("Entreprises aidées", "entreprises", -3, True),
        ("Solde commercial", "EUR", -3, False),
        ("Rang en Europe", "rang", 0, True),
        ("Rang en Europe", "rang", 3, False),
        ("Mise en service", "année", 20280, True),
        ("Mise en service", "année", 2028, False),
    ],
)
def test_values_that_cannot_be(label, unit, value, is_found):
    given = observations(f"value\n{value}", indicator_label=label, unit=unit)
    assert checks.impossible_value(given).is_empty() is not is_found


def test_a_series_of_effects_may_be_negative():
    given = observations("value\n-9297\n1602\n-658")
    assert checks.impossible_value(given).is_empty()


def test_bounds_reversed():
    given = observations("value | low | high\n5 | 8 | 3\n5 | 3 | 8")
    assert subjects(checks.impossible_value(given)) == [["cell:1"]]


def test_an_indicator_in_two_units():
    given = observations("""
        indicator | value | unit
        a         | 40    | %
        a         | 380   | EUR
        b         | 40    | %
        b         | 41    | %
    """)
    assert subjects(checks.mixed_units(given)) == [["a"]]


def test_a_value_a_hundred_times_its_series():
    given = observations("""
        indicator | period | value
        a         | 2008   | 120
        a         | 2009   | 121000
        b         | 2008   | 120
        b         | 2009   | 1210
    """)
    assert subjects(checks.order_of_magnitude(given)) == [["cell:1", "cell:2"]]


def test_a_percentage_typed_as_euros_and_euros_as_a_percentage():
    given = observations("""
        indicator | unit | value
        a         | EUR  | 2400000
        a         | EUR  | 24
        b         | %    | 2400000
        c         | EUR  | 24
        d         | %    | 24
    """)
    assert subjects(checks.amount_or_percentage(given)) == [["cell:2"], ["cell:3"]]


def test_a_row_without_value_and_a_row_with_bounds_only():
    given = observations("value | low\n | \n | 3\n0 | ")
    assert subjects(checks.empty_value(given)) == [["cell:1"]]


def test_an_indicator_without_unit():
    given = table(tables.INDICATORS, "ref | label | unit\nindicator:1 | Lisibilité | \nindicator:2 | Emplois | emplois")
    assert subjects(checks.indicator_without_unit(given)) == [["indicator:1"]]


def test_a_table_that_lacks_columns_is_refused_by_name():
    with pytest.raises(tables.MissingColumns, match="observations.*unit"):
        checks.mixed_units(observations("value\n1").drop("unit"))


@pytest.mark.parametrize("check", checks.CHECKS)
def test_every_check_takes_empty_tables_and_unknown_cells_and_names_its_tables(check):
    names = [name for name in signature(check).parameters if name != "on"]
    days = {"on": date(2026, 11, 20)} if "on" in signature(check).parameters else {}
    for rows in ([], [{}, {}, {}]):
        found = check(*(getattr(tables, name.upper()).build(rows) for name in names), **days)
        assert found.schema == checks.SCHEMA
        assert found.height <= len(rows)
    assert check.__doc__.startswith(", ".join(name.upper() for name in names))
