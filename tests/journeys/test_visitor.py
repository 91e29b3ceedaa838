"""Somebody without an account reads a strategy down to the line of a document, and leaves with the data."""

import csv

from playwright.sync_api import Page, expect


def test_a_visitor_goes_from_a_strategy_to_its_evidence_and_to_its_data(page: Page) -> None:
    # 1. From the home, the strategies
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Stratégies", exact=True).click()
    # 2. A strategy, and one of its specialisations
    page.get_by_role("main").get_by_role("link", name="Plan régional de développement de l'artisanat").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("artisanat")
    page.get_by_role("main").get_by_role("link", name="Favoriser la création d'entreprises").first.click()
    # 3. What it is measured by
    page.get_by_role("main").get_by_role("link", name="Créations d'entreprises artisanales par an").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("artisanales")
    # 4. Why this figure: the document, and where in it
    page.locator("main a.why").first.click()
    panel = page.locator("#why")
    expect(panel.get_by_role("heading", name="Pourquoi ce chiffre")).to_be_visible()
    expect(panel.locator(".provenance").first).to_contain_text("schéma régional")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    # 5. The whole data set, to open in a spreadsheet
    page.goto("/jeux-de-donnees/")
    page.get_by_role("main").get_by_role("link", name="Valeurs des indicateurs").first.click()
    with page.expect_download() as waited:
        page.get_by_role("main").get_by_role("link", name="CSV").first.press("Enter")
    rows = list(csv.DictReader(waited.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) > 1000
