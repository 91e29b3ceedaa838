from django.db import migrations


def say_which_load_drew(apps, schema_editor):
    """Until now one source alone could draw a territory: the statement that names the part tells which load drew it."""
    Boundary = apps.get_model("reference", "Boundary")
    Statement = apps.get_model("provenance", "Statement")
    stated = Statement.objects.filter(subject_kind="item", recorded_to=None, load__profile__target="boundaries").order_by("pk")
    loads = {(pk, f"{key}-{nth}"): load for pk, key, nth, load in stated.values_list("subject_id", "key", "occurrence", "load_id")}
    drawn = list(Boundary.objects.filter(load=None).only("pk", "item_id", "part", "load_id"))
    for one in drawn:
        one.load_id = loads.get((one.item_id, one.part))
    Boundary.objects.bulk_update(drawn, ["load"], batch_size=2_000)


class Migration(migrations.Migration):
    dependencies = [("reference", "0006_boundary_of_a_load")]
    operations = [migrations.RunPython(say_which_load_drew, migrations.RunPython.noop)]
