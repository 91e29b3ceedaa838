"""A business developer looks for a company whose name she cannot spell, and notes a visit where there is no network."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import enter, watch

# What the browser says by itself of a page without a network, and of a visit that the server refuses
EXPECTED = ("net::ERR_INTERNET_DISCONNECTED", "status of 422")


@pytest.fixture
def phone(browser: Browser, live: str) -> Iterator[BrowserContext]:
    """A telephone whose network the test cuts; any other trouble fails it."""
    context = browser.new_context(
        base_url=live, locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 375, "height": 800}
    )
    troubles = watch(context.new_page())
    yield context
    context.close()
    assert [one for one in troubles if not any(said in one for said in EXPECTED)] == []


def kept_pages(page: Page) -> int:
    """How many pages the telephone can open without a network."""
    return int(
        page.evaluate(
            """async () => { const names = await caches.keys(); const cache = await caches.open(names[0]);
            return (await cache.keys()).filter((kept) => new URL(kept.url).pathname.startsWith("/activite")).length }"""
        )
    )


def typed(page: Page, who: str) -> None:
    page.get_by_label("Entreprise ou porteur de projet").fill(who)
    page.get_by_text("Pas encore connue de Beffroi").click()
    page.get_by_label("une entreprise pas encore connue").check()
    page.locator("summary", has_text="Les projets de développement").click()
    page.get_by_role("textbox", name="Les projets de développement").fill("Un second atelier")
    page.get_by_role("checkbox", name="Financement").check()
    page.get_by_role("button", name="Enregistrer la visite").click()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent").strip())


def test_a_developer_finds_a_company_by_keyboard_alone(page: Page) -> None:
    # 1. She enters; the first stop of the keyboard leads to the content
    enter(page, "Camille Delattre")
    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    # 2. Ctrl-K, a name with a typing error
    page.keyboard.press("Control+k")
    page.keyboard.type("euratecnologies")
    choices = page.get_by_role("option")
    expect(choices.first).to_contain_text("Euratechnologies", ignore_case=True)
    # 3. The arrow, Enter: the sheet
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/*")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("uratechnologies")
    # 4. Tab by tab to a figure or a link of the content, opened by Enter
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    # 5. What it is, and where each thing is said
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    expect(page.locator(".provenance").first).to_be_visible()


def test_a_developer_notes_visits_without_a_network_and_they_arrive_once(
    phone: BrowserContext, axe: Callable[[Page], list[str]]
) -> None:
    page = phone.pages[0]
    waiting = page.locator("#device")
    # 1. On Monday, at the office: her week; the telephone keeps the form
    enter(page, "Camille Delattre")
    page.goto("/activite/")
    expect(page.get_by_role("heading", name="Ma semaine")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _ in range(50):
        if kept_pages(page) == 2:
            break
        page.wait_for_timeout(200)
    assert kept_pages(page) == 2
    # 2. In a workshop without a network: the form opens all the same
    phone.set_offline(True)
    page.goto("/activite/visites/nouvelle?about=organisation:1")
    expect(page.get_by_role("heading", name="Noter une visite")).to_be_visible()
    # 3. Two visits typed; both wait on the telephone, which says so
    typed(page, "Tisserand du Nord")
    expect(waiting).to_contain_text("1 visite en attente d’envoi")
    page.goto("/activite/visites/nouvelle")
    typed(page, "Teinturerie de la Lys")
    expect(waiting).to_contain_text("2 visites en attente d’envoi")
    page.locator("footer").scroll_into_view_if_needed()  # the bar of the form lies in its place: it covers half of no field
    assert axe(page) == []
    # 4. The network is back: they leave, and nothing waits any more
    phone.set_offline(False)
    expect(waiting).to_be_hidden(timeout=15_000)
    # 5. Each is there once, with its note and its need; leaving takes the rest off the telephone
    for word in ("teinturerie", "tisserand"):
        page.goto(f"/activite/visites/?q={word}")
        expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Tisserand du Nord").click()
    expect(page.get_by_text("Un second atelier")).to_be_visible()
    expect(page.locator("#besoins")).to_contain_text("Financement")
    page.locator("summary.tool").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_an_expired_log_in_keeps_the_visit_and_a_refusal_says_what_to_mend(phone: BrowserContext) -> None:
    page = phone.pages[0]
    waiting = page.locator("#device")
    enter(page, "Camille Delattre")
    page.goto("/activite/visites/nouvelle")
    # The session ends while she types
    phone.clear_cookies(name="sessionid")
    typed(page, "Brasserie du Port")
    expect(waiting).to_contain_text("Votre connexion a expiré")
    waiting.get_by_role("link", name="Se reconnecter").click()
    page.get_by_role("button", name="Camille Delattre").first.click()
    page.wait_for_url("**/activite/visites/nouvelle")
    expect(waiting).to_be_hidden(timeout=15_000)
    for _ in range(20):  # the device sends by itself, sooner or later than the page is read
        page.goto("/activite/visites/?q=brasserie+du+port")
        if page.locator("tbody tr").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("tbody tr")).to_have_count(1)
    # A reservation that is too long: the visit waits, with the reason, until it is mended
    page.goto("/activite/visites/nouvelle")
    page.get_by_label("Prospect réservé jusqu’au").fill("2099-01-01")
    with page.expect_response("**/activite/visites/envoi"):
        typed(page, "Scierie de Thiérache")
    expect(waiting).to_contain_text("Un prospect se réserve 30 jours au plus")
    page.goto("/activite/")
    waiting.get_by_role("link", name="Reprendre").click()
    expect(page.get_by_label("Entreprise ou porteur de projet")).to_have_value("Scierie de Thiérache")
    page.get_by_label("Prospect réservé jusqu’au").fill("")
    page.get_by_role("button", name="Enregistrer la visite").click()
    expect(page.get_by_text("Compte rendu de visite")).to_be_visible()
    expect(waiting).to_be_hidden()
