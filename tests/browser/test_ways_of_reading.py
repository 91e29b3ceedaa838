"""The same pages without JavaScript, by keyboard alone, on paper and in the dark."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.addresses import SHEETS, sheet
from tests.browser.walking import opened
from tests.browsing import enter

REPORT = "/rapports/srde/?as_of=2010-03-31"
READ = ["/", "/search?q=textile", "/acteurs/recouvrements/", "/indicateurs/retards", REPORT]
KINDS = ["item", "territory", "organisation", "indicator behind", "crosswalk"]
LEFT_OUT_ON_PAPER = ".masthead, .main-nav, .breadcrumbs, .side-index, .filters, .exports, .footer-links, a.why"


@pytest.fixture(scope="module")
def plain(browser: Browser, live: str) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = opened(browser, live, java_script_enabled=False)
    yield context.new_page()
    context.close()


def addresses(page: Page) -> list[str]:
    return [*READ, *(sheet(page, kind, SHEETS) for kind in KINDS)]


def test_without_javascript_every_kind_of_page_is_there(plain: Page) -> None:
    for address in addresses(plain):
        plain.goto(address)
        expect(plain.locator("main h1")).to_be_visible()
        assert len(plain.locator("main").inner_text()) > 150, address
        for number in range(plain.locator(".chart").count()):
            expect(plain.locator(".chart").nth(number).locator("table").first).to_be_visible()


def test_without_javascript_why_is_a_page(plain: Page) -> None:
    plain.goto("/indicateurs/retards")
    plain.locator("main a.why").first.click()
    expect(plain.locator("main")).to_contain_text("Ce que disent les sources")
    plain.locator("main .provenance a").first.click()
    expect(plain.locator("main h1")).to_be_visible()


def test_without_javascript_one_filters_searches_and_enters(plain: Page) -> None:
    plain.goto("/acteurs/")
    plain.get_by_label("Nom, sigle ou autre nom").fill("textile")
    plain.get_by_role("button", name="Filtrer").click()
    expect(plain.locator("main table")).to_contain_text("extile")
    plain.get_by_label("Chercher dans tout Beffroi").fill("textile")
    plain.get_by_role("button", name="Chercher", exact=True).click()
    expect(plain.locator("main")).to_contain_text("extile")
    enter(plain, "Karim Benali")
    expect(plain.locator("main h1")).to_have_text("Karim Benali")


def test_by_keyboard_one_skips_to_the_content(page: Page) -> None:
    page.goto("/indicateurs/retards")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_by_keyboard_a_bell_opens_the_panel_and_escape_comes_back(page: Page) -> None:
    page.goto("/indicateurs/retards")
    bell = page.locator("main a.why").nth(1)
    bell.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#why")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Ce que disent les sources")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Fermer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()


def test_on_paper_there_is_the_content_and_nothing_to_press(page: Page) -> None:
    page.set_viewport_size({"width": 672, "height": 980})  # what A4 leaves between its margins
    page.emulate_media(media="print")
    for address in addresses(page):
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
        shown = page.locator(LEFT_OUT_ON_PAPER).evaluate_all("all => all.filter(one => one.checkVisibility()).length")
        assert shown == 0, address
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("address", READ)
def test_in_the_dark_axe_finds_nothing(page: Page, axe: Callable[[Page], list[str]], address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    assert axe(page) == []
