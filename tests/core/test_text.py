"""The numbers of rows that addresses and forms give."""

import pytest

from beffroi.core.text import row_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        ("9" * 18, 999_999_999_999_999_999),
        ("9" * 19, None),  # more than a column of whole numbers keeps
        ("9" * 5000, None),
        ("²", None),  # a digit for some, a number for nobody
        ("٣", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_one_that_a_row_can_have(written: str | None, number: int | None) -> None:
    assert row_number(written) == number
