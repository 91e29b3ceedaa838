from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.connectors.numbers import exact_number, without_currency


@pytest.mark.parametrize(
    ("written", "auto", "on", "off"),
    [
        ("12", "12", "12", "12"),
        ("18.9", "18.9", None, "18.9"),
        ("18,9", "18.9", "18.9", None),
        ("1 234 567,80", "1234567.8", "1234567.8", None),
        ("1\u202f234\u00a0567.80", "1234567.8", None, "1234567.8"),
        ("1.234", "1.234", "1234", "1.234"),
        ("1,234", "1.234", "1.234", "1234"),
        ("1.234,5", "1234.5", "1234.5", None),
        ("1,234.5", "1234.5", None, "1234.5"),
        ("1.234.567", "1234567", "1234567", None),
        ("1,234,567", "1234567", None, "1234567"),
        ("−3,0", "-3", "-3", None),
        ("+7", "7", "7", "7"),
        ("007", "7", "7", "7"),
        (",5", "0.5", "0.5", None),
        (".5", "0.5", None, "0.5"),
        ("5,", "5", "5", None),
        ("-0", "0", "0", "0"),
        ("-0,00", "0", "0", None),
        ("1.5e-9", "0.0000000015", "0.0000000015", "0.0000000015"),
        ("1,2E+05", "120000", "120000", "120000"),
        ("1 2 3", None, None, None),
        ("12 %", None, None, None),
        ("1e999999", None, None, None),
        ("NaN", None, None, None),
        ("douze", None, None, None),
        ("١٢", None, None, None),
        (",", None, None, None),
        (".", None, None, None),
        ("-", None, None, None),
    ],
)
def test_numbers_as_people_write_them(written: str, auto: str | None, on: str | None, off: str | None) -> None:
    assert exact_number(written) == auto
    assert exact_number(written, comma="on") == on
    assert exact_number(written, comma="off") == off


def test_thousands_of_euros_become_euros() -> None:
    assert exact_number("1 234,5", multiplier=Decimal(1000)) == "1234500"


def test_no_digit_is_lost() -> None:
    digits = "123456789012345678.123456789012345678901234567890123"
    assert exact_number(digits) == digits
    assert exact_number("0" + digits) == digits


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_a_number_written_in_any_way_is_the_same(number: Decimal) -> None:
    point, comma = f"{number:f}", f"{number:f}".replace(".", ",")
    thousands = f"{number:,f}".replace(",", "\u202f").replace(".", ",")
    assert exact_number(point) == exact_number(comma) == exact_number(thousands)
    assert Decimal(exact_number(point) or "x") == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.172.338,50 kn", ("5.172.338,50", "HRK")),
        ("475 000€", ("475 000", "EUR")),
        ("21\u00a0667,00\u00a0€", ("21\u00a0667,00", "EUR")),
        ("EUR 12.50", ("12.50", "EUR")),
        ("-3 000,00 €", ("-3 000,00", "EUR")),
        ("1 200 patates", ("1 200 patates", None)),
        ("1200", ("1200", None)),
        ("€", ("€", None)),
    ],
)
def test_a_currency_is_told_from_its_amount(text: str, expected: tuple[str, str | None]) -> None:
    assert without_currency(text) == expected
