"""The vice-president prepares her conference on a tablet: reads, asks why, freezes what she shows, signs it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browsing import enter


def test_an_elected_person_freezes_and_signs_an_edition(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    # 1. She enters: what is behind its target is on her home
    enter(page, "Martine Leclercq")
    expect(page.get_by_role("main")).to_contain_text("Objectifs en retard")
    # 2. The report of the scheme, at the date of its document
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Rapports").click()
    page.get_by_role("row").filter(has_text="31 mars 2010").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("schéma régional de développement économique")
    # 3. Why this figure, without leaving the report
    page.locator(".report-cover a.why").first.click()
    panel = page.locator("#why")
    expect(panel.get_by_role("heading", name="Pourquoi ce chiffre")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    # 4. She freezes what she will show
    page.get_by_text("Figer cette édition").click()
    page.get_by_label("Titre de l’édition").fill("Conférence permanente de juin")
    page.get_by_role("button", name="Figer l’édition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conférence permanente de juin")
    expect(page.get_by_text("empreinte vérifiée")).to_be_visible()
    # 5. She signs it
    page.get_by_text("Signer ou publier une réserve").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[aria-labelledby=signatures-title]")).to_contain_text("Martine Leclercq")
    assert axe(page) == []
