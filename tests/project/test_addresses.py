"""What holds of every address of the site."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from beffroi.accounts.enums import Permission
from tests.browser import addresses as walked

# Views of others, which guard themselves
OF_OTHERS = ("allauth.", "django.")
ACCESSES = {"open", "signed_in", *Permission}


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


def ours() -> dict[str, URLPattern]:
    found = dict(addresses(get_resolver()))
    return {address: pattern for address, pattern in found.items() if not pattern.callback.__module__.startswith(OF_OTHERS)}


def test_every_address_says_who_may_open_it() -> None:
    assert ours()
    unguarded = [address for address, pattern in ours().items() if getattr(pattern.callback, "access", None) not in ACCESSES]
    assert unguarded == [], "add @open_to_all, @signed_in or @requires(Permission.X) from beffroi.accounts.roles"


def test_every_address_has_a_name() -> None:
    assert [address for address, pattern in ours().items() if not pattern.name] == []


def test_views_are_functions_of_an_app_or_of_the_site() -> None:
    strangers = {pattern.callback.__module__ for pattern in ours().values() if ".views" not in pattern.callback.__module__}
    assert strangers == set()


def test_every_page_is_walked_in_the_browser() -> None:
    sheets = [*walked.SHEETS.values(), *walked.SHEETS_WITH_RIGHTS.values()]
    lists = [address for part in walked.OPEN_PAGES.values() for address in part] + walked.PAGES_WITH_RIGHTS
    seen = {walked.view_of(address) for address in lists} | {view for view, _, then in sheets if not then}
    names = {view.rpartition(":")[2] for view in seen} | {"clone_profile", "correct", "report_text", "trial"}
    known = names | walked.NO_PAGES | walked.MADE_BY_PEOPLE
    missing = {pattern.name for pattern in ours().values()} - known
    assert missing == set(), "add them to tests/browser/addresses.py"
