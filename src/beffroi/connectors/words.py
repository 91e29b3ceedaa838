"""Texts compared as people compare them: without case, accents or spacing."""

import hashlib
import unicodedata
from collections.abc import Sequence

LINKS = "_-‐‑–'’"


def folded(text: str) -> str:
    """The text in lower case, without accents, spaces, signs that are not seen, underscores, hyphens or apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        letter
        for letter in plain
        if not (unicodedata.combining(letter) or letter in LINKS or letter.isspace() or unicodedata.category(letter) == "Cf")
    )


def digest(text: str) -> str:
    """32 hexadecimal characters, the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


NAMED, LENGTH = 8, 80


def quoted(names: Sequence[str]) -> str:
    """Names in a sentence: the first few, each short enough to be read, and how many more."""
    shown = [name if len(name) <= LENGTH else f"{name[: LENGTH - 1]}…" for name in names[:NAMED]]
    more = f" et {len(names) - NAMED} de plus" if len(names) > NAMED else ""
    return ", ".join(f"« {name} »" for name in shown) + more
