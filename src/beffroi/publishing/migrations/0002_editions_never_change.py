"""The database itself refuses to change what was frozen: no command and no other program gets around it."""

from django.db import migrations

SENTENCE = "Une édition figée ne change pas"
SQLITE = f"""
CREATE TRIGGER edition_never_changes BEFORE UPDATE ON publishing_edition
BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION publishing_edition_never_changes() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql;
CREATE TRIGGER edition_never_changes BEFORE UPDATE ON publishing_edition
FOR EACH ROW EXECUTE FUNCTION publishing_edition_never_changes();
"""
FORGET = {
    "sqlite": ["DROP TRIGGER edition_never_changes"],
    "postgresql": [
        "DROP TRIGGER edition_never_changes ON publishing_edition",
        "DROP FUNCTION publishing_edition_never_changes()",
    ],
}


def guard(apps, schema_editor):
    statement = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    schema_editor.connection.cursor().execute(statement)


def unguard(apps, schema_editor):
    for statement in FORGET[schema_editor.connection.vendor]:
        schema_editor.connection.cursor().execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
