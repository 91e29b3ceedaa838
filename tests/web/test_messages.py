from pathlib import Path

import pytest
from babel.messages import Catalog, Message

from beffroi.web import messages

TEMPLATE = """
<p>{% trans "Accueil" %}</p>
  {% blocktrans count n=total %}{{ n }} ligne{% plural %}{{ n }} lignes{% endblocktrans %}
      <i title="{% trans 'Fermer' context 'fenêtre' %}">¤</i>
"""
PROGRAM = '_("Nom")\nngettext("%(n)s jour", "%(n)s jours", 3)\nother("rien")\n'


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A product of one template and one program."""
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "templates" / "home.html").write_text(TEMPLATE)
    (tmp_path / "web" / "views.py").write_text(PROGRAM)
    monkeypatch.setattr(messages, "PRODUCT", tmp_path)
    monkeypatch.setattr(messages, "LOCALES", tmp_path / "locale")
    return tmp_path


def english(product: Path) -> Path:
    return product / "locale" / "en" / "LC_MESSAGES" / "django.po"


def test_texts_of_templates_and_programs_are_collected(product: Path) -> None:
    found = {(message.id, message.context) for message in messages.collected() if message.id}
    assert found == {
        ("Accueil", None),
        (("%(n)s ligne", "%(n)s lignes"), None),
        ("Fermer", "fenêtre"),
        ("Nom", None),
        (("%(n)s jour", "%(n)s jours"), None),
    }


def test_updating_keeps_translations_and_changes_nothing_else(product: Path) -> None:
    messages.update()
    translated = english(product).read_text().replace('msgid "Accueil"\nmsgstr ""', 'msgid "Accueil"\nmsgstr "Home"')
    english(product).write_text(translated)
    messages.update()
    assert english(product).read_text() == translated


def test_a_text_that_left_the_code_leaves_the_catalogue(product: Path) -> None:
    messages.update()
    (product / "web" / "views.py").write_text("")
    messages.update()
    assert "jour" not in english(product).read_text()


def test_french_fills_its_counted_texts_by_itself(product: Path) -> None:
    messages.update()
    french = messages.committed("fr")
    assert {message.string for message in french if message.id} == {
        ("%(n)s ligne", "%(n)s lignes"),
        ("%(n)s jour", "%(n)s jours"),
    }


def test_what_is_not_translated_is_said(product: Path) -> None:
    messages.update()
    assert "not translated: 'Accueil'" in messages.problems()
    assert len(messages.problems()) == 5


def test_a_catalogue_that_is_behind_the_code_is_said(product: Path) -> None:
    messages.update()
    (product / "web" / "views.py").write_text('_("Autre")')
    assert "locale/en/LC_MESSAGES/django.po is not up to date: run « make messages »" in messages.problems()


@pytest.mark.parametrize(
    ("french", "english", "problem"),
    [
        ("Accueil", "Home", ""),
        ("Accueil", "", "not translated"),
        ("%(n)s sur %(m)s", "%(n)s of %(m)s", ""),
        ("%(n)s sur %(m)s", "%(n)s of", "the placeholders differ"),
        ("%(n)s sur %(m)s", "%(n)s of %(m)s %(p)s", "the placeholders differ"),
        ("{name} a signé", "{nom} signed", "the placeholders differ"),
        (("%(n)s jour", "%(n)s jours"), ("one day", "%(n)s days"), ""),
        (("%(n)s jour", "%(n)s jours"), ("%(n)s day", ""), "not translated"),
        (("%(n)s jour", "%(n)s jours"), ("one day", "days"), "the placeholders differ"),
    ],
)
def test_a_translation_is_whole(french: str | tuple[str, ...], english: str | tuple[str, ...], problem: str) -> None:
    assert messages._problem(Message(french, english)) == problem


def test_a_fuzzy_translation_is_refused() -> None:
    assert messages._problem(Message("Accueil", "Home", flags={"fuzzy"})) == "fuzzy"


def test_the_server_reads_what_is_compiled(product: Path) -> None:
    messages.update()
    messages.compile_catalogs()
    assert english(product).with_suffix(".mo").stat().st_size > 0
    assert isinstance(messages.committed("en"), Catalog)
