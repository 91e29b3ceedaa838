"""Who opens the pages, on what, and what is asked of each."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests import browsing, run
from tests.browser.addresses import OPEN_PAGES, PAGES_WITH_RIGHTS, SHEETS, SHEETS_WITH_RIGHTS, sheet

ADMINISTRATOR = "Thomas Nguyen"
PARTS = (*OPEN_PAGES, "sheets", "rights")
SIZES = {
    "desk": {"width": 1280, "height": 900},
    "tablet": {"width": 820, "height": 1180},
    "phone": {"width": 390, "height": 844},
}
SHAPE = """() => {
  const edge = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("main *")].find(one => one.getBoundingClientRect().right > edge + 1);
  return {
    language: document.documentElement.lang, heads: document.querySelectorAll("h1").length,
    excess: document.documentElement.scrollWidth - edge, out: out ? out.outerHTML.slice(0, 120) : "",
  };
}"""


def opened(browser: Browser, site: str, *, size: str = "desk", locale: str = "fr-FR", **options: Any) -> BrowserContext:
    return browser.new_context(
        base_url=site, locale=locale, viewport=SIZES[size], timezone_id="Europe/Paris", **options  # type: ignore[arg-type]
    )  # fmt: skip


def make_administrator(site_data: str) -> None:
    """Nobody in the demonstration manages accounts: one person receives that role too."""
    person = "thomas.nguyen@demo.beffroi.example"
    words = ["users", "role", person, "--partner", "accueil", "--partner-name", "Accueil", "--role", "administrator"]
    environment = os.environ | run.environment(site_data)
    command = [sys.executable, "-m", "beffroi.web.commands", *words]
    subprocess.run(command, check=True, env=environment, cwd=browsing.ROOT, stdout=subprocess.DEVNULL)


def pages_of(part: str, page: Page) -> list[str]:
    """The addresses of a part; the sheets are found by following links."""
    if part in OPEN_PAGES:
        return OPEN_PAGES[part]
    sheets = SHEETS_WITH_RIGHTS if part == "rights" else SHEETS
    found = [sheet(page, name, sheets) for name in sheets]
    return [*PAGES_WITH_RIGHTS, *found] if part == "rights" else found


def troubles(page: Page, address: str, *, language: str, axe: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with the page at this address, each in one line."""
    answer = page.goto(address)
    shape = page.evaluate(SHAPE)
    found = [f"answers {answer.status}"] if answer and answer.status != 200 else []
    found += [f"is in « {shape['language']} »"] if shape["language"] != language else []
    found += [f"has {shape['heads']} h1"] if shape["heads"] != 1 else []
    found += [f"is {shape['excess']} px too wide: {shape['out']}"] if shape["excess"] > 0 else []
    return [f"{address}: {trouble}" for trouble in [*found, *axe(page)]]


def walk(
    page: Page, addresses: Iterable[str], *, language: str, axe: Callable[[Page], list[str]], titles: dict[str, str]
) -> list[str]:
    """What is wrong with these pages. Two paths never share a title: `titles` remembers those of the other parts."""
    said = browsing.watch(page)
    found = []
    for address in addresses:
        found += troubles(page, address, language=language, axe=axe)
        path = urlsplit(page.url).path
        if titles.setdefault(page.title(), path) != path:
            found.append(f"{address}: has the title of {titles[page.title()]}, « {page.title()} »")
    return found + said
