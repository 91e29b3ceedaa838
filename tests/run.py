"""One folder for each run of the tests: who makes it also removes it. The workers of a run find it by the environment."""

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OWNER = "BEFFROI_TEST_RUN" not in os.environ


def _new_folder() -> str:
    folder = Path(tempfile.mkdtemp(prefix="beffroi-tests-"))
    folder.chmod(0o755)  # PostgreSQL refuses to run as root, and its account must reach its files
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (folder / "port").write_text(str(free.getsockname()[1]))
    return str(folder)


FOLDER = Path(os.environ.setdefault("BEFFROI_TEST_RUN", _new_folder() if OWNER else ""))
WORKER = os.environ.get("BEFFROI_TEST_NAME") or os.environ.get("PYTEST_XDIST_WORKER", "main")
ENGINE = os.environ.setdefault("BEFFROI_TEST_DATABASE", "sqlite")
PORT = (FOLDER / "port").read_text()


def data_folder(name: str = WORKER) -> Path:
    return FOLDER / ENGINE / name


def address(name: str = WORKER) -> str:
    """The database of a worker; empty for SQLite, whose file is in the worker's data folder."""
    return f"postgresql://beffroi@127.0.0.1:{PORT}/{name}" if ENGINE == "postgresql" else ""


def environment(name: str = WORKER) -> dict[str, str]:
    """What makes another process work on the data of this name."""
    own = {"BEFFROI_TEST_NAME": name, "BEFFROI_DATA": str(data_folder(name)), "BEFFROI_DATABASE": address(name)}
    return own | {
        "BEFFROI_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }


@contextlib.contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
