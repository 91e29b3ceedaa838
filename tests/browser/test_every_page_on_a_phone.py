"""Every page in English on a phone: the same, and nothing is wider than 390 pixels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.walking import PARTS, pages_of, walk

# Titles written the same way in both languages
SAME = {"Indicateurs", "Sources"}


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_sound_on_a_phone(
    windows: Callable[..., Page], titles: dict[str, str], axe: Callable[[Page], list[str]], part: str
) -> None:
    page = windows(part, size="phone", locale="en-GB")
    assert "\n".join(walk(page, pages_of(part, page), language="en", axe=axe, titles=titles)) == ""
