"""The checks that run after each load: which tables each reads, and what becomes of what it finds."""

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import polars as pl
from django.utils import timezone

from beffroi.analytics.checks import CHECKS
from beffroi.provenance.actions.anomalies import Recorded, record_anomalies
from beffroi.web.checks.rights import narrowest
from beffroi.web.checks.tables import TABLES, Facts

Finding: TypeAlias = dict[str, Any]


def run_checks(*, at: datetime | None = None) -> Recorded:
    """Every check on what is believed now; each table is read once."""
    moment = at or timezone.now()
    facts = Facts()
    tables: dict[str, pl.DataFrame] = {name: build(facts) for name, build in TABLES.items()}
    findings = [row for check in CHECKS for row in findings_of(check, tables, on=moment).iter_rows(named=True)]
    return record_anomalies(with_rights([shown(row, facts) for row in findings]), at=moment)


def findings_of(check: Callable[..., pl.DataFrame], tables: Mapping[str, pl.DataFrame], *, on: datetime) -> pl.DataFrame:
    asked = inspect.signature(check).parameters
    days = {"on": timezone.localdate(on)} if "on" in asked else {}
    return check(*(tables[name] for name in asked if name not in days), **days)


def shown(finding: Finding, facts: Facts) -> Finding:
    """The subjects as things that have a sheet: a claim becomes its cell and its indicator, an amount its line."""
    subjects = {subject for ref in finding["subjects"] for subject in facts.subjects_of.get(ref, (ref,))}
    return {**finding, "subjects": sorted(subjects)}


def with_rights(findings: Iterable[Finding]) -> list[Finding]:
    """What a finding reveals is for those who see all of its subjects."""
    found = list(findings)
    ids: dict[str, set[int]] = defaultdict(set)
    for finding in found:
        for subject in finding["subjects"]:
            kind, _, pk = subject.partition(":")
            ids[kind].add(int(pk))
    rights = narrowest(ids)
    return [finding | rights.of(finding["subjects"]) for finding in found]
