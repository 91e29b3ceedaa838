"""Texts compared as people compare them: without case, accents or spacing."""

import hashlib
import unicodedata

LINKS = "_-‐‑–'’"


def folded(text: str) -> str:
    """The text in lower case, without accents, spaces, underscores, hyphens or apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        letter for letter in plain if not unicodedata.combining(letter) and letter not in LINKS and not letter.isspace()
    )


def digest(text: str) -> str:
    """32 hexadecimal characters, the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
