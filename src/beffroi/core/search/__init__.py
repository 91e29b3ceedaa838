"""Search over everything: `index` what changes, `search` what somebody typed. Rights come before counts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from beffroi.core.search.finding import Found, Group, corrections, search
from beffroi.core.search.rows import SearchRow, clear, index, remove, replace_kind

__all__ = ["Found", "Group", "SearchKind", "SearchRow", "clear", "corrections", "index", "remove", "replace_kind", "search"]


@dataclass(frozen=True)
class SearchKind:
    """A kind of findable things: `rows(ids)` are its entries, all of them or those of these things."""

    code: str
    label: Any
    rows: Callable[[Iterable[int] | None], Iterator[SearchRow]]
