"""What the repository may hold, and where."""

import re

import pytest

from tests.project import sizes, tree

APPS = {"accounts", "provenance", "reference", "actors", "indicators", "funding", "foresight", "observatory"}
APPS |= {"governance", "interactions", "publishing"}
APP_FILES = {"urls", "views", "forms", "admin", "loads", "datasets", "jobs", "actions", "queries", "models", "rules", "enums"}
APP_FILES |= {"__init__", "apps", "migrations", "templates", "data"}
# The few files that architecture.md places by name beside the usual ones
PLACED = {
    "accounts/roles",
    "publishing/sheets",
    "publishing/why",
    "publishing/reports",
    "publishing/dashboards",
    "publishing/charts",
    "observatory/methods",
}
NEVER = {"utils", "helpers", "services", "managers", "signals", "constants", "misc", "common"}
# Each is looked for in what is committed, except in the file that names it here
FOREIGN = {
    "a machine path": re.compile(r"(?<![\w.])/(work|root|home|Users)/[\w.]+"),
    "a registry address": re.compile(
        r"registry\.(npmjs|yarnpkg)|files\.pythonhosted|pypi\.org/simple|--index-url |--find-links "
    ),
    "a secret": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"),
}
TEXT = {".py", ".md", ".html", ".txt", ".toml", ".json", ".js", ".css", ".csv", ".yml", ".yaml", ".typ", ".po", ".cfg", ""}


def test_functions_views_and_files_are_short() -> None:
    assert sizes.too_long() == []


def test_files_of_an_app_have_one_of_the_known_names() -> None:
    strangers = set()
    for path in tree.tracked_files():
        parts = path.relative_to(tree.PRODUCT).parts if tree.PRODUCT in path.parents else ()
        if len(parts) > 1 and parts[0] in APPS:
            place = parts[1].removesuffix(".py")
            if place not in APP_FILES and f"{parts[0]}/{place}" not in PLACED:
                strangers.add("/".join(parts[:2]))
    assert strangers == set()


def test_no_file_is_named_after_nothing() -> None:
    assert [tree.name(path) for path in tree.tracked_files() if path.stem in NEVER] == []


@pytest.mark.parametrize("what", FOREIGN)
def test_nothing_of_this_machine_is_committed(what: str) -> None:
    found = [
        f"{tree.name(path)}:{number}"
        for path in tree.tracked_files()
        if path.suffix in TEXT and path.name != "test_tree.py"
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if FOREIGN[what].search(line)
    ]
    assert found == []


def test_no_large_or_third_party_file_is_committed() -> None:
    large = [tree.name(path) for path in tree.tracked_files() if path.stat().st_size > 1_000_000]
    foreign = [
        tree.name(path) for path in tree.tracked_files() if {"vendor", "node_modules", "site-packages"} & set(path.parts)
    ]
    assert large + foreign == []


def test_locked_requirements_are_hashed_and_name_no_index() -> None:
    lines = (tree.ROOT / "requirements.txt").read_text().splitlines()
    pinned = [line for line in lines if not line.startswith((" ", "#", "--")) and line]
    assert pinned
    assert all(line.endswith("\\") and "==" in line for line in pinned)
