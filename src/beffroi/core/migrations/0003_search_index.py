"""The index of the words of search entries, which each database keeps in its own way: FTS5 with triggers, or a tsvector."""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE core_searchindex USING fts5(
        words, kind, content='core_searchentry', content_rowid='id', tokenize='ascii', prefix='3 4', detail='column')""",
    """CREATE TRIGGER core_searchindex_added AFTER INSERT ON core_searchentry BEGIN
        INSERT INTO core_searchindex(rowid, words, kind) VALUES (new.id, new.words, new.kind); END""",
    """CREATE TRIGGER core_searchindex_removed AFTER DELETE ON core_searchentry BEGIN
        INSERT INTO core_searchindex(core_searchindex, rowid, words, kind) VALUES ('delete', old.id, old.words, old.kind); END""",
    """CREATE TRIGGER core_searchindex_changed AFTER UPDATE OF words, kind ON core_searchentry BEGIN
        INSERT INTO core_searchindex(core_searchindex, rowid, words, kind) VALUES ('delete', old.id, old.words, old.kind);
        INSERT INTO core_searchindex(rowid, words, kind) VALUES (new.id, new.words, new.kind); END""",
    "INSERT INTO core_searchindex(core_searchindex) VALUES ('rebuild')",
)
POSTGRESQL = (
    """ALTER TABLE core_searchentry ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX core_searchentry_vector ON core_searchentry USING gin (vector) WITH (fastupdate = off)",
)
BACK = {
    "sqlite": (
        "DROP TRIGGER core_searchindex_added",
        "DROP TRIGGER core_searchindex_removed",
        "DROP TRIGGER core_searchindex_changed",
        "DROP TABLE core_searchindex",
    ),
    "postgresql": ("DROP INDEX core_searchentry_vector", "ALTER TABLE core_searchentry DROP COLUMN vector"),
}


def add_index(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove_index(apps, schema_editor):
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_search_words")]
    operations = [migrations.RunPython(add_index, remove_index)]
