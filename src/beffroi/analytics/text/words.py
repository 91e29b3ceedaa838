"""Texts as words that compare: accents, capitals, elision, hyphens and plurals folded."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": " "})
WORD = re.compile(r"[a-z0-9]+")
EMPTY_WORDS = """
    a ainsi au aux avec ce ces cet cette d dans de des du elle en entre est et il ils l la le les leur leurs lors n ne nos notre
    ou par pas plus pour qu que qui s sa sans se ses si son sous sur un une vers y
    an and are as at by for from in into is its of on the to via with
"""
EMPTY = frozenset(EMPTY_WORDS.split())


def words(text: str) -> list[str]:
    """Words without accents, capitals, articles and plurals, in order."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [singular(word) for word in WORD.findall(plain) if word not in EMPTY]


def singular(word: str) -> str:
    """A final s or x is taken off both texts and terms, right or wrong: they then meet."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
