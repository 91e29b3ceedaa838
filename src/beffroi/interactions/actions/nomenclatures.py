"""The words of the daily work: subjects of needs, natures of activity, interview guides. A region adds its own by import."""

import csv
from pathlib import Path

from django.db import transaction

from beffroi.core.text import search_key
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework, Item, Version

NOMENCLATURES = Path(__file__).resolve().parents[1] / "data" / "nomenclatures.csv"


@transaction.atomic
def seed_nomenclatures() -> None:
    """Adds what is missing; what a person changed on screen stays as changed."""
    made: dict[tuple[str, str], Item] = {}
    with NOMENCLATURES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            made[row["framework"], row["code"]] = _item(row, made.get((row["framework"], row["parent"])))


def _item(row: dict[str, str], parent: Item | None) -> Item:
    named = {"label": row["framework_label"], "kind": FrameworkKind.CLASSIFICATION}
    framework, _ = Framework.objects.get_or_create(code=row["framework"], defaults=named)
    version, _ = Version.objects.get_or_create(framework=framework, code=row["version"])
    told = {name: row[name] for name in ("level", "label", "label_en", "position")}
    item, _ = Item.objects.get_or_create(
        version=version, code=row["code"], defaults={**told, "parent": parent, "sort_key": search_key(row["label"])[:200]}
    )
    return item
