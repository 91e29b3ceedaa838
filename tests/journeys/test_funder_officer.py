"""The officer of a funder says in the shared report what her institution did, and where it disagrees."""

from playwright.sync_api import Page, expect

from tests.browsing import enter


def test_a_funder_writes_its_text_and_publishes_a_reservation(page: Page) -> None:
    # 1. She enters and opens the report, at the date of its document
    enter(page, "Nadia Caron")
    page.goto("/rapports/")
    page.get_by_role("row").filter(has_text="31 mars 2010").get_by_role("link").first.click()
    # 2. A section, and the text of her institution under it
    page.get_by_role("link", name="Écrire le texte de cette section").first.click()
    page.get_by_label("Texte", exact=False).fill("La métropole a financé l’animation de deux filières.")
    page.get_by_role("button", name="Enregistrer le texte").click()
    # 3. It stands there, signed
    expect(page.locator(".report-text")).to_contain_text("La métropole a financé")
    expect(page.locator(".report-text")).to_contain_text("Métropole européenne de Lille, Nadia Caron")
    # 4. She freezes the edition
    page.get_by_role("navigation", name="Fil d’Ariane").get_by_role("link", name="SRDE").click()
    page.get_by_text("Figer cette édition").click()
    page.get_by_label("Titre de l’édition").fill("Version de la métropole")
    page.get_by_role("button", name="Figer l’édition").click()
    expect(page.locator(".report-text")).to_contain_text("La métropole a financé")
    # 5. She signs one section with a reservation, which everybody reads
    page.get_by_text("Signer ou publier une réserve").click()
    page.get_by_label("Engagement").select_option(label="signe avec réserve")
    page.get_by_label("Lignes signées").select_option(index=1)
    page.get_by_label("Réserve", exact=False).last.fill("Montants à rapprocher de notre budget voté.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".report-reservation")).to_contain_text("Montants à rapprocher")
