"""Columns into tables: numbers are given here, so that rows of several tables name each other before they are written."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
from django.core.management.color import no_style
from django.db import connection, models

from beffroi.accounts.models import Membership, Partner, User
from beffroi.actors.models import Organisation
from beffroi.core.bulk import copy_frame
from beffroi.funding.models import Agreement, AgreementParty, DocumentDue
from beffroi.interactions.models import (
    ActivityCost,
    ActivityShare,
    Event,
    Need,
    Participation,
    Referral,
    Support,
    SupportResult,
    SupportStep,
    Visit,
    VisitNote,
)

WRITTEN: tuple[type[models.Model], ...] = (
    Partner,
    User,
    Membership,
    Organisation,
    Agreement,
    AgreementParty,
    DocumentDue,
    ActivityCost,
    ActivityShare,
    Visit,
    VisitNote,
    Need,
    Referral,
    Support,
    SupportStep,
    SupportResult,
    Event,
    Event.items.through,
    Participation,
)


def new_ids(model: type[models.Model], count: int) -> "np.ndarray[Any, Any]":
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
    return np.arange(last + 1, last + 1 + count)


def write(model: type[models.Model], columns: Mapping[str, Any]) -> int:
    """One value for all the rows, or a column."""
    size = next(len(values) for values in columns.values() if not isinstance(values, str) and hasattr(values, "__len__"))
    frame = pl.DataFrame({name: _column(name, values, size) for name, values in columns.items()})
    if size:
        copy_frame(model._meta.db_table, frame)
    return size


def _column(name: str, values: Any, size: int) -> pl.Series:
    if isinstance(values, pl.Series):
        return values.alias(name)
    if isinstance(values, str) or not hasattr(values, "__len__"):
        return pl.Series(name, [values]).new_from_index(0, size)
    return pl.Series(name, values)


def instants(moments: list[datetime]) -> pl.Series:
    """As each database writes an instant."""
    form = "%Y-%m-%d %H:%M:%S" if connection.vendor == "sqlite" else "%Y-%m-%d %H:%M:%S+00:00"
    return pl.Series([moment.astimezone(UTC).strftime(form) for moment in moments], dtype=pl.String)


def midnight(days: pl.Series, hour: int = 18) -> pl.Series:
    suffix = "" if connection.vendor == "sqlite" else "+00:00"
    return days.dt.to_string("%Y-%m-%d") + f" {hour:02d}:00:00{suffix}"


def days_of(first: date, offsets: "np.ndarray[Any, Any]") -> pl.Series:
    return pl.Series(np.datetime64(first) + offsets.astype("timedelta64[D]")).cast(pl.Date)


def maybe(values: pl.Series, chosen: "np.ndarray[Any, Any]") -> pl.Series:
    """The value where it was chosen, unknown elsewhere."""
    return pl.select(pl.when(pl.Series(chosen)).then(values)).to_series()


def count_on_from_here() -> None:
    """The next rows, which people write, take the numbers after these."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), WRITTEN):
            cursor.execute(sql)
