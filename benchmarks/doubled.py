"""Every row of the facts once more, so that a query asked for each row shows: the copies keep the same parents wherever
uniqueness allows it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

OFFSET = 1_000_000_000
APPS = ("provenance", "reference", "actors", "indicators", "funding", "governance")
OWN = {"code", "digest", "key", "sha256", "value", "label", "filename", "text"}
"""Texts that tell a thing from its like: a copy has one of its own."""
LIKE = "~"


def _models() -> list[type[models.Model]]:
    found = [model for name in APPS for model in apps.get_app_config(name).get_models()]
    return [
        model for model in found if not model.__name__.startswith("Historical") and isinstance(model._meta.pk, models.AutoField)
    ]


def _unique_sets(model: type[models.Model]) -> Iterator[list[models.Field[Any, Any]]]:
    meta = model._meta
    yield from ([field] for field in meta.local_fields if field.unique and not field.primary_key)
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield [meta.get_field(name) for name in constraint.fields]  # type: ignore[misc]


def _told_apart(model: type[models.Model], copied: set[type[models.Model]]) -> set[str]:
    """The fields in which a copy must differ from its original, one for each constraint of uniqueness."""
    chosen: set[str] = set()
    for fields in _unique_sets(model):
        names = [field.name for field in fields]
        if chosen.intersection(names):
            continue
        own = [field.name for field in fields if field.name in OWN and isinstance(field, models.CharField)]
        links = [field.name for field in fields if field.is_relation and field.related_model in copied]
        chosen.update(own[:1] or links or names[:1])
    return chosen


def _value(field: models.Field[Any, Any], is_apart: bool, copied: set[type[models.Model]]) -> str:
    column = connection.ops.quote_name(field.column)
    if is_apart and field.is_relation and field.related_model not in copied:
        return "NULL"
    if field.primary_key or (is_apart and field.is_relation):
        return f"{column} + {OFFSET}"
    if is_apart and isinstance(field, models.CharField):
        return f"SUBSTR({column}, 2) || '{LIKE}'" if (field.max_length or 0) <= 64 else f"{column} || '{LIKE}'"
    return f"{column} + 1" if is_apart else column


def _copy(model: type[models.Model], copied: set[type[models.Model]]) -> int:
    apart = _told_apart(model, copied)
    fields = [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(_value(field, field.name in apart, copied) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}")
        return int(cursor.rowcount)


@transaction.atomic
def double_rows() -> int:
    copied = set(_models())
    return sum(_copy(model, copied) for model in _models())
