"""Text as databases and people compare it: without accents, case or punctuation."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import polars as pl

NOT_WORD = re.compile(r"[^a-z0-9]+")
OF_ONE = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"}
LIGATURES = str.maketrans(OF_ONE)


@lru_cache(maxsize=65_536)
def search_key(text: str) -> str:
    """The words of a text in lower case, without accents or punctuation, one space apart."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return NOT_WORD.sub(" ", plain).strip()


def search_keys(texts: pl.Expr) -> pl.Expr:
    """`search_key` of a whole column at once."""
    plain = texts.str.to_lowercase().str.replace_many(list(OF_ONE), list(OF_ONE.values())).str.normalize("NFKD")
    return plain.str.replace_all(r"\p{Mn}", "").str.replace_all("[^a-z0-9]+", " ").str.strip_chars(" ")


LONGEST_NUMBER = 18  # digits that every database and table keeps as a whole number


def row_number(text: str | None) -> int | None:
    """The number of a row that an address or a form gives; None when no row can have it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def row_numbers(texts: Iterable[str]) -> list[int]:
    """Those that are numbers of rows."""
    return [number for text in texts if (number := row_number(text)) is not None]


def digest(*parts: str | None) -> str:
    """32 hexadecimal characters that stand for these texts in this order; None differs from an empty text."""
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]
