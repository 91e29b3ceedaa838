"""Search results as they are shown: what matched is marked, kinds are tabs, addresses keep the dates of the page."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser
from beffroi.core import search
from beffroi.core.figures import Figure
from beffroi.core.models import SearchEntry
from beffroi.core.search import Found, Group, words_of
from beffroi.web.context import CLOCKS
from beffroi.web.search_index import LABELS
from beffroi.web.templatetags.beffroi import with_clocks

WORD = re.compile(r"\w+")
SHOWN_OF_ALL, SHOWN_OF_KIND = 6, 100
SHORTEST_START = 3
Marked = list[tuple[str, bool]]


@dataclass(frozen=True)
class Shown:
    entry: SearchEntry
    title: Marked
    detail: Marked
    address: str

    @property
    def restriction(self) -> str:
        level = Visibility(self.entry.visibility)
        return "" if level == Visibility.PUBLIC else str(level.label)


@dataclass(frozen=True)
class ShownGroup:
    kind: str
    label: Any
    figure: Figure
    results: list[Shown]

    @property
    def has_more(self) -> bool:
        return self.figure.is_range or (self.figure.value or 0) > len(self.results)


def partner_ids(user: AnyUser) -> set[int]:
    return user.partner_ids if user.is_authenticated else set()


def asked_kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in LABELS else ""


def marked(text: str, read: Collection[str]) -> Marked:
    """The text in pieces, with whether each is a word that was looked for."""
    starts = tuple(word for word in read if len(word) >= SHORTEST_START)
    pieces: Marked = []
    end = 0
    for found in WORD.finditer(text):
        words = words_of(found[0])
        if words and (words[0] in read or words[0].startswith(starts)):
            pieces += [(text[end : found.start()], False), (found[0], True)]
            end = found.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def shown_groups(found: Found, request: HttpRequest) -> list[ShownGroup]:
    clocks = {clock: request.GET[clock] for clock in CLOCKS if request.GET.get(clock)}

    def shown(entry: SearchEntry) -> Shown:
        title, detail = marked(entry.title, found.read), marked(entry.detail, found.read)
        return Shown(entry, title, detail, with_clocks(entry.address, clocks))

    return [
        ShownGroup(
            group.kind, LABELS.get(group.kind, group.kind), count_figure(group), [shown(entry) for entry in group.results]
        )
        for group in found.groups
    ]


def count_figure(counted: Group | Found) -> Figure:
    """A count that stopped is a lower bound."""
    return Figure(low=counted.count) if counted.is_capped else Figure(value=counted.count)


def found_for(request: HttpRequest, text: str, *, kind: str) -> tuple[Found, Found]:
    """All kinds with their counts, and the kind that is looked at, or all of them again."""
    mine = partner_ids(request.user)
    every = search.search(text, viewer_partner_ids=mine, limit=SHOWN_OF_ALL)
    return every, search.search(text, viewer_partner_ids=mine, kind=kind, limit=SHOWN_OF_KIND) if kind else every
