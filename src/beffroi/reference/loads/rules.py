from collections.abc import Iterable, Iterator
from datetime import datetime

import polars as pl

from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.models import (
    Rule,
)
from beffroi.reference.queries import Codes


def rules(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written_rules(rows, load), close=close_rules)


def close_rules(statements: list[Statement], at: datetime) -> None:
    ids = [row.subject_id for row in statements if row.subject_kind == "rule"]
    stated = Statement.objects.filter(subject_kind="rule", subject_id__in=ids, recorded_to__isnull=True)
    Rule.objects.filter(pk__in=ids).exclude(pk__in=stated.values("subject_id")).delete()


def _written_rules(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    codes = Codes(load.snapshot.source.code)
    for row in rows:
        framework = codes.frameworks.get(row["programme"])
        if framework is None:
            yield row.refusal("programme", f"Le programme « {row['programme']} » n’est décrit nulle part.")
            continue
        item = codes.item(row["programme"], row["item_code"]) if row.text("item_code") else None
        if row.text("item_code") and item is None:
            yield row.refusal("item_code", f"« {row['item_code']} » n’est pas un élément de « {row['programme']} ».")
            continue
        rule = Rule.objects.create(
            framework_id=framework,
            item_id=item,
            label=row["label"],
            kind=row["kind"],
            value=row.text("value"),
            owner=load.owner,
            visibility=load.visibility,
        )
        yield Written(row, "rule", rule, row["label"])
