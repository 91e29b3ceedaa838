"""What labelled texts teach about others: letters three to five at a time within words, and ridge regression.

Character n-grams replace stemming and stand for misspellings; their rarity is measured on all texts, labelled or not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
LENGTHS = (3, 4, 5)
RIDGE = 0.1


def grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[start : start + size] for size in LENGTHS for start in range(len(padded) - size + 1)]


@dataclass(frozen=True)
class Space:
    """`rarity`: inverse document frequency of each n-gram."""

    place: dict[str, int]
    rarity: Array

    def vectors(self, texts: Sequence[Sequence[str]]) -> sparse.csr_array:
        """Rows of length 1 (of length 0 for a text that has no word)."""
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            counts = Counter(gram for word in text for gram in grams(word) if gram in self.place)
            rows += [row] * len(counts)
            columns += [self.place[gram] for gram in counts]
            values += [1 + np.log(count) for count in counts.values()]
        matrix = sparse.csr_array((values, (rows, columns)), shape=(len(texts), len(self.place))) * self.rarity[None, :]
        norms = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        return sparse.csr_array(matrix.multiply(np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)[:, None]))


def space(texts: Sequence[Sequence[str]]) -> Space:
    seen = Counter(chain.from_iterable({gram for word in text for gram in grams(word)} for text in texts))
    place = {gram: number for number, gram in enumerate(sorted(seen))}
    counts = np.array([seen[gram] for gram in place], dtype=np.float64)
    return Space(place, np.log((1 + len(texts)) / (1 + counts)) + 1)


@dataclass(frozen=True)
class Ranker:
    labels: tuple[str, ...]
    space: Space
    weights: Array
    base: Array

    def scores(self, texts: Sequence[Sequence[str]]) -> Array:
        """texts x labels: about 0 when nothing speaks for the label, 1 when all does."""
        return np.asarray(self.space.vectors(texts) @ self.weights + self.base)

    def reasons(self, text: Sequence[str], label: int, *, most: int = 3) -> list[str]:
        """The words that spoke most for the label."""
        vector = self.space.vectors([text]).toarray()[0] * self.weights[:, label]
        told = {word: sum(vector[self.space.place[gram]] for gram in grams(word) if gram in self.space.place) for word in text}
        heavy = sorted((word for word, value in told.items() if value > 0), key=lambda word: -told[word])
        return heavy[:most]


def trained(texts: Sequence[Sequence[str]], labels: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> Ranker:
    """Ridge regression of belonging to each label, in its dual form: as many unknowns as labelled texts."""
    names = tuple(sorted(set(chain.from_iterable(labels))))
    place = space([*texts, *others])
    vectors = place.vectors(texts)
    belongs = np.array([[float(name in own) for name in names] for own in labels])
    base = belongs.mean(axis=0) if len(names) else np.zeros(0)
    kernel = (vectors @ vectors.T).toarray() + RIDGE * np.eye(len(texts))
    return Ranker(names, place, np.asarray(vectors.T @ np.linalg.solve(kernel, belongs - base)), base)
