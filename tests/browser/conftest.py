from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests import browsing, run
from tests.browser import walking

Windows = Callable[..., Page]


@pytest.fixture(scope="module")
def windows(browser: Browser, live: str, request: pytest.FixtureRequest) -> Iterator[Windows]:
    """A window of a kind, opened once for the file; for the part of the pages with rights, a person's who may do everything."""
    with ExitStack() as stack:
        known: dict[str, Page] = {}

        def window(part: str = "", **kind: str) -> Page:
            who = "administrator" if part == "rights" else "visitor"
            if who not in known:
                context = walking.opened(browser, live, **kind)
                stack.callback(context.close)
                known[who] = context.new_page()
                if who == "administrator":
                    walking.make_administrator(f"{run.WORKER}_{request.path.stem}")
                    browsing.enter(known[who], walking.ADMINISTRATOR)
            return known[who]

        yield window


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """The path at which each title of this file's pages was read."""
    return {}
