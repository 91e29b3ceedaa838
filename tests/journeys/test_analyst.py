"""An analyst describes a new layout without code; then settles a contradiction, and two values that disagree."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browsing import enter

SAMPLE = """Indicateur;Lieu;Année;Statut;Valeur;Unité;Doc;Page
creations-artisanales;npdc;2011;réalisé;2 200;entreprises;registre;p. 4
"""
HEADERS = ["Indicateur", "Lieu", "Année", "Statut", "Valeur", "Unité", "", "Doc", "Page"]
REASON = "Vérifié auprès du service qui publie."


def test_an_analyst_copies_a_profile_for_another_layout(page: Page, tmp_path: Path) -> None:
    layout = tmp_path / "annuel.csv"
    layout.write_text(SAMPLE, encoding="cp1252")
    # 1. He enters and copies the profile of observations
    enter(page, "Thomas Nguyen")
    page.goto("/donnees/profils/facts-observations")
    page.get_by_role("link", name="Copier pour une autre mise en page").click()
    # 2. Beside the fields, the headers of a sample that look like them
    page.get_by_label("Fichier d’essai").set_input_files(layout)
    page.get_by_role("button", name="Proposer les en-têtes").click()
    expect(page.get_by_role("status").filter(has_text="Propositions")).to_contain_text("relisez-les")
    # 3. He completes what nobody could guess: the other headers, the words of a status
    for row, header in enumerate(HEADERS):
        page.get_by_label("En-tête dans le fichier").nth(row).fill(header)
    page.get_by_label("Choix").nth(3).fill("réalisé = actual\nprévu = forecast")
    page.get_by_label("Nom du profil").fill("Observations annuelles")
    # 4. He tries it on the sample
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_role("main")).to_contain_text("2 200")
    # 5. He keeps it: files of this layout are now loaded like the others
    page.get_by_role("button", name="Enregistrer le profil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Observations annuelles")
    expect(page.get_by_role("link", name="Charger un fichier")).to_be_visible()


def test_an_analyst_settles_a_contradiction_and_two_rivals(page: Page) -> None:
    # 1. He enters: what contradicts itself waits for him
    enter(page, "Thomas Nguyen")
    page.get_by_role("link", name="Contradictions à régler").click()
    page.get_by_role("main").locator("tbody th a").first.click()
    # 2. He settles it with a reason, which stays with his name
    page.get_by_label("Raison").fill(REASON)
    page.get_by_role("button", name="Régler").click()
    expect(page.get_by_role("main")).to_contain_text("Réglée par Thomas Nguyen")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    # 3. Two sources give two values: the figure says that it is disputed
    page.goto("/donnees/anomalies/?q=littoral")
    page.get_by_role("link", name="Longueur du littoral régional").click()
    page.locator("#concerne a, [aria-labelledby=concerne-title] a").first.click()
    expect(page.locator(".why-figure")).to_contain_text("entre 215 et 230")
    # 4. He says which one stands
    page.get_by_role("link", name="Régler : dire laquelle tient").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Raison").fill(REASON)
    page.get_by_role("button", name="Régler").click()
    # 5. Everybody reads the value, who chose it and why; the other one is still there
    expect(page.get_by_role("main")).to_contain_text("Réglé par Thomas Nguyen")
    expect(page.locator(".why-figure")).not_to_contain_text("entre")
    expect(page.get_by_role("main")).to_contain_text("230")
    expect(page.get_by_role("main")).to_contain_text("215")
