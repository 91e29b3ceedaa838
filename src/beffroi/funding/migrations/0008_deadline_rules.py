"""The deadlines that the regulations of the Union set, as dated rows."""

from django.db import migrations

RULES = [
    (
        "n2-2007", "N+2 (2007-2013)", 2007, 2013, 2,
        "Règlement (CE) n° 1083/2006, article 93 : 31 décembre de la deuxième année qui suit l’engagement.",
    ),
    (
        "n3-2014", "N+3 (2014-2020)", 2014, 2020, 3,
        "Règlement (UE) n° 1303/2013, article 136 : 31 décembre de la troisième année qui suit l’engagement.",
    ),
    (
        "n3-2021", "N+3 (2021-2026)", 2021, 2026, 3,
        "Règlement (UE) 2021/1060, article 105 : 31 décembre de la troisième année qui suit l’engagement.",
    ),
    (
        "2029-2027", "31 décembre 2029 (tranche 2027)", 2027, 2027, 2,
        "Règlement (UE) 2021/1060, article 105, paragraphe 2 : la dernière tranche est arrêtée au 31 décembre 2029.",
    ),
]  # fmt: skip


def write_rules(apps, schema_editor):
    table = apps.get_model("funding", "DeadlineRule")
    for code, label, first_year, last_year, years, text in RULES:
        values = {"label": label, "first_year": first_year, "last_year": last_year, "years": years, "text": text}
        table.objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [('funding', '0007_envelopes_and_plans')]
    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]
