"""Where it was measured, in general words: no path, no host name."""

import os
import platform
import sqlite3
import subprocess

from tests import databases


def postgresql_version() -> str:
    programs = databases.postgresql_programs()
    if programs is None:
        return ""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2]


def memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.0f}"


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def facts() -> dict[str, str]:
    """What a reader needs to compare with a machine of theirs, under French names."""
    return {
        "cœurs": str(os.cpu_count()),
        "mémoire (Go)": memory(),
        "système": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": postgresql_version() or "absent",
    }
