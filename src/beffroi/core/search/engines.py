"""The questions that each database is asked in its own SQL: entries by their words, words by their start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

PUBLIC, PARTNERS = 0, 1  # the first levels of accounts.enums.Visibility; beyond them only the owner finds
SHORTEST_PREFIX = 3  # a shorter start would match a large part of the index
COLUMNS = "e.id, e.kind, e.key, e.acronyms, e.rank"
KINDS = """WITH RECURSIVE k(kind) AS (
    SELECT min(kind) FROM core_searchentry
    UNION ALL SELECT (SELECT min(e.kind) FROM core_searchentry e WHERE e.kind > k.kind) FROM k WHERE k.kind IS NOT NULL
) SELECT kind FROM k WHERE kind IS NOT NULL"""
Candidate = tuple[int, str, str, str, int]


@dataclass(frozen=True)
class Term:
    """One typed word as it is looked for: any of these words and, if `is_prefix`, any that starts as it was typed."""

    typed: str
    words: tuple[str, ...]
    is_prefix: bool = False

    def starts(self, word: str) -> bool:
        return self.is_prefix and word == self.typed


@dataclass(frozen=True)
class Reader:
    """Who searches: the partners whose own entries are found beside the public ones."""

    partner_ids: frozenset[int]

    @property
    def clause(self) -> tuple[str, list[int]]:
        if not self.partner_ids:
            return "e.visibility <= %s", [PUBLIC]
        marks = ", ".join(["%s"] * len(self.partner_ids))
        return f"(e.visibility <= %s OR e.owner_id IN ({marks}))", [PARTNERS, *sorted(self.partner_ids)]


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _sqlite_match(terms: Sequence[Term], kind: str) -> str:
    parts = [" OR ".join(f'"{word}"{" *" if term.starts(word) else ""}' for word in term.words) for term in terms]
    words = " AND ".join(f"({part})" for part in parts)
    return f"words : ({words})" + (f' AND kind : "{kind}"' if kind else "")


def _postgresql_match(terms: Sequence[Term]) -> str:
    parts = [" | ".join(f"'{word}'{':*' if term.starts(word) else ''}" for word in term.words) for term in terms]
    return " & ".join(f"({part})" for part in parts)


def matching(terms: Sequence[Term], *, reader: Reader, kind: str = "", limit: int) -> list[Candidate]:
    """Entries that have every term, that this reader may see, in no order."""
    seen, params = reader.clause
    if is_sqlite():
        sql = f"FROM core_searchindex i JOIN core_searchentry e ON e.id = i.rowid WHERE i.core_searchindex MATCH %s AND {seen}"
        given: list[Any] = [_sqlite_match(terms, kind), *params]
    else:
        sql = f"FROM core_searchentry e WHERE e.vector @@ %s::tsquery AND {seen}" + (" AND e.kind = %s" if kind else "")
        given = [_postgresql_match(terms), *params, *([kind] if kind else [])]
    return _rows(f"SELECT {COLUMNS} {sql} LIMIT %s", [*given, limit])


def titled(start: str, *, reader: Reader, kind: str = "", limit: int) -> list[Candidate]:
    """Entries of which the title starts so, the shortest first: what a very common word or two letters mean most often."""
    seen, params = reader.clause
    where, begins = _starts("e.key", start)
    of_kind = f" AND {'+' if is_sqlite() else ''}e.kind = %s" if kind else ""  # the sign keeps SQLite on the index of keys
    sql = f"SELECT {COLUMNS} FROM core_searchentry e WHERE {where} AND {seen}{of_kind} LIMIT %s"
    return _rows(sql, [*begins, *params, *([kind] if kind else []), limit])


def _starts(column: str, start: str) -> tuple[str, list[str]]:
    """In the form that uses the index; `start` has only letters, figures and spaces, which come before a brace."""
    if is_sqlite():
        return f"{column} >= %s AND {column} < %s", [start, f"{start}{{"]
    return f"{column} LIKE %s", [f"{start}%"]


def _rows(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def kinds() -> list[str]:
    """Each kind that has an entry, by jumps in its index: it does not read the entries."""
    return [kind for (kind,) in _rows(KINDS, [])]


def starts_a_word(start: str) -> bool:
    where, begins = _starts("word", start)
    return bool(_rows(f"SELECT 1 FROM core_searchword WHERE {where} LIMIT 1", begins))


def words_sharing(variants: Sequence[str]) -> list[tuple[str, int]]:
    """The words of the index that have one of these variants, and how many entries have them."""
    marks = ", ".join(["%s"] * len(variants))
    sql = (
        f"SELECT DISTINCT w.word, w.count FROM core_searchvariant v JOIN core_searchword w ON w.id = v.word_id "
        f"WHERE v.variant IN ({marks})"
    )
    return _rows(sql, list(variants))
