"""What holds of every template."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.project import tree
from tests.project.markup import Reader

PAGES = [path for path in tree.templates() if path.suffix == ".html"]
# Django and allauth find these by their name
BY_CONVENTION = re.compile(r"^(account|mfa|socialaccount|usersessions|allauth|errors|django|\d{3}\.html)")
# Their text does not reach the 4.5:1 of WCAG on a light ground
TOO_PALE = {"btn-outline-warning", "btn-outline-info", "btn-outline-light", "text-warning", "text-info", "text-light"}
# Our tags escape the parts they join; a field's help is Django's own HTML; a header's actions are a rendered fragment
COMPONENTS = "src/beffroi/web/templates/components"
# A report kept as one file carries its own styles, and nothing serves it under the site's policy
A_FILE_OF_ITS_OWN = {"publishing/report_file.html"}
MAY_MARK_SAFE = (
    "src/beffroi/web/templatetags",
    "src/beffroi/publishing/reports/page.py",
    f"{COMPONENTS}/field.html",
    f"{COMPONENTS}/page_header.html",
)
MARKS_SAFE = re.compile(r"\|\s*safe\b|\bmark_safe\b|autoescape off|\bSafeString\(")


NAMES_A_PAGE = re.compile(r"{%\s*(?:crumb|url|dated_url)\s(.*?)%}")
ADDRESS_NAME = re.compile(r"""["']([a-z_]+:[a-z_]+|account_[a-z_]+|mfa_[a-z_]+|home|search)["']""")


def template_name(path: Path) -> str:
    return str(path).rsplit("/templates/", 1)[1]


@pytest.mark.parametrize("path", PAGES, ids=template_name)
def test_page(path: Path) -> None:
    """Every word is in a translation tag; no style, script or handler is inside the page (the content policy refuses them)."""
    page = Reader(path)
    assert page.bare == []
    assert page.inline == [] or template_name(path) in A_FILE_OF_ITS_OWN
    assert page.classes & TOO_PALE == set()


def test_every_page_named_in_a_template_exists() -> None:
    """A trail or a link to an address that is gone shows its text without a word; `navlink` alone may hide itself."""
    named = {
        (name, template_name(path))
        for path in PAGES
        for tag in NAMES_A_PAGE.findall(path.read_text())
        for name in ADDRESS_NAME.findall(tag)
    }
    assert [(name, template) for name, template in sorted(named) if not exists(name)] == []


def exists(name: str) -> bool:
    resolver = get_resolver()
    *spaces, last = name.split(":")
    for space in spaces:
        if space not in resolver.namespace_dict:
            return False
        resolver = resolver.namespace_dict[space][1]
    return last in resolver.reverse_dict


def test_every_template_is_used() -> None:
    sources = [
        path for path in tree.tracked_files() if path.suffix in {".py", ".html", ".txt"} and tree.PRODUCT in path.parents
    ]
    named = set(re.findall(r"[\w./-]+\.(?:html|txt|typ)", "\n".join(path.read_text() for path in sources)))
    names = [template_name(path) for path in tree.templates()]
    assert [name for name in names if name not in named and not BY_CONVENTION.match(name)] == []


def test_text_is_escaped_unless_listed() -> None:
    found = [
        tree.name(path)
        for path in tree.tracked_files()
        if tree.PRODUCT in path.parents and path.suffix in {".py", ".html", ".txt"} and MARKS_SAFE.search(path.read_text())
    ]
    assert [name for name in found if not name.startswith(MAY_MARK_SAFE)] == []


def test_no_number_is_shown_without_its_figure() -> None:
    """`floatformat` and `intcomma` in a template mean a number that bypasses `{% figure %}`."""
    bypass = re.compile(r"\|\s*(floatformat|intcomma)\b")
    assert [tree.name(path) for path in PAGES if bypass.search(path.read_text())] == []
