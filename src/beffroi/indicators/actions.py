from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.core.text import search_key
from beffroi.indicators.enums import IndicatorKind
from beffroi.indicators.models import FollowedIndicator, Indicator, Pairing
from beffroi.indicators.queries import published_indicators
from beffroi.reference.actions import declare_framework
from beffroi.reference.enums import FrameworkKind

# What a published indicator says of itself, and what holds when it does not
PUBLISHED = {
    "definition": "",
    "unit": "",
    "kind": IndicatorKind.CONTEXT,
    "direction": "none",
    "periodicity": "",
    "aggregation": "none",
    "period_meaning": "unstated",
    "is_additive": False,
}


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


def define_published(codes: Iterable[str]) -> list[Indicator]:
    """The indicators of public statistics that Beffroi knows how to read (data/published.toml), made where they are not."""
    wanted = set(codes)
    rows = [row for row in published_indicators() if row["code"] in wanted]
    return [_published(row) for row in rows]


def _published(row: Mapping[str, Any]) -> Indicator:
    about = {"label": row["framework_label"], "since": row["framework_since"]}
    framework = declare_framework(row["framework"], kind=FrameworkKind.CLASSIFICATION, **about)
    fields = {name: row.get(name, default) for name, default in PUBLISHED.items()}
    names = {"label": row["label"], "sort_key": search_key(row["label"])[:300], "framework": framework}
    indicator, _ = Indicator.objects.get_or_create(namespace=row["namespace"], code=row["code"], defaults={**fields, **names})
    return indicator


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
