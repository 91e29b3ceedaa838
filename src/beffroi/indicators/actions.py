from collections.abc import Iterable, Mapping

from beffroi.indicators.models import Indicator, Pairing


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
