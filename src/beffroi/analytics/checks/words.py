"""Words and breakdowns as checks compare them."""

import re
import unicodedata
from functools import lru_cache

REMEMBERED = 100_000  # texts: names repeat, a million of them need not stay in memory
NOT_WORD = re.compile(r"[^a-z0-9%]+")
IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
TOTAL = re.compile(r"^(total|totaux|ensemble|somme)\b(?!.*\bpar\b)|\b(totale?s?|totaux)$")
SUBSET = re.compile(r"\bdont\b")
COST = re.compile(r"\bcouts?\b")
# Words that do not tell one name from another: articles, and the legal forms that some sources add.
EMPTY_WORDS = """a au aux avec d dans de des du en et l la le les ou par pour s sur un une
sa sas sarl sasu eurl snc scop scic gie gip asso association groupe societe ste"""
EMPTY = frozenset(EMPTY_WORDS.split())
NUMBER_WORDS = """deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
dix_sept dix_huit dix_neuf vingt"""
NUMBERS = {word.replace("_", " "): value for value, word in enumerate(NUMBER_WORDS.split(), start=2)}
# Dimensions that name the base of a measure, or who says it, rather than a part of a whole.
PERIMETERS = frozenset({"base", "perimetre", "section", "libelle", "selon", "reference", "champ"})
# Dimensions that name another quantity: their values are not parts that add up.
MEASURES = frozenset(
    {"mesure", "critere", "theme", "type", "indicateur", "moment", "situation", "nature", "duree", "unite", "serie", "etat"}
)


@lru_cache(REMEMBERED)
def plain(text: str | None) -> str:
    """Lower case, without accents or punctuation, one space apart."""
    lowered = unicodedata.normalize("NFKD", (text or "").lower().translate(LIGATURES))
    return NOT_WORD.sub(" ", "".join(letter for letter in lowered if not unicodedata.combining(letter))).strip()


@lru_cache(REMEMBERED)
def kernel(text: str | None) -> str:
    """What names a thing: without brackets, plurals, articles or legal forms."""
    words = plain(IN_BRACKETS.sub("", text or "")).split()
    return " ".join(singular(word) for word in words if word not in EMPTY)


def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2:] != "ss" else word


@lru_cache(REMEMBERED)
def parts(text: str | None) -> dict[str, str]:
    """The dimensions of « key=value;key=value »; a piece without key is kept under its own name."""
    pieces = (piece.partition("=") for piece in (text or "").split(";") if piece.strip())
    return {key.strip(): value.strip() for key, _, value in pieces}


def is_total(value: str) -> bool:
    return TOTAL.search(plain(value)) is not None


def is_subset(key: str, value: str) -> bool:
    return SUBSET.search(plain(f"{key} {value}")) is not None


def total_key(dimensions: dict[str, str]) -> str | None:
    return next((key for key, value in dimensions.items() if is_total(value)), None)


def without(dimensions: dict[str, str], *keys: str) -> dict[str, str]:
    return {key: value for key, value in dimensions.items() if key not in keys}


def said(dimensions: dict[str, str]) -> str:
    return ", ".join(value or key for key, value in dimensions.items())
