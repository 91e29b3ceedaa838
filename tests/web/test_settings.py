import os
import subprocess
import sys
from pathlib import Path

import pytest

from beffroi.web import safety, variables
from beffroi.web.safety import blockers_to_accounts, blockers_to_settings
from tests.accounts.factories import person

GOOD_KEY = "k" * 50


@pytest.mark.parametrize(
    ("production", "debug", "key", "expected"),
    [
        (True, False, GOOD_KEY, []),
        (True, True, GOOD_KEY, ["BEFFROI_DEBUG=1"]),
        (True, False, "local", ["vaut la clé d’essai"]),
        (True, False, "k" * 49, ["n’a que 49 caractères"]),
        (True, True, "local", ["BEFFROI_DEBUG=1", "vaut la clé d’essai"]),
        (False, True, "local", []),
    ],
)
def test_production_refuses_unsafe_settings_in_a_sentence_each(production, debug, key, expected):
    found = blockers_to_settings(production=production, debug=debug, key=key, local_key="local")
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


def test_production_refuses_demo_accounts():
    assert "3 comptes de démonstration" in blockers_to_accounts(production=True, demo_accounts=3)[0]
    assert blockers_to_accounts(production=True, demo_accounts=0) == []
    assert blockers_to_accounts(production=False, demo_accounts=3) == []


@pytest.mark.django_db
def test_the_system_check_sees_demo_accounts(settings):
    settings.PRODUCTION = True
    assert safety.check_accounts(None) == []
    person(is_demo=True)
    assert [error.id for error in safety.check_accounts(None)] == ["beffroi.E002"]


def beffroi(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEFFROI_", "DJANGO_"))}
    command = [sys.executable, "-m", "beffroi.web.commands", *arguments]
    environment = kept | {"BEFFROI_DATA": str(data)} | variables
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "BEFFROI_SECRET_KEY manque"),
        ({"BEFFROI_SECRET_KEY": "court"}, "n’a que 5 caractères"),
        ({"BEFFROI_SECRET_KEY": GOOD_KEY, "BEFFROI_DEBUG": "1"}, "BEFFROI_DEBUG=1"),
        ({"BEFFROI_MODE": "prod"}, "attendu production, demo, development ou test"),
        ({"BEFFROI_DATABASE": "mysql://x"}, "BEFFROI_DATABASE commence par postgresql://"),
    ],
)
def test_the_command_line_refuses_to_start_with_exit_code_2(tmp_path, given, sentence):
    done = beffroi("serve", data=tmp_path, **given)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_table_of_settings_has_every_variable():
    page = variables.settings_table()
    assert all(f"| `{one.name}` |" in page for one in variables.VARIABLES)
    assert page.startswith("# Réglages")
