"""The repository as the tests of this folder read it."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "src" / "beffroi"


@cache
def tracked_files() -> tuple[Path, ...]:
    """What is committed or about to be: never what .gitignore leaves out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for line in listed.splitlines() if (path := ROOT / line).is_file())


def programs() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py" and "migrations" not in path.parts]


def templates() -> list[Path]:
    return [path for path in tracked_files() if "templates" in path.parts and path.suffix in {".html", ".txt", ".typ"}]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
