"""Data folders and databases to measure in: those of `tests.databases`, under the settings of the demonstration."""

import os
import shutil

import django

from tests import databases, run

AS_DEMO = {"BEFFROI_MODE": "demo", "DJANGO_SETTINGS_MODULE": "beffroi.web.settings"}


def stand_in(name: str) -> None:
    """This process works from now on in this place."""
    os.environ.update(run.environment(name) | AS_DEMO)
    django.setup()


def make_blank(name: str) -> None:
    """Not even a table."""
    shutil.rmtree(run.data_folder(name), ignore_errors=True)
    run.data_folder(name).mkdir(parents=True)
    if run.ENGINE == "postgresql":
        databases.start_postgresql()
        databases.create_database(name)


def make_copy(source: str, name: str) -> None:
    shutil.rmtree(run.data_folder(name), ignore_errors=True)
    shutil.copytree(run.data_folder(source), run.data_folder(name), ignore=shutil.ignore_patterns("*.sqlite3*"))
    if run.ENGINE == "postgresql":
        databases.create_database(name, template=source)
    else:
        databases.copy_sqlite(source, name)
