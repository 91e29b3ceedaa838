"""The one folder that Beffroi writes to; saving it and the database saves everything."""

import time
from pathlib import Path

FOLDERS = ("database", "snapshots", "editions", "uploads", "staging", "mails", "static")
FOLDER_MODE = 0o750
BEAT_SECONDS = 5
SILENCE_SECONDS = 30  # six beats missed: the worker is stopped or stuck


def make_data_folder(data: Path) -> None:
    for folder in (data, *(data / name for name in FOLDERS)):
        if not folder.is_dir():
            folder.mkdir(mode=FOLDER_MODE, parents=True)
            folder.chmod(FOLDER_MODE)


def is_writable(data: Path) -> bool:
    probe = data / "staging" / ".probe"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def record_beat(data: Path) -> None:
    (data / "worker.beat").touch()


def is_worker_alive(data: Path) -> bool:
    try:
        return time.time() - (data / "worker.beat").stat().st_mtime < SILENCE_SECONDS
    except FileNotFoundError:
        return False
