"""Terms of a maintained vocabulary found in texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from beffroi.analytics import tables
from beffroi.analytics.text.words import words


class BadVocabulary(tables.Refusal):
    pass


WEIGHTS = tables.Table("vocabulary", {"weight": tables.REAL})


@dataclass(frozen=True)
class Term:
    """`label`: None for what speaks against every label. `parts`: words; one that ends in * is a beginning."""

    label: str | None
    text: str
    parts: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Found:
    term: Term
    start: int
    end: int


def terms(vocabulary: pl.DataFrame) -> list[Term]:
    """Raises MissingColumns, WrongType, OutOfRange, BadVocabulary."""
    found = tables.require_typed(vocabulary, tables.VOCABULARY)
    weights = tables.require_typed(vocabulary, WEIGHTS)["weight"] if "weight" in vocabulary.columns else [1.0] * found.height
    listed = []
    for (label, text), weight in zip(found.rows(), weights, strict=True):
        parts = tuple(_parts(text or ""))
        if not parts or any(part == "*" for part in parts):
            raise BadVocabulary(f"Le terme « {text} » ne contient aucun mot qui compte.")
        if weight is None or not weight > 0:
            raise BadVocabulary(f"Le terme « {text} » doit avoir un poids au-dessus de zéro.")
        listed.append(Term(label or None, text, parts, weight))
    return listed


def _parts(text: str) -> Iterator[str]:
    for word in text.split():
        if word.endswith("*"):
            beginning = words(word[:-1] + "q")  # a letter that keeps the beginning from losing a final s
            yield from (*beginning[:-1], (beginning[-1][:-1] if beginning else "") + "*")
        else:
            yield from words(word)


class Index:
    """Terms by their first word, so that a text is read once whatever the size of the vocabulary."""

    def __init__(self, listed: Sequence[Term]) -> None:
        self.whole: dict[str, list[Term]] = {}
        self.beginnings: dict[str, list[Term]] = {}
        for term in listed:
            first = term.parts[0]
            place = self.beginnings if first.endswith("*") else self.whole
            place.setdefault(first.rstrip("*"), []).append(term)

    def found(self, text: Sequence[str]) -> list[Found]:
        """Longer terms hide those inside them: « réseau électrique » is not « électrique »."""
        every = [hit for start in range(len(text)) for hit in self._at(text, start)]
        return [hit for hit in every if not any(_hides(other, hit) for other in every)]

    def _at(self, text: Sequence[str], start: int) -> Iterator[Found]:
        for term in self._candidates(text[start]):
            end = start + len(term.parts)
            if end <= len(text) and all(_is_part(part, word) for part, word in zip(term.parts, text[start:end], strict=True)):
                yield Found(term, start, end)

    def _candidates(self, word: str) -> Iterable[Term]:
        yield from self.whole.get(word, ())
        for length in range(1, len(word) + 1):
            yield from self.beginnings.get(word[:length], ())


def _is_part(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _hides(other: Found, hit: Found) -> bool:
    return other.end - other.start > hit.end - hit.start and other.start <= hit.start and hit.end <= other.end


def evidence(hits: Iterable[Found]) -> dict[str | None, dict[str, float]]:
    """Terms and weights by label; the same words count once a label, by their heaviest term."""
    best: dict[tuple[str | None, tuple[int, int]], Term] = {}
    for hit in hits:
        key = hit.term.label, (hit.start, hit.end)
        if key not in best or hit.term.weight > best[key].weight:
            best[key] = hit.term
    told: dict[str | None, dict[str, float]] = {}
    for (label, _), term in best.items():
        told.setdefault(label, {})[term.text] = term.weight
    return told
