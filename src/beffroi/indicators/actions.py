from collections.abc import Mapping

from beffroi.indicators.models import Indicator


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
