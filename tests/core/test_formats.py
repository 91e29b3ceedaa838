from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from beffroi.core import formats
from beffroi.core.figures import Figure


def plain(text: str) -> str:
    return text.replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0, "0", "0"),
        (1943, "1_943", "1,943"),
        (-12.5, "−12,5", "−12.5"),
        (Decimal("3.10"), "3,1", "3.1"),
        (2.005, "2,01", "2.01"),
        (-0.001, "0", "0"),
        (Decimal("2759563000"), "2_759_563_000", "2,759,563,000"),
    ],
)
def test_number(value: float, french: str, english: str) -> None:
    with translation.override("fr"):
        assert plain(formats.number_text(value)) == french
    with translation.override("en"):
        assert plain(formats.number_text(value)) == english


@pytest.mark.parametrize(
    ("amount", "scaled", "exact"),
    [
        (Decimal("812345.5"), "812_345,5_€", "812_345,5_€"),
        (Decimal("4500000"), "4,5_M€", "4_500_000_€"),
        (Decimal("2759563000"), "2_759,56_M€", "2_759_563_000_€"),
        (Decimal("-1000000"), "−1_M€", "−1_000_000_€"),
        (0, "0_€", "0_€"),
    ],
)
def test_euros(amount: Decimal, scaled: str, exact: str) -> None:
    assert plain(formats.euros_text(amount)) == scaled
    assert plain(formats.euros_text(amount, exact=True)) == exact


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure(value=3, unit="ETP"), "3_ETP"),
        (Figure(value=Decimal("0.384"), unit="ratio"), "38,4_%"),
        (Figure(low=3, high=5, unit="ETP"), "entre 3 et 5_ETP"),
        (Figure(low=3, high=3), "3"),
        (Figure(low=800000, high=5000000, unit="€"), "entre 800_000_€ et 5_M€"),
        (Figure(low=3), "au moins 3"),
        (Figure(high=5, unit="%"), "au plus 5_%"),
        (Figure(), "inconnu"),
        (Figure(value=0), "0"),
    ],
)
def test_figure(figure: Figure, text: str) -> None:
    assert plain(formats.figure_text(figure)) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2009", "2009"),
        ("2009-Q1", "1er trimestre 2009"),
        ("2009-S2", "2e semestre 2009"),
        ("2009-03", "mars 2009"),
        ("2010-03-01", "1er mars 2010"),
        ("2007/2009", "2007–2009"),
        ("", ""),
        ("avant travaux", "avant travaux"),
        ("2009-13", "2009-13"),
        ("2009-02-31", "2009-02-31"),
    ],
)
def test_period(written: str, read: str) -> None:
    assert formats.period_text(written) == read


def test_day() -> None:
    assert formats.day_text(date(2010, 3, 31)) == "31 mars 2010"
    assert formats.day_text(None) == "date inconnue"
