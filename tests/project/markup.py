"""A template as a browser would see it, its tags and variables replaced by one neutral sign."""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import DebugLexer, TokenType

SIGN = "¤"
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "value"}
WORD = re.compile(r"[^\W\d_]{2,}")
NOT_TRANSLATED = re.compile(r"\b(Beffroi|CSV|Excel|HTML|JSON|Parquet|PDF|Word)\b")
CLASSES = re.compile(r"{% block wide %}[\w -]*{% endblock %}")  # the page's own classes, not text
NOT_PROSE = {"script", "style", "code", "kbd"}


def without_tags(source: str) -> str:
    """Each Django tag and variable becomes the sign; what is inside blocktrans is translated, so it goes too."""
    parts, translated = [], False
    for token in DebugLexer(CLASSES.sub("", source)).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            translated = word in {"blocktrans", "blocktranslate"} or (translated and not word.startswith("endblocktrans"))
        outside = token.token_type == TokenType.TEXT and not translated
        parts.append(token.contents if outside else SIGN + "\n" * token.contents.count("\n"))
    return "".join(parts)


class Reader(HTMLParser):
    """What a template holds that it should not, each with its line."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.within: list[str] = []
        self.bare: list[str] = []
        self.inline: list[str] = []
        self.classes: set[str] = set()
        self.feed(without_tags(path.read_text()))
        self.close()

    def _note(self, found: list[str], text: str) -> None:
        found.append(f"{self.getpos()[0]}: {text.strip()[:60]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in NOT_PROSE:
            self.within.append(tag)
        self.classes.update(given.get("class", "").split())
        for name, value in given.items():
            if (
                name in SPOKEN
                and WORD.search(value)
                and not (name == "value" and (tag == "button" or given.get("type") != "submit"))
            ):
                self._note(self.bare, f'{name}="{value}"')
            if name == "style" or name.startswith(("on", "hx-on")):
                self._note(self.inline, f"{name}=")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type", "") != "application/json"):
            self._note(self.inline, f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within and WORD.search(NOT_TRANSLATED.sub("", data)):
            self._note(self.bare, data)
