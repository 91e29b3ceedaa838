"""What the documents promise about the code."""

import re

import pytest
from django.utils.translation import ngettext, override

from beffroi.web import documentation, messages, variables
from tests.project import tree

DOCS = tree.ROOT / "docs"


def test_generated_pages_say_what_the_code_does() -> None:
    assert documentation.stale_pages() == [], "run make docs"


def test_every_setting_that_is_read_is_in_the_table() -> None:
    read = re.compile(r"\bBEFFROI_[A-Z_]+\b")
    sources = [path for path in tree.programs() if tree.PRODUCT in path.parents]
    used = {name for path in sources for name in read.findall(path.read_text())}
    assert used - {variable.name for variable in variables.VARIABLES} == set()


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=tree.name)
def test_links_between_pages_lead_somewhere(page) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("count", "said"), [(0, "0 valeur"), (1, "1 valeur"), (2, "2 valeurs")])
def test_zero_is_singular_in_french(count: int, said: str, tmp_path, settings) -> None:
    """Collected texts are French: their plural follows French, not the English of Django's texts."""
    catalog = messages.Catalog(locale="fr")
    catalog.add(("%(n)s valeur", "%(n)s valeurs"), ("%(n)s valeur", "%(n)s valeurs"))
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        messages.write_mo(file, catalog)
    settings.LOCALE_PATHS = [tmp_path]
    with override("fr"):
        assert ngettext("%(n)s valeur", "%(n)s valeurs", count) % {"n": count} == said
