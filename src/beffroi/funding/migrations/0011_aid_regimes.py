"""The de minimis regulations and their ceilings: rows that people may complete. Sources: the regulations named in each row."""

import datetime

from django.db import migrations

DAY = datetime.date
ROWS = (
    # code, label, family, ceiling in euros, from, to, how it is counted, legal basis
    ("1407/2013", "De minimis général, jusqu’au 31 décembre 2023", "general", 200_000, DAY(2014, 1, 1), DAY(2023, 12, 31),
     "fiscal", "Règlement (UE) n° 1407/2013 du 18 décembre 2013, article 3"),
    ("2023/2831", "De minimis général, depuis le 1er janvier 2024", "general", 300_000, DAY(2024, 1, 1), DAY(2030, 12, 31),
     "rolling", "Règlement (UE) 2023/2831 du 13 décembre 2023, article 3"),
    ("360/2012", "De minimis SIEG, jusqu’au 31 décembre 2023", "services", 500_000, DAY(2012, 4, 29), DAY(2023, 12, 31),
     "fiscal", "Règlement (UE) n° 360/2012 du 25 avril 2012, article 2"),
    ("2023/2832", "De minimis SIEG, depuis le 1er janvier 2024", "services", 750_000, DAY(2024, 1, 1), DAY(2030, 12, 31),
     "rolling", "Règlement (UE) 2023/2832 du 13 décembre 2023, article 3"),
)  # fmt: skip


def write(apps, schema_editor):
    regimes = apps.get_model("funding", "AidRegime")
    for code, label, family, ceiling, start, end, window, basis in ROWS:
        regimes.objects.get_or_create(
            code=code,
            defaults={
                "label": label, "kind": "de_minimis", "family": family, "ceiling_cents": ceiling * 100, "start": start,
                "end": end, "window": window, "years": 3, "legal_basis": basis,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("funding", "0010_agreements")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
