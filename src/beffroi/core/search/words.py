"""Texts as words that are compared: without accents, plurals, dots of acronyms or empty words."""

import re
from collections.abc import Iterable

from beffroi.core.text import search_key

PREFIX = 8  # letters of a word that are looked at for a typing error
LONGEST_WORD = 40
IDENTIFIER = 9  # digits from which a number is a SIREN or a SIRET
DOTTED = re.compile(r"\b(?:\w\.){2,}\w?")
UPPER = re.compile(r"\b[A-Z][A-Z0-9&]{1,9}\b")
EMPTY = frozenset(
    (
        "a",
        "au",
        "aux",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "ou",
        "par",
        "pour",
        "s",
        "sur",
        "un",
        "une",
    )
)
IRREGULAR = {"travaux": "travail", "baux": "bail", "noyaux": "noyau", "tuyaux": "tuyau", "joyaux": "joyau"}


def undotted(text: str) -> str:
    """« S.R.D.E. » and « SRDE » are one word."""
    return DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)


def singular(word: str) -> str:
    """The same form for singular and plural, right or not: both sides of a comparison go through here."""
    if len(word) <= 3 or word.endswith("ss"):
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("aux") and not word.endswith("eaux") and len(word) > 4:
        return f"{word[:-3]}al"
    return word[:-1] if word[-1] in "sx" else word


def words_of(text: str) -> list[str]:
    """The words of a text in their order, once each, without the empty ones."""
    found = (singular(word)[:LONGEST_WORD] for word in search_key(undotted(text)).split() if word not in EMPTY)
    return list(dict.fromkeys(found))


def typed_words(text: str) -> list[str]:
    """What somebody typed: empty words count when there is nothing else."""
    return words_of(text) or [singular(word) for word in search_key(text).split()]


def acronyms_of(text: str) -> list[str]:
    """The words in capitals of a text that is not wholly in capitals."""
    plain = undotted(text)
    if plain.upper() == plain and " " in plain.strip():
        return []
    return joined(UPPER.findall(plain))


def variants(word: str) -> set[str]:
    """A word's first letters, and these with one letter less: two words one error apart share one of them. The number of a
    register has none: another number is not a spelling of it."""
    if word.isdigit() and len(word) >= IDENTIFIER:
        return set()
    start = word[:PREFIX]
    return {start} | {start[:place] + start[place + 1 :] for place in range(len(start))}


def joined(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for text in texts if text for word in words_of(text)))
