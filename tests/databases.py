"""For each engine an empty database and a demo, prepared once a run; workers and journeys work on copies."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from tests import run

EMPTY, DEMO = "empty", "demo"
ROOT = Path(__file__).parents[1]
SQLITE = Path("database") / "beffroi.sqlite3"
SERVER = run.FOLDER / "server"


def postgresql_programs() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return versions[-1] if versions else None


def _as_postgres(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root: then its own account runs it."""
    account = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*account, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})


def start_postgresql() -> None:
    """Starts the run's own server unless it runs: no durability, a port of localhost that nobody else uses."""
    programs = postgresql_programs()
    if SERVER.exists() or programs is None:
        return
    SERVER.mkdir()
    if os.geteuid() == 0:
        shutil.chown(SERVER, "postgres")
    data = SERVER / "data"
    _as_postgres(programs / "initdb", "-D", data, "-A", "trust", "-U", "beffroi", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    fast = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    options = f"-p {run.PORT} -k {SERVER} -c listen_addresses=127.0.0.1 {fast}"
    _as_postgres(programs / "pg_ctl", "-D", data, "-l", SERVER / "log", "-o", options, "-w", "start")


def stop_postgresql() -> None:
    programs = postgresql_programs()
    if programs and (SERVER / "data" / "postmaster.pid").exists():
        _as_postgres(programs / "pg_ctl", "-D", SERVER / "data", "-m", "immediate", "-w", "stop")


def create_database(name: str, *, template: str = "template0") -> None:
    server = run.address("postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


class NotPrepared(RuntimeError):
    def __init__(self, kind: str) -> None:
        super().__init__(f"the {kind} database could not be prepared: the first test that asked for it shows why")


def _run(*command: str, name: str) -> None:
    subprocess.run([sys.executable, *command], check=True, env=os.environ | run.environment(name), cwd=ROOT)


def _prepare(kind: str) -> None:
    """Empty is every table without a row; the demo is built upon it."""
    name = _prepared(kind)
    if run.data_folder(name).exists():
        raise NotPrepared(kind)
    if kind == DEMO:
        copy_prepared(EMPTY, name)
        _run("-m", "tests.prepare", name=name)
        return
    run.data_folder(name).mkdir(parents=True)
    if run.ENGINE == "postgresql":
        start_postgresql()
        create_database(name)
    _run("manage.py", "migrate", "--verbosity=0", name=name)


def _prepared(kind: str) -> str:
    return f"prepared_{kind}"


def copy_sqlite(source_name: str, name: str) -> None:
    """The prepared file may have a write-ahead log beside it: SQLite copies both as one."""
    source, copy = (sqlite3.connect(run.data_folder(folder) / SQLITE) for folder in (source_name, name))
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy)


def copy_prepared(kind: str, name: str) -> None:
    """A fresh copy of a prepared database, its files included, under this name."""
    source = _prepared(kind)
    with run.one_at_a_time(f"{run.ENGINE}-{kind}"):
        if not (run.FOLDER / f"{run.ENGINE}-{kind}.ready").exists():
            _prepare(kind)
            (run.FOLDER / f"{run.ENGINE}-{kind}.ready").touch()
        shutil.rmtree(run.data_folder(name), ignore_errors=True)
        shutil.copytree(run.data_folder(source), run.data_folder(name), ignore=shutil.ignore_patterns("*.sqlite3*"))
        if run.ENGINE == "postgresql":
            create_database(name, template=source)
        else:
            copy_sqlite(source, name)


@cache
def _own_copy(kind: str) -> str:
    name = f"{run.WORKER}_{kind}"
    copy_prepared(kind, name)
    return name


def forget_copies() -> None:
    """A test that commits empties its tables when it ends, rows of migrations included: the next one has a fresh copy."""
    connection.close()
    _own_copy.cache_clear()


def stand_on(kind: str) -> None:
    """This process works from now on on its own copy of this kind."""
    name = _own_copy(kind)
    connection.close()
    connection.settings_dict["NAME"] = name if run.ENGINE == "postgresql" else str(run.data_folder(name) / SQLITE)
    settings.DATA = run.data_folder(name)
