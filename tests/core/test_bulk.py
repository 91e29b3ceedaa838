"""Whole tables out of the database: the same on both engines."""

from datetime import date

import polars as pl
import pytest

from beffroi.core.bulk import read_frame
from beffroi.reference.models import Framework, Version

pytestmark = pytest.mark.django_db


def test_dates_empty_texts_and_unknown_values_come_as_they_are_kept() -> None:
    framework = Framework.objects.create(code="plan", label="Plan « d’été », l’autre\nligne")
    Version.objects.create(framework=framework, code="1", valid_from=date(2009, 1, 2))
    Version.objects.create(framework=framework, code="2", written_period="2009")
    columns = {"code": pl.String, "valid_from": pl.Date, "written_period": pl.String, "framework__label": pl.String}
    found = read_frame(Version.objects.all(), columns)
    assert found.schema == columns
    assert found.rows() == [
        ("1", date(2009, 1, 2), "", framework.label),
        ("2", None, "2009", framework.label),
    ]


def test_no_row_is_an_empty_table_of_the_same_columns() -> None:
    assert read_frame(Version.objects.all(), {"pk": pl.Int64, "code": pl.String}).schema == {"pk": pl.Int64, "code": pl.String}
