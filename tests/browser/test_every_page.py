"""Every page in French at a desk: it answers, is laid out, has its own title, and axe finds nothing to say."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.walking import PARTS, pages_of, walk


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_sound_at_a_desk(
    windows: Callable[..., Page], titles: dict[str, str], axe: Callable[[Page], list[str]], part: str
) -> None:
    page = windows(part)
    assert "\n".join(walk(page, pages_of(part, page), language="fr", axe=axe, titles=titles)) == ""
