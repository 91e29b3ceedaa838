"""What every test stands on: its database, the moment, strict templates and queries."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from django.conf import settings

from tests import browsing, databases, run
from tests.queries import QueryCounts
from tests.strictness import reverse_unordered_queries

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
TESTS = Path(__file__).parent
IN_A_BROWSER = (TESTS / "journeys", TESTS / "browser")
WITH_DATABASE = {"db", "transactional_db", "client", "admin_client", "queries", "demo"}
IN_CI = os.environ.get("BEFFROI_CI") == "1"

reverse_unordered_queries()
hypothesis.settings.register_profile("default", max_examples=25, deadline=None)
hypothesis.settings.register_profile("fuzz", max_examples=5000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-queries", action="store_true", help="write the counts of queries instead of comparing them (-n 0)"
    )
    parser.addoption("--fuzz-minutes", type=float, default=10, help="how long each file of generated inputs lasts at most")


def pytest_configure(config: pytest.Config) -> None:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    if run.ENGINE == "postgresql" and databases.postgresql_programs() is None:
        pytest.exit("PostgreSQL is not installed: run with BEFFROI_TEST_DATABASE=sqlite", returncode=1)


def pytest_unconfigure(config: pytest.Config) -> None:
    if run.OWNER and not hasattr(config, "workerinput"):
        databases.stop_postgresql()
        run.remove()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(folder in item.path.parents for folder in IN_A_BROWSER):
            item.add_marker("browser")
        elif WITH_DATABASE.intersection(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: the database that the test's transaction will open on."""
    if item.get_closest_marker("database"):
        databases.stand_on(databases.DEMO if "demo" in getattr(item, "fixturenames", ()) else databases.EMPTY)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        databases.forget_copies()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Databases are ours (`tests.databases`), not pytest-django's."""


@pytest.fixture
def demo(db: None) -> None:
    """The facts of the five documents are in the database. Without it, `db` alone has every table and no row."""


@pytest.fixture(autouse=True)
def _own_totals() -> Iterator[None]:
    """Totals and outlines are kept for as long as facts do not change; a test that is undone leaves its numbers to others."""
    yield
    for kept in ("totals", "activity"):
        shutil.rmtree(settings.DATA / "staging" / kept, ignore_errors=True)
    if maps := sys.modules.get("beffroi.observatory.queries.maps"):
        maps._shapes.cache_clear()


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """Time stands still at NOW; `clock.shift(3600)` moves it. Browsers and tests marked `any_time` keep the real one."""
    if request.node.get_closest_marker("browser") or request.node.get_closest_marker("any_time"):
        yield None
        return
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def queries(request: pytest.FixtureRequest, db: None) -> QueryCounts:
    """`with queries("a page"): client.get(...)` compares the number and origin of its queries with `queries.json`."""
    return QueryCounts(request.path.with_name("queries.json"), update=request.config.getoption("--update-queries"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not browsing.CHROMIUM.exists():
        (pytest.fail if IN_CI else pytest.skip)("Chromium is not installed")
    return {"executable_path": str(browsing.CHROMIUM), "args": browsing.FLAGS}


@pytest.fixture(scope="module")
def live(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the product's own server, in demonstration, on a copy of the demo that this file has for itself."""
    name = f"{run.WORKER}_{request.path.stem}"
    databases.copy_prepared(databases.DEMO, name)
    with browsing.serving(name) as address:
        yield address


@pytest.fixture
def page(browser: "Browser", live: str) -> Iterator["Page"]:
    """An empty browser in French before the live server: `page.goto("/")`. A script error or a refused file fails the test."""
    context = browser.new_context(base_url=live, locale="fr-FR", timezone_id="Europe/Paris")
    opened = context.new_page()
    troubles = browsing.watch(opened)
    yield opened
    context.close()
    assert troubles == []


@pytest.fixture
def axe() -> Callable[["Page"], list[str]]:
    return browsing.violations
