"""A business developer looks for a company whose name she cannot spell, without touching the mouse."""

from playwright.sync_api import Page, expect

from tests.browsing import enter


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
