"""Search over everything: `index` what changes, `search` what somebody typed. Rights come before counts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from beffroi.core.search.finding import Found, Group, corrections, search
from beffroi.core.search.rows import BATCH, SearchRow, address_of, clear, index, remove, replace_kind
from beffroi.core.search.words import words_of

__all__ = [
    "BATCH",
    "Found",
    "Group",
    "SearchKind",
    "SearchRow",
    "address_of",
    "clear",
    "corrections",
    "index",
    "remove",
    "replace_kind",
    "search",
    "words_of",
]


@dataclass(frozen=True)
class SearchKind:
    """A kind of findable things: `rows(ids)` are its entries, all of them or those of these things."""

    code: str
    label: Any
    rows: Callable[[Iterable[int] | None], Iterator[SearchRow]]
