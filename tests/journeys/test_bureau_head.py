"""The head of a bureau prepares its next session: its duty, its meetings, the sheet of its priority area."""

from playwright.sync_api import Page, expect

from tests.browsing import enter


def test_a_bureau_head_reads_the_duty_the_meetings_and_the_area(page: Page) -> None:
    # 1. He enters and looks for his body
    enter(page, "Karim Benali")
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Instances").click()
    page.get_by_label("Mots").fill("bureau de das")
    page.get_by_role("button", name="Filtrer").click()
    # 2. What it must hold, and what it held
    page.get_by_role("main").get_by_role("link", name="Bureau de DAS").first.click()
    expect(page.locator(".duty")).to_contain_text("sur 4 réunions")
    # 3. The meetings of all bodies on a subject
    page.goto("/instances/reunions")
    page.get_by_label("Mots de l’objet").fill("pistes")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("main")).to_contain_text("33 propositions de pistes")
    # 4. The priority area, and how it relates to the rest
    page.goto("/strategies/cadres/s3-hdf-2021-2027")
    page.get_by_role("main").get_by_role("link", name="Santé Nutrition").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Santé Nutrition")
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    # 5. The same page as it was known before the strategy: nothing yet
    page.goto(page.url + "?as_of=2009-12-31")
    expect(page.locator(".as-of-bar")).to_contain_text("31 décembre 2009")
    page.get_by_role("link", name="Revenir à aujourd’hui").click()
    expect(page.locator(".as-of-bar")).to_have_count(0)
