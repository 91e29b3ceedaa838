from collections.abc import Iterable, Mapping

from beffroi.funding.models import PrintedMeasure, Programme
from beffroi.indicators.models import Indicator
from beffroi.reference.models import Item


def declare_measures(rows: Iterable[Mapping[str, str]]) -> None:
    """Which printed values stand beside what the desk computes; `programme` and `item` are codes, an unknown one is left
    out."""
    for row in rows:
        programme = Programme.objects.filter(framework__code=row["programme"]).first()
        indicator = Indicator.objects.filter(namespace=row["namespace"], code=row["indicator"]).first()
        if programme is None or indicator is None:
            continue
        item = Item.objects.filter(version__framework=programme.framework, code=row["item"]).first() if row["item"] else None
        PrintedMeasure.objects.update_or_create(
            indicator=indicator,
            breakdown=row["breakdown"],
            measure=row["measure"],
            defaults={"programme": programme, "item": item, "reason": row["reason"]},
        )
