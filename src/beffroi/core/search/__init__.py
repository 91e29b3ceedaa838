"""Search over everything: `index` what changes, `search` what somebody typed. Rights come before counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from beffroi.core.search.bulk import index_new
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
    "index_new",
    "remove",
    "replace_kind",
    "search",
    "words_of",
]


@dataclass(frozen=True)
class SearchKind:
    """A kind of findable things: `rows(ids)` are its entries, all of them or those of these things; `frame(ids)` the same as
    columns, for kinds that come by hundreds of thousands."""

    code: str
    label: Any
    rows: Callable[[Iterable[int] | None], Iterator[SearchRow]]
    frame: Callable[[Sequence[int]], pl.DataFrame] | None = None
