"""What a mail that answers says: which visit, and the text above what it quotes. Plain texts in, plain texts out."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import takewhile

MARK = "##- Répondez au-dessus de cette ligne -##"
# How mail programs introduce what they quote, each on one line
INTRODUCTIONS = (
    re.compile(r"^\s*>"),
    re.compile(r"^\s*-{2,}\s*(message d.origine|original message|message transféré|forwarded message)", re.IGNORECASE),
    re.compile(r"^\s*_{10,}\s*$"),
    re.compile(r"^\s*(le|on)\b.{4,200}(a écrit|wrote)\s*:\s*$", re.IGNORECASE),
    re.compile(r"^\s*(de|from)\s*:.*@", re.IGNORECASE),
    re.compile(r"^-- ?$"),
    re.compile(r"^\s*(envoyé de mon|sent from my)\b", re.IGNORECASE),
)
OPENS = re.compile(r"^\s*(le|on)\b.*\d", re.IGNORECASE)
CLOSES = re.compile(r"(a écrit|wrote)\s*:\s*$", re.IGNORECASE)
MOST_WRAPPED = 3  # lines over which « Le ... a écrit : » may be folded
BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote")
UNREAD = ("blockquote", "style", "script", "head")


def reply_address(base: str, token: str) -> str:
    local, _, host = base.partition("@")
    return f"{local}+{token}@{host}"


def token_in(addresses: Iterable[str], base: str) -> str:
    """The token of the first address that is a reply address; empty when none is."""
    local, _, host = base.lower().partition("@")
    shape = re.compile(rf"{re.escape(local)}\+([0-9a-f]+)@{re.escape(host)}")
    return next((found[1] for one in addresses if (found := shape.fullmatch(one.strip().lower()))), "")


def text_above(body: str) -> str:
    """What the person wrote: what comes before the quoted message or the signature."""
    kept: list[str] = []
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for rank, line in enumerate(lines):
        if MARK in line or any(shape.match(line) for shape in INTRODUCTIONS) or _is_folded(lines[rank : rank + MOST_WRAPPED]):
            break
        kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _is_folded(lines: list[str]) -> bool:
    """« Le vendredi 20 novembre 2026 à 17:00, Beffroi\n<visites@…> a écrit : » on two or three lines."""
    if not OPENS.match(lines[0]):
        return False
    rest = takewhile(lambda line: line.strip() and not OPENS.match(line), lines[1:])
    return any(CLOSES.search(line) for line in rest)


def plain(html: str) -> str:
    """The text of a mail that has no plain part, without what it quotes."""
    reader = _Reader()
    reader.feed(html)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.found)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.found.append(data.replace("\xa0", " "))
