from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.indicators.models import FollowedIndicator, Indicator, Pairing


def describe_indicators(attributes: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
    """How indicators read (which way is better, how they add up, what their period means), by (namespace, code)."""
    described = []
    for indicator in Indicator.objects.all():
        row = attributes.get((indicator.namespace, indicator.code))
        if row is None:
            continue
        indicator.direction, indicator.aggregation = row["direction"], row["aggregation"]
        indicator.period_meaning, indicator.is_additive = row["period_meaning"], row["additive"] == "yes"
        described.append(indicator)
    Indicator.objects.bulk_update(described, ["direction", "aggregation", "period_meaning", "is_additive"], batch_size=500)


def declare_pairings(rows: Iterable[Mapping[str, str]]) -> None:
    """Which result meets which target although their breakdowns differ; `namespace` and `indicator` name the indicator."""
    indicators = {(one.namespace, one.code): one for one in Indicator.objects.all()}
    for row in rows:
        indicator = indicators.get((row["namespace"], row["indicator"]))
        if indicator is not None:
            Pairing.objects.update_or_create(
                indicator=indicator,
                target_breakdown=row["target_breakdown"],
                actual_breakdown=row["actual_breakdown"],
                defaults={"reason": row["reason"][:500]},
            )


@transaction.atomic
def follow_indicator(indicator: Indicator, *, by: User) -> FollowedIndicator:
    """Following twice changes nothing."""
    followed, is_new = FollowedIndicator.objects.get_or_create(user=by, indicator=indicator, defaults={"at": timezone.now()})
    if is_new:
        record_act("indicator_followed", by=by, subject=("indicator", indicator.pk))
    return followed


@transaction.atomic
def unfollow_indicator(indicator: Indicator, *, by: User) -> Indicator:
    if FollowedIndicator.objects.filter(user=by, indicator=indicator).delete()[0]:
        record_act("indicator_unfollowed", by=by, subject=("indicator", indicator.pk))
    return indicator
