"""What sources say, gathered for `rules.standing` and for the sheets: always in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.core.models import believed_at
from beffroi.core.requests import Request
from beffroi.provenance.models import Anomaly, Load, Statement
from beffroi.provenance.rules import ClaimValue, SettlementValue, Standing, standing


@dataclass(frozen=True)
class Moment:
    """From where one looks: what was stated on or before `as_of`, as it was known at `known_on`."""

    as_of: date
    known_on: datetime


def moment_of(request: Request) -> Moment:
    return Moment(request.as_of, request.known_on)


def claim_value(claim: Any) -> ClaimValue:
    """Any claim, whatever its table: amounts and observations read alike."""
    load = claim.load
    return ClaimValue(
        id=claim.pk,
        value=claim.value,
        low=claim.low,
        high=claim.high,
        source=load.snapshot.source.code if load else f"user:{claim.by_id}",
        snapshot=load.snapshot_id if load else None,
        stated_on=claim.stated_on,
        recorded_from=claim.recorded_from,
        recorded_to=claim.recorded_to,
    )


def settlement_value(settlement: Any) -> SettlementValue:
    return SettlementValue(
        claim=settlement.claim_id,
        reason=settlement.reason,
        recorded_from=settlement.recorded_from,
        recorded_to=settlement.recorded_to,
    )


def standings(
    subjects: Iterable[int], *, claims: Any, settlements: Any, link: str, moment: Moment, viewer: AnyUser
) -> dict[int, Standing]:
    """What stands for each subject, in two queries. `claims`, `settlements`: managers; `link`: their key to the subject."""
    ids = list(subjects)
    rows = claims.filter(**{f"{link}__in": ids}).visible_to(viewer).select_related("load__snapshot__source").order_by("pk")
    by_subject: dict[int, list[ClaimValue]] = defaultdict(list)
    for claim in rows:
        by_subject[getattr(claim, f"{link}_id")].append(claim_value(claim))
    settled: dict[int, SettlementValue] = {}
    for row in settlements.filter(**{f"{link}__in": ids}).filter(recorded_from__lte=moment.known_on).order_by("recorded_from"):
        settled[getattr(row, f"{link}_id")] = settlement_value(row)
    return {
        subject: standing(by_subject[subject], settled.get(subject), as_of=moment.as_of, known_on=moment.known_on)
        for subject in ids
    }


def figure_of(stands: Standing, *, unit: str = "", period: str = "", label: str = "", why: str = "") -> Figure:
    """A standing on screen: one value when sources agree, its bounds and the number of rivals when they do not."""
    is_range = stands.value is None
    return Figure(
        value=_plain(stands.value),
        low=_plain(stands.low) if is_range else None,
        high=_plain(stands.high) if is_range else None,
        unit=unit,
        period=period,
        label=label,
        rivals=len(stands.rivals) if stands.settled is None else 0,
        why=why,
    )


def _plain(value: Decimal | None) -> Decimal | None:
    """1 943, not 1 943,000000: the zeros that the column adds were written by nobody."""
    return None if value is None else value.normalize() + 0 if value != value.to_integral_value() else value.to_integral_value()


def statements_about(kind: str, pk: int, *, moment: Moment, viewer: AnyUser) -> models.QuerySet[Statement]:
    """Which rows of which sources that one may see state a thing, as known on a date."""
    known = believed_at(moment.known_on)
    rows = Statement.objects.filter(
        known, subject_kind=kind, subject_id=pk, load__in=Load.objects.visible_to(viewer).values("pk")
    )
    return rows.select_related("load__snapshot__source", "load__profile").order_by("load_id", "row")


def anomalies_about(kind: str, pk: int, *, viewer: AnyUser) -> models.QuerySet[Anomaly]:
    return Anomaly.objects.visible_to(viewer).open().filter(about__kind=kind, about__subject_id=pk).distinct()
