"""A programme officer sends the week's file: two lines are wrong; she corrects them and the figure is there, with its why."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browsing import enter

HEADERS = "indicator,territory,period,status,value,unit,breakdown,source,locator"
SOUND = "creations-artisanales,npdc,2010,actual,2150,entreprises,,registre,tableau 1"
WRONG_VALUE = "transmissions-artisanales,npdc,2010,actual,beaucoup,entreprises,,registre,tableau 1"
WRONG_STATUS = "artisans-finances,npdc,2010,fait,300,entreprises,,registre,tableau 2"


def send(page: Page, path: Path, *, extent: str, source: str = "") -> None:
    page.goto("/donnees/")
    page.get_by_role("link", name="Charger un fichier").click()
    page.get_by_label("Fichier", exact=False).first.set_input_files(path)
    page.get_by_label("Profil de lecture").select_option(label="Observations : cibles, réalisés, prévisions")
    page.get_by_label(extent).check()
    if source:
        page.get_by_label("Source", exact=False).first.select_option(label=source)
    else:
        page.get_by_text("Une nouvelle source").click()
        page.get_by_label("Titre de la nouvelle source").fill("Registre")
        page.get_by_label("Éditeur de la nouvelle source").fill("Chambre de métiers")
    page.get_by_label("Date de valeur").fill("2011-01-31")
    page.get_by_role("button", name="Envoyer et contrôler").click()


def apply(page: Page) -> None:
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("#avancement")).to_contain_text("Chargé le")


def test_a_programme_officer_corrects_a_file_and_finds_its_figure(page: Page, tmp_path: Path) -> None:
    week = tmp_path / "semaine.csv"
    week.write_text("\n".join([HEADERS, SOUND, WRONG_VALUE, WRONG_STATUS, ""]), encoding="utf-8")
    # 1. She enters and sends the file: it is checked, nothing is written
    enter(page, "Sophie Vasseur")
    send(page, week, extent="partiel")
    expect(page.get_by_role("heading", name="Lignes rejetées")).to_contain_text("2")
    rejections = page.locator("#rejets table")
    expect(rejections).to_contain_text("beaucoup")
    expect(rejections).to_contain_text("fait")
    # 2. She applies what is sound, and takes the rest home
    with page.expect_download() as waited:
        page.get_by_role("link", name="Fichier des rejets à corriger").click()
    apply(page)
    # 3. She corrects the two lines and sends them again
    corrected = tmp_path / "corrige.csv"
    text = waited.value.path().read_text(encoding="utf-8-sig")
    corrected.write_text(text.replace("beaucoup", "700").replace("fait", "actual"), encoding="utf-8")
    send(page, corrected, extent="partiel", source="Registre")
    expect(page.get_by_role("heading", name="Lignes rejetées")).to_have_count(0)
    # 4. She applies
    apply(page)
    # 5. The figure is on its sheet, and says why
    page.goto("/indicateurs/?q=Entreprises+artisanales+transmises")
    page.get_by_role("main").get_by_role("link", name="Entreprises artisanales transmises par an").first.click()
    values = page.get_by_role("region", name="Chaque valeur")
    values.get_by_role("row").filter(has_text="2010").filter(has_text="700").locator("a.why").click()
    expect(page.locator("#why")).to_contain_text("Registre")
    expect(page.locator("#why")).to_contain_text("tableau 1")
