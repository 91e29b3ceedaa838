"""A worker killed in the middle of its work: real processes, a real database, and nothing lost or half stored."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_time
ROWS = 300_000  # six batches: the kill comes between two, even on a busy machine
PREPARE = """
import django; django.setup()
from pathlib import Path
from django.core.management import call_command
from beffroi.web.data_folder import make_data_folder
from django.conf import settings
make_data_folder(settings.DATA)
call_command("migrate", verbosity=0, interactive=False)
from beffroi.provenance import actions
actions.seed_profiles()
"""
REQUEST = """
import django; django.setup()
from django.conf import settings
from beffroi.provenance import actions, jobs
from beffroi.provenance.models import Profile
def requested(name, profile):
    source = actions.register_source("document", title="Document", publisher="Région")
    snapshot = actions.take_snapshot(settings.DATA / name, source=source)
    return actions.request_load(snapshot, profile=Profile.objects.get(code=profile), by=None)
"""
CHECK_IS_ASKED = (
    REQUEST
    + """
jobs.start_check(requested("grand.csv", "observations-generiques"))
"""
)
KILLED_WHILE_APPLYING = (
    REQUEST
    + """
import os, signal
from beffroi.web import loads
load = actions.check_load(requested("petit.csv", "facts-frameworks"))
write = loads.LOADERS["frameworks"]
def killed_once_written(load, frames):
    write(load, frames)
    os.kill(os.getpid(), signal.SIGKILL)
loads.LOADERS["frameworks"] = killed_once_written
actions.accept_load(load, by=None)
loads.apply_load_task.call(load.pk)
"""
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder and a database of their own, a big file and a small one."""
    data = tmp_path_factory.mktemp("restart")
    big = (f"emplois,32,{2000 + n % 20},constaté,{n},emplois" for n in range(ROWS - 1))
    head = "indicateur,territoire,période,statut,valeur,unité"
    (data / "grand.csv").write_text("\n".join([head, *big, "emplois,32,2009,constaté,beaucoup,emplois"]) + "\n")
    (data / "petit.csv").write_text(
        "framework,label_fr,kind,start,end,source,locator\nneuf,Un cadre neuf,programme,2009,,document,page 1\n"
    )
    assert run(PREPARE, data) == 0
    return data


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEFFROI_", "DJANGO_"))}
    return kept | {"BEFFROI_MODE": "development", "BEFFROI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "beffroi.web.settings"}


def run(program: str, data: Path) -> int:
    return subprocess.run(
        [sys.executable, "-c", program], env=environment(data), check=False, stdout=subprocess.DEVNULL
    ).returncode


@contextmanager
def worker(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = (data / "worker.log").open("ab")
    with log, subprocess.Popen([sys.executable, "-m", "beffroi.web.worker"], env=environment(data), stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(data: Path, sql: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(data / "database" / "beffroi.sqlite3", timeout=20)) as database:
        return tuple(database.execute(sql).fetchone())


def load_of(data: Path, filename: str) -> tuple[object, ...]:
    named = f"SELECT id FROM provenance_snapshot WHERE filename = '{filename}'"
    return asked(data, f"SELECT state, read, rejected FROM provenance_load WHERE snapshot_id IN ({named})")


def wait_for(what: Callable[[], object], *, seconds: int = 240) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def is_half_checked(state: object, read: object, rejected: object) -> bool:
    return state == "checking" and read != 0


def test_a_check_killed_half_way_ends_after_the_worker_restarts(data: Path) -> None:
    assert run(CHECK_IS_ASKED, data) == 0
    with worker(data) as first:
        wait_for(lambda: is_half_checked(*load_of(data, "grand.csv")))
        first.send_signal(signal.SIGKILL)
        first.wait()
    state, read, _ = load_of(data, "grand.csv")
    assert state == "checking"
    assert 0 < read < ROWS
    with worker(data):
        wait_for(lambda: load_of(data, "grand.csv")[0] == "checked")
    assert load_of(data, "grand.csv") == ("checked", ROWS, 1)
    assert asked(data, "SELECT COUNT(*), MIN(row) FROM provenance_rejection") == (1, ROWS + 1)


def test_an_apply_killed_half_way_leaves_nothing_half_stored_and_is_written_after(data: Path) -> None:
    assert run(KILLED_WHILE_APPLYING, data) == -signal.SIGKILL
    assert load_of(data, "petit.csv")[0] == "applying"
    assert asked(data, "SELECT COUNT(*) FROM provenance_statement") == (0,)
    assert asked(data, "SELECT COUNT(*) FROM reference_framework WHERE code = 'neuf'") == (0,)
    with worker(data):
        wait_for(lambda: load_of(data, "petit.csv")[0] == "applied")
    assert asked(data, "SELECT COUNT(*) FROM provenance_statement") == (1,)
