"""One demo database is prepared for each engine and run; each worker, and each journey's server, works on its own copy."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg

from tests import run

PREPARED = "prepared"
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


def _create_database(name: str, *, template: str = "template0") -> None:
    server = run.address("postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _prepare() -> None:
    run.data_folder(PREPARED).mkdir(parents=True)
    if run.ENGINE == "postgresql":
        start_postgresql()
        _create_database(PREPARED)
    subprocess.run(
        [sys.executable, "-m", "tests.prepare"],
        check=True,
        env=os.environ | run.environment(PREPARED),
    )


def _copy_sqlite(name: str) -> None:
    """The prepared file may have a write-ahead log beside it: SQLite copies both as one."""
    source, copy = (sqlite3.connect(run.data_folder(folder) / SQLITE) for folder in (PREPARED, name))
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy)


def copy_prepared(name: str = run.WORKER) -> None:
    """A fresh copy of the prepared demo, its files included, under this name."""
    with run.one_at_a_time(run.ENGINE):
        if not (run.data_folder(PREPARED) / "ready").exists():
            _prepare()
            (run.data_folder(PREPARED) / "ready").touch()
        shutil.rmtree(run.data_folder(name), ignore_errors=True)
        shutil.copytree(run.data_folder(PREPARED), run.data_folder(name), ignore=shutil.ignore_patterns("*.sqlite3*", "ready"))
        if run.ENGINE == "postgresql":
            _create_database(name, template=PREPARED)
        else:
            _copy_sqlite(name)
